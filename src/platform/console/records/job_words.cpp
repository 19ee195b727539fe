#include "platform/console/records/job_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "platform/web/components.hpp"

namespace opsteward::console::records {

namespace {

constexpr std::array kStates = {jobs::JobState::kQueued, jobs::JobState::kRunning, jobs::JobState::kSucceeded,
                                jobs::JobState::kFailed, jobs::JobState::kCancelled};

/// "every 60s"; "" when it is something else.
std::string IntervalText(std::string_view schedule, Language language) {
    constexpr std::string_view kEvery = "every ";
    if (!schedule.starts_with(kEvery)) return {};
    const std::string_view count = schedule.substr(kEvery.size(), schedule.size() - kEvery.size() - 1);
    const bool is_english = language == Language::kEnglish;
    switch (schedule.back()) {
        case 's':
            return fmt::format(fmt::runtime(is_english ? "every {} s" : "每 {} 秒"), count);
        case 'm':
            return fmt::format(fmt::runtime(is_english ? "every {} min" : "每 {} 分鐘"), count);
        case 'h':
            return fmt::format(fmt::runtime(is_english ? "every {} h" : "每 {} 小時"), count);
        default:
            return {};
    }
}

/// "30 2 * * *" and "5 * * * *"; "" when it is something else.
std::string DailyText(std::string_view schedule, Language language) {
    const auto fields = Split(schedule, ' ');
    if (fields.size() != 5 || fields[2] != "*" || fields[3] != "*" || fields[4] != "*") return {};
    const auto minute = ParseInt(fields[0]);
    if (!minute) return {};
    const bool is_english = language == Language::kEnglish;
    if (fields[1] == "*") {
        return fmt::format(fmt::runtime(is_english ? "hourly at minute {}" : "每小時 {} 分"), *minute);
    }
    const auto hour = ParseInt(fields[1]);
    if (!hour) return {};
    return fmt::format(fmt::runtime(is_english ? "daily at {:02}:{:02}" : "每日 {:02}:{:02}"), *hour, *minute);
}

}  // namespace

Phrase JobStateTitle(jobs::JobState state) {
    switch (state) {
        case jobs::JobState::kQueued:
            return {"排隊中", "Queued"};
        case jobs::JobState::kRunning:
            return {"執行中", "Running"};
        case jobs::JobState::kSucceeded:
            return {"成功", "Succeeded"};
        case jobs::JobState::kFailed:
            return {"失敗", "Failed"};
        case jobs::JobState::kCancelled:
            break;
    }
    return {"已取消", "Cancelled"};
}

web::Tone JobStateTone(jobs::JobState state) {
    switch (state) {
        case jobs::JobState::kQueued:
            return web::Tone::kNeutral;
        case jobs::JobState::kRunning:
            return web::Tone::kInfo;
        case jobs::JobState::kSucceeded:
            return web::Tone::kMet;
        case jobs::JobState::kFailed:
            return web::Tone::kNotMet;
        case jobs::JobState::kCancelled:
            break;
    }
    return web::Tone::kNotApplicable;
}

std::optional<jobs::JobState> ParseJobState(std::string_view key) {
    const auto* const found = std::ranges::find(kStates, key, jobs::JobStateKey);
    return found == kStates.end() ? std::nullopt : std::optional(*found);
}

html::Markup JobStateBadge(const jobs::Job& job, Language language) {
    if (job.state == jobs::JobState::kRunning && job.cancel_requested) {
        constexpr Phrase kStopping = {"停止中", "Stopping"};
        return web::Badge(web::Tone::kAttention, kStopping.In(language));
    }
    return web::Badge(JobStateTone(job.state), JobStateTitle(job.state).In(language));
}

std::string JobKindTitle(std::span<const jobs::JobKind> kinds, std::string_view key, Language language) {
    const auto found = std::ranges::find(kinds, key, &jobs::JobKind::key);
    return found == kinds.end() ? std::string(key) : found->title.In(language);
}

std::string ScheduleText(std::string_view schedule, Language language) {
    if (schedule.empty()) return language == Language::kEnglish ? "when needed" : "需要時";
    std::string text = IntervalText(schedule, language);
    if (text.empty()) text = DailyText(schedule, language);
    return text.empty() ? std::string(schedule) : text;
}

std::string ElapsedText(std::chrono::milliseconds elapsed, Language language) {
    const bool is_english = language == Language::kEnglish;
    constexpr std::int64_t kMinute = 60;
    const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
    if (seconds < 10) {
        return fmt::format(fmt::runtime(is_english ? "{:.1f} s" : "{:.1f} 秒"),
                           static_cast<double>(std::max<std::int64_t>(0, elapsed.count())) / 1000);
    }
    if (seconds < kMinute) return fmt::format(fmt::runtime(is_english ? "{} s" : "{} 秒"), seconds);
    return fmt::format(fmt::runtime(is_english ? "{} min {} s" : "{} 分 {} 秒"), seconds / kMinute, seconds % kMinute);
}

std::string RunningTime(const jobs::Job& job, Instant now, Language language) {
    if (!job.started_at || job.state == jobs::JobState::kQueued) return {};
    return ElapsedText(job.finished_at.value_or(now) - *job.started_at, language);
}

}  // namespace opsteward::console::records
