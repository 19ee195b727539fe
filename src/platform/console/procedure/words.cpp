#include "platform/console/procedure/words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "net/http_message.hpp"

namespace opsteward::console::compliance {

using procedure::State;

web::Tone ToneOf(State state) {
    switch (state) {
        case State::kMet: return web::Tone::kMet;
        case State::kAttention: return web::Tone::kAttention;
        case State::kNotMet: return web::Tone::kNotMet;
        case State::kNotApplicable: return web::Tone::kNotApplicable;
        case State::kNotSetUp: break;
    }
    return web::Tone::kNotSetUp;
}

std::optional<State> ParseState(std::string_view key) {
    for (const State state : kAllStates) {
        if (procedure::StateKey(state) == key) return state;
    }
    return std::nullopt;
}

std::string_view RoleName(const procedure::Pack& pack, identity::Role role, Language language) {
    const auto found = pack.role_titles.find(role);
    return found == pack.role_titles.end() ? identity::RoleTitle(role).In(language) : std::string_view(found->second.In(language));
}

const procedure::Duty* FindDuty(const procedure::Pack& pack, std::string_view id) {
    const auto found = std::ranges::find(pack.duties, id, &procedure::Duty::id);
    return found == pack.duties.end() ? nullptr : &*found;
}

std::string ClausePath(std::string_view id) { return "/clauses/" + net::PercentEncode(id); }
std::string DutyPath(std::int64_t id) { return fmt::format("/duties/{}", id); }

html::Markup Muted(std::string_view text) { return html::Format(R"(<span class="ops-muted">{}</span>)", text); }

html::Markup Day(Date date, Language language) {
    return html::Format(R"(<time datetime="{}">{}</time>)", FormatIsoDate(date), FormatDateShort(date, language));
}

std::string ParameterText(const procedure::Parameter& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* real = std::get_if<double>(&value)) return fmt::format("{:g}", *real);
    return fmt::format("{}", std::get<std::int64_t>(value));
}

bool ContainsText(std::string_view text, std::string_view part) { return ToLowerAscii(text).find(ToLowerAscii(part)) != std::string::npos; }

namespace {

Error NoSuchTime(const Text& why) {
    return Error::Of(ErrorCode::kInvalidInput, "參數 as_of（時間點）：" + why.zh, "The parameter as_of (the time asked for): " + why.en);
}

/// "14:03" or "14:03:07" as the time since midnight.
std::optional<std::chrono::milliseconds> ParseTimeOfDay(std::string_view text) {
    const auto parts = Split(text, ':');
    if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
    constexpr std::int64_t kLimits[] = {24, 60, 60};
    std::int64_t seconds = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const auto number = i < parts.size() && parts[i].size() <= 2 ? ParseInt(parts[i]) : std::optional<std::int64_t>(i < parts.size() ? -1 : 0);
        if (!number || *number < 0 || *number >= kLimits[i]) return std::nullopt;
        seconds = seconds * 60 + *number;
    }
    return std::chrono::seconds(seconds);
}

Result<Instant> ParseMoment(std::string_view text) {
    if (text.find('T') != std::string_view::npos) {
        // A plus sign that was not escaped in the address arrives as a blank.
        std::string exact(text);
        std::ranges::replace(exact, ' ', '+');
        return ParseRfc3339(exact);
    }
    const std::size_t blank = text.rfind(' ');
    if (blank != std::string_view::npos) {
        const auto time = ParseTimeOfDay(Trim(text.substr(blank)));
        if (time) {
            OPS_TRY(const Date date, ParseDate(text.substr(0, blank)));
            return StartOfDay(date) + *time;
        }
    }
    OPS_TRY(const Date date, ParseDate(text));
    return StartOfDay(date) + std::chrono::days(1) - std::chrono::milliseconds(1);
}

}  // namespace

Result<std::optional<Instant>> ParseAsOf(std::string_view text, Instant now) {
    text = Trim(text);
    if (text.empty()) return std::optional<Instant>();
    const auto moment = ParseMoment(text);
    if (!moment.ok()) return NoSuchTime(moment.error().caller_text);
    if (*moment <= now) return std::optional(*moment);
    if (TaipeiDate(*moment) == TaipeiDate(now) && text.find_first_of("T:") == std::string_view::npos) return std::optional<Instant>();
    return NoSuchTime({"這個時間還沒到。", "that time has not come yet."});
}

}  // namespace opsteward::console::compliance
