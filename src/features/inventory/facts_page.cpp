#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "features/inventory/approval_form.hpp"
#include "features/inventory/device_page.hpp"
#include "platform/web/csv.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::inventory {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

constexpr int kPerPage = 100;

class Facts {
  public:
    Facts(const web::RequestContext& context, const Surroundings& surroundings, const Topic& topic)
        : context_(context), surroundings_(surroundings), topic_(topic) {}

    Result<net::Response> Answer() {
        const net::FormFields& query = context_.request.query;
        const bool is_export = query.Get("format") == "csv";
        FactQuery wanted;
        wanted.text = Trim(query.Get("q"));
        wanted.approval = ApprovalFilterOf(query.Get("approval"));
        wanted.is_descending = query.Get("dir") == "desc";
        for (std::size_t i = 0; i < topic_.columns.size(); ++i) {
            if (topic_.columns[i].name == query.Get("sort")) wanted.sort = i;
        }
        wanted.limit = is_export ? static_cast<int>(kMaxRowsPerTopic) : kPerPage;
        wanted.offset = is_export ? 0 : (PageNumber(context_.request) - 1) * kPerPage;
        OPS_CHECK(surroundings_.database.ReadWith([&](db::Session& session) -> Result<void> {
            OPS_TRY(device_, DeviceOf(context_, session));
            wanted.device_id = device_.id;
            OPS_TRY(page_, ReadFacts(session, topic_, wanted));
            OPS_TRY(coverage_, CoverageOf(session, device_.id));
            if (!is_export) OPS_CHECK(LoadCounts(session));
            return Ok();
        }));
        if (is_export) return Export();

        web::Page page;
        page.title = device_.name;
        page.crumbs = DeviceCrumbs(context_, nullptr);
        page.actions = web::LinkButton(Say("匯出 CSV", "Export CSV"), Address::Of(context_.request).With("format", "csv").text(),
                                       web::ButtonLook::kSecondary, "download");
        page.event_channel = "devices";
        page.lead = web::LivePart("device-facts-lead", "devices", Lead());
        page.body = DeviceTabs(device_, DeviceTab::kFacts, context_.language) + TopicTabs() + CoverageNotice() + Filter() +
                    web::LivePart("device-facts", "devices", List());
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }
    bool CanApprove() const { return topic_.approval != Approval::kNone; }
    bool MayApprove() const { return CanApprove() && context_.principal().May(kMayApprove, device_.unit_id); }

    Result<void> LoadCounts(db::Session& session) {
        OPS_TRY(counts_, CountFacts(session, device_.id));
        return Ok();
    }

    Markup Lead() const {
        const auto count = counts_.find(topic_.name);
        if (count == counts_.end() || count->second.to_decide == 0 || !device_.is_in_service()) return {};
        Markup buttons = web::LinkButton(Say("只看這些", "Only these"), ToDecidePath(device_.id, topic_));
        if (MayApprove()) {
            buttons += web::LinkButton(Say("檢視並核准目前所見", "Review and approve what is seen now"),
                                       DevicePath(device_.id) + "/approvals/seen", web::ButtonLook::kSecondary, "rubber-stamp");
        }
        return web::Alert(web::Tone::kAttention,
                          fmt::format(fmt::runtime(Say("{} 項等待決定", "{} to be decided")), count->second.to_decide),
                          Format("<p>{}</p>", DecisionAdvice(topic_.approval).In(context_.language)) + web::ButtonRow({buttons}));
    }

    Markup TopicTabs() const {
        std::vector<web::Tab> tabs;
        for (const Topic& topic : AllTopics()) {
            const auto count = counts_.find(topic.name);
            tabs.push_back({std::string(topic.title.In(context_.language)),
                            fmt::format("{}?topic={}", DevicePath(device_.id), topic.name), &topic == &topic_,
                            count == counts_.end() ? 0 : count->second.rows});
        }
        return web::Tabs(tabs, Say("觀測資料的種類", "Kinds of facts"));
    }

    Markup CoverageNotice() const {
        const auto known = coverage_.find(topic_.name);
        if (known == coverage_.end() || known->second.is_observed) return {};
        Markup body = Escape(known->second.reason.In(context_.language));
        if (known->second.observed_at) {
            body += Format("<p>{} {}</p>", Say("以下是最近一次觀測到的內容：", "Below is what was seen last:"),
                           web::Time(*known->second.observed_at, context_.now, context_.language));
        }
        return web::Alert(web::Tone::kAttention, Say("目前觀測不到這項資料", "This can't be observed now"), body);
    }

