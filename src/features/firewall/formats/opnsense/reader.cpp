// OPNsense and pfSense, config.xml. pf asks all rules and the last that matches decides, unless one that is quick matches before (pf.conf(5)); both products
// ask floating rules first, then those of interface groups, then those of interfaces (OPNsense manual, "Firewall: Rules"; pfSense documentation, "Rule
// Processing Order"). So in first-match order the quick ones stand first, in their order, and the others behind them, in reverse.
// - What comes in and no rule matches is blocked. What goes out is passed by a rule that both products add themselves, unless a rule with direction out decides
//   otherwise: outbound rules are asked of what inbound ones let through.
// - A rule's id is its list and its place in it: "lan:3", "floating:1".
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>

#include "base/text.hpp"
#include "features/firewall/formats/chain_walk.hpp"
#include "features/firewall/formats/configuration_size.hpp"
#include "features/firewall/formats/net_names.hpp"
#include "features/firewall/formats/opnsense/networks.hpp"
#include "features/firewall/formats/opnsense/objects.hpp"
#include "features/firewall/formats/opnsense/rule.hpp"
#include "features/firewall/formats/opnsense/xml.hpp"
#include "features/firewall/formats/reader_notes.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/secret_mark.hpp"
#include "features/firewall/formats/secret_shapes.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::size_t kMaxZones = 4096;
constexpr std::size_t kMaxItemLines = 2'000'000;

// Sections that are known; each becomes items.
constexpr auto kKnownSections = std::to_array<std::string_view>({
    "DHCRelay", "OPNsense", "aliases", "bridges", "ca", "captiveportal", "cert", "created", "crl", "cron", "dhcpbackend", "dhcpd", "dhcpd6", "dhcpdv6",
    "dhcrelay", "dhcrelay6", "diag", "dnshaper", "dnsmasq", "dnsupdates", "dyndnses", "ezshaper", "filter", "gateways", "gifs", "gres", "hasync", "hostuuid",
    "ifgroups", "igmpproxy", "installedpackages", "interfaces", "ipsec", "kea", "l2tp", "laggs", "lastchange", "load_balancer", "nat", "ntpd",
    "notifications", "openvpn", "ovpnserver", "ppps", "pppoes", "pptpd", "proxyarp", "qinqs", "revision", "rrd", "rrddata", "schedules", "shaper", "snmpd",
    "ssh", "sshdata", "staticroutes", "switches", "sysctl", "syslog", "system", "theme", "trigger_initial_wizard", "unbound", "version", "virtualip", "vlans",
    "voucher", "vxlans", "widgets", "wireless", "wizardtemp", "wol",
});

bool IsSecretElement(std::string_view name) {
    static constexpr auto kParts =
        std::to_array<std::string_view>({"pass", "secret", "psk", "prv", "key", "seed", "hash", "community", "token", "bindpw", "crypt"});
    const std::string lower = ToLowerAscii(name);
    return std::ranges::any_of(kParts, [&lower](std::string_view part) { return lower.find(part) != std::string::npos; });
}

class OpnsenseReader {
  public:
    OpnsenseReader(const OpnsenseXml& xml, const ReadOptions& options)
        : options_(options), xml_(xml), notes_(configuration_, options, IsSecretElement), objects_(xml, ranges_, notes_) {}

    Result<Configuration> Read();

  private:
    void CollectZones();
    Result<void> ReadRules();
    Result<void> AddRule(pugi::xml_node node);
    void AddPassingNat();
    void Order();
    Result<void> AddRuleBase();
    void AddItems();
    void AddModel(pugi::xml_node model);
    void AddItem(std::string kind, pugi::xml_node node);
    void AppendLines(pugi::xml_node node, const std::string& path, std::vector<std::string>& lines);
    void AddFacts();
    Error TooMuch(std::size_t line) const;

    const ReadOptions& options_;
    const OpnsenseXml& xml_;
    Configuration configuration_;
    ReaderNotes notes_;
    RangeBudget ranges_{options_.bounds.ranges};
    RangeBudget members_{options_.bounds.member_ranges};
    OpnsenseObjects objects_;
    std::vector<OpnsenseRule> rules_;
    std::unordered_map<std::string, std::size_t> places_;  ///< of the last rule of each list
    std::size_t item_lines_ = 0;
};

