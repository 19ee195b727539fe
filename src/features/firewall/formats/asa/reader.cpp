// Cisco ASA, running configuration. Access lists count where access-group binds them (Cisco ASA Series Firewall CLI Configuration Guide, "Access Rules"):
// - What comes in by an interface is asked of its inbound list, then of the global one; what neither matches is denied. An interface without an inbound list,
//   where there is no global one, lets through what goes to an interface of a lower security level.
// - What goes out by an interface with an outbound list is asked of that as well.
// - A list bound with control-plane is for the device itself: a rule base of its own.
// An entry's id is its list and its place in it as "show access-list" counts, remarks too.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "features/firewall/formats/asa/networks.hpp"
#include "features/firewall/formats/asa/objects.hpp"
#include "features/firewall/formats/asa/rule.hpp"
#include "features/firewall/formats/asa/text.hpp"
#include "features/firewall/formats/chain_walk.hpp"
#include "features/firewall/formats/configuration_size.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/secret_mark.hpp"
#include "features/firewall/formats/secret_shapes.hpp"
#include "features/firewall/model/traffic_sets.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxName = 241;  ///< of an access list (Command Reference)
constexpr std::size_t kMaxInterfaces = 4096;
constexpr std::size_t kMaxRemarks = 2000;  ///< bytes of the remarks before an entry

// First words of commands that are known and that decide nothing here; each becomes an item.
constexpr auto kKnownCommands = std::to_array<std::string_view>({
    "ASA", "PIX", "aaa", "aaa-server", "access-group", "access-list", "arp", "asdm", "asp", "auth-prompt", "banner", "boot", "ca", "call-home", "capture",
    "class-map", "clock", "cluster", "compression", "config-register", "console", "crypto", "cts", "ddns", "dhcp-client", "dhcpd", "dhcprelay", "dns",
    "dns-guard", "domain-name", "dynamic-access-policy-record", "dynamic-filter", "dynamic-map", "enable", "event", "failover", "filter", "firewall", "fips",
    "flow-export", "flow-offload", "fragment", "ftp", "global", "group-delimiter", "group-policy", "hostname", "hpm", "http", "icmp", "icmp-object", "igmp",
    "imap4s", "interface", "ip", "ipsec-udp", "ipv6", "isakmp", "jumbo-frame", "key", "l2tp", "ldap", "license", "logging", "mac", "mac-address", "mac-list",
    "management", "management-access", "management-only", "map", "mfib", "mgcp-map", "monitor-interface", "mount", "mroute", "mtu", "multicast", "names",
    "nat", "nat-assigned-to-public-ip", "nameif", "no", "ntp", "null-interface", "object-group-search", "pager", "passwd", "password", "password-policy",
    "pim", "policy-list", "policy-map", "pop3s", "prefix-list", "priority-queue", "privilege", "quota", "redundant-interface", "regex", "rest-api", "route",
    "route-map", "router", "same-security-traffic", "scansafe", "service", "service-interface", "service-policy", "setup", "shun", "sla", "smtp-server",
    "smtps", "snmp", "snmp-map", "snmp-server", "ssh", "ssl", "static", "subject-name-default", "sunrpc-server", "sysopt", "tcp-map", "telnet", "terminal",
    "tftp-server", "threat-detection", "timeout", "tls-proxy", "track", "trustpoint", "tunnel-group", "url-block", "url-cache", "url-list", "url-server",
    "user-identity", "user-statistics", "username", "virtual", "vpdn", "vpn", "vpn-addr-assign", "vpn-sessiondb", "vpnsetup", "vxlan", "wccp", "webvpn",
    "xlate", "zone", "zonelabs-integrity", "checkheaps", "mode", "context", "admin-context", "class", "hw-module", "nve", "app-agent", "snort",
});

/// What follows one of these words is a secret.
bool IsSecretWord(std::string_view word) {
    static constexpr auto kWords =
        std::to_array<std::string_view>({"3des", "aes", "authentication-key", "community", "des", "key", "key-string", "ldap-login-password", "md5", "passphrase", "passwd",
                                         "password", "pre-shared-key", "priv-password", "secret", "sha", "sha256"});
    return std::ranges::find(kWords, word) != kWords.end();
}

struct Interface {
    std::string name;  ///< of nameif
    unsigned security = 0;
    bool passes = true;  ///< neither shut down nor for management alone
    std::size_t line = 0;
};