    Markup Filter() const {
        const net::FormFields& query = context_.request.query;
        Markup fields = web::HiddenField("topic", topic_.name) + web::TextField("q", Say("搜尋", "Search"), query.Get("q"));
        if (CanApprove()) {
            fields += web::SelectField("approval", Say("核准", "Approval"), query.Get("approval"),
                                       {{"", std::string(Say("全部", "All"))},
                                        {"to_decide", std::string(Say("等待決定", "To be decided"))},
                                        {"unapproved", std::string(Say("所有未核准", "All not approved"))}});
        }
        return web::FilterForm(context_.request.path, fields, context_.language);
    }

    Markup List() const {
        const Address address = Address::Of(context_.request);
        std::vector<web::Column> columns;
        for (const Column& column : topic_.columns) {
            columns.push_back(SortableColumn(std::string(column.title.In(context_.language)), column.name, address,
                                             context_.request, AlignOf(column)));
        }
        if (CanApprove()) columns.push_back({.title = std::string(Say("核准", "Approval"))});
        columns.push_back({.title = std::string(Say("首次見到", "First seen"))});
        if (MayApprove()) columns.push_back({.title = std::string(Say("操作", "Actions")), .is_title_hidden = true});

        std::vector<std::vector<Markup>> rows;
        for (const FactRow& row : page_.rows) rows.push_back(Row(row));
        web::TableOptions options;
        options.when_empty = Empty();
        const Paging paging = PagingFor(context_.request, page_.total, kPerPage);
        return web::Table(columns, rows, topic_.title.In(context_.language), options) +
               web::Pager(address.text(), paging.page, paging.pages, context_.language);
    }

    std::vector<Markup> Row(const FactRow& row) const {
        std::vector<Markup> cells;
        for (std::size_t i = 0; i < topic_.columns.size(); ++i)
            cells.push_back(ValueMarkup(topic_, i, row.values, context_.language));
        if (CanApprove()) cells.push_back(ApprovalMarkup(row, context_));
        cells.push_back(web::Time(row.first_seen_at, context_.language));
        if (MayApprove()) cells.push_back(ApprovalButtons(context_, device_.id, topic_, row));
        return cells;
    }

    Markup Empty() const {
        const bool is_filtered = !context_.request.query.Get("q").empty() || !context_.request.query.Get("approval").empty();
        if (is_filtered) {
            return web::EmptyState(Say("沒有符合條件的項目", "Nothing fits"),
                                   Say("放寬條件再試一次。", "Widen the filter and try again."),
                                   web::LinkButton(Say("清除條件", "Clear the filter"),
                                                   fmt::format("{}?topic={}", DevicePath(device_.id), topic_.name)));
        }
        const auto known = coverage_.find(topic_.name);
        if (known != coverage_.end() && known->second.is_observed) {
            return web::EmptyState(Say("設備上沒有這類項目", "There is none on the device"),
                                   Say("最近一次觀測時確認過。", "The last observation made sure of it."));
        }
        return web::EmptyState(Say("尚未觀測", "Not observed yet"),
                               Say("觀測後內容會列在這裡。", "What is observed is listed here."));
    }

    net::Response Export() const {
        std::vector<std::vector<std::string>> rows(1);
        for (const Column& column : topic_.columns) rows[0].emplace_back(column.title.In(context_.language));
        if (CanApprove()) rows[0].emplace_back(Say("核准", "Approved"));
        rows[0].emplace_back(Say("首次見到", "First seen"));
        for (const FactRow& row : page_.rows) {
            std::vector<std::string> cells;
            for (std::size_t i = 0; i < topic_.columns.size(); ++i)
                cells.push_back(ValueText(topic_, i, row.values, context_.language));
            if (CanApprove()) cells.emplace_back(row.approval_id ? Say("已核准", "yes") : Say("未核准", "no"));
            cells.push_back(FormatTime(row.first_seen_at, context_.language));
            rows.push_back(std::move(cells));
        }
        return web::CsvResponse(fmt::format("device-{}-{}.csv", device_.id, topic_.name), rows);
    }

    const web::RequestContext& context_;
    const Surroundings& surroundings_;
    const Topic& topic_;
    Device device_;
    FactPage page_;
    std::map<std::string, Coverage, std::less<>> coverage_;
    std::map<std::string_view, TopicCount> counts_;
};

}  // namespace

Result<net::Response> FactsPage(const web::RequestContext& context, const Surroundings& surroundings) {
    const Topic* const topic = FindTopic(context.request.query.Get("topic"));
    if (topic == nullptr) return Error::Of(ErrorCode::kNotFound, "沒有這類觀測資料。", "There are no facts of this kind.");
    return Facts(context, surroundings, *topic).Answer();
}

}  // namespace opsteward::inventory
