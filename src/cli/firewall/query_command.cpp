#include <fmt/format.h>

#include "cli/firewall/firewall_commands.hpp"
#include "cli/firewall/rule_base_choice.hpp"
#include "cli/firewall/rule_words.hpp"
#include "cli/logs/one_line.hpp"
#include "cli/more_line.hpp"
#include "features/firewall/model/packet_text.hpp"
#include "features/firewall/model/traffic_text.hpp"
#include "features/firewall/report/parts_json.hpp"
#include "features/firewall/report/query_json.hpp"

namespace opsteward::cli {

namespace {

using firewall::RuleBase;

constexpr std::size_t kMostDeciding = 40;

/// Names of interfaces in the question that no rule has: they are taken for any other one, so a slip of the pen must be seen.
std::string UnnamedZonesText(const RuleBase& base, const std::vector<std::string>& names, Language language) {
    std::string text;
    for (const std::string& name : names) {
        const Phrase phrase{"{} 的規則沒有提到「{}」：當作未提到的介面。\n", "The rules of {} do not name \"{}\": taken for an interface that none names.\n"};
        text += fmt::format(fmt::runtime(phrase.In(language)), OnOneLine(base.name), OnOneLine(name));
    }
    return text;
}

std::string PacketText(const RuleBase& base, const firewall::Packet& packet, const firewall::Decision& decision, Language language) {
    std::string text = fmt::format("{}\n", PacketWords(packet, base));
    text += fmt::format(fmt::runtime(Phrase{"{}：{}\n", "{}: {}\n"}.In(language)), ActionWord(decision.action, language),
                        DecidingWords(base, decision.rule, language));
    if (decision.may_decide.empty()) return text;
    const bool is_open = firewall::OutcomeOf(base, decision) == firewall::Outcome::kDepends;
    text += is_open ? Phrase{"但若下列規則的條件成立，結果會不同：\n", "But it is otherwise if one of these matches first:\n"}.In(language)
                    : Phrase{"下列規則的條件成立時由其決定，結果相同：\n", "One of these may match first, with the same outcome:\n"}.In(language);
    for (std::size_t i = 0; i < std::min(decision.may_decide.size(), kMostDeciding); ++i) {
        const std::size_t place = decision.may_decide[i];
        text += fmt::format("  {} {}: {}\n", ActionWord(base.rules[place].action, language), RuleWords(base, place, language),
                            UnknownPartWords(base.rules[place].unknown, language));
    }
    return text + MoreLine(decision.may_decide.size(), kMostDeciding, language);
}

Phrase ExtentPhrase(firewall::Extent extent) {
    switch (extent) {
        case firewall::Extent::kEmpty: return {"沒有這樣的流量。", "There is no such traffic."};
        case firewall::Extent::kAllowed: return {"全部允許：不必新增規則。", "All of it is allowed: no rule is needed."};
        case firewall::Extent::kBlocked: return {"全部拒絕。", "All of it is blocked."};
        case firewall::Extent::kPartly: return {"部分允許，部分拒絕。", "Some of it is allowed, some blocked."};
        case firewall::Extent::kDepends:
            return {"視規則的其他條件而定（排程、名稱、應用程式……）。", "It depends on conditions that addresses and services do not tell."};
        case firewall::Extent::kUndecided: return {"未能判定：超過計算上限；請縮小範圍。", "Undecided: the work allowed was spent; ask about less."};
    }
    return {};
}

Phrase OutcomePhrase(firewall::Outcome outcome) {
    switch (outcome) {
        case firewall::Outcome::kAllowed: return {"允許", "allowed"};
        case firewall::Outcome::kBlocked: return {"拒絕", "blocked"};
        case firewall::Outcome::kDepends: return {"視條件", "depends"};
    }
    return {};
}

std::string TrafficText(const RuleBase& base, const firewall::TrafficAnswer& answer, Language language) {
    std::string text = std::string(ExtentPhrase(answer.extent).In(language)) + "\n";
    for (std::size_t i = 0; i < std::min(answer.deciding.size(), kMostDeciding); ++i) {
        const firewall::DecidingRule& one = answer.deciding[i];
        const Phrase line{"  {}：{}，例如 {}\n", "  {}: {}, for example {}\n"};
        text += fmt::format(fmt::runtime(line.In(language)), OutcomePhrase(one.outcome).In(language), DecidingWords(base, one.rule, language),
                            PacketWords(one.example, base));
    }
    return text + MoreLine(answer.deciding.size() + std::size_t{answer.has_more}, kMostDeciding, language);
}

Result<void> Answer(const FirewallSource& source, const Question& question, const Report& report) {
    OPS_TRY(const firewall::Configuration configuration, ReadFirewall(source, SingleUseKey(), report.language));
    OPS_TRY(const RuleBase* base, ChooseRuleBase(configuration, question));
    const std::vector<std::string> unnamed = ZonesNotNamed(question, *base);
    std::string text = UnnamedZonesText(*base, unnamed, report.language);
    json::object value;
    if (question.is_packet) {
        OPS_TRY(const firewall::Packet packet, firewall::ParsePacket(question.text, *base));
        const firewall::Decision decision = firewall::Evaluate(*base, packet);
        text += PacketText(*base, packet, decision, report.language);
        value = firewall::ToJson(*base, packet, decision);
    } else {
        OPS_TRY(const std::vector<firewall::Traffic> traffic, firewall::ParseTraffic(question.text, *base));
        const firewall::TrafficAnswer answer = firewall::AskTraffic(*base, traffic, {});
        text += TrafficText(*base, answer, report.language);
        value = firewall::ToJson(*base, answer);
    }
    value["zones_not_named"] = firewall::StringsJson(unnamed);
    report.Say(text, value);
    return Ok();
}

}  // namespace

ExitCode QueryFirewall(const FirewallSource& source, const Question& question, const Report& report) {
    const auto done = Answer(source, question, report);
    return done.ok() ? kExitOk : report.Fail(done.error());
}

}  // namespace opsteward::cli