pugi::xml_node NewRules(pugi::xml_node root) { return root.child("OPNsense").child("Firewall").child("Filter").child("rules"); }

Error OpnsenseReader::TooMuch(std::size_t line) const {
    return Error::Of(ErrorCode::kTooLarge, fmt::format("第 {} 行：規則、介面或別名合計太多，無法讀完（上限 {} 條規則）。", line, kMaxChainRules),
                     fmt::format("Line {}: the rules, interfaces or aliases are too many in all to read them (at most {} rules).", line, kMaxChainRules));
}

void OpnsenseReader::CollectZones() {
    for (const pugi::xml_node list : {xml_.root().child("filter"), NewRules(xml_.root()), xml_.root().child("nat")}) {
        for (const pugi::xml_node rule : list.children("rule")) {
            if (ChildText(rule, "interface") != "any") objects_.AddZones(ChildText(rule, "interface"));
        }
    }
    objects_.NumberZones();
}

Result<void> OpnsenseReader::AddRule(pugi::xml_node node) {
    if (rules_.size() == kMaxChainRules) return TooMuch(xml_.LineOf(node));
    OpnsenseRule read = ReadOpnsenseRule(node, xml_, objects_, notes_);
    read.rule.id = fmt::format("{}:{}", read.order.list, ++places_[read.order.list]);
    rules_.push_back(std::move(read));
    return Ok();
}

/// The ports that a translation leads to: as many from `local` on as it takes.
void Redirect(std::uint16_t local, OpnsenseRule& read) {
    read.lists.services.clear();
    for (ServiceBox& box : read.parts.services.boxes) {
        NumberSet services;
        for (const auto& range : box.services.ranges()) {
            const auto protocol = static_cast<std::uint8_t>(range.first >> 16);
            services = services.Union(ServicesOf(protocol, NumberSet(local, std::min(kLastPort, local + (range.last - range.first)))));
        }
        box.services = services;
    }
}

/// A translation with "pass" lets its packets through without a filter rule.
void OpnsenseReader::AddPassingNat() {
    std::size_t number = 0;
    std::vector<OpnsenseRule> passing;
    for (const pugi::xml_node node : xml_.root().child("nat").children("rule")) {
        ++number;
        if (ChildText(node, "associated-rule-id") != "pass") continue;
        OpnsenseRule read = ReadOpnsenseRule(node, xml_, objects_, notes_);
        read.rule.id = fmt::format("nat:{}", number);
        read.rule.unknown.push_back({"nat", "rdr pass to " + ReplaceInvalidUtf8(ChildText(node, "target")), read.rule.line});
        read.verdict = ChainVerdict::kAccept;
        read.order = {OpnsensePlace::kFloating, true, true, false, "nat"};
        // pf asks its rules of the translated packet; which one it was before does not matter for them.
        read.lists.destination = {{ReplaceInvalidUtf8(ChildText(node, "target")), read.rule.line}};
        read.parts.destination = objects_.addresses().ResolveAll(0, read.lists.destination);
        if (const auto local = PortNumber(ChildText(node, "local-port"))) Redirect(*local, read);
        passing.push_back(std::move(read));
    }
    rules_.insert(rules_.begin(), std::make_move_iterator(passing.begin()), std::make_move_iterator(passing.end()));
}

void OpnsenseReader::Order() {
    std::ranges::stable_sort(rules_, {}, [](const OpnsenseRule& rule) { return rule.order.place; });
    const auto others = std::ranges::stable_partition(rules_, [](const OpnsenseRule& rule) { return rule.order.is_quick; });
    std::ranges::reverse(others);
}

Result<void> OpnsenseReader::ReadRules() {
    for (const pugi::xml_node rule : xml_.root().child("filter").children("rule")) OPS_CHECK(AddRule(rule));
    std::vector<pugi::xml_node> newer;
    for (const pugi::xml_node rule : NewRules(xml_.root()).children("rule")) newer.push_back(rule);
    std::ranges::stable_sort(newer, {}, [](pugi::xml_node rule) { return ParseInt(ChildText(rule, "sequence")).value_or(0); });
    for (const pugi::xml_node rule : newer) OPS_CHECK(AddRule(rule));
    AddPassingNat();
    Order();
    return Ok();
}

