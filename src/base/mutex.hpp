// A mutex whose discipline clang's thread-safety analysis checks (-Wthread-safety); with g++ the annotations are empty.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define OPS_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define OPS_THREAD_ANNOTATION(x)
#endif
#define OPS_CAPABILITY(x) OPS_THREAD_ANNOTATION(capability(x))
#define OPS_SCOPED_CAPABILITY OPS_THREAD_ANNOTATION(scoped_lockable)
#define OPS_GUARDED_BY(x) OPS_THREAD_ANNOTATION(guarded_by(x))
#define OPS_PT_GUARDED_BY(x) OPS_THREAD_ANNOTATION(pt_guarded_by(x))
#define OPS_REQUIRES(...) OPS_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define OPS_EXCLUDES(...) OPS_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define OPS_ACQUIRE(...) OPS_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define OPS_RELEASE(...) OPS_THREAD_ANNOTATION(release_capability(__VA_ARGS__))

namespace opsteward {

class OPS_CAPABILITY("mutex") Mutex {
  public:
    void lock() OPS_ACQUIRE() { mutex_.lock(); }
    void unlock() OPS_RELEASE() { mutex_.unlock(); }

  private:
    friend class MutexLock;
    std::mutex mutex_;
};

/// Holds a Mutex for a scope. Wait() lets go of it while waiting, as std::condition_variable does.
class OPS_SCOPED_CAPABILITY MutexLock {
  public:
    explicit MutexLock(Mutex& mutex) OPS_ACQUIRE(mutex) : lock_(mutex.mutex_) {}
    ~MutexLock() OPS_RELEASE() = default;
    MutexLock(const MutexLock&) = delete;
    MutexLock& operator=(const MutexLock&) = delete;

    void Wait(std::condition_variable& condition) { condition.wait(lock_); }
    template <typename Duration>
    std::cv_status WaitFor(std::condition_variable& condition, Duration duration) {
        return condition.wait_for(lock_, duration);
    }

  private:
    std::unique_lock<std::mutex> lock_;
};

}  // namespace opsteward
