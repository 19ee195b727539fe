#include <fmt/format.h>

#include "base/text.hpp"
#include "features/inventory/actions.hpp"
#include "features/inventory/http_api.hpp"
#include "features/inventory/api_input.hpp"
#include "features/inventory/api_json.hpp"
#include "features/inventory/findings.hpp"
#include "features/inventory/page_parts.hpp"

namespace opsteward::inventory {
namespace {

Result<DeviceFilter> FilterOf(const web::RequestContext& context) {
    DeviceFilter filter;
    filter.units = context.principal().UnitsFor(kMayRead);
    filter.text = Trim(context.request.query.Get("text"));
    OPS_TRY(filter.unit_id, NumberParameter(context, "unit"));
    OPS_TRY(filter.kind, WordParameter<std::optional<DeviceKind>>(context, "kind",
                                                                  {{"server", DeviceKind::kServer},
                                                                   {"workstation", DeviceKind::kWorkstation},
                                                                   {"network", DeviceKind::kNetwork},
                                                                   {"firewall", DeviceKind::kFirewall}},
                                                                  std::nullopt));
    OPS_TRY(filter.state,
            WordParameter<DeviceState>(
                context, "state",
                {{"in_service", DeviceState::kInService}, {"retired", DeviceState::kRetired}, {"any", DeviceState::kAny}},
                DeviceState::kInService));
    OPS_TRY(filter.is_without_owner, WordParameter<bool>(context, "owner", {{"none", true}}, false));
    OPS_TRY(filter.limit, LimitOf(context));
    OPS_TRY(const auto after, NumberParameter(context, "after"));
    filter.after_id = after.value_or(0);
    filter.order = DeviceOrder::kId;
    return filter;
}

Result<net::Response> List(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(DeviceFilter filter, FilterOf(context));
    const auto limit = static_cast<std::size_t>(filter.limit);
    ++filter.limit;  // one more tells whether there are more
    OPS_TRY(const DevicePage page,
            surroundings.database.Read<DevicePage>([&](db::Session& session) { return ListDevices(session, filter); }));
    OPS_TRY(const auto findings, CountFindings(surroundings.procedure, filter.units));
    json::array items;
    for (std::size_t i = 0; i < page.devices.size() && i < limit; ++i) {
        const auto found = findings.find(page.devices[i].device.id);
        items.push_back(SummaryAnswer(page.devices[i], found == findings.end() ? 0 : found->second));
    }
    const bool has_more = page.devices.size() > limit;
    const json::value next = has_more ? json::value(page.devices[limit - 1].device.id) : json::value(nullptr);
    return web::JsonResponse(json::object{{"items", std::move(items)}, {"next", next}});
}

Result<net::Response> AnswerDevice(const Surroundings& surroundings, std::int64_t id, int status) {
    OPS_TRY(const Device device,
            surroundings.database.Read<Device>([&](db::Session& session) { return FindDevice(session, id); }));
    net::Response response = web::JsonResponse(DeviceAnswer(device), status);
    if (status == 201) response.headers.Set("Location", fmt::format("/api/v1/devices/{}", id));
    return response;
}

Result<Device> ReadDevice(const web::RequestContext& context, const Surroundings& surroundings, std::string_view permission) {
    return surroundings.database.Read<Device>([&](db::Session& session) { return DeviceOf(context, session, permission); });
}

Result<net::Response> Add(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const json::object body, context.JsonBody());
    Device device;
    OPS_CHECK(ReadDeviceFields(body, true, context.now, device));
    OPS_CHECK(context.RequireIn(kMayManage, device.unit_id));
    OPS_TRY(const std::int64_t id, CreateDevice(surroundings, context.actor(), device, context.now));
    return AnswerDevice(surroundings, id, 201);
}

Result<net::Response> Show(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const Device device, ReadDevice(context, surroundings, kMayRead));
    return web::JsonResponse(DeviceAnswer(device));
}

Result<net::Response> Change(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(Device device, ReadDevice(context, surroundings, kMayManage));
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_CHECK(ReadDeviceFields(body, false, context.now, device));
    OPS_CHECK(context.RequireIn(kMayManage, device.unit_id));
    OPS_CHECK(SaveDevice(surroundings, context.actor(), device, context.now));
    return AnswerDevice(surroundings, device.id, 200);
}

Result<net::Response> Observe(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const Device device, ReadDevice(context, surroundings, kMayManage));
    OPS_TRY(const std::int64_t job, ObserveNow(surroundings, context.actor(), device, context.now));
    return web::JsonResponse(json::object{{"job", json::object{{"id", job}}}}, 202);
}

constexpr std::string_view kDeviceRef = R"({"$ref":"#/components/schemas/Device"})";
constexpr std::string_view kPage = R"({
    "type": "object", "additionalProperties": false, "required": ["items", "next"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/DeviceSummary"}},
                   "next": {"type": ["integer", "null"], "description": "Give it as `after` for what follows; null: that was all"}}})";

web::ApiDoc ListDoc() {
    return {.summary = "Devices of the register, by id",
            .response_schema = kPage,
            .query = {{"text", "In name, address, notes or the owner's name, without regard to ASCII case"},
                      {"unit", "Id of a unit", R"({"type":"integer"})"},
                      {"kind", "Kind of device", R"({"enum":["server","workstation","network","firewall"]})"},
                      {"state", "In service by default", R"({"enum":["in_service","retired","any"]})"},
                      {"owner", "Only devices nobody is named for", R"({"enum":["none"]})"},
                      {"after", "The `next` of the answer before", R"({"type":"integer"})"},
                      {"limit", "100 by default", R"({"type":"integer","minimum":1,"maximum":1000})"}}};
}

}  // namespace

std::vector<web::Route> DeviceApiRoutes(std::shared_ptr<const Surroundings> surroundings) {
    const auto bind = [&](auto* function) {
        return [function, surroundings](const web::RequestContext& context) { return function(context, *surroundings); };
    };
    return {{net::Method::kGet, "/api/v1/devices", kMayRead, bind(List), ListDoc()},
            {net::Method::kPost, "/api/v1/devices", kMayManage, bind(Add),
             web::ApiDoc{.summary = "Add a device to the register",
                         .request_schema = R"({"$ref":"#/components/schemas/NewDevice"})",
                         .response_schema = kDeviceRef,
                         .success_status = 201}},
            {net::Method::kGet, "/api/v1/devices/{id}", kMayRead, bind(Show),
             web::ApiDoc{.summary = "One device", .response_schema = kDeviceRef}},
            {net::Method::kPatch, "/api/v1/devices/{id}", kMayManage, bind(Change),
             web::ApiDoc{.summary = "Change a device, also retire it",
                         .request_schema = R"({"$ref":"#/components/schemas/DeviceChange"})",
                         .response_schema = kDeviceRef}},
            {net::Method::kPost, "/api/v1/devices/{id}/observe", kMayManage, bind(Observe),
             web::ApiDoc{.summary = "Observe a device now; gives the job that does it",
                         .response_schema = R"({"$ref":"#/components/schemas/QueuedJob"})",
                         .success_status = 202}}};
}

}  // namespace opsteward::inventory
