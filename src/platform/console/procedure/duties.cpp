#include "platform/console/procedure/duties.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "platform/console/procedure/words.hpp"

namespace opsteward::console::compliance {

using procedure::Duty;
using procedure::DutyRound;

RoundState StateOf(const DutyRound& round, const Duty* duty, Instant now) {
    if (round.done_at) return RoundState::kDone;
    if (round.due_at <= now) return RoundState::kOverdue;
    const auto lead = duty == nullptr ? std::chrono::milliseconds(0) : duty->lead;
    return now >= round.due_at - lead ? RoundState::kDue : RoundState::kComing;
}

std::string_view RoundStateKey(RoundState state) {
    switch (state) {
        case RoundState::kOverdue: return "overdue";
        case RoundState::kDue: return "due";
        case RoundState::kComing: return "coming";
        case RoundState::kDone: break;
    }
    return "done";
}

Phrase RoundStateTitle(RoundState state) {
    switch (state) {
        case RoundState::kOverdue: return {"逾期", "Overdue"};
        case RoundState::kDue: return {"待完成", "Due"};
        case RoundState::kComing: return {"未到期", "Coming"};
        case RoundState::kDone: break;
    }
    return {"已完成", "Done"};
}

web::Tone ToneOf(RoundState state) {
    switch (state) {
        case RoundState::kOverdue: return web::Tone::kNotMet;
        case RoundState::kDue: return web::Tone::kAttention;
        case RoundState::kComing: return web::Tone::kNeutral;
        case RoundState::kDone: break;
    }
    return web::Tone::kMet;
}

std::string DutyTitle(const Duty* duty, const DutyRound& round, Language language) {
    return duty == nullptr ? round.duty_id : duty->title.In(language);
}

bool IsIndependent(identity::Role role) { return role == identity::Role::kChecker || role == identity::Role::kAuditor; }

bool MayComplete(const identity::Principal& principal, const Duty& duty, std::int64_t unit_id) {
    if (principal.Holds(duty.owner, unit_id)) return true;
    return !IsIndependent(duty.owner) && principal.Holds(identity::Role::kAdministrator, unit_id);
}

Result<DutyRound> RoundOf(const web::RequestContext& context, const Surroundings& surroundings, std::string_view permission) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_TRY(DutyRound round, surroundings.procedure().FindDuty(id));
    OPS_CHECK(context.RequireIn(permission, round.unit_id));
    return round;
}

namespace {

bool SharesAClause(const Duty& a, const Duty& b) {
    return std::ranges::any_of(a.clause_ids, [&](const std::string& id) { return std::ranges::find(b.clause_ids, id) != b.clause_ids.end(); });
}

/// Where one duty checks what comes of another of the same clause, two people do them.
Result<void> RequireAnotherPerson(const web::RequestContext& context, const Surroundings& surroundings, const procedure::Pack& pack,
                                  const Duty& duty, const DutyRound& round) {
    OPS_TRY(const auto rounds, surroundings.procedure().Duties(StartOfDay(round.period_start), round.due_at + std::chrono::milliseconds(1),
                                                               {round.unit_id}));
    for (const DutyRound& other : rounds) {
        if (!other.done_at || other.done_by != context.actor().name) continue;
        const Duty* counterpart = FindDuty(pack, other.duty_id);
        if (counterpart == nullptr || IsIndependent(counterpart->owner) == IsIndependent(duty.owner)) continue;
        if (!SharesAClause(duty, *counterpart)) continue;
        return Error::Of(ErrorCode::kConflict,
                         fmt::format("您已完成「{}」，這一項須由另一人完成，資料未變更。", counterpart->title.zh),
                         fmt::format("You did \"{}\" already; this part has to be done by another person. Nothing was changed.", counterpart->title.en));
    }
    return Ok();
}

Error NotTheOwner(const procedure::Pack& pack, const Duty& duty) {
    return Error::Of(ErrorCode::kForbidden,
                     fmt::format("這項工作由{}完成，您在這個單位沒有擔任這個角色，資料未變更。", RoleName(pack, duty.owner, Language::kZhHant)),
                     fmt::format("This is done by the role \"{}\", which you do not hold in this unit. Nothing was changed.",
                                 RoleName(pack, duty.owner, Language::kEnglish)));
}

}  // namespace

Result<void> CompleteDuty(const web::RequestContext& context, Surroundings& surroundings, const DutyRound& round, std::string_view note) {
    OPS_CHECK(context.RequireIn(kMayComplete, round.unit_id));
    const auto pack = surroundings.procedure().pack();
    const Duty* duty = FindDuty(*pack, round.duty_id);
    if (duty == nullptr) {
        return Error::Of(ErrorCode::kConflict, "程序書已經不要求這項工作，資料未變更。",
                         "The procedure does not ask for this any more. Nothing was changed.");
    }
    if (!MayComplete(context.principal(), *duty, round.unit_id)) return NotTheOwner(*pack, *duty);
    if (StartOfDay(round.period_start) > context.now) {
        return Error::Of(ErrorCode::kConflict, "這一期還沒開始，資料未變更。", "This period has not begun. Nothing was changed.");
    }
    OPS_CHECK(RequireAnotherPerson(context, surroundings, *pack, *duty, round));
    OPS_CHECK(surroundings.procedure().CompleteDuty(context.actor(), round.id, note));
    surroundings.Changed();
    return Ok();
}

}  // namespace opsteward::console::compliance
