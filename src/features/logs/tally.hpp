// Hits counted instead of shown: how many at which time, and which values a field has most often.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "features/logs/parsed_line.hpp"
#include "vault/store/record.hpp"

namespace opsteward::logs {

enum class TimeStep : std::uint8_t { kMinute, kHour, kDay };

/// Hits by time of receipt, in steps of the clock of Taipei.
class Histogram {
  public:
    explicit Histogram(TimeStep step) : step_(step) {}

    void Add(Instant received) { ++counts_[StartOf(received)]; }
    /// By the instant the step begins with; steps without a hit are left out.
    const std::map<Instant, std::uint64_t>& counts() const { return counts_; }

  private:
    Instant StartOf(Instant instant) const;

    TimeStep step_;
    std::map<Instant, std::uint64_t> counts_;
};

struct ValueCount {
    std::string value;
    std::uint64_t count = 0;

    bool operator==(const ValueCount&) const = default;
};

/// The values of one field. Exact up to kMaxValues different ones; a value first met after that is counted in `others` alone.
class TopValues {
  public:
    static constexpr std::size_t kMaxValues = 1'000'000;

    /// `field` as a query names it: of the dictionary, source or kind.
    explicit TopValues(std::string_view field, std::size_t max_values = kMaxValues);

    void Add(const vault::RecordView& record);
    /// The `count` most frequent, equally frequent ones by their bytes.
    std::vector<ValueCount> Top(std::size_t count) const;
    std::uint64_t others() const { return others_; }
    std::uint64_t without() const { return without_; }  ///< records that do not have the field

  private:
    void AddValue(std::string_view value);

    std::string field_;  ///< in lower case
    std::size_t max_values_;
    std::unordered_map<std::string, std::uint64_t> counts_;
    std::uint64_t others_ = 0;
    std::uint64_t without_ = 0;
    ParsedLine line_;
};

}  // namespace opsteward::logs
