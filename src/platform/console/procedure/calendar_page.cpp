#include "platform/console/procedure/calendar_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/count_text.hpp"
#include "base/text.hpp"
#include "platform/console/procedure/duty_query.hpp"
#include "platform/console/procedure/icalendar.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/web/charts.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::console::compliance {

using html::Format;
using html::Markup;
using std::chrono::year_month;

namespace {

constexpr int kMinguoOffset = 1911;

Instant StartOfMonth(year_month month) { return StartOfDay(Date(month / std::chrono::day(1))); }

std::string MonthKey(year_month month) {
    return fmt::format("{:04}-{:02}", static_cast<int>(month.year()), static_cast<unsigned>(month.month()));
}

/// "2025-08"; the month of `now` when it is empty. kInvalidInput outside of what calendars of the program know.
Result<year_month> ParseMonth(std::string_view text, Instant now) {
    const Date today = TaipeiDate(now);
    if (text.empty()) return year_month(today.year(), today.month());
    OPS_TRY(const Date first, ParseDate(std::string(text) + "-1"));
    return year_month(first.year(), first.month());
}

/// How the rounds of a time stand.
struct RoundCounts {
    std::array<std::int64_t, 4> counts = {};
    void Add(RoundState state) { ++counts[static_cast<std::size_t>(state)]; }
    std::int64_t Of(RoundState state) const { return counts[static_cast<std::size_t>(state)]; }
    std::int64_t total() const { return counts[0] + counts[1] + counts[2] + counts[3]; }
    web::Tone tone() const {
        for (const RoundState state : kAllRoundStates) {
            if (Of(state) > 0) return ToneOf(state);
        }
        return web::Tone::kNeutral;
    }
};

class CalendarPage {
  public:
    CalendarPage(const web::RequestContext& context, Surroundings& surroundings) : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer() {
        const auto month = ParseMonth(context_.request.query.Get("month"), context_.now);
        if (!month.ok()) return Error::Of(ErrorCode::kInvalidInput, "參數 month 請寫成 2025-08。", "Write the parameter month like 2025-08.");
        month_ = *month;
        filter_.state.clear();
        filter_.unit = context_.request.query.Get("unit");
        pack_ = surroundings_.procedure().pack();
        const auto& readable = context_.principal().UnitsFor(kMayReadDuties);
        OPS_TRY(tree_, surroundings_.units.Tree(readable, context_.now));
        const year_month january(month_.year(), std::chrono::January);
        year_from_ = StartOfMonth(january);
        year_until_ = StartOfMonth(january + std::chrono::years(1));
        OPS_TRY(rounds_, FindRounds(context_, surroundings_, *pack_, filter_, year_from_, year_until_));
        // Overdue ones of earlier years belong to the list of duties.
        std::erase_if(rounds_, [&](const ListedRound& one) { return one.round.due_at < year_from_; });

        web::Page page;
        page.title = Say("行事曆", "Calendar");
        page.event_channel = kBoardChannel;
        page.actions = web::LinkButton(Say("工作清單", "List of duties"), "/duties", web::ButtonLook::kSecondary, "list-check") +
                       web::LinkButton(Say("下載 iCalendar", "Download iCalendar"), FeedHref("/calendar.ics"), web::ButtonLook::kSecondary, "download");
        page.lead = web::LivePart("calendar-lead", kBoardChannel, Lead());
        page.body = UnitFilter(readable) + web::LivePart("calendar", kBoardChannel, MonthView() + YearOverview()) + FeedHelp();
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    std::string FeedHref(std::string_view path) const {
        return filter_.unit.empty() ? std::string(path) : fmt::format("{}?unit={}", path, net::PercentEncode(filter_.unit));
    }
    std::string Href(year_month month) const {
        std::string href = "/calendar?month=" + MonthKey(month);
        if (!filter_.unit.empty()) href += "&unit=" + net::PercentEncode(filter_.unit);
        return href;
    }

    Markup Lead() const {
        RoundCounts year;
        for (const auto& one : rounds_) year.Add(one.state);
        if (year.Of(RoundState::kOverdue) > 0) {
            return web::Alert(web::Tone::kNotMet, CountText(Say("今年有 {} 項逾期", "{} of this year [is|are] overdue"), year.Of(RoundState::kOverdue)),
                              Format("<p>{}</p>", web::Link(Say("查看逾期的工作", "See what is overdue"), "/duties?state=overdue")));
        }
        if (year.Of(RoundState::kDue) > 0) {
            return web::Alert(web::Tone::kAttention, CountText(Say("有 {} 項待完成", "{} [duty is|duties are] due"), year.Of(RoundState::kDue)),
                              Format("<p>{}</p>", web::Link(Say("查看待完成的工作", "See what is due"), "/duties")));
        }
        return {};
    }

    Markup UnitFilter(const std::set<std::int64_t>& readable) const {
        if (readable.size() < 2) return {};
        return web::FilterForm("/calendar",
                               web::HiddenField("month", MonthKey(month_)) +
                                   web::SelectField("unit", Say("單位", "Unit"), filter_.unit, tree_->Choices(readable, Say("全部", "All"))),
                               context_.language);
    }

    std::string YearTitle() const {
        const int year = static_cast<int>(month_.year());
        return context_.language == Language::kEnglish ? std::to_string(year) : fmt::format("民國 {} 年", year - kMinguoOffset);
    }

    Markup YearOverview() const {
        std::array<RoundCounts, 12> months;
        for (const auto& one : rounds_) months[static_cast<unsigned>(TaipeiDate(one.round.due_at).month()) - 1].Add(one.state);
        std::vector<Markup> tiles;
        for (unsigned i = 0; i < months.size(); ++i) {
            const year_month month(month_.year(), std::chrono::month(i + 1));
            const RoundCounts& counts = months[i];
            const std::string label = web::MonthName(month.month(), context_.language);
            std::string detail(Say("沒有工作", "nothing due"));
            if (counts.total() > 0) {
                detail = fmt::format(fmt::runtime(Say("完成 {}", "{} done")), counts.Of(RoundState::kDone));
                if (counts.Of(RoundState::kOverdue) > 0) {
                    detail += fmt::format(fmt::runtime(Say("・逾期 {}", ", {} late")), counts.Of(RoundState::kOverdue));
                }
            }
            if (month == month_) detail += Say("・顯示中", ", shown");
            tiles.push_back(web::StatTile(label, std::to_string(counts.total()), counts.tone(), detail, Href(month)));
        }
        const year_month last_year = month_ - std::chrono::years(1);
        const year_month next_year = month_ + std::chrono::years(1);
        const Markup arrows = web::LinkButton(Say("前一年", "Year before"), Href(last_year), web::ButtonLook::kQuiet, "chevron-left") +
                              web::LinkButton(Say("後一年", "Year after"), Href(next_year), web::ButtonLook::kQuiet, "chevron-right");
        return web::Card(YearTitle(), web::Grid(6, tiles), arrows);
    }

    Markup MonthView() const {
        const year_month before = month_ - std::chrono::months(1);
        const year_month after = month_ + std::chrono::months(1);
        const Markup arrows = web::LinkButton(Say("前一月", "Month before"), Href(before), web::ButtonLook::kQuiet, "chevron-left") +
                              web::LinkButton(Say("後一月", "Month after"), Href(after), web::ButtonLook::kQuiet, "chevron-right");
        return web::Card(Say("當月", "The month"), web::MonthCalendar(month_, Marks(), TaipeiDate(context_.now), context_.language), arrows);
    }

    /// One mark for each duty and day, whatever the number of units.
    std::vector<web::CalendarMark> Marks() const {
        struct Group {
            const ListedRound* first = nullptr;
            RoundCounts counts;
        };
        std::map<std::pair<Date, std::string_view>, Group> groups;
        for (const auto& one : rounds_) {
            const Date date = TaipeiDate(one.round.due_at);
            if (date.year() != month_.year() || date.month() != month_.month()) continue;
            Group& group = groups[{date, one.round.duty_id}];
            if (group.first == nullptr) group.first = &one;
            group.counts.Add(one.state);
        }
        std::vector<web::CalendarMark> marks;
        for (const auto& [key, group] : groups) {
            std::string text = DutyTitle(group.first->duty, group.first->round, context_.language);
            std::string href = DutyPath(group.first->round.id);
            if (group.counts.total() > 1) {
                text += fmt::format(fmt::runtime(Say("（{}／{}）", " ({}/{})")), group.counts.Of(RoundState::kDone), group.counts.total());
                href = "/duties?state=&duty=" + net::PercentEncode(key.second);
            }
            marks.push_back({key.first, group.counts.tone(), std::move(text), std::move(href)});
        }
        return marks;
    }

    Markup FeedHelp() const {
        const Markup body = Format(
            "<p>{}</p>{}<p>{}</p>",
            Say("行事曆程式以 API 權杖訂閱下列位址，送出標頭 Authorization: Bearer 與權杖；權杖在「我的帳號」建立，唯讀即可。",
                "Calendar programs subscribe to this address with an API token, sent as Authorization: Bearer; make one on the page of your account, read "
                "only is enough."),
            web::Code(FeedHref("/api/v1/calendar.ics")),
            Say("不能送標頭的程式請下載檔案後匯入。", "For programs that can't send a header, download the file and import it."));
        return web::Disclosure(Say("訂閱到行事曆程式", "Subscribe in a calendar program"), body);
    }

    const web::RequestContext& context_;
    Surroundings& surroundings_;
    year_month month_;
    DutyFilter filter_;
    Instant year_from_;
    Instant year_until_;
    std::shared_ptr<const procedure::Pack> pack_;
    std::shared_ptr<const UnitTree> tree_;
    std::vector<ListedRound> rounds_;
};

// --- The feed

/// "https://host:port", or nothing when the Host header is not one (RFC 3986 section 3.2.2, without user names).
std::string OriginOf(const net::Request& request) {
    const std::string_view host = request.headers.Get("Host");
    const bool is_clean = !host.empty() && std::ranges::all_of(host, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || std::string_view(".-:[]").find(c) != std::string_view::npos;
    });
    return is_clean ? fmt::format("{}://{}", request.is_tls ? "https" : "http", host) : std::string();
}

CalendarEvent EventFor(const web::RequestContext& context, const procedure::Pack& pack, const UnitTree& tree, std::string_view origin,
                       const ListedRound& listed) {
    const auto& [round, duty, state] = listed;
    const Language language = context.language;
    const std::string title = DutyTitle(duty, round, language);
    CalendarEvent event;
    event.uid = fmt::format("duty-{}@{}.opsteward", round.id, ToLowerAscii(pack.id));
    event.date = TaipeiDate(round.due_at);
    event.category = RoundStateTitle(state).In(language);
    event.summary = fmt::format("[{}] {}", event.category, title);
    const std::string_view unit = tree.Name(round.unit_id);
    if (!unit.empty()) event.summary += fmt::format(fmt::runtime(context.Say("（{}）", " ({})")), unit);
    if (duty != nullptr) {
        event.description = fmt::format("{}\n{}{}\n{}{}", duty->instructions.In(language), context.Say("主責：", "Owner: "),
                                        RoleName(pack, duty->owner, language), context.Say("條文：", "Clauses: "),
                                        Join(duty->clause_ids, context.Say("、", ", ")));
    }
    if (!origin.empty()) event.url = std::string(origin) + DutyPath(round.id);
    event.stamped_at = round.done_at.value_or(std::min(StartOfDay(round.period_start), context.now));
    return event;
}

Result<net::Response> Feed(const web::RequestContext& context, Surroundings& surroundings) {
    constexpr std::chrono::days kBack{366};
    constexpr std::chrono::days kAhead{400};
    DutyFilter filter;
    filter.state.clear();
    filter.unit = context.request.query.Get("unit");
    const auto pack = surroundings.procedure().pack();
    OPS_TRY(const auto tree, surroundings.units.Tree(context.principal().UnitsFor(kMayReadDuties), context.now));
    OPS_TRY(const auto rounds, FindRounds(context, surroundings, *pack, filter, context.now - kBack, context.now + kAhead));
    const std::string origin = OriginOf(context.request);
    std::vector<CalendarEvent> events;
    events.reserve(rounds.size());
    for (const auto& listed : rounds) events.push_back(EventFor(context, *pack, *tree, origin, listed));
    const std::string name = fmt::format(fmt::runtime(context.Say("{} 定期工作", "Duties of {}")), pack->id);
    net::Response response;
    response.headers.Set("Content-Type", "text/calendar; charset=utf-8");
    response.headers.Set("Content-Disposition", "inline; filename=\"opsteward.ics\"");
    response.body = CalendarText(name, events, context.language);
    return response;
}

}  // namespace

std::vector<web::Route> CalendarRoutes(const SharedSurroundings& surroundings) {
    const web::Handler feed = [surroundings](const web::RequestContext& context) { return Feed(context, *surroundings); };
    return {{net::Method::kGet, "/calendar", kMayReadDuties,
             [surroundings](const web::RequestContext& context) { return CalendarPage(context, *surroundings).Answer(); }},
            {net::Method::kGet, "/calendar.ics", kMayReadDuties, feed},
            {net::Method::kGet, "/api/v1/calendar.ics", kMayReadDuties, feed,
             web::ApiDoc{.summary = "Duties as a calendar (RFC 5545, text/calendar), in the language of Accept-Language",
                         .query = {{"unit", "Id of a unit: it and those below it", R"({"type":"integer"})"}}}}};
}

}  // namespace opsteward::console::compliance
