// What the pages of the inventory share: addresses, values as people read them, the head of a device's pages.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "features/inventory/device_store.hpp"
#include "features/inventory/fact_store.hpp"
#include "features/inventory/surroundings.hpp"
#include "features/inventory/topic.hpp"
#include "html/markup.hpp"
#include "net/http_message.hpp"
#include "platform/web/address.hpp"
#include "platform/web/components.hpp"
#include "platform/web/request_context.hpp"
#include "platform/web/table.hpp"

namespace opsteward::inventory {

using web::Address;

/// The number of the page asked for, from 1; `pages` of `total` rows.
struct Paging {
    int page = 1;
    int pages = 1;
    int offset = 0;
};
Paging PagingFor(const net::Request& request, std::int64_t total, int per_page);
/// The page number as asked for, before it is known how many there are.
int PageNumber(const net::Request& request);

/// A column heading that sorts by `key` (fields "sort" and "dir" of the address).
web::Column SortableColumn(std::string title, std::string_view key, const Address& address, const net::Request& request,
                           web::Align align = web::Align::kStart);

/// A cell of a topic's table; `row` gives the neighbours that a value needs to be read (the unit of a capacity).
html::Markup ValueMarkup(const Topic& topic, std::size_t column, const db::Row& row, Language language);
/// The same for a file.
std::string ValueText(const Topic& topic, std::size_t column, const db::Row& row, Language language);
web::Align AlignOf(const Column& column);
/// "unapproved", "to_decide"; anything else means any.
ApprovalFilter ApprovalFilterOf(std::string_view key);

/// "/devices/7"
std::string DevicePath(std::int64_t id);
/// Where the rows of the topic stand that wait for a decision.
std::string ToDecidePath(std::int64_t device_id, const Topic& topic);
/// A field "return_to" when it leads to one of this device's pages, else the device's own page.
std::string ReturnTo(const web::RequestContext& context, std::int64_t device_id);

enum class DeviceTab { kOverview, kFacts, kChanges, kApprovals };
html::Markup DeviceTabs(const Device& device, DeviceTab current, Language language);
std::vector<web::Crumb> DeviceCrumbs(const web::RequestContext& context, const Device* device);

/// The device of the path. kNotFound also when the reader may not see it, so that nobody learns what other units have; kForbidden
/// when only `permission` is missing.
Result<Device> DeviceOf(const web::RequestContext& context, db::Session& session, std::string_view permission = kMayRead);

/// "檔案系統 /var"
std::string ResourceText(std::string_view resource, std::string_view subject, Language language);
/// What to do about rows that wait for a decision.
Phrase DecisionAdvice(Approval kind);
web::Tone ToneOfUse(double ratio);
web::Tone ToneOfChange(ChangeKind kind);
/// Rough length of time: "12 天 3 小時".
std::string Duration(Instant from, Instant until, Language language);

struct UnitChoice {
    std::int64_t id = 0;
    std::string path;  ///< "民政局 / 殯葬管理處"
};
/// Units in use among `units`, by path.
Result<std::vector<UnitChoice>> UnitChoices(db::Session& session, const std::set<std::int64_t>& units);

}  // namespace opsteward::inventory
