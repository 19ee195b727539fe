#include "features/firewall/formats/srx/objects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/formats/schedule_end.hpp"
#include "features/firewall/formats/srx/applications.hpp"

namespace opsteward::firewall {
namespace {

std::optional<AddressMatch> AddressOtherwise(const NameRef& ref) {
    if (ref.name == "any") return AddressMatch::Any();
    if (ref.name == "any-ipv4") return AddressMatch::Of({Ipv4Set::All(), {}});
    if (ref.name == "any-ipv6") return AddressMatch::Of({{}, Ipv6Set::All()});
    return std::nullopt;
}

/// All values below `key` at any depth: "start-date A stop-date B" may be one line.
void Collect(WordNode node, std::string_view key, std::vector<std::string_view>& values) {
    for (const WordNode child : ActiveChildren(node)) {
        if (child.word() == key) {
            for (const WordNode value : ActiveChildren(child)) values.push_back(value.word());
        }
        Collect(child, key, values);
    }
}

/// Of an application: what does not narrow it.
bool IsRemark(std::string_view key) {
    static constexpr std::array<std::string_view, 6> kKeys{
        "alg", "application-protocol", "description", "do-not-translate-A-query-to-AAAA-query", "do-not-translate-AAAA-query-to-A-query", "inactivity-timeout"};
    return std::ranges::find(kKeys, key) != kKeys.end();
}

/// A term's settings; Junos writes them in one line, so each may stand below another's value.
struct Term {
    std::optional<std::uint8_t> protocol;
    std::optional<NumberSet> source_ports, destination_ports;
    std::optional<std::uint8_t> icmp_type, icmp_code;
    std::string narrowed;  ///< by what it carries, or by something not understood
};

class TermReader {
  public:
    TermReader(Term& term, ReaderNotes& notes) : term_(term), notes_(notes) {}

    void Read(WordNode node) {
        for (const WordNode key : ActiveChildren(node)) {
            if (key.word() == "term") continue;
            if (IsRemark(key.word())) {
                for (const WordNode value : ActiveChildren(key)) Read(value);
                continue;
            }
            for (const WordNode value : ActiveChildren(key)) {
                if (!Take(key.word(), value.word())) {
                    notes_.NotUnderstood(value);
                    term_.narrowed = key.word();
                }
                Read(value);
            }
            if (key.is_leaf()) {
                notes_.NotUnderstood(key);
                term_.narrowed = key.word();
            }
        }
    }

  private:
    bool Take(std::string_view key, std::string_view value) {
        if (key == "protocol") {
            const auto protocol = ProtocolNumber(value == "icmp6" ? "58" : value);
            if (protocol) term_.protocol = protocol;
            return protocol.has_value();
        }
        if (key == "source-port" || key == "destination-port") {
            auto& place = key == "source-port" ? term_.source_ports : term_.destination_ports;
            const auto ports = JunosPorts(value);
            if (ports) place = place ? place->Union(*ports) : *ports;
            return ports.has_value();
        }
        if (key == "icmp-type" || key == "icmp6-type") {
            term_.icmp_type = JunosIcmpType(value, key == "icmp6-type");
            return term_.icmp_type.has_value();
        }
        if (key == "icmp-code" || key == "icmp6-code") {
            const bool is_v6 = key == "icmp6-code";
            const auto number = NumberUpTo(value, 255);
            term_.icmp_code = number ? static_cast<std::uint8_t>(*number) : IcmpCodeOf(is_v6 ? kIcmpv6 : kIcmp, value);
            return term_.icmp_code.has_value();
        }
        if (key == "uuid" || key == "rpc-program-number" || key == "ether-type") {
            term_.narrowed = key;
            return true;
        }
        return false;
    }

