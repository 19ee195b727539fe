// What rules are put together from where objects have names: sets of addresses and services with what is not known of them, books of named objects and groups,
// and the products that a rule's parts give.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// What one text may ask for in all: ranges that are copied into groups and rules. A small text can name a big group very often.
class RangeBudget {
  public:
    explicit RangeBudget(std::size_t ranges) : left_(ranges) {}

    /// False from the moment on when more was asked for than there is.
    bool Spend(std::size_t count) {
        is_spent_ = is_spent_ || count > left_;
        left_ -= is_spent_ ? 0 : count;
        return !is_spent_;
    }
    bool is_spent() const { return is_spent_; }
    std::size_t left() const { return left_; }

  private:
    std::size_t left_;
    bool is_spent_ = false;
};

struct AddressSet {
    Ipv4Set v4;
    Ipv6Set v6;

    static AddressSet All() { return {Ipv4Set::All(), Ipv6Set::All()}; }
    AddressSet Complement() const { return {v4.Complement(), v6.Complement()}; }
    bool operator==(const AddressSet&) const = default;
};

/// Notes of what is not known, of which a rule keeps some: at most kMaxUnknownParts, the last of which says how many more there are.
inline constexpr std::size_t kMaxUnknownParts = 50;
void AddUnknown(std::vector<UnknownPart>& parts, UnknownPart part);

/// Addresses between two bounds: `sure` are meant whatever the unknown parts are, `most` is all that may be meant.
struct AddressMatch {
    AddressSet sure;
    AddressSet most;
    std::vector<UnknownPart> unknown;

    static AddressMatch Of(AddressSet set) { return {set, set, {}}; }
    static AddressMatch Any() { return Of(AddressSet::All()); }
    static AddressMatch Unknown(std::string_view what, std::string_view text, std::size_t line);
    AddressMatch Complement() const { return {most.Complement(), sure.Complement(), unknown}; }
    /// Without those of `other`.
    AddressMatch Without(const AddressMatch& other) const;
    std::size_t Cost() const;
};

/// "192.0.2.1", "192.0.2.0/24", "192.0.2.1-192.0.2.9", of either family.
std::optional<AddressSet> ParseAddresses(std::string_view text);
/// Of an address and a mask whose ones are those bits that do not count, as far as that gives at most 4096 ranges.
std::optional<AddressSet> WildcardAddresses(std::uint32_t address, std::uint32_t ignored);
enum class MaskOnes : std::uint8_t { kCount, kAreIgnored };
/// "192.0.2.0/255.255.0.255": the same of both in one text. Nothing when it is none, too.
std::optional<AddressSet> ParseWildcard(std::string_view text, MaskOnes ones);

class AddressBuilder {
  public:
    void Add(const AddressMatch& match);
    AddressMatch Finish();

  private:
    std::vector<Range<std::uint32_t>> sure4_;
    std::vector<Range<std::uint32_t>> most4_;
    std::vector<Range<Uint128>> sure6_;
    std::vector<Range<Uint128>> most6_;
    std::vector<UnknownPart> unknown_;
};

/// Services that go with the same source ports.
struct ServiceBox {
    NumberSet services;
    NumberSet source_ports = AllPorts();
    bool is_sure = true;  ///< all of it is meant, whatever the unknown parts are

    bool operator==(const ServiceBox&) const = default;
};
struct ServiceMatch {
    std::vector<ServiceBox> boxes;
    std::vector<UnknownPart> unknown;

    static ServiceMatch Of(NumberSet services, NumberSet source_ports = AllPorts()) { return {{{std::move(services), std::move(source_ports), true}}, {}}; }
    static ServiceMatch Any() { return Of(AllServices()); }
    /// Which may be any of `most`.
    static ServiceMatch Unknown(std::string_view what, std::string_view text, std::size_t line, NumberSet most = AllServices());
    /// Boxes with a limit to their source ports take nothing away, which becomes an unknown part.
    ServiceMatch Complement(std::size_t line) const;
    std::size_t Cost() const;
};

class ServiceBuilder {
  public:
    void Add(const ServiceMatch& match);
    ServiceMatch Finish();

  private:
    std::vector<Range<std::uint32_t>> plain_[2];  ///< with all source ports: not sure, sure
    std::vector<ServiceBox> others_;
    std::vector<UnknownPart> unknown_;
};

/// "80", "80-90", "80,443,8000-8010"; all ports for "" and "any". Nothing when it is none.
std::optional<NumberSet> ParsePorts(std::string_view text);

/// A name as a rule or a group gives it.
struct NameRef {
    std::string name;
    std::size_t line = 0;
    std::string label = {};  ///< what people call it, where `name` is a number; empty: as `name`

    const std::string& Shown() const { return label.empty() ? name : label; }
};

/// Named objects and groups. Scopes are numbered; one that does not have a name asks its parent. A group is worked out once, however often it is named;
/// groups in themselves or nested more than kMaxNesting deep have an unknown part.
template <typename Match, typename Builder>
class ObjectBook {
  public:
    using Id = std::size_t;
    static constexpr std::size_t kMaxNesting = 60;
    /// What a name means that no object has: an address written out, a name of the vendor's own. Nothing: an unknown part.
    using Otherwise = std::function<std::optional<Match>(const NameRef&)>;

    ObjectBook(RangeBudget& budget, Otherwise otherwise) : budget_(budget), otherwise_(std::move(otherwise)) {}

