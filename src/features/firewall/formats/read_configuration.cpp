#include "features/firewall/formats/read_configuration.hpp"

#include <fmt/format.h>

#include "features/firewall/formats/asa/counters.hpp"
#include "features/firewall/formats/hit_counts.hpp"
#include "features/firewall/formats/opnsense/counters.hpp"

namespace opsteward::firewall {

namespace {

Result<CountersTaken> AddFortigateCounters(std::string_view text, Configuration& configuration, const CounterOptions& options) {
    OPS_TRY(FortigateCounters counters, ReadFortigateCounters(text, options));
    const std::size_t met = ApplyFortigateCounters(counters.counters, configuration);
    return CountersTaken{counters.counters.size(), met, std::move(counters.unknown)};
}

Result<HitCounts> ReadHitCounts(std::string_view text, const Configuration& configuration) {
    switch (configuration.format) {
        case Format::kPaloAlto:
            return ReadPaloAltoHitCounts(text);
        case Format::kAsa:
            return ReadAsaHitCounts(text);
        case Format::kOpnsense:
            return ReadOpnsenseHitCounts(text, configuration);
        case Format::kSrx:
            return ReadSrxHitCounts(text);
        case Format::kClassbench:
            return Error::Of(ErrorCode::kInvalidInput, "ClassBench 規則集沒有計數。", "A ClassBench filter set has no counters.");
        default:
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 的計數寫在設定本身，沒有另外的計數檔。", NameOf(configuration.format)),
                             fmt::format("The counters of {} stand in the configuration itself; there is no file of them.", NameOf(configuration.format)));
    }
}

}  // namespace

Result<Configuration> ReadConfiguration(Format format, std::string_view text, const ReadOptions& options) {
    switch (format) {
        case Format::kFortigate:
            return ReadFortigate(text, options);
        case Format::kPaloAlto:
            return ReadPaloAlto(text, options);
        case Format::kAsa:
            return ReadAsa(text, options);
        case Format::kCheckPoint:
            return ReadCheckPoint(text, options);
        case Format::kIptables:
            return ReadIptables(text, options);
        case Format::kNft:
            return ReadNft(text, options);
        case Format::kOpnsense:
            return ReadOpnsense(text, options);
        case Format::kSrx:
            return ReadSrx(text, options);
        case Format::kClassbench:
            break;
    }
    return ReadClassbench(text);
}

Result<CountersTaken> AddCounters(std::string_view text, Configuration& configuration, const CounterOptions& options) {
    if (configuration.format == Format::kFortigate) return AddFortigateCounters(text, configuration, options);
    OPS_TRY(HitCounts counts, ReadHitCounts(text, configuration));
    const std::size_t met = AddHitCounts(counts, configuration);
    return CountersTaken{counts.counts.size(), met, std::move(counts.unknown)};
}

}  // namespace opsteward::firewall
