#include "platform/console/procedure/board_page.hpp"

#include <fmt/format.h>

#include "base/count_text.hpp"
#include "base/text.hpp"
#include "platform/console/procedure/board_table.hpp"
#include "platform/console/procedure/figures.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/web/components.hpp"
#include "platform/web/csv.hpp"

namespace opsteward::console::compliance {

using html::Escape;
using html::Format;
using html::Markup;
using procedure::State;

namespace {

class BoardPage {
  public:
    BoardPage(const web::RequestContext& context, Surroundings& surroundings) : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer() {
        OPS_TRY(filter_, ReadBoardFilter(context_));
        const auto as_of = ParseAsOf(filter_.as_of_text, context_.now);
        if (as_of.ok()) {
            filter_.as_of = *as_of;
        } else {
            as_of_error_ = as_of.error().caller_text.In(context_.language);
        }
        const auto& readable = context_.principal().UnitsFor(kMayReadBoard);
        OPS_TRY(const auto units, ChosenUnits(context_, surroundings_.units, kMayReadBoard, filter_.unit));
        OPS_TRY(units_, surroundings_.units.Tree(readable, context_.now));
        OPS_TRY(board_, surroundings_.boards.For(units, filter_.as_of, context_.now));
        if (context_.request.query.Get("format") == "csv") return as_of.ok() ? Export() : Result<net::Response>(as_of.error());
        is_print_ = context_.request.query.Get("view") == "print";

        web::Page page;
        page.title = is_print_ ? fmt::format("{} {}", Say("符合性看板", "Compliance board"), board_->pack->id)
                               : std::string(Say("符合性看板", "Compliance board"));
        OPS_TRY(const Markup content, Content());
        page.lead = Lead();
        if (is_print_) {
            page.actions = web::LinkButton(Say("回到看板", "Back to the board"), filter_.Href(), web::ButtonLook::kSecondary, "arrow-left");
            page.body = PrintHead() + content;
        } else {
            page.actions = Actions();
            if (!filter_.as_of) page.event_channel = kBoardChannel;
            page.body = BoardFilterForm(context_, filter_, *board_->pack, *units_, as_of_error_) +
                        web::LivePart("board", kBoardChannel, content);
        }
        return context_.Render(page, as_of_error_.empty() ? 200 : 422);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    BoardView View() const {
        BoardView view{*board_, filter_, *units_, context_.language};
        for (const auto& clause : board_->clauses) {
            if (filter_.Fits(*board_->pack, clause)) view.shown.push_back(&clause);
        }
        return view;
    }

    /// Figures, strips and table. The same for everybody who may see these units, so it is made once for each filter.
    Result<Markup> Content() {
        const std::string key = fmt::format("board {} {} {} {}", LanguageTag(context_.language), is_print_ ? "print" : "screen",
                                            filter_.is_every_unit_shown ? "all" : "few", filter_.Href());
        OPS_TRY(const auto text, surroundings_.fragments.Get(board_, key, context_.now, [&]() -> Result<std::string> {
            const BoardView view = View();
            return (Foremost(view) + Figures(view) + UnitStrips(view) + web::Card({}, ClauseTable(view)) + JudgedAt()).text();
        }));
        return Markup::Trusted(*text);
    }

    /// The clauses that are not met come first of all, unless the reader looks for something else.
    Markup Foremost(const BoardView& view) const {
        constexpr std::size_t kShown = 3;
        if (is_print_ || filter_.state) return {};
        Markup items;
        std::size_t unmet = 0;
        for (const auto* clause : view.shown) {
            if (clause->state != State::kNotMet || ++unmet > kShown) continue;
            items += Format(R"(<li><a href="{}">{} {}</a>{}{}</li>)", view.ClauseHref(*clause->clause), clause->clause->id,
                            clause->clause->title.In(context_.language), Say("：", ": "), Shorten(clause->why.In(context_.language), 120));
        }
        if (unmet == 0) return {};
        Markup all;
        if (unmet > kShown) all = Format("<p>{}</p>", web::Link(Say("全部不符合的條文", "All that are not met"), filter_.With(State::kNotMet).Href()));
        return web::Alert(web::Tone::kNotMet, CountText(Say("有 {} 條不符合，請先處理", "{} [clause is|clauses are] not met: see to [it|these] first"), unmet),
                          Format("<ul>{}</ul>{}", items, all));
    }

    Markup Figures(const BoardView& view) const {
        StateCounts counts;
        for (const auto& clause : board_->clauses) {
            if (filter_.FitsApartFromState(*board_->pack, clause)) counts.Add(clause.state);
        }
        const auto href = [&](State state) { return filter_.With(filter_.state == state ? std::nullopt : std::optional(state)).Href(); };
        const Markup tiles = StateTiles(counts, href, context_.language);
        if (is_print_ || filter_.is_narrowed()) return tiles;
        const Markup donut = StateDonut(counts, Say("條文狀態", "State of the clauses"), href, context_.language);
        return web::Grid(2, {web::Card(Say("條文狀態", "State of the clauses"), donut),
                             web::Card(Say("待處理的章節", "Chapters with open findings"), Chapters(view))});
    }

    /// The chapters with most clauses that are not met or need attention.
    Markup Chapters(const BoardView& view) const {
        constexpr std::size_t kShown = 6;
        std::vector<web::Bar> bars;
        for (const auto& chapter : board_->pack->chapters) {
            StateCounts counts;
            for (const auto* clause : view.shown) {
                if (board_->pack->ChapterOf(clause->clause->id) == &chapter) counts.Add(clause->state);
            }
            const auto open = counts.Of(State::kNotMet) + counts.Of(State::kAttention);
            if (open == 0) continue;
            BoardFilter of_chapter = filter_;
            of_chapter.chapter = chapter.id;
            bars.push_back({chapter.title.In(context_.language), static_cast<double>(open),
                            counts.Of(State::kNotMet) > 0 ? web::Tone::kNotMet : web::Tone::kAttention, of_chapter.Href()});
        }
        if (bars.empty()) {
            return web::EmptyState(Say("沒有不符合或注意的條文", "No clause is unmet or needs attention"),
                                   Say("尚未設定的條文請逐條開啟，第一步都寫在條文頁。",
                                       "Open the clauses that are not set up: each says what comes first."));
        }
        std::ranges::stable_sort(bars, [](const web::Bar& a, const web::Bar& b) { return a.value > b.value; });
        if (bars.size() > kShown) bars.resize(kShown);
        return web::BarList(bars, Say("各章不符合與注意的條文數", "Clauses not met or needing attention, by chapter"));
    }

    Markup JudgedAt() const {
        if (board_->clauses.empty() || board_->clauses.front().judged_at == Instant()) return {};
        return Format(R"(<p class="ops-muted">{} {}{}{} {} {}</p>)", Say("最近判定：", "Last judged:"),
                      web::Time(board_->clauses.front().judged_at, context_.language), Say("・", " · "), board_->pack->id,
                      Say("版次", "version"), board_->pack->version);
    }

    Markup Actions() const {
        Markup actions;
        if (context_.principal().May(kMayManage)) {
            actions += web::PostForm("/board/evaluate", context_.frame.csrf_token,
                                     web::Button(Say("立即重新判定", "Judge now"), web::ButtonLook::kSecondary, "refresh"));
        }
        return actions + web::LinkButton(Say("列印版", "Print view"), filter_.Href("view=print"), web::ButtonLook::kSecondary, "printer") +
               web::LinkButton(Say("匯出 CSV", "Export CSV"), filter_.Href("format=csv"), web::ButtonLook::kSecondary, "download");
    }

    Markup Lead() const {
        Markup lead;
        if (filter_.as_of) {
            BoardFilter now = filter_;
            now.as_of_text.clear();
            lead += web::Alert(web::Tone::kInfo,
                               fmt::format(fmt::runtime(Say("這是 {} 的狀態", "This is how things stood on {}")), FormatTime(*filter_.as_of, context_.language)),
                               is_print_ ? Markup() : Format("<p>{}</p>", web::Link(Say("回到現在", "Back to now"), now.Href())));
        }
        return lead + Faults() + FirstJudgement();
    }

    /// What keeps the board from saying all it could.
    Markup Faults() const {
        Markup faults;
        const auto in_pack = surroundings_.procedure().faults();
        if (!in_pack.empty()) {
            const Markup list = html::Join(in_pack, [&](const procedure::PackFault& fault) {
                return Format("<li>{}</li>", web::Code(procedure::DescribeFault(fault, context_.language)));
            });
            faults += web::Alert(web::Tone::kNotMet,
                                 Say("程序書檔案有誤，仍沿用原本的版本", "The files of the procedure are faulty; the version before stays in use"),
                                 Format("<ul>{}</ul>", list));
        }
        if (!board_->refused_checks.empty()) {
            const Markup list = html::Join(board_->refused_checks,
                                           [&](const Text& problem) { return Format("<li>{}</li>", problem.In(context_.language)); });
            faults += web::Alert(web::Tone::kAttention,
                                 CountText(Say("有 {} 項查核無法執行，相關條文至多為「注意」",
                                               "{} [check|checks] could not be run; [its clause is|their clauses are] \"attention\" at best"),
                                           std::ssize(board_->refused_checks)),
                                 Format("<ul>{}</ul>", list));
        }
        return faults;
    }

    Markup FirstJudgement() const {
        if (filter_.as_of || board_->clauses.empty() || board_->clauses.front().judged_at != Instant()) return {};
        return web::Alert(web::Tone::kNotSetUp, Say("尚未判定過", "Nothing has been judged yet"),
                          Format("<p>{}</p>", Say("第一次判定會在啟動後一分鐘內完成，本頁會自動更新。",
                                                  "The first judgement is done within a minute of the start; this page renews itself.")));
    }

    Markup PrintHead() const {
        const procedure::Pack& pack = *board_->pack;
        std::vector<std::pair<std::string, Markup>> facts = {
            {std::string(Say("程序書", "Procedure")), Escape(fmt::format("{} {}", pack.id, pack.title.In(context_.language)))},
            {std::string(Say("版次", "Version")),
             Escape(fmt::format("{}{}{}", pack.version, Say("，生效日 ", ", in force from "), FormatDate(pack.effective, context_.language)))},
            {std::string(Say("內容摘要值", "Digest")), web::Code(pack.digest)},
            {std::string(Say("狀態時間", "State as of")), web::Time(filter_.as_of.value_or(board_->as_of), context_.language)},
            {std::string(Say("列印", "Printed")),
             Format("{} {}", web::Time(context_.now, context_.language), context_.principal().display_name())}};
        if (const auto id = ParseInt(filter_.unit)) facts.emplace_back(std::string(Say("單位", "Unit")), Escape(units_->Name(*id)));
        return web::DescriptionList(facts);
    }

    Result<net::Response> Export() const {
        const Instant time = filter_.as_of.value_or(context_.now);
        return web::CsvResponse(fmt::format("board-{}.csv", FormatIsoDate(TaipeiDate(time))), BoardCsv(View()));
    }

    const web::RequestContext& context_;
    Surroundings& surroundings_;
    BoardFilter filter_;
    std::string as_of_error_;
    std::shared_ptr<const UnitTree> units_;
    BoardPointer board_;
    bool is_print_ = false;
};

Result<net::Response> PostEvaluate(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_CHECK(EvaluateNow(context, surroundings));
    return context.RedirectWithNotice("/board", {"已排入判定，完成後本頁會自動更新。", "The clauses are being judged; this page renews itself when it is done."});
}

}  // namespace

Result<std::int64_t> EvaluateNow(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const std::int64_t id,
            surroundings.services->database.Write<std::int64_t>([&](db::Transaction& transaction) {
                return jobs::RunNow(transaction, "procedure.evaluate", nullptr, "evaluate", std::nullopt, context.actor(), context.now);
            }));
    if (surroundings.services->wake_jobs) surroundings.services->wake_jobs();
    return id;
}

std::vector<web::Route> BoardRoutes(const SharedSurroundings& surroundings) {
    return {{net::Method::kGet, "/board", kMayReadBoard,
             [surroundings](const web::RequestContext& context) { return BoardPage(context, *surroundings).Answer(); }},
            {net::Method::kPost, "/board/evaluate", kMayManage,
             [surroundings](const web::RequestContext& context) { return PostEvaluate(context, *surroundings); }}};
}

}  // namespace opsteward::console::compliance
