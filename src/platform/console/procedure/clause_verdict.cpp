// Of the page of a clause: what it asks, how it stands, and what to do now.
#include <fmt/format.h>

#include <algorithm>

#include "base/count_text.hpp"
#include "base/text.hpp"
#include "platform/console/procedure/clause_parts.hpp"
#include "platform/console/procedure/duties.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/web/components.hpp"

namespace opsteward::console::compliance {

using html::Escape;
using html::Format;
using html::Markup;
using procedure::State;

Markup ClauseVerdict(const web::RequestContext& context, const ClauseView& view) {
    const auto& state = *view.state;
    const web::Tone tone = ToneOf(state.state);
    Markup when;
    if (state.since != Instant()) {
        when = Format("<p>{} {}</p>", context.Say("自", "Since"), web::Time(state.since, view.as_of.value_or(context.now), context.language));
    }
    return web::Alert(tone, procedure::StateTitle(state.state).In(context.language),
                      Format("<p>{}</p>{}", state.why.In(context.language), when));
}

Markup ClauseAbout(const web::RequestContext& context, const ClauseView& view) {
    const Language language = context.language;
    const procedure::Clause& clause = view.clause();
    const auto* chapter = view.pack().ChapterOf(clause.id);
    Markup modes;
    for (const auto mode : clause.modes) modes += web::Badge(web::Tone::kNeutral, procedure::ModeTitle(mode).In(language)) + Escape(" ");
    std::vector<std::pair<std::string, Markup>> facts = {
        {std::string(context.Say("條文編號", "Clause")), Escape(clause.id)},
        {std::string(context.Say("執行方式", "Carried out by")), modes},
        {std::string(context.Say("主責", "Owner")), Escape(RoleName(view.pack(), clause.owner, language))}};
    if (chapter != nullptr) {
        const std::string href = "/board?chapter=" + net::PercentEncode(chapter->id);
        facts.insert(facts.begin() + 1, {std::string(context.Say("章節", "Chapter")), web::Link(chapter->title.In(language), href)});
    }
    if (view.state->judged_at != Instant()) {
        facts.emplace_back(context.Say("最近判定", "Last judged"), web::Time(view.state->judged_at, context.now, language));
    }
    return web::Card(context.Say("條文要求", "What the clause asks"),
                     Format("<p>{}</p>{}", clause.text.In(language), web::DescriptionList(facts)));
}

namespace {

/// Collects the steps of the card, then who does them and the buttons.
class Steps {
  public:
    Steps(const web::RequestContext& context, const ClauseView& view) : context_(context), view_(view) {}

    Markup Make() {
        if (view_.state->state != State::kNotApplicable) {
            AddDuties();
            AddFindings();
            AddMissing();
        }
        Markup body;
        if (steps_.empty()) {
            body = Format("<p>{}</p>", Quiet());
        } else {
            body = Format(R"(<ol class="ops-steps">{}</ol>{})", steps_, Who());
        }
        AddAction();
        if (!buttons_.empty()) body += web::ButtonRow(buttons_);
        return web::Card(Say("現在要做什麼", "What to do now"), body);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }
    void Add(const Markup& step) { steps_ += Format("<li>{}</li>", step); }

    /// Those that are overdue or due; where nothing is set up, the next one as well.
    void AddDuties() {
        constexpr std::size_t kShown = 3;
        std::size_t shown = 0;
        for (const auto& round : view_.rounds) {
            const auto* duty = FindDuty(view_.pack(), round.duty_id);
            const RoundState state = StateOf(round, duty, context_.now);
            const bool is_pressing = state == RoundState::kOverdue || state == RoundState::kDue;
            const bool is_next_step = shown == 0 && view_.state->state == State::kNotSetUp;
            if (!is_pressing && !is_next_step) continue;
            if (++shown > kShown) continue;
            Add(Format("{} {}{}{}", web::Badge(ToneOf(state), RoundStateTitle(state).In(context_.language)),
                       web::Link(DutyTitle(duty, round, context_.language), DutyPath(round.id)), Say("，期限 ", ", due "),
                       FormatDate(TaipeiDate(round.due_at), context_.language)));
        }
        if (shown > kShown) {
            Add(web::Link(CountText(Say("另有 {} 項工作待完成", "{} more [duty is|duties are] due"), shown - kShown), "#duties"));
        }
    }

