// PAN-OS and Panorama: where everything stands in the configuration's tree (PAN-OS XML API Usage Guide, "PAN-OS XML configuration"; the same paths as
// commands).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "features/firewall/formats/braces.hpp"
#include "features/firewall/formats/configuration_size.hpp"
#include "features/firewall/formats/palo_alto/facts.hpp"
#include "features/firewall/formats/palo_alto/networks.hpp"
#include "features/firewall/formats/palo_alto/objects.hpp"
#include "features/firewall/formats/palo_alto/rules.hpp"
#include "features/firewall/formats/palo_alto/xml.hpp"
#include "features/firewall/formats/set_commands.hpp"

namespace opsteward::firewall {
namespace {

/// A section that is known. Those below it that make one item each stand `depth` words below it.
struct Section {
    std::string_view word;
    int depth = 1;
};

/// What virtual systems, device groups and `shared` have.
constexpr auto kScopeSections = std::to_array<Section>({
    {"address"},
    {"address-group"},
    {"admin-role"},
    {"alg-override"},
    {"application"},
    {"application-filter"},
    {"application-group"},
    {"application-status"},
    {"application-tag"},
    {"authentication-object"},
    {"authentication-portal"},
    {"authentication-profile"},
    {"authentication-sequence"},
    {"authorization-code"},
    {"botnet"},
    {"captive-portal"},
    {"certificate"},
    {"certificate-profile"},
    {"cloud-identity-engine"},
    {"content-preview"},
    {"custom-url-category"},
    {"default-security-rules"},
    {"description"},
    {"device-object"},
    {"devices"},
    {"display-name"},
    {"dns-proxy"},
    {"dynamic-user-group"},
    {"email-scheduler"},
    {"external-list"},
    {"global-protect"},
    {"group-mapping"},
    {"import"},
    {"iot"},
    {"local-user-database"},
    {"log-settings", 2},
    {"master-device"},
    {"ocsp-responder"},
    {"override"},
    {"parent-dg"},
    {"pdf-summary-report"},
    {"post-rulebase", 0},
    {"pre-rulebase", 0},
    {"profile-group"},
    {"profiles", 2},
    {"proxy"},
    {"quarantine"},
    {"redistribution-agent"},
    {"redistribution-collector"},
    {"reference-templates"},
    {"region"},
    {"report"},
    {"report-group"},
    {"reports"},
    {"response-page"},
    {"rulebase", 0},
    {"schedule"},
    {"scep"},
    {"sdwan-interface-profile"},
    {"server-profile", 2},
    {"service"},
    {"service-group"},
    {"setting"},
    {"ssl-decrypt"},
    {"ssl-exclude-cert"},
    {"ssl-tls-service-profile"},
    {"tag"},
    {"threats"},
    {"to-sw-version"},
    {"ts-agent"},
    {"url-admin-override"},
    {"url-content-types"},
    {"user-id-agent"},
    {"user-id-agent-sequence"},
    {"user-id-collector"},
    {"user-id-hub"},
    {"user-id-ssl-auth"},
    {"vm-info-source"},
    {"xml-api-key"},
    {"zone"},
});

/// What a device has beside them.
constexpr auto kDeviceSections = std::to_array<Section>({
    {"deviceconfig", 2},
    {"log-collector"},
    {"log-collector-group"},
    {"mgt-config", 2},
    {"network", 2},
    {"plugins"},
    {"predefined"},
    {"readonly"},
    {"template"},
    {"template-stack"},
    {"uuid", 0},
    {"version", 0},
    {"wildfire-appliance"},
    {"wildfire-appliance-cluster"},
});

/// Kinds of rulebases; each has its rules below "rules".
constexpr auto kRulebases = std::to_array<std::string_view>({"application-override", "authentication", "captive-portal", "decryption", "default-security-rules",
                                                             "dos", "nat", "network-packet-broker", "pbf", "qos", "sdwan", "security", "tunnel-inspect"});

/// Its entries are sorted by kind.
bool IsOneDeeper(std::string_view kind) {
    return kind == "network interface" || kind == "network profiles" || kind == "network ike" || kind == "network tunnel";
}

template <std::size_t N>
const Section* FindSection(const std::array<Section, N>& sections, std::string_view word) {
    const auto* found = std::ranges::find(sections, word, &Section::word);
    return found == sections.end() ? nullptr : found;
}

class PaloAltoReader {
  public:
    PaloAltoReader(WordNode root, const ReadOptions& options, ReaderNotes& notes, Configuration& configuration)
        : root_(root),
          notes_(notes),
          configuration_(configuration),
          budget_(options.bounds.ranges),
          objects_(budget_, notes, options.now),
          rules_(objects_, budget_, notes, options.bounds) {}

