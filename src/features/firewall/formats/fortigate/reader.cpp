// FortiOS's configuration: its tree (fortigate_tree) read as rule bases, items and facts.
#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/firewall/formats/fortigate/facts.hpp"
#include "features/firewall/formats/fortigate/networks.hpp"
#include "features/firewall/formats/fortigate/policy.hpp"
#include "features/firewall/formats/fortigate/secrets.hpp"
#include "features/firewall/formats/fortigate/tree.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {

namespace {

/// Sections that are read for what they mean; none of them stands within another section.
constexpr std::array<std::string_view, 27> kReadSections{
    "firewall address", "firewall address6", "firewall addrgrp", "firewall addrgrp6", "firewall consolidated policy", "firewall local-in-policy",
    "firewall local-in-policy6", "firewall policy", "firewall policy6", "firewall schedule group", "firewall schedule onetime", "firewall schedule recurring",
    "firewall security-policy", "firewall service custom", "firewall service group", "firewall vip", "firewall vip6", "firewall vipgrp", "firewall vipgrp6",
    "system admin", "system global", "system ha", "system interface", "system ntp", "system sdwan", "system settings", "system zone"};

/// What sections begin with: FortiOS CLI reference, 5.4 to 7.6.
constexpr std::array<std::string_view, 51> kFirstWords{
    "alertemail", "antivirus", "application", "authentication", "automation", "aws", "azure", "casb", "certificate", "credential-store", "diameter-filter",
    "dlp", "dnsfilter", "dpdk", "emailfilter", "endpoint-control", "ethernet-oam", "extender", "extender-controller", "extension-controller", "file-filter",
    "firewall", "ftp-proxy", "gcp", "gui", "icap", "ips", "log", "monitoring", "nsxt", "pfcp", "report", "router", "rule", "sctp-filter", "spamfilter",
    "ssh-filter", "switch-controller", "system", "telemetry-controller", "user", "videofilter", "virtual-patch", "voip", "vpn", "waf", "wanopt", "web-proxy",
    "webfilter", "wireless-controller", "ztna"};

/// Of "firewall …", those that hold no rules for packets between interfaces, or rules of another sort.
constexpr std::array<std::string_view, 62> kFirewallSections{
    "DoS-policy", "DoS-policy6", "access-proxy", "access-proxy-ssh-client-cert", "access-proxy-virtual-host", "access-proxy6",
    "address6-template", "auth-portal", "carrier-endpoint-bwl", "central-snat-map", "city", "country", "decrypted-traffic-mirror", "dnstranslation", "global",
    "gtp", "identity-based-route", "interface-policy", "interface-policy6", "internet-service", "internet-service-addition", "internet-service-append",
    "internet-service-botnet", "internet-service-custom", "internet-service-custom-group", "internet-service-definition", "internet-service-extension",
    "internet-service-fallback", "internet-service-group", "internet-service-ipbl-reason", "internet-service-ipbl-vendor", "internet-service-list",
    "internet-service-name", "internet-service-owner", "internet-service-reputation", "internet-service-sld", "internet-service-subapp", "ip-translation",
    "ipmacbinding", "ippool", "ippool6", "ldb-monitor", "local-in", "multicast-address", "multicast-address6", "network-service-dynamic", "on-demand-sniffer",
    "profile-group", "profile-protocol-options", "proute", "proxy-address", "proxy-addrgrp", "region", "schedule", "service", "shaper", "shaping-profile",
    "sniffer", "ssh", "ssl", "ssl-server", "ssl-ssh-profile"};
constexpr std::array<std::string_view, 11> kMoreFirewallSections{
    "traffic-class", "ttl-policy", "vendor-mac", "vendor-mac-summary", "wildcard-fqdn", "pfcp", "mms-profile", "mobile-tunnel", "nat64", "qos", "access-group"};
/// Rules of another sort that let through or keep out packets, which this reader does not interpret: their entries are told of.
constexpr std::array<std::string_view, 10> kOtherPolicies{
    "acl", "acl6", "policy46", "policy64", "multicast-policy", "multicast-policy6", "proxy-policy", "shaping-policy", "explicit-proxy-policy",
    "hyperscale-policy"};

template <typename Table>
bool Holds(const Table& table, std::string_view name) {
    return std::ranges::find(table, name) != table.end();
}

bool StandsAtTop(std::string_view name) { return Holds(kReadSections, name); }

bool IsKnownSection(std::string_view name) {
    if (Holds(kReadSections, name)) return true;
    const std::string_view first = name.substr(0, name.find(' '));
    if (first != "firewall") return Holds(kFirstWords, first);
    if (name.size() <= first.size()) return false;
    const std::string_view rest = name.substr(first.size() + 1);
    const std::string_view second = rest.substr(0, rest.find(' '));
    return Holds(kFirewallSections, second) || Holds(kMoreFirewallSections, second) || Holds(kOtherPolicies, second);
}

class Reader {
  public:
    Reader(const FortigateTree& tree, const ReadOptions& options, Configuration& configuration)
        : tree_(tree), options_(options), configuration_(configuration) {}