struct Entry {
    AsaLine line;
    std::string_view text;  ///< behind "access-list NAME extended"
    std::size_t number = 0;
    std::string remark;
};
struct AccessList {
    std::size_t line = 0;
    std::size_t count = 0;
    std::string remark;  ///< before the next entry
    std::vector<Entry> entries;
    std::vector<std::string> others;  ///< entries of kinds that filter no packets
    bool is_bound = false;
};
struct Binding {
    std::string list;
    std::string interface;
    std::size_t line = 0;
};

class AsaReader {
  public:
    AsaReader(std::string_view text, const ReadOptions& options)
        : options_(options), commands_(SplitAsaCommands(text)), notes_(configuration_, options, IsSecretWord), objects_(budgets_.ranges, notes_, options.now) {}

    Result<Configuration> Read();

  private:
    void ReadCommand(const AsaCommand& command);
    void ReadInterface(const AsaCommand& command);
    void ReadAccessList(const AsaLine& line);
    void ReadAccessGroup(const AsaLine& line);
    void ReadFacts(const AsaLine& line);
    void AddItem(const AsaCommand& command);
    std::string Redacted(std::string_view text) const;
    void NumberZones();
    Result<void> AddEntries(const std::string& list, const ZonePair& zones, Chain& chain);
    void AddImplicitPermits(Chain& chain);
    Result<void> AddInterfaceRules();
    Result<void> AddControlPlane();
    Error TooMuch(std::size_t line) const;
    NumberSet All() const { return NumberSet(0, static_cast<std::uint32_t>(zones_.size() - 1)); }
    NumberSet ZoneOf(std::string_view name) const;

    const ReadOptions& options_;
    std::vector<AsaCommand> commands_;
    Configuration configuration_;
    ReaderNotes notes_;
    AsaBudgets budgets_{options_.bounds};
    AsaObjects objects_;
    AsaNetworks networks_{objects_};
    std::vector<Interface> interfaces_;
    std::map<std::string, AccessList, std::less<>> lists_;
    std::vector<Binding> inbound_;
    std::vector<Binding> outbound_;
    std::vector<Binding> control_;
    std::vector<Binding> global_;
    std::vector<std::string> zones_;
    bool same_level_passes_ = false;
    std::size_t rules_ = 0;
    bool looks_like_asa_ = false;
};

Error AsaReader::TooMuch(std::size_t line) const {
    return Error::Of(ErrorCode::kTooLarge, fmt::format("第 {} 行：規則或物件群組合計太多，無法讀完（上限 {} 條規則）。", line, kMaxChainRules),
                     fmt::format("Line {}: the rules and object groups are too many in all to read them (at most {} rules).", line, kMaxChainRules));
}

void AsaReader::ReadInterface(const AsaCommand& command) {
    Interface read;
    read.line = command.head.number;
    for (const AsaLine& line : command.below) {
        AsaCursor words(line.text);
        const std::string_view word = words.Next();
        if (word == "nameif") read.name = std::string(words.Next());
        if (word == "shutdown" || word == "management-only") read.passes = false;
        if (word == "security-level") read.security = static_cast<unsigned>(ParseInt(words.Next()).value_or(0));
    }
    if (!read.name.empty() && read.name.size() <= kMaxName) interfaces_.push_back(std::move(read));
}

/// "access-list NAME [line N] extended permit …", "… remark …", "… standard …"
void AsaReader::ReadAccessList(const AsaLine& line) {
    AsaCursor words(line.text);
    words.Next();
    const std::string name(words.Next());
    if (name.empty() || name.size() > kMaxName || name == "alert-interval" || name == "deny-flow-max" || name == "cached") return;
    AccessList& list = lists_[name];
    if (list.line == 0) list.line = line.number;
    if (words.Skip("line")) words.Next();
    const std::string_view kind = words.Peek();
    ++list.count;
    if (kind == "remark") {
        words.Next();
        if (list.remark.size() < kMaxRemarks) list.remark += (list.remark.empty() ? "" : "; ") + ReplaceInvalidUtf8(words.Rest());
        return;
    }
    // Before version 7 the word "extended" was left out.
    if (kind == "permit" || kind == "deny" || words.Skip("extended")) {
        list.entries.push_back({line, words.Rest(), list.count, std::exchange(list.remark, {})});
        return;
    }
    if (kind != "standard" && kind != "ethertype" && kind != "webtype") notes_.NotUnderstood(line.number, line.text);
    list.others.push_back(ReplaceInvalidUtf8(line.text));
}

