// How often the NVD may be asked.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace opsteward::vuln {

/// So many requests in any 30 seconds (https://nvd.nist.gov/developers/start-here, "Rate Limits"), and the pauses between trials.
class NvdPace {
  public:
    using Wait = std::function<Result<void>(std::chrono::milliseconds)>;

    NvdPace(bool has_key, const Clock& clock, Wait wait) : most_(has_key ? 50 : 5), clock_(clock), wait_(std::move(wait)) {}

    /// Waits until one more request may be made, and counts it.
    Result<void> BeforeRequest();
    /// After the `trial`-th failure in a row, from 1 on: 6 s, 12 s, … at most 5 minutes; or as long as was asked for, at most 15 minutes.
    Result<void> AfterFailure(int trial, std::optional<std::chrono::seconds> asked);

  private:
    std::size_t most_;
    const Clock& clock_;
    Wait wait_;
    std::deque<Instant> requests_;
};

}  // namespace opsteward::vuln
