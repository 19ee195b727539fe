#include "features/inventory/device_page.hpp"

#include "features/inventory/actions.hpp"

namespace opsteward::inventory {
namespace {

Result<net::Response> PostObserve(const web::RequestContext& context, const Surroundings& surroundings) {
    OPS_TRY(const Device device,
            surroundings.database.Read<Device>([&](db::Session& session) { return DeviceOf(context, session, kMayManage); }));
    OPS_CHECK(ObserveNow(surroundings, context.actor(), device, context.now));
    return context.RedirectWithNotice(
        ReturnTo(context, device.id),
        {"已排入觀測，完成後本頁會自動更新。", "The observation is queued; this page renews itself when it is done."});
}

}  // namespace

std::vector<web::Route> DeviceRoutes(std::shared_ptr<const Surroundings> surroundings) {
    return {{net::Method::kGet, "/devices/{id}", kMayRead,
             [surroundings](const web::RequestContext& context) {
                 const bool is_topic = !context.request.query.Get("topic").empty();
                 return is_topic ? FactsPage(context, *surroundings) : OverviewPage(context, *surroundings);
             }},
            {net::Method::kPost, "/devices/{id}/observe", kMayManage,
             [surroundings](const web::RequestContext& context) { return PostObserve(context, *surroundings); }}};
}

}  // namespace opsteward::inventory
