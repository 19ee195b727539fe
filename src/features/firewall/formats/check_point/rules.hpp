// Check Point's access rules, with inline layers followed (Quantum Security Management Administration Guide, "Access Control Policy").
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "features/firewall/formats/check_point/objects.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {

struct CheckPointLayer {
    std::string uid;
    std::string name;
    std::size_t line = 0;
    std::vector<JsonNode> rules;
    bool is_accepting = false;  ///< its implicit cleanup: what no rule of it matches is accepted instead of dropped
};

class CheckPointRules {
  public:
    CheckPointRules(CheckPointObjects& objects, const std::unordered_map<std::string, CheckPointLayer>& layers, RangeBudget& budget, ReaderNotes& notes,
                    const ReadOptions& options)
        : objects_(objects), layers_(layers), budget_(budget), member_budget_(options.bounds.member_ranges), notes_(notes), now_(options.now) {}

    /// One zone, "*": rules name no interfaces. Of a rule whose action is an inline layer the layer's rules come first, for the packets that match the rule;
    /// their ids begin with the rule's, "5.1". The rule itself then stands for the layer's implicit cleanup.
    RuleBase Read(const CheckPointLayer& layer);
    /// Uids of the layers that rules go on into.
    static std::set<std::string> InlineLayers(const std::unordered_map<std::string, CheckPointLayer>& layers);

  private:
    struct Parent;
    static constexpr std::size_t kMaxInline = 16;

    void ReadLayer(const CheckPointLayer& layer, const Parent* parent, RuleBase& base);
    void ReadRule(JsonNode node, std::string id, const Parent* parent, RuleBase& base);
    void ReadConditions(JsonNode node, Rule& rule);
    void ReadTime(JsonNode times, Rule& rule);
    void ReadCounter(JsonNode node, Rule& rule);
    void FillParts(JsonNode node, Rule& rule);
    std::string TextOf(JsonNode node) const;
    void Inherit(const Parent& parent, Rule& rule);

    CheckPointObjects& objects_;
    const std::unordered_map<std::string, CheckPointLayer>& layers_;
    RangeBudget& budget_;
    RangeBudget member_budget_;
    ReaderNotes& notes_;
    std::int64_t now_;
};

}  // namespace opsteward::firewall