/// "access-group NAME in interface outside [per-user-override] [control-plane]", "access-group NAME global"
void AsaReader::ReadAccessGroup(const AsaLine& line) {
    AsaCursor words(line.text);
    words.Next();
    Binding binding{std::string(words.Next()), {}, line.number};
    const std::string_view where = words.Next();
    if (where == "global") return global_.push_back(std::move(binding));
    words.Skip("interface");
    binding.interface = std::string(words.Next());
    bool is_control = false;
    while (!words.is_done()) is_control = words.Next() == "control-plane" || is_control;
    if (binding.interface.empty() || (where != "in" && where != "out")) return notes_.NotUnderstood(line.number, line.text);
    (is_control ? control_ : where == "in" ? inbound_ : outbound_).push_back(std::move(binding));
}

/// What the device says of itself.
void AsaReader::ReadFacts(const AsaLine& line) {
    AsaCursor words(line.text);
    const std::string_view word = words.Next();
    if (word == "hostname") configuration_.host_name = ReplaceInvalidUtf8(words.Next());
    if (word == "ASA" || word == "PIX") {
        if (words.Skip("Version")) configuration_.vendor_version = ReplaceInvalidUtf8(words.Next());
    }
    if (word == "same-security-traffic" && words.Skip("permit")) same_level_passes_ = same_level_passes_ || words.Peek() == "inter-interface";
    if (word == "username") {
        const std::string_view name = words.Next();
        while (!words.is_done() && words.Peek() != "privilege") words.Next();
        if (words.Skip("privilege")) notes_.AddFact("administrator", name, "profile", words.Next(), line.number);
    }
    if (word == "ssh" || word == "telnet" || word == "http") {
        // "ssh 192.0.2.0 255.255.255.0 inside", "http ::/0 outside"
        const std::vector<std::string_view> all = AsaWords(line.text);
        const bool is_address = all.size() >= 3 && all[1].find_first_of(".:") != std::string_view::npos;
        if (!is_address) return;
        notes_.AddFact("remote_service", all.back(), "protocol", word == "http" ? "https" : word, line.number);
        notes_.AddFact("remote_service", all.back(), "trusted_hosts", all.size() == 4 ? std::string(all[1]) + " " + std::string(all[2]) : std::string(all[1]),
                       line.number);
    }
    if (word == "logging" && words.Skip("host")) {
        words.Next();
        const std::string_view server = words.Next();
        const std::string_view transport = words.Peek();
        notes_.AddFact("log_target", "syslog", "server", server, line.number);
        notes_.AddFact("log_target", "syslog", "protocol", transport.starts_with("tcp") || transport.starts_with("6/") ? "tcp" : "udp", line.number);
        notes_.AddFact("log_target", "syslog", "encryption", line.text.ends_with("secure") ? "enable" : "disable", line.number);
    }
    if (word == "ntp" && words.Skip("server")) {
        const std::string_view server = words.Next();
        notes_.AddFact("time_source", server, "protocol", "ntp", line.number);
        notes_.AddFact("time_source", server, "authentication", words.Peek() == "key" ? "enable" : "disable", line.number);
    }
    if (line.text == "failover") notes_.AddFact("ha", "", "mode", "failover", line.number);
}

/// Words behind those that announce a secret, and those that show by their form; "authentication-key 1 md5 X" announces it twice over.
std::string AsaReader::Redacted(std::string_view text) const {
    std::string redacted;
    bool is_secret = false;
    std::size_t left = 0;
    for (const std::string_view word : AsaWords(text)) {
        const bool announces = IsSecretWord(word);
        const bool is_parameter = word.size() <= 3 && word.find_first_not_of("0123456789") == std::string_view::npos && left > 1;
        redacted += redacted.empty() ? "" : " ";
        redacted += is_secret && !announces && !is_parameter ? SecretMark(word, options_.hash_key) : ReplaceInvalidUtf8(word);
        left = announces ? 3 : left > 0 ? left - 1 : 0;
        is_secret = announces || (is_secret && is_parameter);
    }
    return RedactShapes(redacted, options_.hash_key);
}

void AsaReader::AddItem(const AsaCommand& command) {
    AsaCursor words(command.head.text);
    const std::string_view kind = words.Next();
    Item item{ReplaceInvalidUtf8(kind), Redacted(words.Rest()), command.head.number, {}};
    // "username admin password X": the name is the item's, the rest what it holds.
    if (words.Peek().find(' ') == std::string_view::npos && (kind == "username" || kind == "enable" || kind == "passwd")) {
        item.name = kind == "username" ? ReplaceInvalidUtf8(words.Peek()) : "";
        item.lines.push_back(kind == "passwd" ? "passwd " + SecretMark(words.Rest(), options_.hash_key) : Redacted(command.head.text));
    }
    for (const AsaLine& line : command.below) item.lines.push_back(Redacted(line.text));
    configuration_.items.push_back(std::move(item));
}