    Result<void> Read() {
        for (const std::string& comment : tree_.comments()) {
            const FortigateVersion version = ReadFortigateVersion(comment);
            if (version.IsKnown()) version_ = version;
        }
        configuration_.vendor_version = FormatFortigateVersion(version_);
        const FortigateNodeId global = tree_.Child(FortigateTree::kRoot, "global");
        const FortigateNodeId vdoms = tree_.Child(FortigateTree::kRoot, "vdom");
        std::vector<FortigateNodeId> shared;
        if (global != kNoFortigateNode) shared.push_back(global);
        shared.push_back(FortigateTree::kRoot);
        for (const FortigateNodeId scope : shared) ReadScope(scope, "");
        if (vdoms == kNoFortigateNode) {
            OPS_CHECK(ReadRules("root", {FortigateTree::kRoot}));
            return Finish();
        }
        Result<void> rules = Ok();
        tree_.ForEachChild(vdoms, [&](FortigateNodeId vdom) {
            if (!rules.ok()) return;
            std::vector<FortigateNodeId> scopes{vdom};
            scopes.insert(scopes.end(), shared.begin(), shared.end());
            ReadScope(vdom, tree_.node(vdom).name + "/");
            rules = ReadRules(tree_.node(vdom).name, scopes);
        });
        OPS_CHECK(std::move(rules));
        return Finish();
    }

  private:
    Result<void> Finish() {
        if (budget_.members_left_out > 0) {
            configuration_.facts.push_back({"setting", "reader", "members_left_out", std::to_string(budget_.members_left_out), 0});
        }
        std::ranges::sort(configuration_.unknown, {}, [](const UnknownLine& line) { return std::tie(line.line, line.text); });
        return Ok();
    }

    /// Items and facts.
    void ReadScope(FortigateNodeId scope, const std::string& prefix) {
        tree_.ForEachChild(scope, [&](FortigateNodeId section) {
            const FortigateNode& node = tree_.node(section);
            const bool is_scope = scope == FortigateTree::kRoot && (node.name == "global" || node.name == "vdom");
            if (is_scope) return;
            if (!IsKnownSection(node.name)) NoteUnknownFortigateLine(configuration_.unknown, node.line, "config " + node.name);
            TellOtherPolicies(section);
            AddItems(section, prefix);
            if (node.name == "system global") {
                const FortigateSettings settings = tree_.SettingsOf(section);
                configuration_.host_name = settings.First("hostname");
            }
        });
        AddFortigateFacts(tree_, scope, configuration_.facts);
    }

    void TellOtherPolicies(FortigateNodeId section) {
        const std::string_view name = tree_.node(section).name;
        const bool is_policy = name.starts_with("firewall ") && Holds(kOtherPolicies, name.substr(9));
        if (!is_policy || name == "firewall shaping-policy") return;
        tree_.ForEachChild(section, [&](FortigateNodeId entry) {
            NoteUnknownFortigateLine(configuration_.unknown, tree_.node(entry).line, std::string(name) + " " + tree_.node(entry).name);
        });
    }

    /// One of each entry, and one of the section's own settings.
    void AddItems(FortigateNodeId section, const std::string& prefix) {
        const FortigateNode& node = tree_.node(section);
        bool has_own = !node.settings.empty();
        tree_.ForEachChild(section, [&](FortigateNodeId child) {
            const FortigateNode& entry = tree_.node(child);
            if (!entry.is_entry) {
                has_own = true;
                return;
            }
            configuration_.items.push_back({node.name, prefix + entry.name, entry.line, FortigateCanonicalLines(tree_, child, node.name, options_.hash_key)});
        });
        if (has_own) configuration_.items.push_back({node.name, prefix, node.line, FortigateCanonicalLines(tree_, section, node.name, options_.hash_key)});
    }

