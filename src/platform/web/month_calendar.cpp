#include "platform/web/charts.hpp"

#include <fmt/format.h>

#include "platform/web/components.hpp"

namespace opsteward::web {

using html::Format;
using html::Join;
using html::Markup;

namespace {

constexpr Phrase kWeekdays[] = {{"一", "Mon"}, {"二", "Tue"}, {"三", "Wed"}, {"四", "Thu"},
                                {"五", "Fri"}, {"六", "Sat"}, {"日", "Sun"}};
constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};

std::string MonthTitle(std::chrono::year_month month, Language language) {
    constexpr int kMinguoOffset = 1911;
    const unsigned number = static_cast<unsigned>(month.month());
    const int year = static_cast<int>(month.year());
    if (language == Language::kEnglish) return fmt::format("{} {}", kMonths[number - 1], year);
    return fmt::format("民國 {} 年 {} 月", year - kMinguoOffset, number);
}

Markup CalendarEntry(const CalendarMark& mark, Language language) {
    const Markup inside = Format(R"({}<span class="ops-hidden">{} </span><span>{}</span>)", Icon(ToneIcon(mark.tone)),
                                 ToneTitle(mark.tone).In(language), mark.text);
    return mark.href.empty()
               ? Format(R"(<li class="{}"><span class="ops-mark">{}</span></li>)", ToneClass(mark.tone), inside)
               : Format(R"(<li class="{}"><a class="ops-mark" href="{}">{}</a></li>)", ToneClass(mark.tone), mark.href,
                        inside);
}

Markup CalendarDay(std::chrono::sys_days day, std::chrono::year_month month, std::span<const CalendarMark> marks,
                   Date today, Language language) {
    const Date date(day);
    const bool is_in_month = date.year() == month.year() && date.month() == month.month();
    if (!is_in_month) return Format(R"(<td class="ops-other-month"></td>)");
    Markup entries;
    for (const CalendarMark& mark : marks) {
        if (mark.date == date) entries += CalendarEntry(mark, language);
    }
    const Markup list = entries.empty() ? Markup() : Format(R"(<ul>{}</ul>)", entries);
    return Format(R"(<td aria-current="{?}"><time datetime="{}">{}</time>{}</td>)",
                  date == today ? std::optional<std::string_view>("date") : std::nullopt, FormatIsoDate(date),
                  static_cast<unsigned>(date.day()), list);
}

}  // namespace

std::string MonthName(std::chrono::month month, Language language) {
    const unsigned number = static_cast<unsigned>(month);
    return language == Language::kEnglish ? std::string(kMonths[number - 1]) : fmt::format("{} 月", number);
}

Markup MonthCalendar(std::chrono::year_month month, std::span<const CalendarMark> marks, Date today,
                     Language language) {
    using namespace std::chrono;
    const sys_days first = month / day(1);
    const sys_days last = month / std::chrono::last;
    const Markup heads =
        Join(kWeekdays, [&](const Phrase& name) { return Format(R"(<th scope="col">{}</th>)", name.In(language)); });
    Markup weeks;
    for (sys_days monday = first - days(weekday(first).iso_encoding() - 1); monday <= last; monday += days(7)) {
        Markup cells;
        for (int i = 0; i < 7; ++i) cells += CalendarDay(monday + days(i), month, marks, today, language);
        weeks += Format(R"(<tr>{}</tr>)", cells);
    }
    return Format(
        R"(<div class="ops-calendar-box" role="region" aria-label="{}" tabindex="0"><table class="ops-calendar">)"
        R"(<caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>)",
        MonthTitle(month, language), MonthTitle(month, language), heads, weeks);
}

}  // namespace opsteward::web
