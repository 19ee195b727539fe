// Interfaces by name and by the beginning of a name ("eth+", "eth*"), as numbers.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "features/firewall/model/range_set.hpp"

namespace opsteward::firewall {

/// Every name and every beginning is a zone: a beginning stands for the interfaces that begin so and that no longer one and no name holds, and the last zone,
/// "*", for all others. So any set of interfaces that rules can name is a set of zones. Names are in order, so that a beginning is one range.
class ZoneNames {
  public:
    /// `wildcard` ends a beginning: '+' (iptables) or '*' (nft).
    explicit ZoneNames(char wildcard) : wildcard_(wildcard) {}

    void Add(std::string_view name);
    /// Gives them their numbers; no Add follows.
    void Finish();

    /// Of what was added before Finish; all others are the last zone's.
    NumberSet Of(std::string_view name) const;
    NumberSet All() const { return NumberSet(0, last_); }
    std::uint32_t Others() const { return last_; }
    std::vector<std::string> Texts() const;

  private:
    struct Key {
        std::string text;  ///< without the wildcard
        bool is_exact = false;

        auto operator<=>(const Key&) const = default;
    };
    Key KeyOf(std::string_view name) const;

    char wildcard_;
    std::map<Key, std::uint32_t> numbers_;
    std::uint32_t last_ = 0;
};

}  // namespace opsteward::firewall
