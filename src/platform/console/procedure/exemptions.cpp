#include "platform/console/procedure/exemptions.hpp"

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/text.hpp"

namespace opsteward::console::compliance {

using procedure::Exemption;

ExemptionState StateOf(const Exemption& exemption, Instant now) {
    if (exemption.is_withdrawn) return ExemptionState::kWithdrawn;
    const bool is_over = now >= StartOfDay(exemption.ends) + std::chrono::days(1);
    if (!exemption.decided_at) return is_over ? ExemptionState::kEnded : ExemptionState::kWaiting;
    if (!exemption.is_approved) return ExemptionState::kRejected;
    return is_over ? ExemptionState::kEnded : ExemptionState::kInForce;
}

std::string_view ExemptionStateKey(ExemptionState state) {
    switch (state) {
        case ExemptionState::kWaiting: return "waiting";
        case ExemptionState::kInForce: return "in_force";
        case ExemptionState::kEnded: return "ended";
        case ExemptionState::kRejected: return "rejected";
        case ExemptionState::kWithdrawn: break;
    }
    return "withdrawn";
}

Phrase ExemptionStateTitle(ExemptionState state) {
    switch (state) {
        case ExemptionState::kWaiting: return {"待核定", "Waiting"};
        case ExemptionState::kInForce: return {"有效", "In force"};
        case ExemptionState::kEnded: return {"已到期", "Ended"};
        case ExemptionState::kRejected: return {"未核准", "Not approved"};
        case ExemptionState::kWithdrawn: break;
    }
    return {"已撤回", "Withdrawn"};
}

web::Tone ToneOf(ExemptionState state) {
    switch (state) {
        case ExemptionState::kWaiting: return web::Tone::kAttention;
        case ExemptionState::kInForce: return web::Tone::kNotApplicable;
        case ExemptionState::kEnded:
        case ExemptionState::kRejected:
        case ExemptionState::kWithdrawn: break;
    }
    return web::Tone::kNeutral;
}

Result<std::vector<Exemption>> VisibleExemptions(const web::RequestContext& context, const Surroundings& surroundings,
                                                 std::string_view clause_id) {
    OPS_TRY(auto exemptions, surroundings.procedure().Exemptions(clause_id));
    std::erase_if(exemptions, [&](const Exemption& one) { return !context.principal().May(kMayReadBoard, one.unit_id); });
    return exemptions;
}

Result<Exemption> ExemptionOf(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_TRY(auto exemptions, VisibleExemptions(context, surroundings, {}));
    const auto found = std::ranges::find(exemptions, id, &Exemption::id);
    if (found == exemptions.end()) return Error::Of(ErrorCode::kNotFound, "沒有這項申請，或您無權檢視。", "There is no such request, or you may not see it.");
    return std::move(*found);
}

bool MayDecide(const web::RequestContext& context, const Exemption& exemption) {
    return StateOf(exemption, context.now) == ExemptionState::kWaiting && exemption.requested_by != context.principal().user_id() &&
           context.principal().May(kMayDecide, exemption.unit_id);
}

bool MayWithdraw(const web::RequestContext& context, const Exemption& exemption) {
    const ExemptionState state = StateOf(exemption, context.now);
    const bool is_own = exemption.requested_by == context.principal().user_id();
    if (state == ExemptionState::kWaiting) return is_own;
    return state == ExemptionState::kInForce && (is_own || context.principal().May(kMayDecide, exemption.unit_id));
}

Result<std::int64_t> RequestExemption(const web::RequestContext& context, Surroundings& surroundings, const ExemptionWish& wish) {
    OPS_CHECK(context.RequireIn(kMayRequest, wish.unit_id));
    OPS_TRY(const Date ends, ParseDate(Trim(wish.ends)));
    OPS_TRY(const auto others, surroundings.procedure().Exemptions(wish.clause_id));
    for (const Exemption& other : others) {
        const ExemptionState state = StateOf(other, context.now);
        if (other.unit_id != wish.unit_id || (state != ExemptionState::kWaiting && state != ExemptionState::kInForce)) continue;
        return Error::Of(ErrorCode::kConflict, "這個單位的這條條文已有待核定或有效的申請，資料未變更。",
                         "A request for this clause and unit waits or is in force already. Nothing was changed.");
    }
    OPS_TRY(const std::int64_t id,
            surroundings.procedure().RequestExemption(context.actor(), wish.clause_id, wish.unit_id, wish.reason, ends));
    surroundings.Changed();
    return id;
}

Result<void> DecideExemption(const web::RequestContext& context, Surroundings& surroundings, const Exemption& exemption, bool approve) {
    OPS_CHECK(context.RequireIn(kMayDecide, exemption.unit_id));
    OPS_CHECK(surroundings.procedure().DecideExemption(context.actor(), exemption.id, approve));
    surroundings.Changed();
    return Ok();
}

Result<void> WithdrawExemption(const web::RequestContext& context, Surroundings& surroundings, const Exemption& exemption) {
    const ExemptionState state = StateOf(exemption, context.now);
    if (state != ExemptionState::kWaiting && state != ExemptionState::kInForce) {
        return Error::Of(ErrorCode::kConflict, "這項申請已不在待核定或有效的狀態，無法撤回。",
                         "The request neither waits nor is in force, so there is nothing to withdraw.");
    }
    if (!MayWithdraw(context, exemption)) {
        return Error::Of(ErrorCode::kForbidden, "待核定的申請由申請人撤回，有效的由申請人或有權核定的人撤回。",
                         "A request that waits is withdrawn by who asked, one in force by them or by those who may decide.");
    }
    OPS_CHECK(surroundings.procedure().WithdrawExemption(context.actor(), exemption.id));
    surroundings.Changed();
    return Ok();
}

}  // namespace opsteward::console::compliance
