// Check Point: which of the management API's answers a text holds, and what each gives (Management API Reference, "show-access-rulebase", "show-hosts" …).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/check_point/rules.hpp"
#include "features/firewall/formats/secret_mark.hpp"

namespace opsteward::firewall {
namespace {

bool IsSecret(std::string_view key) {
    static constexpr std::array<std::string_view, 9> kKeys{"api-key",  "authentication-key", "community", "one-time-password", "passphrase",
                                                           "password", "password-hash",      "secret",    "shared-secret"};
    return std::ranges::find(kKeys, key) != kKeys.end();
}

/// Of an object: how it looks, and who changed it when; not what it is.
bool IsLooks(std::string_view key) {
    static constexpr std::array<std::string_view, 11> kKeys{"available-actions", "color",     "customFields", "display-name",    "domain", "hits", "icon",
                                                            "meta-info",         "read-only", "uid",          "validation-state"};
    return std::ranges::find(kKeys, key) != kKeys.end();
}

/// A page of an answer that tells how many it is a part of.
struct Page {
    JsonNode node;
    std::int64_t from = 0;
};

class CheckPointReader {
  public:
    CheckPointReader(const ReadOptions& options, ReaderNotes& notes, Configuration& configuration)
        : options_(options), notes_(notes), configuration_(configuration), objects_(budget_, notes) {}

    void Read(const LinedJson& json) {
        for (const JsonNode root : json.roots()) {
            if (root.is_array()) {
                for (const JsonNode document : root.children()) ReadDocument(document);
            } else {
                ReadDocument(root);
            }
        }
        objects_.Finish();
        JoinPages();
        ReadLayers();
        ReadObjects();
    }
    bool is_spent() const { return budget_.is_spent() || is_spent_; }
    bool has_rules() const { return !layers_.empty(); }

  private:
    void ReadDocument(JsonNode document) {
        if (!document.is_object()) {
            notes_.NotUnderstood(document.line(), Shorten(document.text(), 100));
            return;
        }
        objects_.Collect(document);
        bool is_known = !document["uid"].text().empty() && !document["type"].text().empty();
        if (document["rulebase"].is_array()) {
            AddPage(document);
            is_known = true;
        }
        for (const JsonNode layer : document["access-layers"].children()) ReadLayerSetting(layer);
        for (const std::string_view list : {"access-layers", "objects", "objects-dictionary", "packages", "gateways-and-servers", "administrators", "tasks"})
            is_known = is_known || document[list].is_array();
        if (!is_known)
            notes_.NotUnderstood(document.line(), document.is_empty() ? std::string("{}") : fmt::format("{{ {} …", (*document.children().begin()).key()));
    }

    void ReadLayerSetting(JsonNode layer) {
        if (layer["implicit-cleanup-action"].text() == "accept") accepting_.insert(std::string(layer["uid"].text()));
    }

    void AddPage(JsonNode document) {
        const std::string uid(document["uid"].text().empty() ? document["name"].text() : document["uid"].text());
        if (pages_.try_emplace(uid).second) order_.push_back(uid);
        pages_[uid].push_back({document, ParseInt(document["from"].text()).value_or(0)});
    }

    void JoinPages() {
        for (const std::string& uid : order_) {
            auto& pages = pages_[uid];
            std::ranges::sort(pages, {}, [](const Page& page) { return std::pair(page.from, page.node.id()); });
            CheckPointLayer layer;
            layer.uid = uid;
            layer.name = ReplaceInvalidUtf8(pages.front().node["name"].text());
            if (layer.name.empty()) layer.name = uid;
            layer.line = pages.front().node.line();
            layer.is_accepting = accepting_.contains(uid);
            bool is_access = false;
            std::int64_t total = 0;
            for (const Page& page : pages) {
                AddRules(page.node["rulebase"], layer, is_access);
                total = std::max(total, ParseInt(page.node["total"].text()).value_or(0));
                is_access = is_access || page.node["rulebase"].is_empty();
            }
            if (!is_access) continue;
            if (total > static_cast<std::int64_t>(layer.rules.size())) {
                notes_.NotUnderstood(layer.line, fmt::format("rulebase {}: {} of {} rules are in the text", layer.name, layer.rules.size(), total));
            }
            layers_.emplace(uid, std::move(layer));
            layer_order_.push_back(uid);
        }
    }

    void AddRules(JsonNode rulebase, CheckPointLayer& layer, bool& is_access) {
        for (const JsonNode entry : rulebase.children()) {
            const std::string_view type = entry["type"].text();
            if (type == "access-rule") {
                is_access = true;
                layer.rules.push_back(entry);
            } else if (type == "access-section") {
                is_access = true;
                for (const JsonNode rule : entry["rulebase"].children()) {
                    if (rule["type"].text() == "access-rule") {
                        layer.rules.push_back(rule);
                    } else {
                        notes_.NotUnderstood(rule.line(), fmt::format("rule of type {}", rule["type"].text()));
                    }
                }
            } else if (type.starts_with("nat-") || type.starts_with("threat-") || type.starts_with("https-")) {
                AddItem(std::string(type), ReplaceInvalidUtf8(entry["name"].text().empty() ? entry["uid"].text() : entry["name"].text()), entry);
            } else {
                // A place-holder stands for rules that the reader of the export may not see.
                notes_.NotUnderstood(entry.line(), fmt::format("rule of type {}", type));
            }
        }
    }

