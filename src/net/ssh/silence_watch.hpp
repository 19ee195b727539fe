// Ends a connection whose peer keeps silent: for a library that would wait for ever.
#pragma once

#include <chrono>
#include <condition_variable>
#include <optional>
#include <thread>

#include "base/mutex.hpp"

namespace opsteward::net {

class SilenceWatch {
  public:
    /// Shuts the socket `descriptor` down when a question stays without an answer for `limit`. The socket lives longer than the watch.
    SilenceWatch(int descriptor, std::chrono::seconds limit);
    ~SilenceWatch();
    SilenceWatch(const SilenceWatch&) = delete;
    SilenceWatch& operator=(const SilenceWatch&) = delete;

    /// The peer is to answer while this lives. One at a time.
    class Question {
      public:
        explicit Question(SilenceWatch& watch) : watch_(watch) { watch_.SetDeadline(Clock::now() + watch_.limit_); }
        ~Question() { watch_.SetDeadline(std::nullopt); }
        Question(const Question&) = delete;
        Question& operator=(const Question&) = delete;

      private:
        SilenceWatch& watch_;
    };

    /// Whether the connection was ended.
    bool has_ended() const;

  private:
    using Clock = std::chrono::steady_clock;

    void SetDeadline(std::optional<Clock::time_point> deadline);
    void Watch();

    const int descriptor_;
    const std::chrono::seconds limit_;
    mutable Mutex mutex_;
    std::condition_variable stop_;
    bool is_stopped_ OPS_GUARDED_BY(mutex_) = false;
    bool has_ended_ OPS_GUARDED_BY(mutex_) = false;
    std::optional<Clock::time_point> deadline_ OPS_GUARDED_BY(mutex_);
    std::thread thread_;
};

}  // namespace opsteward::net
