#include "features/firewall/idle/idle_verdict.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kNow = 1'796'000'000;

std::int64_t At(std::string_view days) {
    return kNow + ParseInt(days).value() * kDay;
}

CounterSample Sample(std::int64_t time, std::uint64_t hits, std::optional<std::int64_t> last_hit = std::nullopt) {
    CounterSample sample;
    sample.time = time;
    sample.hits = hits;
    sample.last_hit = last_hit;
    return sample;
}

struct Case {
    std::string name;
    RuleHistory history;
    IdleOptions options;
    std::string expected;
};

CounterSample SampleOf(const std::vector<std::string_view>& words) {
    CounterSample sample;
    sample.time = At(words[1]);
    for (std::size_t i = 2; i < words.size(); ++i) {
        const std::size_t equals = words[i].find('=');
        const std::string_view key = words[i].substr(0, equals);
        const std::string_view value = equals == std::string_view::npos ? "" : words[i].substr(equals + 1);
        if (key == "hits") sample.hits = static_cast<std::uint64_t>(ParseInt(value).value());
        if (key == "bytes") sample.bytes = static_cast<std::uint64_t>(ParseInt(value).value());
        if (key == "sessions") sample.active_sessions = static_cast<std::uint64_t>(ParseInt(value).value());
        if (key == "last") sample.last_hit = At(value);
        if (key == "reset") sample.last_reset = At(value);
        if (key == "boot") sample.device_boot = At(value);
        if (key == "role") sample.role = value;
        if (key == "absent") sample.is_absent_never = true;
    }
    return sample;
}

void ReadFact(std::string_view line, Case& a_case) {
    const auto words = Split(line, ' ');
    RuleHistory& history = a_case.history;
    if (words[0] == "created") history.created = At(words[1]);
    if (words[0] == "changed") history.changed = At(words[1]);
    if (words[0] == "sample") history.samples.push_back(SampleOf(words));
    if (words[0] == "logged") history.logged.push_back({At(words[1]), At(words[2])});
    if (words[0] == "hit" || words[0] == "statistic") history.log_hits.push_back({At(words[1]), words[0] == "statistic"});
    if (words[0] == "until") history.requested.end = At(words[1]);
    if (words[0] == "trust") a_case.options.trusts_device = true;
    if (words[0] == "keep") {
        const bool has_end = ParseInt(words[1]).has_value();
        history.keep = KeepMark{std::string(line.substr(has_end ? 5 + words[1].size() + 1 : 5)), has_end ? std::optional(At(words[1])) : std::nullopt};
    }
}

std::vector<Case> ReadCases() {
    std::ifstream file(std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "tests/data/firewall/idle/histories.txt");
    std::vector<Case> cases;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        if (line.starts_with("case ")) {
            cases.push_back({line.substr(5), {}, {.now = kNow}, ""});
        } else if (line.starts_with("expect ")) {
            cases.back().expected = line.substr(7);
        } else {
            ReadFact(line, cases.back());
        }
    }
    return cases;
}

std::string DaysOf(std::int64_t first, std::int64_t last) {
    return fmt::format("{} {}", (first - kNow) / kDay, (last - kNow) / kDay);
}

/// As the table writes it; of used rules and of those without evidence the window is not written.
std::string Describe(const IdleVerdict& verdict) {
    std::string text(NameOf(verdict.state));
    if (verdict.obstacle != IdleObstacle::kNone) text += fmt::format(" {}", NameOf(verdict.obstacle));
    if (verdict.window_start && verdict.state != IdleState::kUsed) text += " window " + DaysOf(*verdict.window_start, *verdict.window_end);
    if (verdict.last_use) text += " last " + DaysOf(verdict.last_use->earliest, verdict.last_use->latest);
    if (verdict.is_proposed) text += " proposed";
    if (verdict.is_past_period) text += " past";
    return text;
}

TEST(IdleVerdict, EachKeptHistoryHasTheVerdictWrittenBesideIt) {
    const auto cases = ReadCases();
    ASSERT_GE(cases.size(), 45U);
    for (const Case& a_case : cases) {
        const IdleVerdict verdict = JudgeIdle(a_case.history, a_case.options);
        EXPECT_EQ(Describe(verdict), a_case.expected) << a_case.name << "\n" << verdict.reason.en;
        EXPECT_FALSE(verdict.reason.zh.empty() || verdict.reason.en.empty()) << a_case.name;
        EXPECT_TRUE(std::ranges::is_sorted(verdict.evidence, {}, &EvidenceRow::time)) << a_case.name;
        for (const EvidenceRow& row : verdict.evidence) EXPECT_FALSE(row.text.zh.empty() || row.text.en.empty()) << a_case.name;
    }
}

