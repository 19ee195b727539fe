// What nft's expressions match: libnftables-json(5), EXPRESSIONS, and nft(8).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/rule_parts.hpp"
#include "features/firewall/formats/zone_names.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// What an expression on the left of a match reads of a packet.
struct NftSelector {
    enum class Kind : std::uint8_t {
        kSource,
        kDestination,
        kSourcePort,
        kDestinationPort,
        kProtocol,
        kFamily,
        kIn,
        kOut,
        kState,
        kIcmpType,
        kIcmpCode,
        kUnknown,  ///< no dimension of the model
    };
    Kind kind = Kind::kUnknown;
    std::optional<Family> family;           ///< which packets have it
    std::optional<std::uint8_t> protocol;   ///< likewise
    std::string_view what = "other";        ///< of the unknown part

    /// "th dport": the same bytes of whatever protocol, so that for those without ports it can't be told.
    bool ReadsAnyTransport() const { return (kind == Kind::kSourcePort || kind == Kind::kDestinationPort) && !protocol; }
    bool operator==(const NftSelector&) const = default;
};
/// More than one: a concatenation.
using NftSelectors = std::vector<NftSelector>;
NftSelectors ReadNftSelectors(const json::value& left);

struct NftSet {
    const json::array* elements = nullptr;
    bool goes_on = false;  ///< packets add to it, or elements end: they are not known
    std::uint64_t handle = 0;
};

class NftMatcher {
  public:
    /// By "family table name".
    using Sets = std::map<std::string, NftSet, std::less<>>;

    NftMatcher(const Sets& sets, const ReadBounds& bounds) : sets_(sets), ranges_(bounds.ranges) {}

    /// The first pass: interfaces that a match names. `scope`: "inet fw ".
    void CollectZones(const NftSelectors& selectors, const json::value& right, std::string_view scope);
    ZoneNames& zones() { return zones_; }
    bool is_spent() const { return ranges_.is_spent(); }

    struct Match {
        std::vector<Traffic> traffic;
        bool is_known = true;             ///< else it may match less
        std::string_view what = "other";  ///< of the unknown part
    };
    Match Of(const NftSelectors& selectors, std::string_view op, const json::value& right, std::string_view scope);
    /// Whether the key is one of these elements, of a map for instance.
    Match OfElements(const NftSelectors& selectors, const std::vector<const json::value*>& elements);
    /// All packets that have what the selectors read.
    std::vector<Traffic> AllOf(const NftSelectors& selectors) const;
    std::vector<Traffic> Everything() const;
    /// Nothing: no such set.
    const NftSet* FindSet(std::string_view scope, std::string_view reference) const;

  private:
    using Ranges = std::vector<Range<Uint128>>;

    bool AppendValue(const NftSelector& selector, const json::value& value, Ranges& ranges, int depth) const;
    bool AppendName(const NftSelector& selector, std::string_view text, Ranges& ranges) const;
    std::vector<Traffic> OfRanges(const NftSelector& selector, Ranges ranges, bool is_negated) const;
    std::vector<Traffic> OfServices(const NftSelector& selector, const RangeSet<Uint128>& wanted) const;
    Match OfCompared(const NftSelector& selector, std::string_view op, const json::value& right) const;
    Match Negated(Match match, const NftSelectors& selectors) const;
    Match NotKnown(const NftSelectors& selectors) const;

    const Sets& sets_;
    ZoneNames zones_{'*'};
    RangeBudget ranges_;
    std::unordered_map<std::string, bool> collected_;
    struct Known {
        NftSelectors selectors;
        Match match;
    };
    std::unordered_map<const NftSet*, std::vector<Known>> known_;
};

}  // namespace opsteward::firewall
