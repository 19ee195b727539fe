#include <fmt/format.h>

#include <limits>

#include "base/text.hpp"
#include "platform/console/procedure/api.hpp"
#include "platform/console/procedure/api_json.hpp"
#include "platform/console/procedure/words.hpp"
#include "platform/web/compressed.hpp"
#include "platform/web/request_rules.hpp"

namespace opsteward::console::compliance {

using web::TextJson;
using web::TimeJson;

namespace {

/// RFC 3339 or a day (its end in Taipei), as pages take it; kInvalidInput names the parameter.
Result<std::optional<Instant>> AsOfParameter(const web::RequestContext& context) { return ParseAsOf(context.request.query.Get("as_of"), context.now); }

Result<std::size_t> MaxFindings(const web::RequestContext& context) {
    const std::string_view text = context.request.query.Get("findings");
    if (text.empty()) return std::numeric_limits<std::size_t>::max();
    const auto number = ParseInt(text);
    if (!number || *number < 0) {
        return Error::Of(ErrorCode::kInvalidInput, "參數 findings 必須是不小於 0 的整數。", "The parameter findings has to be an integer of at least 0.");
    }
    return static_cast<std::size_t>(*number);
}

Result<std::optional<procedure::State>> StateParameter(const web::RequestContext& context) {
    const std::string_view text = context.request.query.Get("state");
    if (text.empty()) return std::optional<procedure::State>();
    const auto state = ParseState(text);
    if (!state) return Error::Of(ErrorCode::kInvalidInput, "參數 state 的值不認得。", "The value of the parameter state is not known.");
    return state;
}

Result<net::Response> ListClauses(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const auto as_of, AsOfParameter(context));
    OPS_TRY(const auto state, StateParameter(context));
    OPS_TRY(const std::size_t max_findings, MaxFindings(context));
    OPS_TRY(const auto units, ChosenUnits(context, surroundings.units, kMayReadBoard, context.request.query.Get("unit")));
    OPS_TRY(const auto board, surroundings.boards.For(units, as_of, context.now));
    const bool is_gzip = web::AcceptsGzip(context.request);
    const std::string key =
        fmt::format("api {} {} {}", state ? procedure::StateKey(*state) : std::string_view("all"), max_findings, is_gzip ? "gzip" : "plain");
    OPS_TRY(auto bytes, surroundings.fragments.Get(board, key, context.now, [&]() -> Result<std::string> {
        OPS_TRY(const auto tree, surroundings.units.Tree(units, context.now));
        json::array items;
        for (const auto& clause : board->clauses) {
            if (!state || clause.state == *state) items.push_back(ClauseJson(*board->pack, *tree, clause, max_findings));
        }
        std::string text = json::serialize(json::object{{"as_of", TimeJson(board->as_of)}, {"items", std::move(items)}});
        return is_gzip ? web::Gzip(text) : std::move(text);
    }));
    return web::SharedJson(std::move(bytes), is_gzip);
}

json::object CheckJson(const procedure::Check& check) {
    json::object parameters;
    for (const auto& [name, value] : check.parameters) {
        std::visit([&, &key = name](const auto& exact) { parameters[key] = exact; }, value);
    }
    return {{"id", check.id},
            {"title", TextJson(check.title)},
            {"topics", json::array(check.topics.begin(), check.topics.end())},
            {"parameters", std::move(parameters)},
            {"population", check.population},
            {"sql", check.sql},
            {"place", fmt::format("{}:{}", check.sql_place.file, check.sql_place.line)}};
}

json::object DutyJson(const procedure::Pack& pack, const procedure::Duty& duty) {
    return {{"id", duty.id},
            {"title", TextJson(duty.title)},
            {"instructions", TextJson(duty.instructions)},
            {"cycle", procedure::CycleKey(duty.cycle)},
            {"owner", RoleJson(pack, duty.owner)},
            {"scope", duty.is_per_unit ? "unit" : "bureau"}};
}

/// The clause of the path on the board that the query asks for.
struct Chosen {
    BoardPointer board;
    const procedure::ClauseState* state = nullptr;
    std::set<std::int64_t> units;
    std::shared_ptr<const UnitTree> tree;
};

Result<Chosen> ChosenClause(const web::RequestContext& context, Surroundings& surroundings) {
    Chosen chosen;
    OPS_TRY(const auto as_of, AsOfParameter(context));
    OPS_TRY(chosen.units, ChosenUnits(context, surroundings.units, kMayReadBoard, context.request.query.Get("unit")));
    OPS_TRY(chosen.tree, surroundings.units.Tree(chosen.units, context.now));
    OPS_TRY(chosen.board, surroundings.boards.For(chosen.units, as_of, context.now));
    for (const auto& state : chosen.board->clauses) {
        if (state.clause->id == context.Parameter("id")) chosen.state = &state;
    }
    if (chosen.state == nullptr) return Error::Of(ErrorCode::kNotFound, "程序書沒有這條條文。", "The procedure has no such clause.");
    return chosen;
}

Result<net::Response> ShowClause(const web::RequestContext& context, Surroundings& surroundings) {
    OPS_TRY(const std::size_t max_findings, MaxFindings(context));
    OPS_TRY(const Chosen chosen, ChosenClause(context, surroundings));
    const procedure::Pack& pack = *chosen.board->pack;
    const procedure::Clause& clause = *chosen.state->clause;
    json::array checks;
    for (const auto& check : pack.checks) {
        if (check.clause_id == clause.id) checks.push_back(CheckJson(check));
    }
    json::array duties;
    for (const auto& duty : pack.duties) {
        if (std::ranges::find(duty.clause_ids, clause.id) != duty.clause_ids.end()) duties.push_back(DutyJson(pack, duty));
    }
    json::value action = nullptr;
    if (clause.action) action = json::object{{"label", TextJson(clause.action->label)}, {"href", clause.action->href}};
    return web::JsonResponse(json::object{{"clause", ClauseJson(pack, *chosen.tree, *chosen.state, max_findings)},
                                          {"text", TextJson(clause.text)},
                                          {"missing", TextJson(clause.missing)},
                                          {"action", std::move(action)},
                                          {"checks", std::move(checks)},
                                          {"duties", std::move(duties)}});
}

Result<net::Response> ShowHistory(const web::RequestContext& context, Surroundings& surroundings) {
    constexpr int kMaxChanges = 1000;
    OPS_TRY(const Chosen chosen, ChosenClause(context, surroundings));
    OPS_TRY(const auto changes, surroundings.procedure().History(chosen.state->clause->id, chosen.units, kMaxChanges));
    json::array items;
    for (const auto& change : changes) {
        items.push_back(json::object{{"unit_id", change.unit_id},
                                     {"unit", chosen.tree->Name(change.unit_id)},
                                     {"from", procedure::StateKey(change.from)},
                                     {"to", procedure::StateKey(change.to)},
                                     {"why", TextJson(change.why)},
                                     {"at", TimeJson(change.at)}});
    }
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

}  // namespace

std::vector<web::Route> ClauseApiRoutes(const SharedSurroundings& surroundings) {
    const web::QueryParameter as_of = {"as_of", "The state at this time: RFC 3339, or a date, which means its end in Taipei"};
    const web::QueryParameter unit = {"unit", "Id of a unit: it and those below it", R"({"type":"integer"})"};
    const web::QueryParameter state = {"state", "Only clauses in this state", R"({"$ref":"#/components/schemas/State"})"};
    const web::QueryParameter findings = {"findings", "At most so many findings of each clause; all by default", R"({"type":"integer","minimum":0})"};
    return {
        {net::Method::kGet, "/api/v1/clauses", kMayReadBoard,
         [surroundings](const web::RequestContext& context) { return ListClauses(context, *surroundings); },
         web::ApiDoc{.summary = "Every clause with its state, why, and what was found",
                     .response_schema = R"({"$ref":"#/components/schemas/ClauseList"})",
                     .query = {as_of, unit, state, findings}}},
        {net::Method::kGet, "/api/v1/clauses/{id}", kMayReadBoard,
         [surroundings](const web::RequestContext& context) { return ShowClause(context, *surroundings); },
         web::ApiDoc{.summary = "A clause with its text, its state, its checks and its duties",
                     .response_schema = R"({"$ref":"#/components/schemas/ClauseDetail"})",
                     .query = {as_of, unit, findings}}},
        {net::Method::kGet, "/api/v1/clauses/{id}/history", kMayReadBoard,
         [surroundings](const web::RequestContext& context) { return ShowHistory(context, *surroundings); },
         web::ApiDoc{.summary = "The changes of a clause's state, newest first, at most 1000",
                     .response_schema = R"({"type":"object","required":["items"],"additionalProperties":false,"properties":{
                         "items":{"type":"array","items":{"$ref":"#/components/schemas/StateChange"}}}})",
                     .query = {unit}}},
    };
}

}  // namespace opsteward::console::compliance
