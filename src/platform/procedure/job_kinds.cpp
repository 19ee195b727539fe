#include "platform/procedure/job_kinds.hpp"

namespace opsteward::procedure {

std::vector<jobs::JobKind> JobKinds(Procedure& procedure) {
    jobs::JobKind evaluate;
    evaluate.key = kEvaluate;
    evaluate.title = {"判定條文狀態", "Judge the clauses"};
    evaluate.schedule = "every 60s";
    evaluate.keep = std::chrono::days(1);
    evaluate.handler = [&procedure](jobs::JobContext& context) { return procedure.Evaluate(context); };

    jobs::JobKind plan;
    plan.key = kPlanDuties;
    plan.title = {"排定例行工作", "Plan the duties"};
    // Several times a day, so that a new period begins soon after midnight and the first rounds are there at the first start.
    plan.schedule = "every 6h";
    plan.handler = [&procedure](jobs::JobContext& context) { return procedure.PlanDuties(context); };
    return {std::move(evaluate), std::move(plan)};
}

}  // namespace opsteward::procedure