Result<void> OpnsenseReader::AddRuleBase() {
    std::vector<Chain> chains(2);
    chains[0].name = "in";
    chains[1].name = "out";
    for (const OpnsenseRule& read : rules_) {
        if (read.verdict == ChainVerdict::kContinue) continue;
        for (const bool is_in : {true, false}) {
            if (is_in ? !read.order.is_in : !read.order.is_out) continue;
            ChainRule rule;
            rule.rule = read.rule;
            rule.verdict = read.verdict;
            FillOpnsenseTraffic(read, is_in, objects_, ranges_, members_, rule.rule);
            if (ranges_.is_spent()) return TooMuch(read.rule.line);
            // One that is off decides nothing of what is asked next.
            if (!is_in && !rule.rule.IsActive()) continue;
            chains[is_in ? 0 : 1].rules.push_back(std::move(rule));
        }
    }
    ChainHook hook;
    hook.name = "filter";
    hook.zones = objects_.zones();
    hook.bases.push_back({0, {true, true}, Action::kDeny, 0, "default deny"});
    if (!chains[1].rules.empty()) hook.bases.push_back({1, {true, true}, Action::kAccept, 0, "pass out"});
    OPS_TRY(RuleBase base, FlattenChains(chains, std::move(hook)));
    configuration_.rule_bases.push_back(std::move(base));
    return Ok();
}

void OpnsenseReader::AppendLines(pugi::xml_node node, const std::string& path, std::vector<std::string>& lines) {
    bool has_elements = false;
    for (const pugi::xml_node child : node.children()) {
        if (child.type() != pugi::node_element) continue;
        has_elements = true;
        AppendLines(child, (path.empty() ? "" : path + " ") + ReplaceInvalidUtf8(child.name()), lines);
    }
    if (has_elements || ++item_lines_ > kMaxItemLines) return;
    const std::string_view value = Trim(node.child_value());
    if (value.empty()) {
        lines.push_back(path);
    } else if (IsSecretElement(node.name())) {
        lines.push_back((path.empty() ? "" : path + " ") + SecretMark(value, options_.hash_key));
    } else {
        const std::string shown = RedactShapes(ReplaceInvalidUtf8(value), options_.hash_key);
        for (const std::string_view line : SplitLines(shown)) lines.push_back((path.empty() ? "" : path + " ") + std::string(Trim(line)));
    }
}

void OpnsenseReader::AddItem(std::string kind, pugi::xml_node node) {
    std::string_view name = ChildText(node, "name");
    if (name.empty()) name = ChildText(node, "descr");
    if (name.empty()) name = node.attribute("uuid").value();
    Item item{std::move(kind), ReplaceInvalidUtf8(name.empty() ? std::string_view(node.name()) : name), xml_.LineOf(node), {}};
    AppendLines(node, "", item.lines);
    configuration_.items.push_back(std::move(item));
}

void OpnsenseReader::AddItems() {
    // Who saved it last and when, and what a package or the console keeps for itself, is no setting.
    static constexpr auto kVolatile = std::to_array<std::string_view>({"created", "lastchange", "revision", "rrddata", "widgets"});
    for (const pugi::xml_node section : xml_.root().children()) {
        if (section.type() != pugi::node_element) continue;
        const std::string_view name = section.name();
        if (std::ranges::find(kVolatile, name) != kVolatile.end()) continue;
        if (std::ranges::find(kKnownSections, name) == kKnownSections.end()) notes_.NotUnderstood(xml_.LineOf(section), "<" + std::string(name) + ">");
        for (const pugi::xml_node part : section.children()) {
            if (part.type() != pugi::node_element || (name == "filter" && std::string_view(part.name()) == "rule")) continue;
            if (name == "OPNsense") {
                AddModel(part);
            } else {
                AddItem(name == "aliases" ? "alias" : ReplaceInvalidUtf8(name), part);
            }
        }
    }
}

/// A part of <OPNsense>: what it consists of, with aliases one by one, without the rules.
void OpnsenseReader::AddModel(pugi::xml_node model) {
    const bool is_firewall = std::string_view(model.name()) == "Firewall";
    for (const pugi::xml_node part : model.children()) {
        const std::string_view name = part.name();
        if (part.type() != pugi::node_element || (is_firewall && name == "Filter")) continue;
        if (is_firewall && name == "Alias") {
            for (const pugi::xml_node alias : part.child("aliases").children("alias")) AddItem("alias", alias);
        } else {
            AddItem(ReplaceInvalidUtf8(model.name()), part);
        }
    }
}

