// A list of patterns of which the first that is found in a text decides.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <re2/re2.h>

namespace opsteward::vuln {

/// Thread-safe for const use.
class SystemPatterns {
  public:
    /// Precondition: each is an expression of RE2, with at most two groups.
    template <typename Rules>
    explicit SystemPatterns(const Rules& rules) {
        for (const auto& rule : rules) patterns_.push_back(std::make_unique<RE2>(rule.pattern));
    }

    struct Hit {
        std::size_t index;   ///< of the rule
        std::string first;   ///< group; empty when it took no part
        std::string second;
    };
    std::optional<Hit> Find(const std::string& text) const;

  private:
    std::vector<std::unique_ptr<RE2>> patterns_;
};

}  // namespace opsteward::vuln
