// The composition root: everything that runs while the server does, put together in dependency order and taken down in reverse.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/configuration.hpp"

namespace opsteward::cli {

class Program {
  public:
    /// Opens the records, starts the server and then the jobs. At the very first start makes the administrator and calls
    /// `tell_first_password` with the one-time password as soon as it counts, which may be before a later step fails.
    static Result<std::unique_ptr<Program>> Start(const Configuration& configuration, const Clock& clock,
                                                  const std::function<void(std::string_view)>& tell_first_password);
    /// Requests and jobs under way are ended in order.
    ~Program();

    /// "https://127.0.0.1:8443"
    std::string address() const;

  private:
    class Impl;
    explicit Program(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace opsteward::cli
