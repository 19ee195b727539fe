#include <algorithm>

#include "base/text.hpp"
#include "cli/firewall/diff_text.hpp"
#include "cli/firewall/firewall_commands.hpp"
#include "cli/logs/one_line.hpp"
#include "features/firewall/canonical/redact.hpp"
#include "features/firewall/canonical/text_diff.hpp"
#include "features/firewall/report/difference_json.hpp"

namespace opsteward::cli {

namespace {

struct Side {
    std::string canonical;
    firewall::Configuration configuration;
};

Result<Side> ReadSide(const FirewallSource& source, const std::string& hash_key, Language language) {
    OPS_TRY(const FirewallText file, ReadFirewallText(source, language));
    OPS_TRY(firewall::Configuration configuration, ParseFirewall(source, file, hash_key));
    return Side{firewall::Redact(file.format, file.text, hash_key), std::move(configuration)};
}

/// With `add` for each rule base that both have.
template <typename Add>
void ForEachMeaning(const Side& before, const Side& after, const Add& add) {
    for (const firewall::RuleBase& base : after.configuration.rule_bases) {
        const auto earlier = std::ranges::find(before.configuration.rule_bases, base.name, &firewall::RuleBase::name);
        if (earlier != before.configuration.rule_bases.end()) add(*earlier, base, firewall::CompareMeaning(*earlier, base, {}));
    }
}

std::string ShownDiff(const std::string& diff) {
    std::string text;
    for (const std::string_view line : SplitLines(diff)) text += OnOneLine(line) + "\n";
    return text;
}

/// Nothing at all where there is nothing to tell.
std::string Section(Phrase head, const std::string& text, Language language) { return text.empty() ? "" : "\n" + std::string(head.In(language)) + "\n" + text; }

}  // namespace

ExitCode CompareFirewalls(const DifferenceRequest& request, const Report& report) {
    const std::string hash_key = SingleUseKey();
    const auto before = ReadSide(request.before, hash_key, report.language);
    if (!before.ok()) return report.Fail(before.error());
    const auto after = ReadSide(request.after, hash_key, report.language);
    if (!after.ok()) return report.Fail(after.error());
    if (before->configuration.format != after->configuration.format) {
        return report.Fail(Error::Of(ErrorCode::kInvalidInput, "兩份設定不是同一種防火牆的。", "The two are configurations of different kinds of firewalls."));
    }
    const std::string diff =
        firewall::UnifiedDiff(before->canonical, after->canonical, {.before_name = request.before.path.string(), .after_name = request.after.path.string()});
    const firewall::ConfigurationDifference difference = firewall::DiffConfigurations(before->configuration, after->configuration);
    if (report.as_json) {
        json::object answer = firewall::ToJson(difference);
        answer["text"] = diff;
        json::array meaning;
        ForEachMeaning(*before, *after,
                       [&meaning](const auto& earlier, const auto& later, const auto& found) { meaning.push_back(firewall::ToJson(earlier, later, found)); });
        answer["meaning"] = std::move(meaning);
        report.Say({}, answer);
        return kExitOk;
    }
    if (diff.empty() && difference.IsEmpty()) {
        report.Say(Phrase{"沒有差異（不計每次匯出都會變的部分）。\n", "No difference, but for what changes with every export.\n"}.In(report.language), {});
        return kExitOk;
    }
    std::string meaning;
    ForEachMeaning(*before, *after,
                   [&](const auto& earlier, const auto& later, const auto& found) { meaning += MeaningText(earlier, later, found, report.language); });
    report.Say(std::string(Phrase{"流量的差異", "Which traffic changes"}.In(report.language)) + "\n" + meaning +
                   Section({"規則與物件", "Rules and objects"}, FirewallDifferenceText(difference, report.language), report.language) +
                   Section({"文字（已遮蔽秘密）", "Text, without secrets"}, ShownDiff(diff), report.language),
               {});
    return kExitOk;
}

}  // namespace opsteward::cli
