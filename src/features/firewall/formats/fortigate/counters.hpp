// How often FortiOS's policies were used, as its command line and its REST interface tell it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

struct FortigateCounter {
    std::string vdom;       ///< empty: not told
    std::string policy_id;
    std::string uuid;       ///< empty: not told, as on the command line
    std::size_t line = 0;
    RuleCounter counter;

    bool operator==(const FortigateCounter&) const = default;
};

struct FortigateCounters {
    std::vector<FortigateCounter> counters;
    std::vector<UnknownLine> unknown;  ///< of JSON with line 0
};

struct CounterOptions {
    std::int64_t zone_offset = 8 * 3600;  ///< seconds east of UTC of the device's clock; the command line writes local time
};

/// Either what `diagnose firewall iprope show 100004 <id>` and `iprope6` print, in the three shapes that FortiOS has had (6.0: one line and its times; 7.0:
/// with seven days in brackets; later: a line for each figure), several of them one after the other, both families of a policy added up; or the JSON of GET
/// /api/v2/monitor/firewall/policy, where a time that is not there means never. At most 200 000 policies (kTooLarge). What the command prints
/// of other tables than the policies' is passed over. kInvalidInput: neither.
Result<FortigateCounters> ReadFortigateCounters(std::string_view text, const CounterOptions& options = {});

/// Sets Rule::counter of the VDOM's policies by uuid, else by id; a counter without VDOM belongs to every VDOM of a configuration that has but one. How many
/// of the counters met a policy.
std::size_t ApplyFortigateCounters(const std::vector<FortigateCounter>& counters, Configuration& configuration);

}  // namespace opsteward::firewall
