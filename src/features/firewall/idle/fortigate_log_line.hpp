// Traffic log lines of FortiOS, as far as a rule's use goes (FortiOS Log Message Reference, "Traffic").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "features/firewall/idle/rule_history.hpp"

namespace opsteward::firewall {

struct FortigateLogHit {
    std::string device;       ///< devid
    std::string vdom;         ///< vd
    std::string uuid;         ///< poluuid; ids are used again, uuids are not. Empty: not told
    std::string policy_type;  ///< policytype; "policy" where it is not told
    std::string policy_id;    ///< policyid; "0" is the implicit deny
    LogHit hit;

    /// The same for all lines of one rule: device, VDOM and uuid, or type and id where there is no uuid.
    std::string Key() const;
    bool operator==(const FortigateLogHit&) const = default;
};

/// Nothing: no traffic log, no policy or no time. Values are bare or in quotation marks, with '\\' before a mark in them; the blank between fields may be
/// missing. The time is `eventtime`, in seconds, or in milli-, micro- or nanoseconds by its size; else date and time with `tz`, without which the clock is
/// `zone_offset` seconds east of UTC. logid …0020 is a statistic of a session that goes on. Takes time in proportion to the length of the line.
std::optional<FortigateLogHit> ReadFortigateLogLine(std::string_view line, std::int64_t zone_offset = 8 * 3600);

}  // namespace opsteward::firewall
