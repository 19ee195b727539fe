#include "features/firewall/idle/idle_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::size_t kMaxRows = 50;
/// Years 1 to 9999: what a calendar has a name for.
constexpr std::int64_t kFirstSecond = -62'135'596'800;
constexpr std::int64_t kLastSecond = 253'402'300'799;

std::string When(std::int64_t time, Language language) {
    return FormatTime(FromMillis(std::clamp(time, kFirstSecond, kLastSecond) * 1000), language);
}

/// Both languages of one sentence in which the same times stand, as {0}, {1} …
template <typename... Times>
Text Sentence(std::string_view zh, std::string_view en, Times... times) {
    return {fmt::format(fmt::runtime(zh), When(times, Language::kZhHant)...), fmt::format(fmt::runtime(en), When(times, Language::kEnglish)...)};
}

Text ObstacleText(const IdleVerdict& verdict, const IdleOptions& options) {
    const std::int64_t days = options.limit_days;
    const auto since = [&](std::string_view zh, std::string_view en) { return Sentence(zh, en, verdict.window_start.value_or(0)); };
    switch (verdict.obstacle) {
        case IdleObstacle::kNoEvidence:
            return {"這條規則既無計數也無日誌，無從判斷。", "The rule has neither counter nor log: nothing tells of its use."};
        case IdleObstacle::kStale:
            return Sentence("最近一次觀察在 {0}，已過久；請取得新的計數或日誌。", "The last observation, at {0}, is too old; take new counters or logs.",
                            verdict.window_end.value_or(0));
        case IdleObstacle::kUncertainTime:
            return {fmt::format("有使用跡象，但無法確定是否在 {} 日之內。", days),
                    fmt::format("It was used, but whether within the last {} days is not certain.", days)};
        case IdleObstacle::kNewRule:
            return since("規則於 {0} 建立，尚不足期限。", "The rule was made at {0}, less than the limit ago.");
        case IdleObstacle::kReset:
            return since("計數曾被歸零，{0} 之前有日誌未填補的空缺。", "The counter was reset; before {0} there is a gap that no log fills.");
        case IdleObstacle::kRestart:
            return since("設備曾重新啟動，{0} 之前有日誌未填補的空缺。", "The device restarted; before {0} there is a gap that no log fills.");
        case IdleObstacle::kRoleChange:
            return since("備援角色曾切換，{0} 之前有日誌未填補的空缺。", "Roles in the cluster changed; before {0} there is a gap that no log fills.");
        case IdleObstacle::kLogGap:
            return since("{0} 之前的日誌有缺漏，又無計數可補。", "Logs before {0} are missing, and no counter tells of that time.");
        case IdleObstacle::kShortWindow:
            return since("自 {0} 起才有觀察，尚不足期限。", "It has been watched since {0}, less than the limit.");
        case IdleObstacle::kNone:
            break;
    }
    return {};
}

std::string FiguresOf(const CounterSample& sample, Language language) {
    const bool is_english = language == Language::kEnglish;
    std::string text;
    const auto add = [&](std::string_view zh, std::string_view en, const std::string& value) {
        if (!text.empty()) text += is_english ? ", " : "、";
        text += fmt::format("{} {}", is_english ? en : zh, value);
    };
    if (sample.hits) add("命中", "hits", std::to_string(*sample.hits));
    if (sample.bytes) add("位元組", "bytes", std::to_string(*sample.bytes));
    if (sample.active_sessions) add("現有連線", "active sessions", std::to_string(*sample.active_sessions));
    if (sample.last_hit) add("最後命中", "last hit", When(*sample.last_hit, language));
    if (!sample.role.empty()) add("成員", "member", sample.role);
    return text;
}

class Rows {
  public:
    explicit Rows(std::vector<EvidenceRow>& rows) : rows_(rows) {}
    void Add(std::int64_t time, std::string_view kind, Text text) { rows_.push_back({time, kind, std::move(text)}); }

  private:
    std::vector<EvidenceRow>& rows_;
};

void AddSamples(const Observation& observation, Rows& rows) {
    const auto& samples = observation.samples;
    if (samples.empty()) return;
    const auto add = [&](const CounterSample& sample, std::string_view zh, std::string_view en) {
        rows.Add(sample.time, "sample",
                 {fmt::format("{}：{}", zh, FiguresOf(sample, Language::kZhHant)), fmt::format("{}: {}", en, FiguresOf(sample, Language::kEnglish))});
    };
    if (samples.size() > 1) add(samples.front(), "第一次取樣", "first sample");
    add(samples.back(), fmt::format("最近一次取樣（共 {} 次）", samples.size()), fmt::format("last sample of {}", samples.size()));
}

void AddBreaks(const Observation& observation, Rows& rows) {
    const std::size_t left_out = observation.breaks.size() - std::min(observation.breaks.size(), kMaxRows);
    for (std::size_t i = left_out; i < observation.breaks.size(); ++i) {
        const CounterBreak& lost = observation.breaks[i];
        const std::string_view zh = lost.kind == BreakKind::kReset ? "計數歸零" : lost.kind == BreakKind::kRestart ? "設備重新啟動" : "備援角色切換";
        const std::string_view en = lost.kind == BreakKind::kReset ? "counter reset" : lost.kind == BreakKind::kRestart ? "device restart" : "change of roles";
        const Text span = Sentence("：{0} 至 {1} 的計數遺失", ": counts from {0} to {1} are lost", lost.lost.first, lost.lost.last);
        rows.Add(lost.lost.last, "break", {std::string(zh) + span.zh, std::string(en) + span.en});
    }
}

}  // namespace

