#include "features/vulnerabilities/scan_reports/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/port_ranges.hpp"

namespace opsteward::scans {
namespace {

/// Forms of one tool that name the same things alike.
Format FamilyOf(Format format) {
    switch (format) {
        case Format::kOpenVasCsv:
            return Format::kOpenVasXml;
        case Format::kCycloneDxXml:
            return Format::kCycloneDxJson;
        case Format::kSpdxTagValue:
            return Format::kSpdxJson;
        default:
            return format;
    }
}

bool Holds(const std::vector<std::string>& sorted, const std::string& text) {
    return std::ranges::binary_search(sorted, text);
}

bool HasRun(const CheckSet& earlier, const CheckSet& later, const Finding& finding) {
    if (!later.configuration.empty() && later.configuration == earlier.configuration) return true;
    switch (later.basis) {
        case CheckSet::Basis::kUnknown:
            return false;
        case CheckSet::Basis::kListed:
            return Holds(later.listed, finding.check);
        case CheckSet::Basis::kFamilies:
            return Holds(later.listed, finding.check) || (Holds(later.families, finding.family) && !Holds(later.switched_off, finding.check));
        case CheckSet::Basis::kAll:
            return true;
    }
    return false;
}

Text CheckNotRun(const CheckSet& later, const Finding& finding) {
    if (later.basis == CheckSet::Basis::kUnknown) return {"新報告沒有說明執行了哪些檢查。", "The new report does not say which checks ran."};
    return {fmt::format("新掃描沒有執行檢查 {}。", finding.check), fmt::format("The check {} did not run in the new scan.", finding.check)};
}

bool IsPortTried(const PortChoice& earlier, const PortChoice& later, const Finding& finding) {
    if (finding.port == 0 || !later.is_limited) return true;
    if (Contains(later.ranges, finding.protocol, finding.port)) return true;
    // A choice known by its name alone ("default") is the same ports as before.
    return later.ranges.empty() && !later.choice.empty() && later.choice == earlier.choice;
}

bool IsUnanswered(const Target& target, const PortChoice& ports, const Finding& finding) {
    if (finding.port == 0) return false;
    if (Contains(target.unanswered, finding.protocol, finding.port)) return true;
    return target.others_may_be_unanswered && Contains(ports.ranges, finding.protocol, finding.port);
}

}  // namespace

bool IsSameTool(const Report& one, const Report& other) {
    return FamilyOf(one.format) == FamilyOf(other.format) && ToLowerAscii(one.tool) == ToLowerAscii(other.tool);
}

std::optional<Text> WhyNotLookedAt(const Report& earlier, const Finding& finding, const Report& later, const Target& target) {
    if (!later.interruption.empty()) return later.interruption;
    if (!target.interruption.empty()) return target.interruption;
    const Target& target_before = earlier.targets[finding.target];
    const CheckSet& checks = later.check_sets[target.check_set];
    if (!HasRun(earlier.check_sets[target_before.check_set], checks, finding)) return CheckNotRun(checks, finding);
    const auto failed = [&](const std::string& check) { return check == finding.check || check == finding.family; };
    if (std::ranges::any_of(target.failed_checks, failed)) {
        return Text{fmt::format("檢查 {} 在新掃描中以錯誤結束。", finding.check),
                    fmt::format("The check {} ended in an error in the new scan.", finding.check)};
    }
    // What was seen without a login needs none, whatever its kind.
    if (finding.needs_login && target_before.has_login.value_or(true) && !target.has_login.value_or(false)) {
        return Text{"這項檢查需要登入主機；新掃描沒有登入，或沒有說明。", "The check has to log in to the host; the new scan did not, or does not say."};
    }
    const PortChoice& ports = later.port_choices[target.port_choice];
    if (!IsPortTried(earlier.port_choices[target_before.port_choice], ports, finding)) {
        return Text{fmt::format("新掃描沒有掃描 {}/{} 埠。", finding.port, finding.protocol),
                    fmt::format("The new scan did not try port {}/{}.", finding.port, finding.protocol)};
    }
    if (IsUnanswered(target, ports, finding)) {
        return Text{fmt::format("新掃描時 {}/{} 埠沒有回應（filtered），無法檢查。", finding.port, finding.protocol),
                    fmt::format("Port {}/{} did not answer (filtered) in the new scan, so that nothing could be checked.", finding.port, finding.protocol)};
    }
    return std::nullopt;
}

}  // namespace opsteward::scans
