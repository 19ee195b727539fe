// A hurdle against guessing by machine: so many tries to sign in per minute and address.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/mutex.hpp"

namespace opsteward::identity {

/// Thread-safe. Counts in memory: what a restart forgets, the lock of the account still catches.
class SignInThrottle {
  public:
    static constexpr int kTriesPerMinute = 30;

    bool Admit(std::string_view address, Instant now) {
        const MutexLock lock(mutex_);
        const auto minute = std::chrono::floor<std::chrono::minutes>(now);
        if (minute != minute_) {
            minute_ = minute;
            tries_.clear();
        }
        return ++tries_[std::string(address)] <= kTriesPerMinute;
    }

  private:
    Mutex mutex_;
    std::chrono::sys_time<std::chrono::minutes> minute_ OPS_GUARDED_BY(mutex_){};
    std::map<std::string, int> tries_ OPS_GUARDED_BY(mutex_);
};

}  // namespace opsteward::identity
