// Sets of ipset(8) as `ipset save` writes them, and what a rule that asks for one matches.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "features/firewall/formats/zone_names.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

inline constexpr std::size_t kMaxIpsetProducts = 1024;  ///< that a set may stand for in a rule

class Ipsets {
  public:
    /// Reads a line that begins with "create" or "add". False: it is not understood.
    bool ReadLine(const std::vector<std::string>& words, std::size_t line);

    struct Element {
        std::string value;  ///< "192.0.2.0/24,tcp:80"
        bool is_left_out = false;  ///< nomatch
        std::size_t line = 0;
    };
    struct Set {
        std::vector<std::string> kinds;  ///< of hash:ip,port: "ip", "port"; of list:set: "set"
        Family family = Family::kIpv4;
        bool goes_on = false;            ///< its elements end by themselves, so they are not known
        std::vector<Element> elements;
        std::size_t line = 0;
        std::string kind;                ///< as it is written
    };
    const std::map<std::string, Set, std::less<>>& sets() const { return sets_; }

    /// What it is and what it holds, for telling what changed; nothing of how the kernel keeps it.
    static std::vector<std::string> LinesOf(const Set& set);
    void AddZones(ZoneNames& zones) const;
    /// What `--match-set name directions` matches, of one family: nothing where that can't be told. `directions`: "src,dst".
    const std::optional<std::vector<Traffic>>& Match(std::string_view name, std::string_view directions, Family family, const ZoneNames& zones);

  private:
    std::optional<std::vector<Traffic>> MatchSet(const Set& set, const std::vector<std::string_view>& directions, Family family, const ZoneNames& zones) const;
    std::optional<std::vector<Traffic>> MatchList(const Set& set, const std::vector<std::string_view>& directions, Family family, const ZoneNames& zones) const;

    std::map<std::string, Set, std::less<>> sets_;
    std::unordered_map<std::string, std::optional<std::vector<Traffic>>> matches_;  ///< worked out once
};

}  // namespace opsteward::firewall