TEST(IdleVerdict, SaysInBothLanguagesWhatItRestsOn) {
    RuleHistory history;
    history.created = At("-900");
    history.samples = {Sample(At("-200"), 7, At("-250")), Sample(kNow, 7, At("-250"))};
    history.requested = {"REQ-2026-031", At("-5")};
    history.keep = KeepMark{"災害備援", std::nullopt};
    const IdleVerdict verdict = JudgeIdle(history, {.now = kNow});
    EXPECT_EQ(verdict.reason.en, "Not used within the last 183 days; the last time was the counter's last hit: 2026-03-25 08:53.");
    EXPECT_EQ(verdict.reason.zh, "183 日內沒有使用；最後一次是計數器的最後命中：115.3.25 08:53。");
    ASSERT_EQ(verdict.objections.size(), 1U);
    EXPECT_EQ(verdict.objections[0].zh, "已決定保留：災害備援");
    std::vector<std::string_view> kinds;
    for (const EvidenceRow& row : verdict.evidence) kinds.push_back(row.kind);
    EXPECT_EQ(kinds, (std::vector<std::string_view>{"created", "use", "sample", "window", "period", "keep", "sample"}));
    EXPECT_TRUE(verdict.is_past_period);
    EXPECT_FALSE(verdict.is_proposed);
}

TEST(IdleVerdict, AKeepMarkWithoutAReasonDoesNotCount) {
    RuleHistory history;
    history.samples = {Sample(At("-200"), 7), Sample(kNow, 7)};
    history.keep = KeepMark{};
    EXPECT_TRUE(JudgeIdle(history, {.now = kNow}).is_proposed);
}

TEST(IdleVerdict, TheLimitIsAParameter) {
    RuleHistory history;
    history.samples = {Sample(At("-40"), 7), Sample(kNow, 7)};
    EXPECT_EQ(JudgeIdle(history, {.now = kNow}).state, IdleState::kNotEvaluable);
    EXPECT_EQ(JudgeIdle(history, {.now = kNow, .limit_days = 30}).state, IdleState::kIdle);
}