    FortigateZones ZonesOf(const std::string& vdom, const FortigateObjects& objects, const std::vector<FortigateNodeId>& scopes) {
        FortigateZones zones;
        if (const FortigateNodeId section = objects.Section("system zone"); section != kNoFortigateNode) {
            tree_.ForEachChild(section, [&](FortigateNodeId zone) { zones.AddZone(tree_.node(zone).name, tree_.SettingsOf(zone).Of("interface").values); });
        }
        AddSdwanZones(objects, zones);
        for (const FortigateNodeId scope : scopes) {
            const FortigateNodeId interfaces = tree_.Child(scope, "system interface");
            if (interfaces == kNoFortigateNode) continue;
            tree_.ForEachChild(interfaces, [&](FortigateNodeId interface) {
                const std::string of(tree_.SettingsOf(interface).First("vdom", vdom));
                if (of == vdom || scopes.size() == 1) zones.AddInterface(tree_.node(interface).name);
            });
        }
        for (const FortigatePolicySection& kind : FortigatePolicySections()) {
            const FortigateNodeId section = objects.Section(kind.section);
            if (section == kNoFortigateNode) continue;
            tree_.ForEachChild(section, [&](FortigateNodeId policy) {
                const FortigateSettings settings = tree_.SettingsOf(policy);
                for (const char* const name : {"srcintf", "dstintf", "intf"}) {
                    for (const std::string& interface : settings.Of(name).values) zones.AddInterface(interface);
                }
            });
        }
        zones.Close();
        return zones;
    }

    /// Members of SD-WAN belong to the zone "virtual-wan-link" unless they name another one.
    void AddSdwanZones(const FortigateObjects& objects, FortigateZones& zones) {
        for (const std::string_view name : {"system sdwan", "system virtual-wan-link"}) {
            const FortigateNodeId section = objects.Section(name);
            const FortigateNodeId members = section == kNoFortigateNode ? kNoFortigateNode : tree_.Child(section, "members");
            if (members == kNoFortigateNode) continue;
            tree_.ForEachChild(members, [&](FortigateNodeId member) {
                const FortigateSettings settings = tree_.SettingsOf(member);
                if (!settings.First("interface").empty())
                    zones.AddZone(std::string(settings.First("zone", "virtual-wan-link")), {std::string(settings.First("interface"))});
            });
        }
    }

    Result<void> ReadRules(const std::string& vdom, const std::vector<FortigateNodeId>& scopes) {
        FortigateObjects objects(tree_, scopes, options_.now, budget_);
        OPS_CHECK(ReadNetworks(vdom, objects, scopes));
        const FortigateZones zones = ZonesOf(vdom, objects, scopes);
        const FortigateNodeId settings = objects.Section("system settings");
        const bool uses_central_nat = settings != kNoFortigateNode && tree_.SettingsOf(settings).IsEnabled("central-nat");
        for (const FortigatePolicySection& kind : FortigatePolicySections()) {
            const FortigateNodeId section = tree_.Child(scopes.front(), kind.section);
            if (section == kNoFortigateNode) continue;
            tree_.ForEachChild(section, [this](FortigateNodeId) { ++rules_; });
            if (rules_ > kMaxRules) return TooManyRules(tree_.node(section).line);
            FortigateRuleContext context{objects, zones, version_, options_.now, options_.hash_key, uses_central_nat, budget_, configuration_.unknown};
            RuleBase& base = configuration_.rule_bases.emplace_back();
            base.name = vdom + std::string(kind.base_suffix);
            const bool is_local = kind.kind == FortigatePolicyKind::kLocalIn || kind.kind == FortigatePolicyKind::kLocalIn6;
            base.way = is_local ? Way::kToDevice : Way::kThrough;
            base.family = FamilyOf(kind.kind, scopes.front());
            base.zones = zones.names();
            base.rules = ReadFortigateRules(kind.kind, section, context);
            base.fallback = is_local ? Action::kAccept : Action::kDeny;  // what no local-in policy keeps out comes to the interface's allowaccess
            if (budget_.is_used_up) return TooManyRanges(tree_.node(section).line);
        }
        return Ok();
    }

    Result<void> ReadNetworks(const std::string& vdom, FortigateObjects& objects, const std::vector<FortigateNodeId>& scopes) {
        std::vector<ZoneNetworks> networks = FortigateNetworks(vdom, objects, scopes, network_budget_);
        if (network_budget_.is_spent() || budget_.is_used_up) {
            const std::uint32_t line = std::max(tree_.node(scopes.front()).line, 1U);
            return Error::Of(ErrorCode::kTooLarge, fmt::format("第 {} 行起的介面與路由展開後的網段過多", line),
                             fmt::format("the interfaces and routes from line {} on come to too many networks", line));
        }
        std::ranges::move(networks, std::back_inserter(configuration_.networks));
        return Ok();
    }