    void Read() {
        configuration_.vendor_version = ReplaceInvalidUtf8(root_["version"].value());
        std::vector<WordNode> devices{root_};
        for (const WordNode device : root_["devices"].children()) devices.push_back(device);
        for (const WordNode device : devices) ReadParents(device["readonly"]["devices"]);
        shared_ = objects_.AddScope(std::nullopt);
        for (const WordNode device : devices) ReadDevice(device);
        ReadRuleBases();
    }
    bool is_spent() const { return budget_.is_spent(); }
    /// Whether anything at all was known.
    bool has_sections() const { return has_sections_; }

  private:
    struct Group {
        WordNode node;
        std::size_t scope = 0;
        std::string parent;     ///< empty: shared
        std::size_t device = 0;  ///< place in routes_, of a virtual system
    };

    void ReadDevice(WordNode device) {
        bool has_local = false;
        routes_.push_back(PaloAltoRoutes(device));
        for (const WordNode section : device.children()) {
            const std::string_view word = section.word();
            if (word == "devices" && device.id() == root_.id()) {
                has_sections_ = true;
            } else if (word == "shared") {
                ReadScope(section, shared_, "shared/", false);
                shared_node_ = section;
            } else if (word == "vsys") {
                has_sections_ = true;
                for (const WordNode vsys : section.children()) AddSystem(device, vsys);
            } else if (word == "device-group") {
                has_sections_ = true;
                for (const WordNode group : section.children()) AddGroup(group);
            } else if (word == "panorama") {
                ReadPushed(section);
            } else if (const Section* known = FindSection(kDeviceSections, word)) {
                has_sections_ = true;
                AddItems(section, known->word, known->depth, "");
            } else if (FindSection(kScopeSections, word) != nullptr) {
                has_local = true;
            } else {
                notes_.NotUnderstood(section);
            }
        }
        if (has_local) AddSystem(device, device);
        ReadPaloAltoFacts(device, configuration_, notes_);
    }

    /// The objects of a scope, and what else stands in it. `has_others`: sections of other kinds stand beside them, which the caller sees to.
    void ReadScope(WordNode node, std::size_t scope, const std::string& prefix, bool has_others) {
        objects_.Read(scope, node);
        ReadPaloAltoLogTargets(node, notes_);
        for (const WordNode section : node.children()) {
            const Section* known = FindSection(kScopeSections, section.word());
            if (known != nullptr) {
                has_sections_ = true;
                if (section.word().ends_with("rulebase")) {
                    AddRuleItems(section, prefix);
                } else {
                    AddItems(section, known->word, known->depth, prefix);
                }
            } else if (!has_others) {
                notes_.NotUnderstood(section);
            }
        }
    }

    /// Commands of a firewall with one virtual system write its sections beside the device's: then `vsys` is the device.
    void AddSystem(WordNode device, WordNode vsys) {
        const bool is_device = vsys.id() == device.id();
        const std::string name = is_device ? "vsys1" : std::string(vsys.word());
        const Group system{vsys, objects_.AddScope(PushedScope(name)), {}, routes_.size() - 1};
        ReadScope(vsys, system.scope, is_device ? "" : name + "/", is_device);
        systems_.emplace_back(name, system);
    }

