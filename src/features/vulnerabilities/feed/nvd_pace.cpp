#include "features/vulnerabilities/feed/nvd_pace.hpp"

#include <algorithm>

namespace opsteward::vuln {

using std::chrono::milliseconds;
using std::chrono::seconds;

Result<void> NvdPace::BeforeRequest() {
    constexpr milliseconds kPeriod{30'000};
    if (requests_.size() >= most_) {
        // A clock that was set back must not make it wait for longer.
        const milliseconds left = std::min(requests_.front() + kPeriod - clock_.Now(), kPeriod);
        if (left.count() > 0) OPS_CHECK(wait_(left));
        requests_.pop_front();
    }
    requests_.push_back(clock_.Now());
    return Ok();
}

Result<void> NvdPace::AfterFailure(int trial, std::optional<seconds> asked) {
    constexpr seconds kFirst{6};
    constexpr seconds kMost{300};
    constexpr seconds kMostAsked{900};
    const seconds pause = std::min(kFirst * (1 << std::clamp(trial - 1, 0, 10)), kMost);
    return wait_(asked ? std::min(*asked, kMostAsked) : pause);
}

}  // namespace opsteward::vuln