    Term& term_;
    ReaderNotes& notes_;
};

NumberSet ServicesOfTerm(const Term& term) {
    if (!term.protocol) return AllServices();
    if (*term.protocol == kIcmp || *term.protocol == kIcmpv6) {
        if (!term.icmp_type) return ServicesOf(*term.protocol);
        return ServicesOf(*term.protocol, IcmpKind{*term.icmp_type, term.icmp_code});
    }
    if (!HasPorts(*term.protocol) || !term.destination_ports) return ServicesOf(*term.protocol);
    return ServicesOf(*term.protocol, *term.destination_ports);
}

}  // namespace

std::vector<WordNode> ActiveChildren(WordNode node) {
    std::vector<WordNode> children;
    for (const WordNode child : node.children()) {
        if (!child.is_inactive()) children.push_back(child);
    }
    return children;
}

WordNode ActiveChild(WordNode node, std::string_view word) {
    const WordNode child = node[word];
    return child.is_inactive() ? WordNode() : child;
}

SrxObjects::SrxObjects(RangeBudget& budget, ReaderNotes& notes, std::int64_t now)
    : notes_(notes), now_(now), addresses_(budget, AddressOtherwise), applications_(budget, JunosApplication) {
    addresses_.AddScope(std::nullopt);
    applications_.AddScope(std::nullopt);
}

void SrxObjects::Read(WordNode system) {
    const WordNode security = ActiveChild(system, "security");
    for (const WordNode book : ActiveChildren(ActiveChild(security, "address-book"))) {
        const bool is_global = book.word() == "global";
        const std::size_t scope = is_global ? 0 : addresses_.AddScope(0);
        ReadBook(scope, book);
        const WordNode attach = ActiveChild(book, "attach");
        for (const WordNode zone : ActiveChildren(ActiveChild(attach, "zone"))) zone_scopes_.try_emplace(std::string(zone.word()), scope);
        for (const WordNode part : ActiveChildren(attach)) {
            if (part.word() != "zone") notes_.NotUnderstood(part);
        }
    }
    for (const WordNode zone : ActiveChildren(ActiveChild(ActiveChild(security, "zones"), "security-zone"))) {
        const WordNode book = ActiveChild(zone, "address-book");
        if (!book) continue;
        const std::size_t attached = ScopeOfZone(zone.word());
        const std::size_t scope = addresses_.AddScope(attached);
        zone_scopes_[std::string(zone.word())] = scope;
        ReadBook(scope, book);
    }
    for (const WordNode name : ActiveChildren(ActiveChild(ActiveChild(security, "dynamic-address"), "address-name"))) {
        addresses_.Define(0, name.word(), AddressMatch::Unknown("other", fmt::format("dynamic-address {}", name.word()), name.line()));
    }
    const WordNode applications = ActiveChild(system, "applications");
    for (const WordNode application : ActiveChildren(ActiveChild(applications, "application"))) ReadApplication(application);
    for (const WordNode set : ActiveChildren(ActiveChild(applications, "application-set"))) {
        std::vector<NameRef> members;
        for (const WordNode part : ActiveChildren(set)) {
            if (part.word() == "application" || part.word() == "application-set") {
                for (const WordNode member : ActiveChildren(part)) members.push_back({std::string(member.word()), member.line()});
            } else if (part.word() != "description") {
                notes_.NotUnderstood(part);
            }
        }
        applications_.DefineGroup(0, set.word(), std::move(members));
    }
    for (const WordNode part : ActiveChildren(applications)) {
        if (part.word() != "application" && part.word() != "application-set") notes_.NotUnderstood(part);
    }
    for (const WordNode scheduler : ActiveChildren(ActiveChild(ActiveChild(system, "schedulers"), "scheduler"))) ReadScheduler(scheduler);
}

std::size_t SrxObjects::ScopeOfZone(std::string_view zone) const {
    const auto found = zone_scopes_.find(zone);
    return found == zone_scopes_.end() ? 0 : found->second;
}

std::optional<bool> SrxObjects::HasEnded(std::string_view scheduler) const {
    const auto found = schedulers_.find(scheduler);
    if (found == schedulers_.end()) return std::nullopt;
    return found->second;
}

void SrxObjects::ReadBook(std::size_t scope, WordNode book) {
    for (const WordNode part : ActiveChildren(book)) {
        if (part.word() == "address") {
            for (const WordNode object : ActiveChildren(part)) ReadAddress(scope, object);
        } else if (part.word() == "address-set") {
            for (const WordNode set : ActiveChildren(part)) {
                std::vector<NameRef> members;
                for (const WordNode kind : ActiveChildren(set)) {
                    if (kind.word() == "address" || kind.word() == "address-set") {
                        for (const WordNode member : ActiveChildren(kind)) members.push_back({std::string(member.word()), member.line()});
                    } else if (kind.word() != "description") {
                        notes_.NotUnderstood(kind);
                    }
                }
                addresses_.DefineGroup(scope, set.word(), std::move(members));
            }
        } else if (part.word() != "attach" && part.word() != "description") {
            notes_.NotUnderstood(part);
        }
    }
}

void SrxObjects::ReadAddress(std::size_t scope, WordNode object) {
    std::optional<AddressMatch> match;
    for (const WordNode part : ActiveChildren(object)) {
        const std::string_view word = part.word();
        std::optional<AddressSet> set;
        if (word == "description") continue;
        if (word == "dns-name") {
            match = AddressMatch::Unknown("fqdn", part.value(), part.line());
            continue;
        }
        if (word == "wildcard-address") {
            set = ParseWildcard(part.value(), MaskOnes::kCount);
        } else if (word == "range-address") {
            const WordNode first = *part.children().begin();
            set = part.is_leaf() ? std::nullopt : ParseAddresses(fmt::format("{}-{}", first.word(), first["to"].value()));
        } else if (word == "ip-prefix") {
            set = ParseAddresses(part.value());
        } else {
            set = ParseAddresses(word);
        }
        if (set) {
            match = AddressMatch::Of(*std::move(set));
        } else {
            notes_.NotUnderstood(part);
        }
    }
    if (!match) match = AddressMatch::Unknown("other", fmt::format("address {}", object.word()), object.line());
    addresses_.Define(scope, object.word(), *std::move(match));
}

ServiceMatch SrxObjects::ReadTerm(WordNode node, bool& has_terms) {
    Term term;
    TermReader(term, notes_).Read(node);
    has_terms = term.protocol || !term.narrowed.empty();
    const NumberSet services = ServicesOfTerm(term);
    if (!term.narrowed.empty()) return ServiceMatch::Unknown("application", fmt::format("{} {}", node.word(), term.narrowed), node.line(), services);
    return ServiceMatch::Of(services, term.source_ports.value_or(AllPorts()));
}

void SrxObjects::ReadApplication(WordNode application) {
    ServiceBuilder builder;
    bool has_any = false;
    bool has_terms = false;
    const ServiceMatch own = ReadTerm(application, has_terms);
    if (has_terms) {
        builder.Add(own);
        has_any = true;
    }
    for (const WordNode term : ActiveChildren(ActiveChild(application, "term"))) {
        builder.Add(ReadTerm(term, has_terms));
        has_any = true;
    }
    if (!has_any) builder.Add(ServiceMatch::Unknown("application", std::string(application.word()), application.line()));
    applications_.Define(0, application.word(), builder.Finish());
}

void SrxObjects::ReadScheduler(WordNode scheduler) {
    std::vector<std::string_view> ends;
    std::vector<std::string_view> starts;
    Collect(scheduler, "stop-date", ends);
    Collect(scheduler, "start-date", starts);
    bool has_ended = now_ != 0 && !ends.empty() && ends.size() >= starts.size();
    // One without a year comes again every year: it is of another form.
    for (const std::string_view end : ends) has_ended = has_ended && IsOverEverywhere(end, "yyyy-mm-dd.hh:mm", now_);
    schedulers_.try_emplace(std::string(scheduler.word()), has_ended);
}

}  // namespace opsteward::firewall