    void AddGroup(WordNode group) {
        const std::string name(group.word());
        Group added{group, objects_.AddScope(shared_), std::string(group["parent-dg"].value())};
        if (added.parent.empty()) {
            const auto told = parents_.find(name);
            if (told != parents_.end()) added.parent = told->second;
        }
        ReadScope(group, added.scope, name + "/", false);
        if (groups_.try_emplace(name, added).second) group_order_.push_back(name);
    }

    /// <readonly><devices><entry><device-group><entry name="DG"><parent-dg>.
    void ReadParents(WordNode devices) {
        for (const WordNode device : devices.children()) {
            for (const WordNode group : device["device-group"].children()) {
                const std::string_view parent = group["parent-dg"].value();
                if (!parent.empty()) parents_.try_emplace(std::string(group.word()), parent);
            }
        }
    }

    /// What Panorama has pushed to a firewall, as its merged running configuration shows it.
    void ReadPushed(WordNode panorama) {
        has_sections_ = true;
        bool is_scope = false;
        for (const WordNode section : panorama.children()) {
            if (section.word() == "vsys") {
                for (const WordNode vsys : section.children()) AddPushed(vsys, std::string(vsys.word()), false);
            } else if (FindSection(kScopeSections, section.word()) != nullptr) {
                is_scope = true;
            } else {
                notes_.NotUnderstood(section);
            }
        }
        if (is_scope) AddPushed(panorama, "vsys1", true);
    }
    void AddPushed(WordNode node, const std::string& vsys, bool has_others) {
        const std::size_t scope = PushedScope(vsys);
        pushed_nodes_.try_emplace(scope, node);
        ReadScope(node, scope, fmt::format("panorama/{}/", vsys), has_others);
    }
    std::size_t PushedScope(const std::string& vsys) {
        const auto found = pushed_.find(vsys);
        if (found != pushed_.end()) return found->second;
        const std::size_t scope = objects_.AddScope(shared_);
        pushed_.emplace(vsys, scope);
        return scope;
    }

    void AddItems(WordNode node, std::string_view kind, int depth, const std::string& prefix) {
        if (notes_.is_spent() || (depth > 0 && node.is_leaf() && kind == node.word())) return;  // an empty section is none
        if (depth == 0 || node.is_leaf()) {
            notes_.AddItem(std::string(kind), prefix + std::string(node.word()), node);
            return;
        }
        for (const WordNode child : node.children()) {
            if (depth == 1) {
                notes_.AddItem(std::string(kind), prefix + std::string(child.word()), child);
            } else {
                const std::string below = fmt::format("{} {}", kind, child.word());
                AddItems(child, below, depth - (IsOneDeeper(below) ? 0 : 1), prefix);
            }
        }
    }
    void AddRuleItems(WordNode rulebase, const std::string& prefix) {
        for (const WordNode kind : rulebase.children()) {
            if (std::ranges::find(kRulebases, kind.word()) == kRulebases.end()) {
                notes_.NotUnderstood(kind);
                continue;
            }
            for (const WordNode rules : kind.children()) {
                if (rules.word() != "rules") notes_.NotUnderstood(rules);
            }
            const std::string name = kind.word() == "security" ? "rule" : fmt::format("{} rule", kind.word());
            for (const WordNode rule : kind["rules"].children()) notes_.AddItem(name, prefix + std::string(rule.word()), rule);
        }
    }

    std::vector<std::string> ZonesOf(WordNode system) const {
        std::vector<std::string> zones;
        for (const WordNode zone : system["zone"].children()) zones.emplace_back(zone.word());
        return zones;
    }

    /// From the group itself up to the one below shared; at least one. Precondition: there is such a group.
    std::vector<const Group*> ChainOf(const std::string& name) {
        std::vector<const Group*> chain;
        for (auto group = groups_.find(name); group != groups_.end() && chain.size() < AddressBook::kMaxNesting; group = groups_.find(group->second.parent)) {
            chain.push_back(&group->second);
        }
        return chain;
    }