void AsaReader::ReadCommand(const AsaCommand& command) {
    AsaCursor words(command.head.text);
    const std::string_view word = words.Next();
    if (word.starts_with("Cryptochecksum")) return;  // of the text itself
    ReadFacts(command.head);
    looks_like_asa_ =
        looks_like_asa_ || word == "access-list" || word == "nameif" || word == "object-group" || word == "ASA" || word == "PIX" || word == "interface";
    if (word == "access-list") return ReadAccessList(command.head);
    if (word == "access-group") ReadAccessGroup(command.head);
    if (word == "interface") ReadInterface(command);
    networks_.Read(command);
    const bool is_object = objects_.Read(command);
    const bool is_known = is_object || std::ranges::find(kKnownCommands, word) != kKnownCommands.end();
    if (!is_known) {
        notes_.NotUnderstood(command.head.number, Redacted(command.head.text));
        for (const AsaLine& line : command.below) notes_.NotUnderstood(line.number, Redacted(line.text));
        return;
    }
    AddItem(command);
}

void AsaReader::NumberZones() {
    std::set<std::string> names;
    for (const Interface& interface : interfaces_) names.insert(ReplaceInvalidUtf8(interface.name));
    for (const auto* const bindings : {&inbound_, &outbound_, &control_}) {
        for (const Binding& binding : *bindings) names.insert(ReplaceInvalidUtf8(binding.interface));
    }
    zones_.assign(names.begin(), names.end());
    zones_.emplace_back("*");
}

NumberSet AsaReader::ZoneOf(std::string_view name) const {
    const auto found = std::lower_bound(zones_.begin(), std::prev(zones_.end()), name);
    return NumberSet(static_cast<std::uint32_t>(found - zones_.begin()));
}

Result<void> AsaReader::AddEntries(const std::string& name, const ZonePair& zones, Chain& chain) {
    const auto list = lists_.find(name);
    if (list == lists_.end()) return Ok();
    list->second.is_bound = true;
    for (const Entry& entry : list->second.entries) {
        if (++rules_ > kMaxChainRules) return TooMuch(entry.line.number);
        ChainRule rule;
        rule.rule.id = fmt::format("{}:{}", ReplaceInvalidUtf8(name), entry.number);
        rule.rule.comment = entry.remark;
        rule.rule.text = ReplaceInvalidUtf8(entry.line.text);
        rule.rule.line = entry.line.number;
        if (!ReadAsaRule(AsaCursor(entry.text), zones, objects_, budgets_, rule.rule)) notes_.NotUnderstood(entry.line.number, entry.line.text);
        if (budgets_.ranges.is_spent()) return TooMuch(entry.line.number);
        rule.verdict = rule.rule.action == Action::kAccept ? ChainVerdict::kAccept : ChainVerdict::kDeny;
        chain.rules.push_back(std::move(rule));
    }
    return Ok();
}

/// By security levels, where no list is asked.
void AsaReader::AddImplicitPermits(Chain& chain) {
    if (!global_.empty()) return;
    for (const Interface& from : interfaces_) {
        if (std::ranges::find(inbound_, from.name, &Binding::interface) != inbound_.end() || !from.passes) continue;
        NumberSet lower;
        for (const Interface& to : interfaces_) {
            const bool passes = to.security < from.security || (to.security == from.security && same_level_passes_ && to.name != from.name);
            if (passes && to.passes) lower = lower.Union(ZoneOf(to.name));
        }
        if (lower.empty()) continue;
        ChainRule rule;
        rule.rule.id = "implicit:" + from.name;
        rule.rule.text = fmt::format("security-level {}: to lower levels", from.security);
        rule.rule.line = from.line;
        for (const Family family : {Family::kIpv4, Family::kIpv6}) {
            Traffic traffic = AnyTraffic(family, All());
            traffic.in = ZoneOf(from.name);
            traffic.out = lower;
            rule.rule.traffic.push_back(std::move(traffic));
        }
        rule.verdict = ChainVerdict::kAccept;
        chain.rules.push_back(std::move(rule));
    }
}

