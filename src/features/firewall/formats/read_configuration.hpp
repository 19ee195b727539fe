// A configuration whose format is known, read; and the counters that its device prints apart from it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/formats/fortigate/counters.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {

/// By the format's reader; its errors are that reader's. ClassBench has nothing that the options matter for.
Result<Configuration> ReadConfiguration(Format format, std::string_view text, const ReadOptions& options);

struct CountersTaken {
    std::size_t counts = 0;  ///< rules that the text counts
    std::size_t met = 0;     ///< those of them that the configuration has
    std::vector<UnknownLine> unknown;

    bool operator==(const CountersTaken&) const = default;
};

/// Gives the configuration's rules the counters of a text beside it, in the form that its format has them: ReadFortigateCounters, ReadPaloAltoHitCounts,
/// ReadAsaHitCounts, ReadOpnsenseHitCounts, ReadSrxHitCounts. `options` matter for FortiOS alone. kInvalidInput: not that form, or a format whose
/// configuration has its counters in itself (Check Point, iptables, nft) or none at all (ClassBench). The configuration is as it was when there is an error.
Result<CountersTaken> AddCounters(std::string_view text, Configuration& configuration, const CounterOptions& options = {});

}  // namespace opsteward::firewall
