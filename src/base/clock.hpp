// Time comes from a Clock that is handed in, so that tests decide what time it is.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace opsteward {

/// A point in UTC, to the millisecond; the database stores its count since 1970-01-01T00:00:00Z.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

inline std::int64_t ToMillis(Instant instant) { return instant.time_since_epoch().count(); }
inline Instant FromMillis(std::int64_t millis) { return Instant(std::chrono::milliseconds(millis)); }

class Clock {
  public:
    virtual ~Clock() = default;
    virtual Instant Now() const = 0;
};

/// The system's real-time clock. Thread-safe.
class SystemClock final : public Clock {
  public:
    Instant Now() const override;
};

/// Stands still until told otherwise. Thread-safe.
class ManualClock final : public Clock {
  public:
    explicit ManualClock(Instant start) : millis_(ToMillis(start)) {}
    Instant Now() const override { return FromMillis(millis_.load()); }
    void Set(Instant now) { millis_.store(ToMillis(now)); }
    void Advance(std::chrono::milliseconds by) { millis_.fetch_add(by.count()); }

  private:
    std::atomic<std::int64_t> millis_;
};

}  // namespace opsteward