    void ReadLayers() {
        CheckPointRules rules(objects_, layers_, budget_, notes_, options_);
        const std::set<std::string> inner = CheckPointRules::InlineLayers(layers_);
        for (const std::string& uid : layer_order_) {
            const CheckPointLayer& layer = layers_.at(uid);
            if (!inner.contains(uid)) configuration_.rule_bases.push_back(rules.Read(layer));
            for (const JsonNode rule : layer.rules) {
                const std::string_view name = rule["name"].text();
                const std::string_view shown = name.empty() ? rule["uid"].text() : name;
                AddItem("rule", fmt::format("{}/{}", layer.name, ReplaceInvalidUtf8(shown)), rule);
            }
        }
    }

    /// Items of all objects, and what gateways and administrators say of the devices.
    void ReadObjects() {
        for (const auto* entry : objects_.all()) {
            if (entry->type == "CpmiAnyObject" || entry->type == "RulebaseAction" || entry->type == "Track" || entry->type == "Global") continue;
            AddItem(entry->type, entry->name, entry->object);
            if (entry->type.find("gateway") != std::string::npos || entry->type.find("cluster") != std::string::npos) ReadGateway(*entry);
            if (entry->type == "administrator") ReadAdministrator(*entry);
        }
    }
    void ReadGateway(const CheckPointObjects::Entry& gateway) {
        const JsonNode object = gateway.object;
        if (configuration_.host_name.empty()) {
            configuration_.host_name = gateway.name;
            configuration_.vendor_version = ReplaceInvalidUtf8(object["version"].text());
        }
        for (const std::string_view key : {"send-logs-to-server", "send-logs-to-backup-server", "send-alerts-to-server"}) {
            for (const JsonNode server : object[key].children()) {
                notes_.AddFact("log_target", fmt::format("{} {}", gateway.name, key), "server", objects_.NameOf(server), server.line());
            }
        }
        const bool is_cluster = gateway.type.find("luster") != std::string::npos;
        if (is_cluster)
            notes_.AddFact("ha", gateway.name, "mode", object["cluster-mode"].text().empty() ? "cluster" : object["cluster-mode"].text(), object.line());
    }
    void ReadAdministrator(const CheckPointObjects::Entry& administrator) {
        const JsonNode object = administrator.object;
        const JsonNode method = object["authentication-method"];
        const std::string_view word = method.text();
        notes_.AddFact("administrator", administrator.name, "profile", objects_.NameOf(object["permissions-profile"]), object.line());
        notes_.AddFact("administrator", administrator.name, "remote_authentication",
                       word == "check point password" || word == "os password" || word == "undefined" ? "disable" : word,
                       method ? method.line() : object.line());
        if (word == "check point password" || word == "os password")
            notes_.AddFact("administrator", administrator.name, "two_factor", "disable", method.line());
    }

    void AddItem(std::string kind, std::string name, JsonNode node) {
        if (is_spent_) return;
        Item item{std::move(kind), std::move(name), node.line(), {}};
        for (const JsonNode member : node.children()) {
            if (!IsLooks(member.key())) AddLines(member, std::string(member.key()), item.lines);
        }
        configuration_.items.push_back(std::move(item));
    }
    void AddLines(JsonNode value, const std::string& path, std::vector<std::string>& lines) {
        item_bytes_ += path.size() + 1;
        is_spent_ = is_spent_ || item_bytes_ > ReaderNotes::kMaxItemBytes;
        if (is_spent_) return;
        if (value.is_object() || value.is_array()) {
            for (const JsonNode child : value.children()) {
                if (!IsLooks(child.key())) AddLines(child, child.key().empty() ? path : fmt::format("{} {}", path, child.key()), lines);
            }
            return;
        }
        const bool hides = IsSecret(path.substr(path.rfind(' ') + 1));
        // A uid says nothing to people.
        const std::string text = hides ? SecretMark(value.text(), options_.hash_key) : QuotedWord(objects_.NameOf(value));
        item_bytes_ += text.size();
        lines.push_back(ReplaceInvalidUtf8(path) + " " + text);
    }

    const ReadOptions& options_;
    ReaderNotes& notes_;
    Configuration& configuration_;
    RangeBudget budget_{options_.bounds.ranges};
    CheckPointObjects objects_;
    std::unordered_map<std::string, std::vector<Page>> pages_;
    std::vector<std::string> order_;
    std::set<std::string> accepting_;
    std::unordered_map<std::string, CheckPointLayer> layers_;
    std::vector<std::string> layer_order_;
    std::size_t item_bytes_ = 0;
    bool is_spent_ = false;
};

}  // namespace

Result<Configuration> ReadCheckPoint(std::string_view text, const ReadOptions& options) {
    if (text.size() > kMaxConfigurationBytes) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("匯出檔超過 {}。", FormatBytes(kMaxConfigurationBytes)),
                         fmt::format("The export is larger than {}.", FormatBytes(kMaxConfigurationBytes)));
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    OPS_TRY(const LinedJson json, LinedJson::Parse(text));
    Configuration configuration;
    configuration.format = Format::kCheckPoint;
    ReaderNotes notes(configuration, options, IsSecret);
    CheckPointReader reader(options, notes, configuration);
    reader.Read(json);
    if (reader.is_spent() || notes.is_spent()) {
        return Error::Of(ErrorCode::kTooLarge, "匯出檔中的物件群組或內嵌層展開後超過上限；請依政策層分開匯出。",
                         "The export's groups or inline layers come to more than is read; export its layers one by one.");
    }
    if (!reader.has_rules()) {
        return Error::Of(ErrorCode::kInvalidInput, "第 1 行起沒有任何存取規則庫；請提供 show-access-rulebase 的 JSON 輸出。",
                         "From line 1 on there is no access rulebase; give the JSON that show-access-rulebase answers.");
    }
    notes.Finish();
    return configuration;
}

}  // namespace opsteward::firewall
