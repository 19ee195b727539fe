#include "base/clock.hpp"

namespace opsteward {

Instant SystemClock::Now() const {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace opsteward