/// What the device says of itself.
void OpnsenseReader::AddFacts() {
    const pugi::xml_node system = xml_.root().child("system");
    configuration_.vendor_version = ReplaceInvalidUtf8(ChildText(xml_.root(), "version"));
    configuration_.host_name = ReplaceInvalidUtf8(ChildText(system, "hostname"));
    for (const pugi::xml_node user : system.children("user")) {
        const std::string_view name = ChildText(user, "name");
        if (ChildSaysYes(user, "disabled")) continue;
        notes_.AddFact("administrator", name, "profile", ChildText(user, user.child("groupname") ? "groupname" : "scope"), xml_.LineOf(user));
        notes_.AddFact("administrator", name, "two_factor", ChildText(user, "otp_seed").empty() ? "disable" : "enable", xml_.LineOf(user));
    }
    const pugi::xml_node web = system.child("webgui");
    if (web) notes_.AddFact("remote_service", "webgui", "protocol", ChildText(web, "protocol"), xml_.LineOf(web));
    const pugi::xml_node ssh = system.child("ssh");
    if (ssh && (ChildSaysYes(ssh, "enable") || ChildText(ssh, "enabled") == "enabled"))
        notes_.AddFact("remote_service", "system", "protocol", "ssh", xml_.LineOf(ssh));
    for (const std::string_view server : OpnsenseList(ChildText(system, "timeservers"))) {
        notes_.AddFact("time_source", server, "protocol", "ntp", xml_.LineOf(system.child("timeservers")));
    }
    if (const pugi::xml_node zone = system.child("timezone")) notes_.AddFact("setting", "system", "timezone", Trim(zone.child_value()), xml_.LineOf(zone));
    const pugi::xml_node syslog = xml_.root().child("syslog");
    for (const char* const name : {"remoteserver", "remoteserver2", "remoteserver3"}) {
        const std::string_view server = ChildText(syslog, name);
        if (server.empty()) continue;
        notes_.AddFact("log_target", "syslog", "server", server, xml_.LineOf(syslog.child(name)));
        notes_.AddFact("log_target", "syslog", "encryption", "disable", xml_.LineOf(syslog.child(name)));
    }
    const pugi::xml_node targets = xml_.root().child("OPNsense").child("Syslog").child("destinations");
    for (const pugi::xml_node target : targets.children("destination")) {
        if (ChildText(target, "enabled") == "0") continue;
        const std::string_view transport = ChildText(target, "transport");
        notes_.AddFact("log_target", "syslog", "server", ChildText(target, "hostname"), xml_.LineOf(target));
        notes_.AddFact("log_target", "syslog", "protocol", transport, xml_.LineOf(target));
        notes_.AddFact("log_target", "syslog", "encryption", transport.starts_with("tls") ? "enable" : "disable", xml_.LineOf(target));
    }
    const pugi::xml_node sync = xml_.root().child("hasync");
    if (sync) notes_.AddFact("ha", "", "mode", ChildText(sync, "pfsyncinterface").empty() ? "standalone" : "pfsync", xml_.LineOf(sync));
}

Result<Configuration> OpnsenseReader::Read() {
    configuration_.format = Format::kOpnsense;
    objects_.Read();
    CollectZones();
    if (objects_.zones().size() > kMaxZones) return TooMuch(xml_.LineOf(xml_.root().child("interfaces")));
    AddFacts();
    OPS_CHECK(ReadRules());
    configuration_.networks = OpnsenseNetworks(xml_, objects_, ranges_);
    if (ranges_.is_spent()) return TooMuch(xml_.LineOf(xml_.root()));
    OPS_CHECK(AddRuleBase());
    AddItems();
    notes_.Finish();
    return std::move(configuration_);
}

}  // namespace

Result<Configuration> ReadOpnsense(std::string_view text, const ReadOptions& options) {
    OPS_CHECK(CheckConfigurationSize(text));
    OPS_TRY(const std::unique_ptr<OpnsenseXml> xml, OpnsenseXml::Parse(text));
    return OpnsenseReader(*xml, options).Read();
}

}  // namespace opsteward::firewall
