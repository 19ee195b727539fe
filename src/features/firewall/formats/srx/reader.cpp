// Junos on SRX: where everything stands in the configuration (Junos OS Security Policies User Guide; CLI User Guide for the two forms).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/braces.hpp"
#include "features/firewall/formats/configuration_size.hpp"
#include "features/firewall/formats/set_commands.hpp"
#include "features/firewall/formats/srx/facts.hpp"
#include "features/firewall/formats/srx/networks.hpp"
#include "features/firewall/formats/srx/policies.hpp"

namespace opsteward::firewall {
namespace {

/// Known at the top, or in a logical system.
constexpr auto kSections = std::to_array<std::string_view>({
    "access",
    "access-profile",
    "accounting-options",
    "applications",
    "bridge-domains",
    "chassis",
    "class-of-service",
    "dynamic-profiles",
    "ethernet-switching-options",
    "event-options",
    "firewall",
    "forwarding-options",
    "interfaces",
    "jsrc",
    "logical-systems",
    "multi-chassis",
    "multicast-snooping-options",
    "poe",
    "policy-options",
    "protocols",
    "routing-instances",
    "routing-options",
    "schedulers",
    "security",
    "security-profile",
    "services",
    "smtp",
    "snmp",
    "switch-options",
    "system",
    "tenants",
    "unified-edge",
    "version",
    "virtual-chassis",
    "vlans",
    "vmhost",
    "wlan",
});

/// Of `security`: neither policies, zones nor addresses.
constexpr auto kSecuritySections = std::to_array<std::string_view>({
    "advance-policy-based-routing",
    "alarms",
    "alg",
    "analysis",
    "anti-virus",
    "application-firewall",
    "application-tracking",
    "authentication-key-chains",
    "certificates",
    "datapath-debug",
    "distribution-profile",
    "dynamic-address",
    "dynamic-application",
    "dynamic-policy",
    "dynamic-vpn",
    "firewall-authentication",
    "flow",
    "forwarding-options",
    "forwarding-process",
    "gprs",
    "group-vpn",
    "host-vpn",
    "idp",
    "ike",
    "intelligence",
    "ipsec",
    "ipsec-vpn",
    "jexec",
    "log",
    "macsec",
    "mirror-filter",
    "nat",
    "ngfw",
    "pki",
    "remote-access",
    "resource-manager",
    "screen",
    "secure-connect",
    "sgt",
    "softwires",
    "ssh-known-hosts",
    "tcp-encap",
    "traceoptions",
    "tunnel-inspection",
    "user-identification",
    "utm",
});

template <std::size_t N>
bool IsIn(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// What a group holds for the top of the configuration comes in where nothing else is said (CLI User Guide, "Configuration groups"). False: it has wildcards or
/// does not fit, and something of it was left out.
bool Inherit(WordTree& tree, WordTree::Id into, WordNode from) {
    bool is_whole = true;
    for (const WordNode child : from.children()) {
        if (child.is_inactive()) continue;
        const bool is_of_groups = into == 0 && (child.word() == "groups" || child.word() == "apply-groups");
        if (child.word().starts_with('<') || is_of_groups) {
            is_whole = false;
            continue;
        }
        // The children's own line: where the group says it.
        const WordTree::Id id = tree.Add(into, child.word(), child.line());
        if (id == WordTree::kNone) return false;
        is_whole = Inherit(tree, id, child) && is_whole;
    }
    return is_whole;
}

class SrxReader {
  public:
    SrxReader(WordTree& tree, const ReadOptions& options, ReaderNotes& notes, Configuration& configuration)
        : tree_(tree), options_(options), notes_(notes), configuration_(configuration) {}

    void Read() {
        ApplyGroups();
        const WordNode root = tree_.root();
        ReadSections(root, "");
        ReadSystem("root", root, "");
        for (const std::string_view kind : {std::string_view("logical-systems"), std::string_view("tenants")}) {
            for (const WordNode system : ActiveChildren(ActiveChild(root, kind))) {
                const std::string prefix = std::string(system.word()) + "/";
                ReadSections(system, prefix);
                ReadSystem(std::string(system.word()), system, prefix);
            }
        }
        ReadSrxFacts(root, configuration_, notes_);
    }
    bool is_spent() const { return budget_.is_spent(); }
    bool has_sections() const { return has_sections_; }

  private:
    void ApplyGroups() {
        const WordNode root = tree_.root();
        const WordNode applied = root["apply-groups"];
        for (const WordNode name : ActiveChildren(applied)) {
            if (name.word().starts_with("${")) continue;  // a cluster node's own: interfaces and names of the one machine
            const WordNode group = ActiveChild(ActiveChild(root, "groups"), name.word());
            if (!group || !Inherit(tree_, 0, group)) notes_.NotUnderstood(name);
        }
        for (const WordNode group : ActiveChildren(root["groups"])) notes_.AddItem("groups", std::string(group.word()), group);
    }

    void ReadSections(WordNode node, const std::string& prefix) {
        for (const WordNode section : node.children()) {
            const std::string_view word = section.word();
            if (word == "apply-groups" || word == "groups") {
                if (!prefix.empty()) notes_.NotUnderstood(section);
            } else if (!IsIn(kSections, word)) {
                notes_.NotUnderstood(section);
            } else {
                has_sections_ = has_sections_ || word != "version";
                if (word != "security" && word != "applications" && word != "schedulers" && word != "logical-systems" && word != "tenants")
                    AddItems(section, word, prefix);
            }
        }
    }

    void AddItems(WordNode section, std::string_view kind, const std::string& prefix) {
        if (section.is_leaf()) return;
        for (const WordNode child : section.children()) notes_.AddItem(std::string(kind), prefix + std::string(child.word()), child);
    }

    void ReadSystem(std::string name, WordNode system, const std::string& prefix) {
        const WordNode security = ActiveChild(system, "security");
        AddSecurityItems(security, prefix);
        for (const WordNode kind : ActiveChildren(ActiveChild(system, "applications"))) AddItems(kind, kind.word(), prefix);
        for (const WordNode kind : ActiveChildren(ActiveChild(system, "schedulers"))) AddItems(kind, kind.word(), prefix);
        if (name != "root" && !security) return;
        SrxObjects objects(budget_, notes_, options_.now);
        objects.Read(system);
        std::ranges::move(SrxNetworks(name, system, budget_), std::back_inserter(configuration_.networks));
        configuration_.rule_bases.push_back(SrxPolicies(objects, budget_, member_budget_, notes_).Read(std::move(name), system));
    }

    void AddSecurityItems(WordNode security, const std::string& prefix) {
        for (const WordNode part : security.children()) {
            const std::string_view word = part.word();
            if (word == "zones") {
                for (const WordNode kind : part.children()) {
                    if (kind.word() != "security-zone" && kind.word() != "functional-zone") notes_.NotUnderstood(kind);
                    AddItems(kind, "zone", prefix);
                    for (const WordNode zone : kind.children()) AddBookItems(zone["address-book"], fmt::format("{}{}/", prefix, zone.word()));
                }
            } else if (word == "address-book") {
                for (const WordNode book : part.children()) AddBookItems(book, fmt::format("{}{}/", prefix, book.word()));
            } else if (word == "policies") {
                AddPolicyItems(part, prefix);
            } else if (IsIn(kSecuritySections, word)) {
                AddItems(part, fmt::format("security {}", word), prefix);
            } else {
                notes_.NotUnderstood(part);
            }
        }
    }
    void AddBookItems(WordNode book, const std::string& prefix) {
        for (const WordNode kind : book.children()) {
            if (kind.word() == "address" || kind.word() == "address-set") AddItems(kind, kind.word(), prefix);
        }
    }
    void AddPolicyItems(WordNode policies, const std::string& prefix) {
        const auto add = [&](WordNode context, const std::string& before) {
            for (const WordNode policy : context["policy"].children()) notes_.AddItem("rule", before + std::string(policy.word()), policy);
        };
        for (const WordNode from : policies["from-zone"].children()) {
            for (const WordNode to : from["to-zone"].children()) add(to, fmt::format("{}{}/{}/", prefix, from.word(), to.word()));
        }
        add(policies["global"], prefix + "global/");
        if (const WordNode last = policies["default-policy"]) notes_.AddItem("default-policy", prefix + "default-policy", last);
    }

    WordTree& tree_;
    const ReadOptions& options_;
    ReaderNotes& notes_;
    Configuration& configuration_;
    RangeBudget budget_{options_.bounds.ranges};
    RangeBudget member_budget_{options_.bounds.member_ranges};
    bool has_sections_ = false;
};

}  // namespace

Result<Configuration> ReadSrx(std::string_view text, const ReadOptions& options) {
    OPS_CHECK(CheckConfigurationSize(text));
    Configuration configuration;
    configuration.format = Format::kSrx;
    ReaderNotes notes(configuration, options, IsSrxSecret);
    WordTree tree;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (HasSetCommands(text)) {
        ReadSetCommands(text, tree, notes);
    } else {
        OPS_CHECK(ReadBraces(text, tree, notes));
    }
    SrxReader reader(tree, options, notes, configuration);
    if (!tree.is_full()) reader.Read();
    if (tree.is_full() || reader.is_spent() || notes.is_spent()) {
        return Error::Of(ErrorCode::kTooLarge, "設定中的項目、層數或位址群組展開後超過上限；請依邏輯系統分開匯出。",
                         "The configuration has more words or levels, or its sets name more addresses, than is read; export its logical systems one by one.");
    }
    if (!reader.has_sections()) {
        return Error::Of(
            ErrorCode::kInvalidInput, "第 1 行起沒有任何 Junos 設定的段落；請匯出 show configuration 或 show configuration | display set 的輸出。",
            "From line 1 on there is no section of a Junos configuration; export what show configuration, or show configuration | display set, prints.");
    }
    notes.Finish();
    return configuration;
}

}  // namespace opsteward::firewall
