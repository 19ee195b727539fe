#include "cli/firewall/rule_base_choice.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "cli/logs/one_line.hpp"
#include "features/firewall/model/named_values.hpp"
#include "features/firewall/model/packet_text.hpp"
#include "features/firewall/model/traffic_text.hpp"

namespace opsteward::cli {

namespace {

using firewall::RuleBase;
using RuleBases = std::vector<const RuleBase*>;

std::string NamesOf(const RuleBases& bases) {
    constexpr std::size_t kMostNames = 20;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(bases.size(), kMostNames); ++i) names.push_back(OnOneLine(bases[i]->name));
    if (bases.size() > kMostNames) names.emplace_back("…");
    return Join(names, ", ");
}

/// Families that the question is about; nothing when it can't be asked of the rule base, which is `why`.
std::vector<firewall::Family> FamiliesOf(const Question& question, const RuleBase& base, std::optional<Error>& why) {
    std::vector<firewall::Family> families;
    if (question.is_packet) {
        const auto packet = firewall::ParsePacket(question.text, base);
        if (packet.ok()) families.push_back(packet->family);
        if (!packet.ok() && !why) why = packet.error();
    } else {
        const auto traffic = firewall::ParseTraffic(question.text, base);
        if (!traffic.ok() && !why) why = traffic.error();
        if (!traffic.ok()) return families;
        for (const firewall::Traffic& one : *traffic) families.push_back(one.family);
    }
    return families;
}

/// Those that fit better, where there are any.
void Prefer(RuleBases& bases, const std::function<bool(const RuleBase&)>& fits) {
    RuleBases better;
    std::ranges::copy_if(bases, std::back_inserter(better), [&fits](const RuleBase* base) { return fits(*base); });
    if (!better.empty()) bases = std::move(better);
}

Error Wrong(const std::string& zh, const std::string& en) { return Error::Of(ErrorCode::kInvalidInput, zh, en); }

}  // namespace

std::vector<std::string> ZonesNotNamed(const Question& question, const RuleBase& base) {
    std::vector<std::string> names;
    auto values = firewall::NamedValues::Parse(question.text);
    if (!values.ok()) return names;
    for (const char* end : {"in", "out"}) {
        const auto zones = values->Take(end);
        if (!zones || *zones == "any") continue;
        // A packet has one interface, which may have a comma in its name.
        for (const std::string_view zone : question.is_packet ? std::vector<std::string_view>{*zones} : Split(*zones, ',')) {
            if (!base.ZoneNumber(zone)) names.emplace_back(zone);
        }
    }
    return names;
}

Result<const RuleBase*> ChooseRuleBase(const firewall::Configuration& configuration, const Question& question) {
    RuleBases all;
    for (const RuleBase& base : configuration.rule_bases) all.push_back(&base);
    if (all.empty()) return Wrong("設定檔沒有規則。", "The configuration has no rules.");
    if (!question.rule_base.empty()) {
        const auto named = std::ranges::find(all, question.rule_base, &RuleBase::name);
        if (named != all.end()) return *named;
        const std::string name = OnOneLine(question.rule_base);
        return Error::Of(ErrorCode::kNotFound, "沒有規則庫「" + name + "」；有：" + NamesOf(all) + "。",
                         "There is no rule base \"" + name + "\"; there are: " + NamesOf(all) + ".");
    }
    RuleBases fitting;
    std::optional<Error> why;
    for (const RuleBase* base : all) {
        const std::vector<firewall::Family> families = FamiliesOf(question, *base, why);
        const auto sees = [base](firewall::Family family) { return !base->family || *base->family == family; };
        if (std::ranges::any_of(families, sees)) fitting.push_back(base);
    }
    if (fitting.empty() && why) return *why;
    if (fitting.empty()) return Wrong("沒有處理這個 IP 版本的規則庫。", "No rule base sees this version of IP.");
    Prefer(fitting, [](const RuleBase& base) { return base.way == firewall::Way::kThrough; });
    Prefer(fitting, [&question](const RuleBase& base) { return ZonesNotNamed(question, base).empty(); });
    if (fitting.size() == 1) return fitting.front();
    return Wrong("有多個規則庫，請以 --base 指定：" + NamesOf(fitting) + "。", "There are several rule bases; name one by --base: " + NamesOf(fitting) + ".");
}

}  // namespace opsteward::cli
