#include <algorithm>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "features/inventory/change_text.hpp"
#include "features/inventory/device_page.hpp"
#include "features/inventory/findings.hpp"
#include "platform/web/charts.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::inventory {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

constexpr int kRecentChanges = 8;
constexpr std::size_t kGauges = 6;
constexpr int kResourcesRead = 500;

/// A value of the one row of a topic, by the name of its column.
const db::Value& ValueOf(const Topic& topic, const db::Row& row, std::string_view name) {
    const auto found = std::ranges::find(topic.columns, name, &Column::name);
    static const db::Value kNothing;
    return found == topic.columns.end() ? kNothing : row[static_cast<std::size_t>(found - topic.columns.begin())];
}

class Overview {
  public:
    Overview(const web::RequestContext& context, const Surroundings& surroundings)
        : context_(context), surroundings_(surroundings) {}

    Result<net::Response> Answer() {
        OPS_CHECK(surroundings_.database.ReadWith([&](db::Session& session) { return Load(session); }));
        OPS_TRY(findings_, FindingsOn(surroundings_.procedure, device_.unit_id, device_.id));

        web::Page page;
        page.title = device_.name;
        page.crumbs = DeviceCrumbs(context_, nullptr);
        page.actions = Actions();
        page.event_channel = "devices";
        page.lead = web::LivePart("device-lead", "devices", Lead());
        page.body = DeviceTabs(device_, DeviceTab::kOverview, context_.language) +
                    web::LivePart("device-overview", "devices",
                                  web::Grid(2, {web::Card(Say("基本資料", "Basics"), Basics()),
                                                web::Card(Say("資源使用", "Resource use"), Resources())}) +
                                      web::Card(Say("觀測範圍", "What is observed"), CoverageTable()) +
                                      web::Card(Say("最近異動", "Latest changes"), RecentChanges(),
                                                web::LinkButton(Say("全部異動", "All changes"),
                                                                DevicePath(device_.id) + "/changes", web::ButtonLook::kQuiet)));
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    Result<void> Load(db::Session& session) {
        OPS_TRY(device_, DeviceOf(context_, session));
        OPS_TRY(coverage_, CoverageOf(session, device_.id));
        OPS_TRY(counts_, CountFacts(session, device_.id));
        FactQuery query;
        query.device_id = device_.id;
        query.limit = kResourcesRead;
        OPS_TRY(auto systems, ReadFacts(session, *FindTopic("operating_systems"), query));
        systems_ = std::move(systems.rows);
        OPS_TRY(auto resources, ReadFacts(session, *FindTopic("resources"), query));
        resources_ = std::move(resources.rows);
        ChangeFilter filter;
        filter.device_id = device_.id;
        filter.limit = kRecentChanges;
        OPS_TRY(changes_, ReadChanges(session, filter));
        return Ok();
    }

    Markup Actions() const {
        Markup actions;
        if (!context_.principal().May(kMayManage, device_.unit_id)) return actions;
        if (device_.is_in_service() && !device_.host_key.empty()) {
            actions += web::PostForm(DevicePath(device_.id) + "/observe", context_.frame.csrf_token,
                                     web::Button(Say("立即觀測", "Observe now"), web::ButtonLook::kSecondary, "refresh"));
        }
        return actions +
               web::LinkButton(Say("編輯", "Edit"), DevicePath(device_.id) + "/edit", web::ButtonLook::kPrimary, "edit");
    }

    Markup Lead() const {
        if (!device_.is_in_service()) {
            return web::Alert(web::Tone::kNotApplicable,
                              Say("這部設備已除役，不再列入檢查。", "This device is retired and not checked any more."));
        }
        if (device_.host_key.empty()) {
            return FindingsLead() +
                   web::Alert(
                       web::Tone::kNotSetUp, Say("這部設備尚無觀測來源", "Nothing observes this device yet"),
                       Escape(Say(
                           "本版本只觀測程式所在的主機；這部設備先以人工登錄，相關條文會顯示「尚未設定」。",
                           "This version observes only the machine it runs on; this device is registered by hand and its clauses show \"not set up\".")));
        }
        return FindingsLead() + ToDecideLead();
    }

    /// A line a clause: its worst finding, and how many more there are.
    Markup FindingsLead() const {
        if (findings_.empty()) return {};
        const bool is_worst = findings_.front().finding.severity == procedure::State::kNotMet;
        std::map<std::string_view, std::size_t> counts;
        for (const DeviceFinding& one : findings_) ++counts[one.clause_id];
        Markup items;
        for (const DeviceFinding& one : findings_) {
            const auto count = counts.extract(one.clause_id);
            if (count.empty()) continue;
            const std::string where = "/clauses/" + net::PercentEncode(one.clause_id);
            Markup more;
            if (count.mapped() > 1) {
                more = Format(R"( <span class="ops-muted">{}</span>)",
                              fmt::format(fmt::runtime(Say("（另 {} 項）", "({} more)")), count.mapped() - 1));
            }
            items +=
                Format(R"(<li><a href="{}">{} {}</a>{}{}{}</li>)", where, one.clause_id, one.clause_title.In(context_.language),
                       Say("：", ": "), one.finding.reason.In(context_.language), more);
        }
        return web::Alert(
            is_worst ? web::Tone::kNotMet : web::Tone::kAttention,
            CountText(Say("這部設備有 {} 項待處理", "{} [finding on this device waits|findings on this device wait] for you"), std::ssize(findings_)),
            Format("<ul>{}</ul>", items));
    }

    Markup ToDecideLead() const {
        Markup links;
        for (const Topic& topic : AllTopics()) {
            const auto found = counts_.find(topic.name);
            if (found == counts_.end() || found->second.to_decide == 0) continue;
            const std::string href = ToDecidePath(device_.id, topic);
            links += Format(R"(<li><a href="{}">{}{}{}</a></li>)", href, topic.title.In(context_.language), Say("：", ": "),
                            fmt::format(fmt::runtime(Say("{} 項等待決定", "{} to be decided")), found->second.to_decide));
        }
        if (links.empty()) return {};
        Markup action;
        if (context_.principal().May(kMayApprove, device_.unit_id)) {
            action = web::LinkButton(Say("檢視並核准目前所見", "Review and approve what is seen now"),
                                     DevicePath(device_.id) + "/approvals/seen", web::ButtonLook::kSecondary, "rubber-stamp");
        }
        return web::Alert(web::Tone::kAttention, Say("有項目等待核准或移除", "Something waits to be approved or removed"),
                          Format("<ul>{}</ul>{}", links, action));
    }

    Markup Basics() const {
        const DeviceKindInfo& kind = InfoOf(device_.kind);
        const Markup nothing = Format(R"(<span class="ops-muted">—</span>)");
        const auto text_or_nothing = [&](const std::string& text) { return text.empty() ? nothing : Escape(text); };
        std::vector<std::pair<std::string, Markup>> entries = {
            {std::string(Say("類別", "Kind")), web::Icon(kind.icon) + Format(" {}", kind.title.In(context_.language))},
            {std::string(Say("所屬單位", "Unit")), text_or_nothing(device_.unit_name)},
            {std::string(Say("負責人", "Owner")), text_or_nothing(device_.owner_name)},
            {std::string(Say("核心設備", "Core device")), Escape(device_.is_core ? Say("是", "yes") : Say("否", "no"))},
            {std::string(Say("位址", "Address")), text_or_nothing(device_.address)},
            {std::string(Say("登錄時間", "Registered")), web::Time(device_.registered_at, context_.language)},
            {std::string(Say("最近觀測", "Last observed")),
             device_.last_observed_at ? web::Time(*device_.last_observed_at, context_.now, context_.language)
                                      : Markup(Escape(Say("尚未觀測", "never")))}};
        AddSystem(entries);
        if (!device_.notes.empty()) entries.push_back({std::string(Say("備註", "Notes")), Escape(device_.notes)});
        return web::DescriptionList(entries);
    }

    void AddSystem(std::vector<std::pair<std::string, Markup>>& entries) const {
        const Topic& topic = *FindTopic("operating_systems");
        if (systems_.empty()) return;
        const db::Row& row = systems_.front().values;
        const auto text = [&](std::string_view name) { return ValueOf(topic, row, name).ToDisplay(); };
        entries.push_back({std::string(Say("作業系統", "Operating system")), Escape(SystemTitle(text("name"), text("version")))});
        entries.push_back({std::string(Say("核心版本", "Kernel")), Escape(Trim(text("kernel") + " " + text("architecture")))});
        if (const auto booted = ValueOf(topic, row, "booted_at").AsOptionalInstant()) {
            entries.push_back({std::string(Say("已運行", "Up for")), Escape(Duration(*booted, context_.now, context_.language))});
        }
        if (const auto ends = ValueOf(topic, row, "end_of_life_at").AsOptionalInstant()) {
            Markup when = Escape(FormatDate(TaipeiDate(*ends), context_.language));
            if (*ends <= context_.now) when += web::Badge(web::Tone::kNotMet, Say("已終止支援", "support has ended"));
            entries.push_back({std::string(Say("支援終止", "End of support")), when});
        }
        if (ValueOf(topic, row, "reboot_required").AsBool()) {
            entries.push_back({std::string(Say("重新開機", "Restart")),
                               web::Badge(web::Tone::kAttention, Say("更新後需要重新開機", "needed after updates"))});
        }
    }

    Markup Resources() const {
        const Topic& topic = *FindTopic("resources");
        std::vector<const FactRow*> shown;
        for (const FactRow& row : resources_) {
            if (!ValueOf(topic, row.values, "used_ratio").is_null()) shown.push_back(&row);
        }
        if (shown.empty()) {
            return web::EmptyState(Say("尚無資料", "Nothing known yet"),
                                   Say("觀測後這裡會顯示處理器、記憶體與檔案系統的使用率。",
                                       "Once observed, the use of CPU, memory and file systems is shown here."));
        }
        // Processor and memory always, then what is fullest.
        const auto rank = [&](const FactRow* row) {
            const std::string& resource = ValueOf(topic, row->values, "resource").AsText();
            const int group = resource == "cpu" ? 0 : resource == "memory" ? 1 : 2;
            return std::pair(group, -ValueOf(topic, row->values, "used_ratio").AsReal());
        };
        std::ranges::sort(shown, {}, rank);
        std::vector<Markup> gauges;
        for (std::size_t i = 0; i < shown.size() && i < kGauges; ++i) {
            const db::Row& row = shown[i]->values;
            const double ratio = ValueOf(topic, row, "used_ratio").AsReal();
            const std::string label = ResourceText(ValueOf(topic, row, "resource").AsText(),
                                                   ValueOf(topic, row, "subject").AsText(), context_.language);
            gauges.push_back(web::Gauge(ratio, label, ToneOfUse(ratio)));
        }
        return web::Grid(3, gauges) +
               web::ButtonRow({web::LinkButton(Say("全部資源", "All resources"), DevicePath(device_.id) + "?topic=resources",
                                               web::ButtonLook::kQuiet)});
    }

    Markup CoverageTable() const {
        if (coverage_.empty()) {
            return web::EmptyState(Say("尚未觀測", "Not observed yet"),
                                   Say("觀測後，這裡列出各項資料是否看得到，以及看不到的原因。",
                                       "Once the device is observed, this says which facts can be seen, and why others can't."));
        }
        const std::vector<web::Column> columns = {{.title = std::string(Say("資料", "Facts"))},
                                                  {.title = std::string(Say("觀測", "Observed"))},
                                                  {.title = std::string(Say("筆數", "Rows")), .align = web::Align::kEnd},
                                                  {.title = std::string(Say("最近一次", "Last time"))},
                                                  {.title = std::string(Say("原因", "Reason"))}};
        std::vector<std::vector<Markup>> rows;
        for (const Topic& topic : AllTopics()) {
            const auto known = coverage_.find(topic.name);
            const bool is_observed = known != coverage_.end() && known->second.is_observed;
            const Markup status = is_observed                ? web::Badge(web::Tone::kMet, Say("已觀測", "observed"))
                                  : known == coverage_.end() ? web::Badge(web::Tone::kNotSetUp, Say("尚未", "not yet"))
                                                             : web::Badge(web::Tone::kAttention, Say("未觀測", "not observed"));
            const auto count = counts_.find(topic.name);
            const auto seen = known == coverage_.end() ? std::nullopt : known->second.observed_at;
            rows.push_back(
                {web::Link(topic.title.In(context_.language), fmt::format("{}?topic={}", DevicePath(device_.id), topic.name)),
                 status, Format("{}", count == counts_.end() ? 0 : count->second.rows),
                 seen ? web::Time(*seen, context_.language) : Markup(),
                 known == coverage_.end() ? Markup() : Escape(known->second.reason.In(context_.language))});
        }
        return web::Table(columns, rows, Say("各項資料是否觀測得到", "Which facts can be observed"));
    }

    Markup RecentChanges() const {
        if (changes_.empty())
            return web::EmptyState(
                Say("還沒有異動", "No changes yet"),
                Say("設備經過觀測後，異動會列在這裡。", "Changes are listed here once the device is observed."));
        std::vector<web::TimelineEntry> entries;
        for (const StoredChange& stored : changes_) {
            const Topic* const topic = FindTopic(stored.topic);
            const std::string_view title = topic == nullptr ? std::string_view(stored.topic) : topic->title.In(context_.language);
            const std::string text = ChangeText(stored, context_.language);
            entries.push_back({stored.at, ToneOfChange(stored.change.kind),
                               fmt::format("{} · {} {}", ChangeKindTitle(stored.change.kind).In(context_.language), title,
                                           stored.change.subject),
                               text.empty() ? Markup() : Format("<p>{}</p>", text)});
        }
        return web::Timeline(entries, context_.now, context_.language);
    }

    const web::RequestContext& context_;
    const Surroundings& surroundings_;
    Device device_;
    std::map<std::string, Coverage, std::less<>> coverage_;
    std::map<std::string_view, TopicCount> counts_;
    std::vector<FactRow> systems_;
    std::vector<FactRow> resources_;
    std::vector<StoredChange> changes_;
    std::vector<DeviceFinding> findings_;
};

}  // namespace

Result<net::Response> OverviewPage(const web::RequestContext& context, const Surroundings& surroundings) {
    return Overview(context, surroundings).Answer();
}

}  // namespace opsteward::inventory
