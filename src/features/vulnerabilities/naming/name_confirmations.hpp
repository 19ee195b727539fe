// Decisions of people about titles: which product one is, or that it is none. They hold for the whole fleet and outlive updates of dictionary and rules
// (docs/formats/name-confirmations.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::vuln {

struct NameConfirmation {
    std::string name;       ///< of the title, normalised
    std::string publisher;  ///< normalised; empty: the titles without one
    std::optional<cpe::Name> product;  ///< nothing: it is none. A version of ANY stands for the title's.
    std::string author;
    std::string date;       ///< 2026-11-27
    std::string reason;
};

class NameConfirmations {
  public:
    /// TOML. kInvalidInput names every line that lacks author, date or decision, or decides otherwise than another: nothing of the file is used then. At
    /// most 4 MiB and 100,000 decisions.
    static Result<NameConfirmations> Read(std::string_view text);

    /// Of normalised name and publisher.
    const NameConfirmation* Find(std::string_view name, std::string_view publisher) const;
    std::size_t size() const { return by_title_.size(); }

  private:
    std::unordered_map<std::string, NameConfirmation> by_title_;
};

}  // namespace opsteward::vuln
