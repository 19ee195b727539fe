#include "platform/console/procedure/tasks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/console/procedure/exemptions.hpp"
#include "platform/console/procedure/words.hpp"

namespace opsteward::console::compliance {

using platform::Task;

namespace {

/// The rounds of one duty that one person answers for: all that are overdue, or all that are due.
struct DutyLine {
    const procedure::Duty* duty = nullptr;
    bool is_overdue = false;
    std::vector<PressingDuties::Round> rounds = {};
};

class Tasks {
  public:
    Tasks(const web::RequestContext& context, Surroundings& surroundings) : context_(context), surroundings_(surroundings) {}

    Result<std::vector<Task>> Collect() {
        OPS_CHECK(AddDuties());
        OPS_CHECK(AddRequests());
        if (context_.principal().May(kMayReadBoard)) OPS_CHECK(AddClauses());
        return std::move(tasks_);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    Result<void> AddDuties() {
        OPS_TRY(const auto pressing, surroundings_.duties.Pressing(context_.now));
        std::vector<DutyLine> lines;
        for (const auto& group : pressing->groups) {
            if (!context_.principal().HoldsAnywhere(group.duty->owner)) continue;
            DutyLine overdue{group.duty, true};
            DutyLine due{group.duty, false};
            for (const auto& round : group.rounds) {
                if (!context_.principal().Holds(group.duty->owner, round.unit_id)) continue;
                (round.due_at <= context_.now ? overdue : due).rounds.push_back(round);
            }
            if (!overdue.rounds.empty()) lines.push_back(std::move(overdue));
            if (!due.rounds.empty()) lines.push_back(std::move(due));
        }
        std::ranges::stable_sort(lines, {}, [](const DutyLine& line) { return line.rounds.front().due_at; });
        for (const DutyLine& line : lines) {
            OPS_TRY(Task task, TaskOf(line));
            tasks_.push_back(std::move(task));
        }
        return Ok();
    }

    /// "6.1.1, 6.1.2, 6.1.3…"
    std::string ClausesOf(const procedure::Duty& duty) const {
        constexpr std::size_t kShown = 3;
        const auto end = duty.clause_ids.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, duty.clause_ids.size()));
        const std::string shown = Join(std::vector<std::string>(duty.clause_ids.begin(), end), Say("、", ", "));
        return duty.clause_ids.size() > kShown ? shown + "…" : shown;
    }

    Result<Task> TaskOf(const DutyLine& line) {
        const auto& first = line.rounds.front();
        Task task;
        task.title = line.duty->title.In(context_.language);
        task.due_at = first.due_at;
        task.tone = line.is_overdue ? web::Tone::kNotMet : web::Tone::kAttention;
        if (line.rounds.size() == 1) {
            OPS_TRY(const auto tree, surroundings_.units.Tree({first.unit_id}, context_.now));
            task.href = DutyPath(first.id);
            task.detail = fmt::format(fmt::runtime(Say("{}・條文 {}", "{} · clause {}")), tree->Name(first.unit_id), ClausesOf(*line.duty));
        } else {
            task.href = fmt::format("/duties?state={}&duty={}", line.is_overdue ? "overdue" : "due", net::PercentEncode(line.duty->id));
            task.detail = fmt::format(fmt::runtime(Say("{} 項・條文 {}", "{} to do · clause {}")), line.rounds.size(), ClausesOf(*line.duty));
        }
        return task;
    }

    Result<void> AddRequests() {
        if (!context_.principal().May(kMayDecide)) return Ok();
        OPS_TRY(const auto exemptions, surroundings_.procedure().Exemptions());
        const auto pack = surroundings_.procedure().pack();
        for (const auto& exemption : exemptions) {
            if (!MayDecide(context_, exemption)) continue;
            const auto* clause = pack->FindClause(exemption.clause_id);
            Task task;
            task.title = fmt::format(fmt::runtime(Say("核定不適用申請：{} {}", "Decide: {} {} does not apply")), exemption.clause_id,
                                     clause == nullptr ? std::string() : clause->title.In(context_.language));
            task.detail = fmt::format(fmt::runtime(Say("{} 申請：{}", "asked for by {}: {}")), exemption.requested_by_name,
                                      Shorten(exemption.reason, 60));
            task.href = fmt::format("/approvals#request-{}", exemption.id);
            task.tone = web::Tone::kAttention;
            tasks_.push_back(std::move(task));
        }
        return Ok();
    }

    /// Clauses whose owner this person is where something was found; a duty that is late is a task already.
    Result<void> AddClauses() {
        constexpr std::size_t kMaxClauses = 10;
        OPS_TRY(const auto board,
                surroundings_.boards.For(context_.principal().UnitsFor(kMayReadBoard), std::nullopt, context_.now));
        const auto unmet = surroundings_.boards.UnmetOf(board);
        std::size_t shown = 0;
        for (std::size_t i = 0; i < board->clauses.size() && shown < kMaxClauses; ++i) {
            const auto& clause = board->clauses[i];
            if (clause.state != procedure::State::kNotMet || !context_.principal().HoldsAnywhere(clause.clause->owner)) continue;
            std::size_t findings = 0;
            for (const auto& [unit_id, count] : (*unmet)[i]) {
                if (context_.principal().Holds(clause.clause->owner, unit_id)) findings += count;
            }
            if (findings == 0) continue;
            ++shown;
            Task task;
            task.title = fmt::format("{} {}", clause.clause->id, clause.clause->title.In(context_.language));
            task.detail = Shorten(clause.why.In(context_.language), 120);
            task.href = ClausePath(clause.clause->id);
            task.tone = web::Tone::kNotMet;
            tasks_.push_back(std::move(task));
        }
        return Ok();
    }

    const web::RequestContext& context_;
    Surroundings& surroundings_;
    std::vector<Task> tasks_;
};

}  // namespace

Result<std::vector<Task>> TasksOf(const web::RequestContext& context, Surroundings& surroundings) {
    return Tasks(context, surroundings).Collect();
}

Result<std::vector<platform::SearchHit>> Search(const web::RequestContext& context, const Surroundings& surroundings,
                                                std::string_view query, int limit) {
    query = Trim(query);
    std::vector<platform::SearchHit> hits;
    const auto is_full = [&] { return hits.size() >= static_cast<std::size_t>(std::max(limit, 0)); };
    if (query.empty()) return hits;
    const auto pack = surroundings.procedure().pack();
    const auto add_clauses = [&](const auto& fits) {
        for (const auto& clause : pack->clauses) {
            if (is_full() || !fits(clause)) continue;
            hits.push_back({fmt::format("{} {}", clause.id, clause.title.In(context.language)), clause.text.In(context.language),
                            ClausePath(clause.id), "book"});
        }
    };
    const auto in_either = [&](const Text& text) { return ContainsText(text.zh, query) || ContainsText(text.en, query); };
    const auto in_head = [&](const procedure::Clause& clause) { return clause.id.starts_with(query) || in_either(clause.title); };
    if (context.principal().May(kMayReadBoard)) {
        add_clauses(in_head);
        add_clauses([&](const procedure::Clause& clause) { return !in_head(clause) && in_either(clause.text); });
    }
    if (context.principal().May(kMayReadDuties)) {
        for (const auto& duty : pack->duties) {
            if (is_full() || !in_either(duty.title)) continue;
            hits.push_back({duty.title.In(context.language), std::string(procedure::CycleTitle(duty.cycle).In(context.language)),
                            "/duties?duty=" + net::PercentEncode(duty.id), "clipboard-check"});
        }
    }
    return hits;
}

}  // namespace opsteward::console::compliance
