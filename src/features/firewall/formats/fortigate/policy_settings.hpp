// What the settings of a policy have to do with what it matches.
#pragma once

#include <string_view>

namespace opsteward::firewall {

enum class FortigatePolicySetting {
    kMatch,        ///< read as sets, or as the rule's own
    kIrrelevant,   ///< what is done with what it matches: NAT, inspection, shaping
    kNarrows,      ///< may match less when it has a value: users, applications, …
    kNarrowsIfOn,  ///< the same, where the value is neither "disable" nor nothing
    kNotKnown,
};

struct FortigatePolicySettingKind {
    FortigatePolicySetting setting = FortigatePolicySetting::kNotKnown;
    std::string_view unknown_part;  ///< UnknownPart::what
};

/// FortiOS CLI reference, "config firewall policy" and its namesakes, 5.4 to 7.6.
FortigatePolicySettingKind KindOfFortigatePolicySetting(std::string_view name);

}  // namespace opsteward::firewall
