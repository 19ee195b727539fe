// Observes the machine this program runs on, from its files and system calls; never by running another program.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "features/inventory/observation.hpp"

namespace opsteward::inventory {

class OwnHostObserver {
  public:
    /// `root`: "/" or, in tests, a folder with a copy of a machine's files (then system calls are not asked and what only they
    /// know is not observed).
    OwnHostObserver(std::filesystem::path root, const Clock& clock);
    ~OwnHostObserver();

    /// All topics. Rates (CPU, interfaces) compare with the call before; the first call measures over a short moment of its own.
    /// `is_cancelled` is asked between topics; what is left is then absent from the result. Not thread-safe.
    Observation Observe(const std::function<bool()>& is_cancelled);
    /// The host's name.
    std::string HostName() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace opsteward::inventory