    void AddFindings() {
        const auto& findings = view_.state->findings;
        if (findings.empty()) return;
        const auto unmet = std::ranges::count(findings, State::kNotMet, &procedure::Finding::severity);
        Add(Format("{}", web::Link(fmt::format(fmt::runtime(ChooseByCount(Say("逐項處理 {} 項發現（不符合 {}、注意 {}）", "Deal with {} [finding|findings] ({} not met, {} attention)"),
                                                                          std::ssize(findings))),
                                               findings.size(), unmet, static_cast<std::ptrdiff_t>(findings.size()) - unmet),
                                   "#findings")));
        const std::string first = FindingPath(context_, view_.pack(), findings.front());
        if (!first.empty()) {
            buttons_.push_back(web::LinkButton(Say("處理第一項發現", "Deal with the first finding"), first, web::ButtonLook::kPrimary, "server"));
        }
    }

    void AddMissing() {
        const bool is_open = view_.state->state == State::kNotSetUp || view_.state->state == State::kAttention;
        if (!is_open || !steps_.empty()) return;
        Add(Escape(view_.state->units.empty() ? view_.clause().missing.In(context_.language) : view_.state->why.In(context_.language)));
    }

    void AddAction() {
        const auto& action = view_.clause().action;
        if (!action || view_.state->state == State::kNotApplicable) return;
        const bool is_first = buttons_.empty() && view_.state->state != State::kMet;
        buttons_.push_back(web::LinkButton(action->label.In(context_.language), action->href,
                                           is_first ? web::ButtonLook::kPrimary : web::ButtonLook::kSecondary, "arrow-right"));
    }

    std::string Quiet() const {
        if (view_.state->state == State::kNotApplicable) {
            return std::string(Say("已核准不適用，期限內不必處理。", "It is approved as not applicable; nothing is to be done until that ends."));
        }
        return std::string(Say("目前符合，不必處理。系統持續判定，有變化會出現在待辦。",
                               "It is met and nothing is to be done. It is judged all the time; what changes comes to your tasks."));
    }

    /// The worst units first, with the people who answer for them.
    Markup Who() const {
        constexpr std::size_t kShown = 3;
        std::vector<const procedure::UnitState*> units;
        for (const auto& unit : view_.state->units) {
            if (unit.state == view_.state->state) units.push_back(&unit);
        }
        const procedure::Clause& clause = view_.clause();
        Markup people;
        for (std::size_t i = 0; i < units.size() && i < kShown; ++i) {
            const auto names = HoldersOf(*view_.tree, view_.accounts, clause.owner, units[i]->unit_id, context_.now);
            const Markup who = names.empty() ? Nobody() : Escape(Join(names, Say("、", ", ")));
            people += Format("<li>{}{}{}</li>", view_.tree->Name(units[i]->unit_id), Say("：", ": "), who);
        }
        if (units.size() > kShown) people += Format("<li>{}</li>", CountText(Say("另有 {} 個單位", "{} more [unit|units]"), std::ssize(units) - static_cast<std::ptrdiff_t>(kShown)));
        const Markup list = people.empty() ? Markup() : Format("<ul>{}</ul>", people);
        return Format(R"(<p>{}<strong>{}</strong></p>{})", Say("由誰處理：", "Who does it: "), RoleName(view_.pack(), clause.owner, context_.language), list);
    }

    Markup Nobody() const {
        return Format("{} {}", web::Badge(web::Tone::kAttention, Say("尚無人擔任", "nobody holds this role")),
                      web::Link(Say("指派角色", "Give the role"), "/users"));
    }

    const web::RequestContext& context_;
    const ClauseView& view_;
    Markup steps_;
    std::vector<Markup> buttons_;
};

}  // namespace

Markup ClauseSteps(const web::RequestContext& context, const ClauseView& view) { return Steps(context, view).Make(); }

}  // namespace opsteward::console::compliance