Text TextOf(const Use& use) {
    static constexpr Phrase kSources[] = {{"計數器的最後命中", "the counter's last hit"},
                                          {"計數器的第一次命中", "the counter's first hit"},
                                          {"命中數增加", "hits grew"},
                                          {"位元組增加", "bytes grew"},
                                          {"取樣時有連線", "active sessions at a sample"},
                                          {"歸零後又有命中", "hits since a reset"},
                                          {"日誌", "a log line"},
                                          {"日誌（長連線統計）", "a log line of a long session"}};
    const Phrase& source = kSources[static_cast<std::size_t>(use.source)];
    const Text when =
        use.earliest == use.latest ? Sentence("{0}", "{0}", use.latest) : Sentence("{0} 至 {1} 之間", "between {0} and {1}", use.earliest, use.latest);
    return {fmt::format("{}：{}", source.zh, when.zh), fmt::format("{}: {}", source.en, when.en)};
}

Text ReasonOf(const IdleVerdict& verdict, const IdleOptions& options) {
    const std::int64_t days = options.limit_days;
    switch (verdict.state) {
        case IdleState::kUsed: {
            const Text use = verdict.last_use ? TextOf(*verdict.last_use) : Text();
            return {fmt::format("{} 日內有使用：{}。", days, use.zh), fmt::format("Used within the last {} days: {}.", days, use.en)};
        }
        case IdleState::kIdle: {
            if (!verdict.last_use) return {fmt::format("{} 日內沒有使用。", days), fmt::format("Not used within the last {} days.", days)};
            const Text use = TextOf(*verdict.last_use);
            return {fmt::format("{} 日內沒有使用；最後一次是{}。", days, use.zh),
                    fmt::format("Not used within the last {} days; the last time was {}.", days, use.en)};
        }
        case IdleState::kNeverUsed:
            return {"從未使用。", "Never used."};
        case IdleState::kNotEvaluable:
            return ObstacleText(verdict, options);
    }
    return {};
}

Text ChangedObjection(std::int64_t changed) {
    return Sentence("規則在 {0} 變更過，未滿一年。", "The rule was changed at {0}, lately.", changed);
}

Text KeepObjection(const KeepMark& keep) {
    if (!keep.until) return {fmt::format("已決定保留：{}", keep.reason), fmt::format("To be kept: {}", keep.reason)};
    const Text until = Sentence("（至 {0}）", " (until {0})", *keep.until);
    return {fmt::format("已決定保留{}：{}", until.zh, keep.reason), fmt::format("To be kept{}: {}", until.en, keep.reason)};
}

std::vector<EvidenceRow> EvidenceOf(const RuleHistory& history, const Observation& observation, const IdleVerdict& verdict, const IdleOptions& options) {
    std::vector<EvidenceRow> evidence;
    Rows rows(evidence);
    if (history.created) rows.Add(*history.created, "created", {"規則建立", "rule made"});
    if (history.changed) rows.Add(*history.changed, "changed", {"規則變更", "rule changed"});
    AddSamples(observation, rows);
    AddBreaks(observation, rows);
    if (verdict.last_use) {
        const Text use = TextOf(*verdict.last_use);
        rows.Add(verdict.last_use->latest, "use", {fmt::format("最後使用：{}", use.zh), fmt::format("last use: {}", use.en)});
    }
    if (observation.has_log) {
        std::int64_t time = verdict.window_end.value_or(options.now);
        for (const Use& use : observation.uses) {
            if (use.source == UseSource::kLogLine || use.source == UseSource::kLogStatistic) time = use.latest;
        }
        rows.Add(time, "log", {fmt::format("日誌共 {} 筆命中", observation.log_hits), fmt::format("{} hits in logs", observation.log_hits)});
    }
    if (verdict.window_start) {
        const std::int64_t days = (*verdict.window_end - *verdict.window_start) / kDay;
        Text span = Sentence("自 {0} 至 {1} 連續觀察", "watched without a gap from {0} to {1}", *verdict.window_start, *verdict.window_end);
        rows.Add(*verdict.window_start, "window", {fmt::format("{}（{} 日）", span.zh, days), fmt::format("{} ({} days)", span.en, days)});
    }
    if (history.requested.end) {
        Text end = Sentence("申請期限至 {0}", "requested until {0}", *history.requested.end);
        if (!history.requested.request.empty())
            end = {fmt::format("{}：{}", history.requested.request, end.zh), fmt::format("{}: {}", history.requested.request, end.en)};
        rows.Add(*history.requested.end, "period", end);
    }
    if (history.keep) rows.Add(history.keep->until.value_or(options.now), "keep", KeepObjection(*history.keep));
    std::ranges::sort(evidence, {}, [](const EvidenceRow& row) { return std::tuple(row.time, row.kind, std::string_view(row.text.en)); });
    return evidence;
}

}  // namespace opsteward::firewall