    std::size_t AddScope(std::optional<std::size_t> parent) {
        scopes_.push_back({parent, {}});
        return scopes_.size() - 1;
    }
    void SetParent(std::size_t scope, std::optional<std::size_t> parent) { scopes_[scope].parent = parent; }
    /// The first of a name stands.
    void Define(std::size_t scope, std::string_view name, Match match) {
        if (scopes_[scope].ids.try_emplace(std::string(name), entries_.size()).second)
            entries_.push_back({scope, false, {}, {}, std::move(match), State::kDone});
    }
    void DefineGroup(std::size_t scope, std::string_view name, std::vector<NameRef> members, std::vector<NameRef> except = {}) {
        if (!scopes_[scope].ids.try_emplace(std::string(name), entries_.size()).second) return;
        entries_.push_back({scope, true, std::move(members), std::move(except), {}, State::kOpen});
    }
    std::optional<Id> Find(std::size_t scope, std::string_view name) const {
        const std::string key(name);
        std::optional<std::size_t> at = scope;
        for (std::size_t steps = 0; at && steps < kMaxNesting; ++steps) {
            const auto found = scopes_[*at].ids.find(key);
            if (found != scopes_[*at].ids.end()) return found->second;
            at = scopes_[*at].parent;
        }
        return std::nullopt;
    }
    bool IsGroup(Id id) const { return entries_[id].is_group; }
    std::size_t ScopeOf(Id id) const { return entries_[id].scope; }
    const std::vector<NameRef>& MembersOf(Id id) const { return entries_[id].members; }
    bool HasExceptions(Id id) const { return !entries_[id].except.empty(); }

    const Match& Resolve(Id id) { return ResolveAt(id, 0); }
    Match ResolveName(std::size_t scope, const NameRef& ref) { return ResolveNameAt(scope, ref, 0); }
    Match ResolveAll(std::size_t scope, const std::vector<NameRef>& refs) { return UnionOf(scope, refs, 0); }

  private:
    enum class State : std::uint8_t { kOpen, kBusy, kDone };
    struct Scope {
        std::optional<std::size_t> parent;
        std::unordered_map<std::string, Id> ids;
    };
    struct Entry {
        std::size_t scope;
        bool is_group;
        std::vector<NameRef> members;
        std::vector<NameRef> except;
        Match match;
        State state;
    };

    const Match& ResolveAt(Id id, std::size_t depth) {
        if (entries_[id].state != State::kOpen) return entries_[id].match;
        entries_[id].state = State::kBusy;
        Match match = UnionOf(entries_[id].scope, entries_[id].members, depth);
        if constexpr (requires { match.Without(match); }) {
            if (!entries_[id].except.empty()) match = match.Without(UnionOf(entries_[id].scope, entries_[id].except, depth));
        }
        entries_[id].match = std::move(match);
        entries_[id].state = State::kDone;
        return entries_[id].match;
    }
    Match ResolveNameAt(std::size_t scope, const NameRef& ref, std::size_t depth) {
        if (const auto id = Find(scope, ref.name)) {
            if (entries_[*id].state == State::kBusy) return Match::Unknown("other", ref.Shown() + ": a group in itself", ref.line);
            if (depth >= kMaxNesting && entries_[*id].state == State::kOpen) return Match::Unknown("other", ref.Shown() + ": groups nested too deep", ref.line);
            return ResolveAt(*id, depth + 1);
        }
        if (auto match = otherwise_(ref)) return std::move(*match);
        return Match::Unknown("other", ref.Shown() + ": no such object", ref.line);
    }
    Match UnionOf(std::size_t scope, const std::vector<NameRef>& refs, std::size_t depth) {
        Builder builder;
        for (const NameRef& ref : refs) {
            const Match match = ResolveNameAt(scope, ref, depth);
            if (!budget_.Spend(match.Cost())) break;
            builder.Add(match);
        }
        return builder.Finish();
    }

    RangeBudget& budget_;
    Otherwise otherwise_;
    std::vector<Scope> scopes_;
    std::vector<Entry> entries_;
};

using AddressBook = ObjectBook<AddressMatch, AddressBuilder>;
using ServiceBook = ObjectBook<ServiceMatch, ServiceBuilder>;

struct ZonePair {
    NumberSet in;
    NumberSet out;
};

/// What a rule asks for, worked out.
struct RuleParts {
    std::vector<ZonePair> zones;
    AddressMatch source;
    AddressMatch destination;
    ServiceMatch services;
};

/// One product for each pair of zones, family and box of services. Nothing more once the budget is spent.
std::vector<Traffic> ProductsOf(const RuleParts& parts, RangeBudget& budget);
/// With the unknown parts of addresses and services.
void FillTraffic(const RuleParts& parts, RangeBudget& budget, Rule& rule);

/// Where a rule's names stand, for its member lists.
struct NamedLists {
    std::size_t source_scope = 0;
    std::size_t destination_scope = 0;
    std::size_t service_scope = 0;
    std::vector<NameRef> source;  ///< empty where it is negated: a member alone says nothing then
    std::vector<NameRef> destination;
    std::vector<NameRef> services;
};
/// The lists of more than one member, and those of the groups in them. `budget` is one for all rules' lists of a text: once it is spent, the rules that follow
/// have none.
void FillMembers(const NamedLists& lists, const RuleParts& parts, AddressBook& addresses, ServiceBook& services, RangeBudget& budget, Rule& rule);

}  // namespace opsteward::firewall
