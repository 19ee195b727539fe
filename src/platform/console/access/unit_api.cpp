// Units for programs.
#include "platform/console/access/authority.hpp"
#include "platform/console/access/json_form.hpp"
#include "platform/console/access/permissions.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/web/json_fields.hpp"

namespace opsteward::console {

using identity::Unit;
using web::RequestContext;

namespace {

Result<net::Response> ListUnits(const RequestContext& context, const Services& services) {
    OPS_TRY(const auto units, services.identity.Units());
    json::array items;
    for (const Unit& unit : units) {
        if (context.principal().May(kReadUnits, unit.id)) items.push_back(UnitJson(unit));
    }
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

Result<net::Response> GetUnit(const RequestContext& context, const Services& services) {
    OPS_TRY(const Unit unit, UnitOfPath(context, services, kReadUnits));
    return web::JsonResponse(UnitJson(unit));
}

Result<net::Response> CreateUnit(const RequestContext& context, const Services& services) {
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_CHECK(web::OnlyFields(body, {"parent_id", "name"}));
    OPS_TRY(const std::int64_t parent_id, web::RequiredInt(body, "parent_id"));
    OPS_TRY(const std::string name, web::RequiredString(body, "name"));
    OPS_CHECK(context.RequireIn(kManageUnits, parent_id));
    OPS_TRY(const std::int64_t id, services.identity.CreateUnit(context.actor(), parent_id, name));
    OPS_TRY(const auto units, services.identity.Units());
    for (const Unit& unit : units) {
        if (unit.id == id) return web::JsonResponse(UnitJson(unit), 201);
    }
    return Error::Of(ErrorCode::kConflict, "單位在新增後隨即被移除。", "The unit was removed as soon as it was made.");
}

Result<net::Response> PatchUnit(const RequestContext& context, const Services& services) {
    OPS_TRY(const Unit before, UnitOfPath(context, services, kManageUnits));
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_CHECK(web::OnlyFields(body, {"parent_id", "name", "is_active"}));
    Unit after = before;
    if (body.contains("name")) {
        OPS_TRY(after.name, web::RequiredString(body, "name"));
    }
    if (body.contains("parent_id")) {
        OPS_TRY(after.parent_id, web::RequiredInt(body, "parent_id"));
    }
    if (body.contains("is_active")) {
        OPS_TRY(after.is_active, RequiredBool(body, "is_active"));
    }
    OPS_CHECK(SaveUnit(context, services, before, after));
    OPS_TRY(const Unit changed, UnitOfPath(context, services, kReadUnits));
    return web::JsonResponse(UnitJson(changed));
}

constexpr std::string_view kUnit = R"({"$ref":"#/components/schemas/Unit"})";

}  // namespace

std::vector<web::Route> UnitApiRoutes(std::shared_ptr<const Services> services) {
    using enum net::Method;
    return RouteList(std::move(services))
        .Api(kGet, "/api/v1/units", kReadUnits, ListUnits,
             {.summary = "Units, parents before children",
              .response_schema = R"({"$ref":"#/components/schemas/UnitList"})"})
        .Api(kPost, "/api/v1/units", kManageUnits, CreateUnit,
             {.summary = "Add a unit",
              .request_schema = R"({"$ref":"#/components/schemas/NewUnit"})",
              .response_schema = kUnit,
              .success_status = 201})
        .Api(kGet, "/api/v1/units/{id}", kReadUnits, GetUnit, {.summary = "One unit", .response_schema = kUnit})
        .Api(kPatch, "/api/v1/units/{id}", kManageUnits, PatchUnit,
             {.summary = "Rename, move, close or open a unit",
              .request_schema = R"({"$ref":"#/components/schemas/UnitChange"})",
              .response_schema = kUnit})
        .Take();
}

}  // namespace opsteward::console
