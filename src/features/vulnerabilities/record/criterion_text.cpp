#include "features/vulnerabilities/record/criterion_text.hpp"

namespace opsteward::vuln {

std::string CriterionText(const Criterion& criterion) {
    return criterion.cpe + RangeText(criterion.start, criterion.excludes_start, criterion.end, criterion.excludes_end);
}

std::string PackageText(const AffectedPackage& package) {
    std::string text = package.ecosystem + " " + package.name;
    const bool is_exact = !package.start.empty() && package.start == package.end && !package.excludes_end;
    text += is_exact ? " = " + package.start : RangeText(package.start, false, package.end, package.excludes_end);
    if (!package.note.empty()) text += " (" + package.note + ")";
    return text;
}

std::string RangeText(std::string_view start, bool excludes_start, std::string_view end, bool excludes_end) {
    std::string text;
    if (!start.empty()) text += (excludes_start ? " > " : " >= ") + std::string(start);
    if (!end.empty()) text += (excludes_end ? " < " : " <= ") + std::string(end);
    return text;
}

}  // namespace opsteward::vuln
