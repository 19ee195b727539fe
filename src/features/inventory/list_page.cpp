#include "features/inventory/list_page.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "features/inventory/findings.hpp"
#include "platform/web/csv.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::inventory {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

constexpr int kPerPage = 50;
constexpr int kMaxExported = 20'000;

struct OrderKey {
    std::string_view key;
    DeviceOrder order;
};
constexpr OrderKey kOrders[] = {{"name", DeviceOrder::kName},
                                {"kind", DeviceOrder::kKind},
                                {"unit", DeviceOrder::kUnit},
                                {"observed", DeviceOrder::kLastObserved}};

DeviceFilter FilterOf(const web::RequestContext& context) {
    const net::FormFields& query = context.request.query;
    DeviceFilter filter;
    filter.units = context.principal().UnitsFor(kMayRead);
    filter.text = Trim(query.Get("q"));
    filter.kind = ParseDeviceKind(query.Get("kind"));
    filter.unit_id = ParseInt(query.Get("unit"));
    if (query.Get("state") == "retired") filter.state = DeviceState::kRetired;
    if (query.Get("state") == "any") filter.state = DeviceState::kAny;
    filter.is_without_owner = query.Get("owner") == "none";
    for (const auto& [key, order] : kOrders) {
        if (query.Get("sort") == key) filter.order = order;
    }
    filter.is_descending = query.Get("dir") == "desc";
    filter.limit = kPerPage;
    filter.offset = (PageNumber(context.request) - 1) * kPerPage;
    return filter;
}