TEST(IdleVerdict, TakesAHundredThousandSamplesAndLogLines) {
    RuleHistory history;
    for (std::int64_t i = 0; i < 100'000; ++i) {
        history.samples.push_back(Sample(kNow - (100'000 - i) * 600, static_cast<std::uint64_t>(i % 7)));
        history.log_hits.push_back({kNow - i * 700, i % 3 == 0});
    }
    const IdleVerdict verdict = JudgeIdle(history, {.now = kNow});
    EXPECT_EQ(verdict.state, IdleState::kUsed);
    EXPECT_LT(verdict.evidence.size(), 100U);
}

/// A device, a rule and a log, day by day; what is kept of it, and what may be concluded of that by looking at each day.
struct World {
    static constexpr int kDays = 420;
    std::vector<bool> is_used = std::vector<bool>(kDays, false);     ///< on day i
    std::vector<bool> is_reset = std::vector<bool>(kDays, false);    ///< at the beginning of day i
    std::vector<bool> is_logged = std::vector<bool>(kDays, false);   ///< all day
    std::vector<bool> is_sampled = std::vector<bool>(kDays, false);  ///< at the end of day i
    bool tells_last_hit = false;
    int created = 0;
};

World AnyWorld(std::mt19937& random) {
    const auto chance = [&](int percent) { return std::uniform_int_distribution<int>(0, 99)(random) < percent; };
    World world;
    world.created = chance(50) ? 0 : std::uniform_int_distribution<int>(0, World::kDays - 1)(random);
    const int use = std::vector<int>{0, 0, 1, 3}[static_cast<std::size_t>(std::uniform_int_distribution<int>(0, 3)(random))];
    const int sampling = std::vector<int>{0, 3, 20}[static_cast<std::size_t>(std::uniform_int_distribution<int>(0, 2)(random))];
    const bool resets = chance(40);
    world.tells_last_hit = chance(50);
    bool logs = chance(30);
    for (int day = 0; day < World::kDays; ++day) {
        const auto i = static_cast<std::size_t>(day);
        if (chance(1)) logs = !logs;
        const bool exists = day >= world.created;
        world.is_used[i] = exists && chance(use);
        world.is_reset[i] = exists && resets && chance(1);
        world.is_logged[i] = exists && logs;
        world.is_sampled[i] = exists && chance(sampling);
    }
    return world;
}

std::int64_t EndOfDay(int day) {
    return kNow - (World::kDays - 1 - day) * kDay;
}
std::int64_t StartOfDay(int day) {
    return EndOfDay(day) - kDay;
}

RuleHistory HistoryOf(const World& world) {
    RuleHistory history;
    history.created = StartOfDay(world.created);
    std::uint64_t hits = 0;
    std::optional<std::int64_t> last_hit, last_reset;
    for (int day = 0; day < World::kDays; ++day) {
        const auto i = static_cast<std::size_t>(day);
        if (world.is_reset[i]) {
            hits = 0;
            last_hit.reset();
            last_reset = StartOfDay(day);
        }
        if (world.is_used[i]) {
            ++hits;
            last_hit = StartOfDay(day) + kDay / 2;
            if (world.is_logged[i]) history.log_hits.push_back({*last_hit, false});
        }
        if (world.is_logged[i]) history.logged.push_back({StartOfDay(day), EndOfDay(day)});
        if (!world.is_sampled[i]) continue;
        CounterSample sample = Sample(EndOfDay(day), hits, world.tells_last_hit ? last_hit : std::nullopt);
        sample.last_reset = last_reset;
        history.samples.push_back(sample);
    }
    return history;
}

/// Never says "idle" of a rule that was used, nor "used" of one that was not: whatever was kept.
TEST(IdleVerdict, NeverSaysWhatIsNotSoOfAWorldThatIsKnown) {
    std::mt19937 random(20);
    int decided = 0;
    for (int round = 0; round < 2500; ++round) {
        const World world = AnyWorld(random);
        const IdleVerdict verdict = JudgeIdle(HistoryOf(world), {.now = kNow});
        bool is_used_lately = false, was_ever_used = false;
        for (int day = 0; day < World::kDays; ++day) {
            const bool is_used = world.is_used[static_cast<std::size_t>(day)];
            was_ever_used = was_ever_used || is_used;
            is_used_lately = is_used_lately || (is_used && StartOfDay(day) + kDay / 2 >= kNow - 183 * kDay);
        }
        // The last days need no observation where the rule was seen lately.
        int unseen = 0;
        for (int day = World::kDays - 1; day >= 0 && EndOfDay(day) > verdict.window_end.value_or(0); --day)
            unseen += world.is_used[static_cast<std::size_t>(day)] ? 1 : 0;
        EXPECT_TRUE(verdict.state != IdleState::kUsed || is_used_lately) << round;
        EXPECT_TRUE(verdict.state != IdleState::kIdle || unseen > 0 || !is_used_lately) << round;
        EXPECT_TRUE(verdict.state != IdleState::kNeverUsed || unseen > 0 || !was_ever_used) << round;
        decided += verdict.state == IdleState::kNotEvaluable ? 0 : 1;
    }
    EXPECT_GT(decided, 400);
}

/// The same conclusion drawn by walking over the days.
std::string PlainVerdict(const World& world) {
    constexpr int kLimit = 183, kFresh = 31;
    const int n = World::kDays;
    std::vector<bool> is_watched(static_cast<std::size_t>(n), false);
    struct Span {
        std::int64_t first, last;
    };
    std::vector<Span> uses;
    int before = -1;
    std::uint64_t hits = 0, told = 0;
    std::optional<std::int64_t> last_hit, told_last;
    std::optional<int> reset_after;  // the last day with a reset since the last sample
    bool has_sample = false, has_log = false;
    for (int day = 0; day < n; ++day) {
        const auto i = static_cast<std::size_t>(day);
        if (world.is_reset[i]) {
            hits = 0;
            last_hit.reset();
            reset_after = day;
        }
        if (world.is_used[i]) {
            ++hits;
            last_hit = StartOfDay(day) + kDay / 2;
        }
        if (world.is_logged[i]) {
            has_log = true;
            is_watched[i] = true;
            if (world.is_used[i]) uses.push_back({*last_hit, *last_hit});
        }
        if (!world.is_sampled[i]) continue;
        has_sample = true;
        if (world.tells_last_hit && last_hit) uses.push_back({*last_hit, *last_hit});
        if (before >= 0) {
            const int from = reset_after ? *reset_after : before + 1;
            for (int d = from; d <= day; ++d) is_watched[static_cast<std::size_t>(d)] = true;
            const bool tells = world.tells_last_hit && last_hit;
            const bool grew = reset_after ? hits > 0 : hits > told;
            if (grew && !tells) uses.push_back({reset_after ? StartOfDay(*reset_after) : EndOfDay(before), EndOfDay(day)});
        }
        before = day;
        told = hits;
        told_last = last_hit;
        reset_after.reset();
    }
    const std::int64_t limit = kNow - kLimit * kDay;
    for (const Span& use : uses) {
        if (use.first >= limit) return "used";
    }
    if (!has_sample && !has_log) return "not_evaluable";
    int end = n - 1;
    while (end >= 0 && !is_watched[static_cast<std::size_t>(end)] && before != end) --end;
    if (end < 0 || n - 1 - end > kFresh) return "not_evaluable";
    for (const Span& use : uses) {
        if (use.last >= limit) return "not_evaluable";
    }
    // Days without a gap up to the last observation.
    int start = end;
    while (start >= 0 && is_watched[static_cast<std::size_t>(start)]) --start;
    const std::int64_t window = StartOfDay(std::max(start + 1, world.created));
    return window <= limit ? "idle" : "not_evaluable";
}

TEST(IdleVerdict, AgreesWithAWalkOverTheDays) {
    std::mt19937 random(21);
    int idle = 0, not_evaluable = 0;
    for (int round = 0; round < 2500; ++round) {
        const World world = AnyWorld(random);
        std::string state(NameOf(JudgeIdle(HistoryOf(world), {.now = kNow}).state));
        if (state == "never_used") state = "idle";
        EXPECT_EQ(state, PlainVerdict(world)) << round;
        idle += state == "idle" ? 1 : 0;
        not_evaluable += state == "not_evaluable" ? 1 : 0;
    }
    EXPECT_GT(idle, 100);
    EXPECT_GT(not_evaluable, 100);
}

}  // namespace
}  // namespace opsteward::firewall
