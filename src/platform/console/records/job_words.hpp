// What jobs, their states and schedules are called.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "base/language.hpp"
#include "html/markup.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/web/tone.hpp"

namespace opsteward::console::records {

Phrase JobStateTitle(jobs::JobState state);
web::Tone JobStateTone(jobs::JobState state);
std::optional<jobs::JobState> ParseJobState(std::string_view key);
html::Markup JobStateBadge(const jobs::Job& job, Language language);
/// The title of the kind, or its key when this program has no such kind.
std::string JobKindTitle(std::span<const jobs::JobKind> kinds, std::string_view key, Language language);
/// "every 60s" → 每 60 秒, "30 2 * * *" → 每日 02:30; other cron fields as they are; "" → 需要時.
std::string ScheduleText(std::string_view schedule, Language language);
/// "3 分 5 秒", "0.8 秒"
std::string ElapsedText(std::chrono::milliseconds elapsed, Language language);
/// How long the job has run, or ran; "" before it starts.
std::string RunningTime(const jobs::Job& job, Instant now, Language language);

}  // namespace opsteward::console::records