class ListPage {
  public:
    ListPage(const web::RequestContext& context, const Surroundings& surroundings)
        : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer() {
        DeviceFilter filter = FilterOf(context_);
        const bool is_export = context_.request.query.Get("format") == "csv";
        if (is_export) {
            filter.limit = kMaxExported;
            filter.offset = 0;
        }
        OPS_CHECK(surroundings_.database.ReadWith([&](db::Session& session) -> Result<void> {
            OPS_TRY(page_, ListDevices(session, filter));
            OPS_TRY(units_, UnitChoices(session, filter.units));
            OPS_TRY(ownerless_, CountWithoutOwner(session, context_.principal().UnitsFor(kMayManage)));
            return Ok();
        }));
        OPS_TRY(findings_, CountFindings(surroundings_.procedure, filter.units));
        if (is_export) return Export();

        web::Page page;
        page.title = context_.Say("設備", "Devices");
        page.actions = Actions();
        page.lead = web::LivePart("device-list-lead", "devices", Lead());
        page.event_channel = "devices";
        page.body = Filter() + web::LivePart("device-list", "devices", List());
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    /// What to do with the register as a whole; each device says on its own page what is to be done there.
    Markup Lead() const {
        if (ownerless_ == 0 || context_.request.query.Get("owner") == "none") return {};
        const std::string title = CountText(Say("{} 部設備沒有負責人", "{} [device has|devices have] no owner"), ownerless_);
        return web::Alert(
            web::Tone::kAttention, title,
            Format("<p>{}</p>", Say("編輯設備，指定負責日常維護的人。", "Edit them and name who maintains them daily.")) +
                web::ButtonRow({web::LinkButton(Say("檢視這些設備", "See them"), "/devices?owner=none")}));
    }

    Markup Actions() const {
        Markup actions =
            web::LinkButton(Say("匯出 CSV", "Export CSV"), Address::Of(context_.request).With("format", "csv").text(),
                            web::ButtonLook::kSecondary, "download");
        if (context_.principal().May(kMayManage)) {
            actions += web::LinkButton(Say("登錄設備", "Register a device"), "/devices/new", web::ButtonLook::kPrimary, "plus");
        }
        return actions;
    }

    Markup Filter() const {
        const net::FormFields& query = context_.request.query;
        const std::string all(Say("全部", "All"));
        std::vector<web::Choice> kinds = {{"", all}};
        for (const auto& info : AllDeviceKinds())
            kinds.push_back({std::string(info.key), std::string(info.title.In(context_.language))});
        std::vector<web::Choice> units = {{"", all}};
        for (const auto& unit : units_) units.push_back({fmt::format("{}", unit.id), unit.path});
        const std::vector<web::Choice> states = {
            {"", std::string(Say("使用中", "In service"))}, {"retired", std::string(Say("已除役", "Retired"))}, {"any", all}};
        return web::FilterForm("/devices",
                               web::TextField("q", Say("名稱、位址、負責人", "Name, address, owner"), query.Get("q")) +
                                   web::SelectField("kind", Say("類別", "Kind"), query.Get("kind"), kinds) +
                                   web::SelectField("unit", Say("單位", "Unit"), query.Get("unit"), units) +
                                   web::SelectField("owner", Say("負責人", "Owner"), query.Get("owner"),
                                                    {{"", all}, {"none", std::string(Say("未指定", "nobody"))}}) +
                                   web::SelectField("state", Say("狀態", "State"), query.Get("state"), states),
                               context_.language);
    }

    Markup List() const {
        const Address address = Address::Of(context_.request);
        const auto sortable = [&](Phrase title, std::string_view key) {
            return SortableColumn(std::string(title.In(context_.language)), key, address, context_.request);
        };
        std::vector<web::Column> columns = {sortable({"名稱", "Name"}, "name"),
                                            sortable({"類別", "Kind"}, "kind"),
                                            sortable({"單位", "Unit"}, "unit"),
                                            {.title = std::string(Say("負責人", "Owner"))},
                                            {.title = std::string(Say("作業系統", "Operating system"))},
                                            {.title = std::string(Say("最緊的資源", "Tightest resource"))},
                                            {.title = std::string(Say("待處理", "Findings")), .align = web::Align::kEnd},
                                            sortable({"最近觀測", "Last observed"}, "observed")};
        std::vector<std::vector<Markup>> rows;
        for (const DeviceSummary& summary : page_.devices) rows.push_back(Row(summary));
        web::TableOptions options;
        options.when_empty = Empty();
        const Paging paging = PagingFor(context_.request, page_.total, kPerPage);
        return Format(R"(<p class="ops-muted">{}</p>)", CountText(Say("{} 部設備", "{} [device|devices]"), page_.total)) +
               web::Table(columns, rows, Say("設備清單", "Devices"), options) +
               web::Pager(address.text(), paging.page, paging.pages, context_.language);
    }

    std::vector<Markup> Row(const DeviceSummary& summary) const {
        const Device& device = summary.device;
        const DeviceKindInfo& kind = InfoOf(device.kind);
        Markup name = web::Link(device.name, DevicePath(device.id));
        if (device.is_core) name += Format(R"( <span class="ops-muted">{}</span>)", Say("核心", "core"));
        if (!device.is_in_service()) name += web::Badge(web::Tone::kNotApplicable, Say("已除役", "Retired"));
        const Markup nothing = Format(R"(<span class="ops-muted">—</span>)");
        const auto text_or_nothing = [&](const std::string& text) { return text.empty() ? nothing : Escape(text); };
        Markup use = nothing;
        if (summary.worst_used_ratio) {
            const std::string resource = ResourceText(summary.worst_resource, summary.worst_subject, context_.language);
            use = web::Progress(*summary.worst_used_ratio, resource) + Format(R"( <span class="ops-muted">{}</span>)", resource);
        }
        const int findings = FindingsOf(device.id);
        const Markup count = findings == 0 ? Escape("0") : web::Badge(web::Tone::kAttention, fmt::format("{}", findings));
        const Markup seen = device.last_observed_at ? web::Time(*device.last_observed_at, context_.now, context_.language)
                                                    : Markup(Escape(Say("尚未觀測", "never")));
        return {name,
                Format(R"(<span class="ops-nowrap">{} {}</span>)", web::Icon(kind.icon), kind.title.In(context_.language)),
                text_or_nothing(device.unit_name),
                text_or_nothing(device.owner_name),
                text_or_nothing(summary.operating_system),
                use,
                count,
                seen};
    }

    Markup Empty() const {
        const bool is_filtered = !context_.request.query.all().empty();
        if (is_filtered) {
            return web::EmptyState(Say("沒有符合條件的設備", "No device fits"),
                                   Say("放寬條件再試一次。", "Widen the filter and try again."),
                                   web::LinkButton(Say("清除條件", "Clear the filter"), "/devices"));
        }
        const Markup action =
            context_.principal().May(kMayManage)
                ? web::LinkButton(Say("登錄設備", "Register a device"), "/devices/new", web::ButtonLook::kPrimary, "plus")
                : Markup();
        return web::EmptyState(
            Say("尚未登錄任何設備", "No device is registered yet"),
            Say("請系統或網路管理人員登錄所管的設備；各條文的檢查由設備的觀測資料判定。",
                "System and network administrators register their devices; the clauses are judged from what is observed of them."),
            action);
    }

    int FindingsOf(std::int64_t device_id) const {
        const auto found = findings_.find(device_id);
        return found == findings_.end() ? 0 : found->second;
    }

    net::Response Export() const {
        std::vector<std::vector<std::string>> rows = {
            {std::string(Say("名稱", "Name")), std::string(Say("類別", "Kind")), std::string(Say("單位", "Unit")),
             std::string(Say("負責人", "Owner")), std::string(Say("核心", "Core")), std::string(Say("位址", "Address")),
             std::string(Say("作業系統", "Operating system")), std::string(Say("最緊的資源", "Tightest resource")),
             std::string(Say("使用率", "Used")), std::string(Say("待處理", "Findings")),
             std::string(Say("最近觀測", "Last observed"))}};
        for (const DeviceSummary& summary : page_.devices) {
            const Device& device = summary.device;
            rows.push_back({device.name, std::string(InfoOf(device.kind).title.In(context_.language)), device.unit_name,
                            device.owner_name, std::string(device.is_core ? Say("是", "yes") : Say("否", "no")), device.address,
                            summary.operating_system,
                            ResourceText(summary.worst_resource, summary.worst_subject, context_.language),
                            summary.worst_used_ratio ? fmt::format("{:.1f}%", *summary.worst_used_ratio * 100) : "",
                            fmt::format("{}", FindingsOf(device.id)),
                            device.last_observed_at ? FormatTime(*device.last_observed_at, context_.language) : ""});
        }
        return web::CsvResponse("devices.csv", rows);
    }

    const web::RequestContext& context_;
    const Surroundings& surroundings_;
    DevicePage page_;
    std::vector<UnitChoice> units_;
    std::map<std::int64_t, int> findings_;
    std::int64_t ownerless_ = 0;  ///< in service, in units whose register the reader keeps
};

}  // namespace

std::vector<web::Route> ListRoutes(std::shared_ptr<const Surroundings> surroundings) {
    return {
        {net::Method::kGet, "/devices", kMayRead, [surroundings = std::move(surroundings)](const web::RequestContext& context) {
             return ListPage(context, *surroundings).Answer();
         }}};
}

}  // namespace opsteward::inventory