    void ReadRuleBases() {
        for (const auto& [name, group] : groups_) {
            const auto parent = groups_.find(group.parent);
            if (parent != groups_.end()) objects_.SetParent(group.scope, parent->second.scope);
        }
        for (const auto& [name, system] : systems_) {
            std::vector<PaloAltoRulebase> rulebases;
            const std::size_t pushed_scope = PushedScope(name);
            const auto pushed = pushed_nodes_.find(pushed_scope);
            const WordNode pushed_node = pushed == pushed_nodes_.end() ? WordNode() : pushed->second;
            rulebases.push_back({pushed_node["pre-rulebase"], pushed_scope});
            rulebases.push_back({system.node["rulebase"], system.scope});
            rulebases.push_back({pushed_node["post-rulebase"], pushed_scope});
            configuration_.rule_bases.push_back(rules_.Read(name, ZonesOf(system.node), rulebases));
            std::ranges::move(routes_[system.device].BehindZones(name, PaloAltoZoneInterfaces(system.node), budget_), std::back_inserter(configuration_.networks));
        }
        for (const std::string& name : group_order_) configuration_.rule_bases.push_back(ReadGroupRules(name));
    }
    RuleBase ReadGroupRules(const std::string& name) {
        const std::vector<const Group*> chain = ChainOf(name);
        // A device of the group gets them all in one name space, in which the group's own objects come before inherited ones of the same name.
        const std::size_t scope = chain.front()->scope;
        std::vector<PaloAltoRulebase> rulebases{{shared_node_["pre-rulebase"], scope}};
        for (auto group = chain.rbegin(); group != chain.rend(); ++group) rulebases.push_back({(*group)->node["pre-rulebase"], scope});
        for (const Group* group : chain) rulebases.push_back({group->node["post-rulebase"], scope});
        rulebases.push_back({shared_node_["post-rulebase"], scope});
        return rules_.Read(name, {}, rulebases);
    }

    WordNode root_;
    ReaderNotes& notes_;
    Configuration& configuration_;
    RangeBudget budget_;
    PaloAltoObjects objects_;
    PaloAltoRules rules_;
    std::size_t shared_ = 0;
    WordNode shared_node_;
    std::map<std::string, std::size_t> pushed_;  ///< scopes of what Panorama pushed, by virtual system
    std::map<std::size_t, WordNode> pushed_nodes_;
    std::vector<std::pair<std::string, Group>> systems_;
    std::vector<RoutedInterfaces> routes_;  ///< of each device
    std::map<std::string, Group> groups_;
    std::vector<std::string> group_order_;
    std::map<std::string, std::string> parents_;
    bool has_sections_ = false;
};

}  // namespace

Result<Configuration> ReadPaloAlto(std::string_view text, const ReadOptions& options) {
    OPS_CHECK(CheckConfigurationSize(text));
    Configuration configuration;
    configuration.format = Format::kPaloAlto;
    ReaderNotes notes(configuration, options, IsPaloAltoSecret);
    WordTree tree;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const bool is_xml = Trim(text.substr(0, 4096)).starts_with('<');
    if (is_xml) {
        OPS_CHECK(ReadPaloAltoXml(text, tree, notes));
    } else if (HasSetCommands(text)) {
        ReadSetCommands(text, tree, notes);
    } else {
        OPS_CHECK(ReadBraces(text, tree, notes));
    }
    PaloAltoReader reader(tree.root(), options, notes, configuration);
    if (!tree.is_full()) reader.Read();
    if (tree.is_full() || reader.is_spent() || notes.is_spent()) {
        return Error::Of(ErrorCode::kTooLarge, "設定中的項目、層數或物件群組展開後超過上限；請依虛擬系統分開匯出。",
                         "The configuration has more words or levels, or its groups name more addresses, than is read; export its virtual systems one by one.");
    }
    if (!reader.has_sections()) {
        return Error::Of(
            ErrorCode::kInvalidInput, "第 1 行起沒有任何 PAN-OS 設定的段落；請匯出 running-config.xml、set 格式或大括號格式的設定。",
            "From line 1 on there is no section of a PAN-OS configuration; export running-config.xml, or the configuration in set format or in braces.");
    }
    notes.Finish();
    return configuration;
}

}  // namespace opsteward::firewall
