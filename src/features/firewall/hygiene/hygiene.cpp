#include "features/firewall/hygiene/hygiene.hpp"

#include <utility>

#include "features/firewall/hygiene/checks.hpp"

namespace opsteward::firewall {

std::string_view NameOf(HygieneLevel level) {
    switch (level) {
        case HygieneLevel::kHigh: return "high";
        case HygieneLevel::kMedium: return "medium";
        case HygieneLevel::kLow: return "low";
        case HygieneLevel::kInformation: break;
    }
    return "information";
}

std::vector<HygieneFinding> CheckHygiene(const Configuration& configuration, const HygieneOptions& options) {
    // A filter set for measuring has neither comments nor logs, nor a device behind it.
    if (configuration.format == Format::kClassbench) return {};
    std::vector<HygieneFinding> found;
    CheckDevice(configuration, options, found);
    CheckRules(configuration, options, found);
    std::vector<HygieneFinding> findings;
    findings.reserve(found.size());
    for (const std::string_view check : kHygieneChecks) {
        for (HygieneFinding& finding : found) {
            if (finding.check == check) findings.push_back(std::move(finding));
        }
    }
    return findings;
}

}  // namespace opsteward::firewall
