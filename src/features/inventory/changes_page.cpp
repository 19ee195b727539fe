#include "features/inventory/changes_page.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "features/inventory/change_text.hpp"
#include "platform/web/csv.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::inventory {

using html::Escape;
using html::Markup;

namespace {

constexpr int kPerPage = 100;
constexpr int kMaxExported = 20'000;

class ChangesPage {
  public:
    ChangesPage(const web::RequestContext& context, const Surroundings& surroundings)
        : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer() {
        const net::FormFields& query = context_.request.query;
        const bool is_export = query.Get("format") == "csv";
        OPS_CHECK(surroundings_.database.ReadWith([&](db::Session& session) -> Result<void> {
            OPS_TRY(device_, DeviceOf(context_, session));
            ChangeFilter filter;
            filter.device_id = device_.id;
            filter.topic = query.Get("topic");
            filter.kind = ParseChangeKind(query.Get("kind"));
            filter.text = Trim(query.Get("q"));
            filter.before_id = is_export ? 0 : ParseInt(query.Get("before")).value_or(0);
            filter.limit = is_export ? kMaxExported : kPerPage + 1;
            OPS_TRY(changes_, ReadChanges(session, filter));
            return Ok();
        }));
        if (is_export) return Export();

        web::Page page;
        page.title = device_.name;
        page.crumbs = DeviceCrumbs(context_, nullptr);
        page.actions = web::LinkButton(Say("匯出 CSV", "Export CSV"),
                                       Address::Of(context_.request).With("before", "").With("format", "csv").text(),
                                       web::ButtonLook::kSecondary, "download");
        page.event_channel = "devices";
        page.body = DeviceTabs(device_, DeviceTab::kChanges, context_.language) + Filter() +
                    web::LivePart("device-changes", "devices", List());
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    Markup Filter() const {
        const net::FormFields& query = context_.request.query;
        const std::string all(Say("全部", "All"));
        std::vector<web::Choice> topics = {{"", all}};
        for (const Topic& topic : AllTopics())
            topics.push_back({std::string(topic.name), std::string(topic.title.In(context_.language))});
        std::vector<web::Choice> kinds = {{"", all}};
        for (const ChangeKind kind : {ChangeKind::kAppeared, ChangeKind::kChanged, ChangeKind::kDisappeared,
                                      ChangeKind::kNotObserved, ChangeKind::kObserved, ChangeKind::kFirstObserved}) {
            kinds.push_back({std::string(ChangeKindKey(kind)), std::string(ChangeKindTitle(kind).In(context_.language))});
        }
        return web::FilterForm(context_.request.path,
                               web::TextField("q", Say("對象", "Subject"), query.Get("q")) +
                                   web::SelectField("topic", Say("資料", "Facts"), query.Get("topic"), topics) +
                                   web::SelectField("kind", Say("異動", "Change"), query.Get("kind"), kinds),
                               context_.language);
    }

    Markup List() const {
        const std::vector<web::Column> columns = {{.title = std::string(Say("時間", "Time"))},
                                                  {.title = std::string(Say("異動", "Change"))},
                                                  {.title = std::string(Say("資料", "Facts"))},
                                                  {.title = std::string(Say("對象", "Subject"))},
                                                  {.title = std::string(Say("內容", "What"))}};
        std::vector<std::vector<Markup>> rows;
        for (std::size_t i = 0; i < changes_.size() && i < kPerPage; ++i) {
            const StoredChange& stored = changes_[i];
            const Topic* const topic = FindTopic(stored.topic);
            rows.push_back(
                {web::Time(stored.at, context_.now, context_.language),
                 web::Badge(ToneOfChange(stored.change.kind), ChangeKindTitle(stored.change.kind).In(context_.language)),
                 Escape(topic == nullptr ? std::string_view(stored.topic) : topic->title.In(context_.language)),
                 Escape(stored.change.subject), Escape(ChangeText(stored, context_.language))});
        }
        web::TableOptions options;
        options.when_empty =
            web::EmptyState(Say("沒有異動紀錄", "No changes"),
                            Say("設備經過觀測後，新增、變更與消失的項目都會記在這裡。",
                                "What appears, changes or disappears on the device is kept here once it is observed."));
        Markup list = web::Table(columns, rows, Say("異動紀錄", "Changes"), options);
        if (changes_.size() > kPerPage) {
            const std::string last = fmt::format("{}", changes_[kPerPage - 1].id);
            list += web::ButtonRow(
                {web::LinkButton(Say("更早的紀錄", "Older"), Address::Of(context_.request).With("before", last).text(),
                                 web::ButtonLook::kSecondary, "chevron-right")});
        }
        return list;
    }

    net::Response Export() const {
        std::vector<std::vector<std::string>> rows = {{std::string(Say("時間", "Time")), std::string(Say("異動", "Change")),
                                                       std::string(Say("資料", "Facts")), std::string(Say("對象", "Subject")),
                                                       std::string(Say("內容", "What"))}};
        for (const StoredChange& stored : changes_) {
            const Topic* const topic = FindTopic(stored.topic);
            rows.push_back({FormatTimeWithSeconds(stored.at, context_.language),
                            std::string(ChangeKindTitle(stored.change.kind).In(context_.language)),
                            topic == nullptr ? stored.topic : std::string(topic->title.In(context_.language)),
                            stored.change.subject, ChangeText(stored, context_.language)});
        }
        return web::CsvResponse(fmt::format("device-{}-changes.csv", device_.id), rows);
    }

    const web::RequestContext& context_;
    const Surroundings& surroundings_;
    Device device_;
    std::vector<StoredChange> changes_;
};

}  // namespace

std::vector<web::Route> ChangesRoutes(std::shared_ptr<const Surroundings> surroundings) {
    return {{net::Method::kGet, "/devices/{id}/changes", kMayRead,
             [surroundings = std::move(surroundings)](const web::RequestContext& context) {
                 return ChangesPage(context, *surroundings).Answer();
             }}};
}

}  // namespace opsteward::inventory