    /// From FortiOS 6.4 on "firewall policy" has policies of both families and there is no "firewall policy6"; local-in policies are two sections in all versions.
    std::optional<Family> FamilyOf(FortigatePolicyKind kind, FortigateNodeId vdom) const {
        switch (kind) {
            case FortigatePolicyKind::kPolicy6:
            case FortigatePolicyKind::kLocalIn6:
                return Family::kIpv6;
            case FortigatePolicyKind::kLocalIn:
                return Family::kIpv4;
            case FortigatePolicyKind::kPolicy: {
                const bool is_before = version_.IsKnown() && std::tie(version_.major, version_.minor) < std::tuple(6, 4);
                return is_before || tree_.Child(vdom, "firewall policy6") != kNoFortigateNode ? std::optional(Family::kIpv4) : std::nullopt;
            }
            default:
                return std::nullopt;
        }
    }

    static constexpr std::size_t kMaxRules = 200'000;
    static Error TooManyRules(std::uint32_t line) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("第 {} 行起的規則使總數超過 {} 條", line, kMaxRules),
                         fmt::format("with those from line {} on there are more than {} rules", line, kMaxRules));
    }
    static Error TooManyRanges(std::uint32_t line) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("第 {} 行起的規則與群組展開後的位址、服務範圍過多", line),
                         fmt::format("the rules from line {} on and their groups come to too many ranges of addresses and services", line));
    }

    const FortigateTree& tree_;
    const ReadOptions& options_;
    Configuration& configuration_;
    FortigateVersion version_;
    FortigateBudget budget_{options_.bounds};
    RangeBudget network_budget_{options_.bounds.ranges};
    std::size_t rules_ = 0;
};

void AddCanonicalLines(const FortigateTree& tree, FortigateNodeId id, std::string_view section, std::string_view hash_key, std::size_t depth,
                       std::vector<std::string>& lines) {
    static constexpr std::size_t kIndent = 4;
    const FortigateNode& node = tree.node(id);
    const auto add = [&lines](std::size_t level, const std::string& text) {
        const std::string indent(level * kIndent, ' ');
        for (const std::string_view line : Split(text, '\n')) lines.push_back(indent + ReplaceInvalidUtf8(line));
    };
    add(depth, (node.is_entry ? "edit " : "config ") + node.name);
    for (const FortigateSetting& setting : node.settings) {
        std::vector<FortigateWord> words = FortigateWords(tree.Raw(setting));
        RedactFortigateWords(section, words, hash_key);
        if (words.size() > 2 && IsVolatileFortigateSetting(words[1].text)) words.resize(2);
        add(depth + 1, FortigateLine(words));
    }
    tree.ForEachChild(id, [&](FortigateNodeId child) {
        // The entries of a section at the top are items of their own.
        const bool is_own_item = tree.node(child).is_entry && depth == 0 && !node.is_entry;
        if (!is_own_item) AddCanonicalLines(tree, child, section, hash_key, depth + 1, lines);
    });
}

}  // namespace

std::vector<std::string> FortigateCanonicalLines(const FortigateTree& tree, FortigateNodeId node, std::string_view section, std::string_view hash_key) {
    std::vector<std::string> lines;
    AddCanonicalLines(tree, node, section, hash_key, 0, lines);
    return lines;
}

Result<Configuration> ReadFortigate(std::string_view text, const ReadOptions& options) {
    if (text.size() > kMaxConfigurationBytes) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("設定檔超過 {}", FormatBytes(kMaxConfigurationBytes)),
                         fmt::format("the configuration is longer than {}", FormatBytes(kMaxConfigurationBytes)));
    }
    Configuration configuration;
    configuration.format = Format::kFortigate;
    OPS_TRY(const FortigateTree tree, FortigateTree::Read(text, StandsAtTop, configuration.unknown));
    if (tree.node(FortigateTree::kRoot).first == kNoFortigateNode) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行：檔案裡沒有 FortiOS 的 config 區段，請匯出完整設定檔或 show 的輸出",
                         "line 1: the text has no config section of FortiOS; give a full configuration or what show prints");
    }
    for (UnknownLine& line : configuration.unknown) line.text = RedactLooseFortigateLine(line.text, options.hash_key);
    OPS_CHECK(Reader(tree, options, configuration).Read());
    return configuration;
}

}  // namespace opsteward::firewall