Result<void> AsaReader::AddInterfaceRules() {
    std::vector<Chain> chains(2);
    chains[0].name = "in";
    chains[1].name = "out";
    std::map<std::string, NumberSet> by_list;
    for (const Binding& binding : inbound_) {
        NumberSet& zones = by_list[binding.list];
        zones = zones.Union(ZoneOf(binding.interface));
    }
    for (const auto& [list, zones] : by_list) OPS_CHECK(AddEntries(list, {zones, All()}, chains[0]));
    for (const Binding& binding : global_) OPS_CHECK(AddEntries(binding.list, {All(), All()}, chains[0]));
    AddImplicitPermits(chains[0]);
    for (const Binding& binding : outbound_) {
        const ZonePair zones{All(), ZoneOf(binding.interface)};
        OPS_CHECK(AddEntries(binding.list, zones, chains[1]));
        ChainRule rest;
        rest.rule.id = binding.list + ":implicit";
        rest.rule.text = "implicit deny";
        rest.rule.line = binding.line;
        for (const Family family : {Family::kIpv4, Family::kIpv6}) {
            rest.rule.traffic.push_back(AnyTraffic(family, All()));
            rest.rule.traffic.back().out = zones.out;
        }
        rest.verdict = ChainVerdict::kDeny;
        chains[1].rules.push_back(std::move(rest));
    }
    ChainHook hook;
    hook.name = "access-group";
    hook.zones = zones_;
    hook.bases.push_back({0, {true, true}, Action::kDeny, 0, "implicit deny"});
    if (!outbound_.empty()) hook.bases.push_back({1, {true, true}, Action::kAccept, 0, "no outbound list"});
    OPS_TRY(RuleBase base, FlattenChains(chains, std::move(hook)));
    configuration_.rule_bases.push_back(std::move(base));
    return Ok();
}

Result<void> AsaReader::AddControlPlane() {
    if (control_.empty()) return Ok();
    std::vector<Chain> chains(1);
    chains[0].name = "control-plane";
    for (const Binding& binding : control_) OPS_CHECK(AddEntries(binding.list, {ZoneOf(binding.interface), All()}, chains[0]));
    ChainHook hook;
    hook.name = "control-plane";
    hook.zones = zones_;
    // What the list does not deny, the service's own settings decide.
    hook.bases.push_back({0, {true, true}, Action::kAccept, 0, "left to the services"});
    OPS_TRY(RuleBase base, FlattenChains(chains, std::move(hook)));
    base.way = Way::kToDevice;
    configuration_.rule_bases.push_back(std::move(base));
    return Ok();
}

Result<Configuration> AsaReader::Read() {
    configuration_.format = Format::kAsa;
    for (const AsaCommand& command : commands_) ReadCommand(command);
    if (!looks_like_asa_) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行起找不到 ASA 的介面、物件或存取清單；這不是 Cisco ASA 的執行設定。",
                         "From line 1 on there is no interface, object or access list of ASA; this is not the running configuration of a Cisco ASA.");
    }
    if (interfaces_.size() + inbound_.size() + outbound_.size() + control_.size() > kMaxInterfaces)
        return TooMuch(interfaces_.empty() ? 1 : interfaces_.back().line);
    NumberZones();
    OPS_CHECK(AddInterfaceRules());
    OPS_CHECK(AddControlPlane());
    configuration_.networks = networks_.Finish(budgets_.ranges);
    if (budgets_.ranges.is_spent()) return TooMuch(interfaces_.empty() ? 1 : interfaces_.back().line);
    for (auto* const bindings : {&inbound_, &outbound_, &control_, &global_}) {
        for (const Binding& binding : *bindings) {
            if (!lists_.contains(binding.list)) notes_.NotUnderstood(binding.line, "access-group " + binding.list + ": no such access list");
        }
    }
    for (auto& [name, list] : lists_) {
        Item item{"access-list", ReplaceInvalidUtf8(name), list.line, std::move(list.others)};
        for (const Entry& entry : list.entries) {
            if (!list.is_bound) item.lines.push_back(ReplaceInvalidUtf8(entry.line.text));
        }
        if (!list.is_bound && !list.entries.empty()) notes_.AddFact("setting", "access-list " + name, "bound", "disable", list.line);
        if (!item.lines.empty()) configuration_.items.push_back(std::move(item));
    }
    notes_.Finish();
    return std::move(configuration_);
}

}  // namespace

Result<Configuration> ReadAsa(std::string_view text, const ReadOptions& options) {
    OPS_CHECK(CheckConfigurationSize(text));
    return AsaReader(text, options).Read();
}

}  // namespace opsteward::firewall
