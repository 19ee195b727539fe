#include "platform/web/gallery_page.hpp"

#include <cmath>
#include <vector>

#include "platform/web/charts.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/page.hpp"
#include "platform/web/table.hpp"

namespace opsteward::web {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

constexpr std::string_view kToken = "gallery";

Instant Now() {
    return StartOfDay(Date(std::chrono::year(2025) / 8 / 5)) + std::chrono::hours(14);
}

/// The words of the gallery in one language.
struct Gallery {
    Language language;

    std::string_view Say(std::string_view zh, std::string_view en) const {
        return language == Language::kEnglish ? en : zh;
    }

    Markup Tiles() const {
        return Grid(5, {StatTile(Say("不符合", "Not met"), "3", Tone::kNotMet, Say("2 項逾期", "2 overdue"),
                                 "/clauses?state=not_met"),
                        StatTile(Say("注意", "Attention"), "7", Tone::kAttention,
                                 Say("最近到期 8.12", "next due 12 Aug"), "/clauses"),
                        StatTile(Say("尚未設定", "Not set up"), "12", Tone::kNotSetUp, {}, "/clauses"),
                        StatTile(Say("符合", "Met"), "148", Tone::kMet, Say("較上月多 6", "6 more than last month"),
                                 "/clauses"),
                        StatTile(Say("不適用", "Not applicable"), "4", Tone::kNotApplicable, {}, "/clauses")});
    }

    Markup Overview() const {
        const std::vector<std::pair<Tone, std::int64_t>> counts = {{Tone::kNotMet, 3},
                                                                   {Tone::kAttention, 7},
                                                                   {Tone::kNotSetUp, 12},
                                                                   {Tone::kMet, 148},
                                                                   {Tone::kNotApplicable, 4}};
        const std::vector<std::string> hrefs(counts.size(), "/clauses");
        const std::vector<Bar> bars = {
            {std::string(Say("日誌管理", "Logging")), 18, Tone::kMet, "/clauses/5"},
            {std::string(Say("弱點修補", "Patching")), 7, Tone::kAttention, "/clauses/6"},
            {std::string(Say("防火牆規則", "Firewall rules")), 3, Tone::kNotMet, "/clauses/7"}};
        return Grid(
            2, {Card(Say("條文狀態", "State of the clauses"),
                     Donut(counts, Say("174 條條文的狀態", "State of 174 clauses"), language, hrefs)),
                Card(Say("待處理項目", "Open findings"), BarList(bars, Say("各章待處理項目", "Findings by chapter")))});
    }

    Markup Clauses() const {
        const std::vector<Column> columns = {
            {.title = std::string(Say("條文", "Clause")), .sort_href = "?sort=clause", .sort = SortState::kAscending},
            {.title = std::string(Say("要求", "Requirement"))},
            {.title = std::string(Say("狀態", "State")), .sort_href = "?sort=state"},
            {.title = std::string(Say("主責", "Owner"))},
            {.title = std::string(Say("發現", "Findings")), .align = Align::kEnd},
            {.title = std::string(Say("近 30 日", "30 days"))},
            {.title = std::string(Say("檢查時間", "Checked"))},
            {.title = std::string(Say("操作", "Actions")), .is_title_hidden = true}};
        struct Row {
            std::string_view clause, zh, en;
            Tone tone;
            int findings;
        };
        constexpr Row kRows[] = {{"5.2.1", "系統日誌應集中保存，保存期限至少六個月",
                                  "System logs are kept in one place for at least six months", Tone::kMet, 0},
                                 {"5.3.4", "各設備時間應與校時主機同步，誤差不超過一秒",
                                  "Clocks follow the time server within one second", Tone::kAttention, 4},
                                 {"6.1.2", "防火牆規則每年應至少檢視一次並留存紀錄",
                                  "Firewall rules are reviewed and recorded every year", Tone::kNotMet, 1287},
                                 {"7.4.1", "備份資料應定期實施回復測試",
                                  "Backups are restored for a test at regular intervals", Tone::kNotSetUp, 0},
                                 {"8.2.3", "委外人員離職後應於一日內停用帳號",
                                  "Accounts of contractors are disabled within a day", Tone::kNotApplicable, 0}};
        std::vector<std::vector<Markup>> rows;
        double phase = 0;
        for (const Row& row : kRows) {
            std::vector<double> values;
            for (int i = 0; i < 30; ++i) values.push_back(std::sin(i * 0.4 + phase) * 5 + i * 0.3);
            phase += 1.3;
            rows.push_back(
                {Escape(row.clause), Link(Say(row.zh, row.en), "/clauses/" + std::string(row.clause)),
                 StateBadge(row.tone, language), Escape(Say("資訊室 網路組", "IT, network")),
                 Format("{}", row.findings), Sparkline(values, Say("近 30 日的發現數", "Findings over 30 days")),
                 Time(Now(), language),
                 LinkButton(Say("檢視", "Open"), "/clauses/" + std::string(row.clause), ButtonLook::kQuiet)});
        }
        return Card(Say("條文", "Clauses"), Table(columns, rows, Say("條文與其狀態", "Clauses and their state")),
                    LinkButton(Say("匯出 ODS", "Export ODS"), "/clauses.ods", ButtonLook::kSecondary, "download")) +
               Pager("/clauses?state=all", 4, 12, language);
    }

    Markup Approval() const {
        const std::vector<TimelineEntry> entries = {
            {Now() - std::chrono::hours(50), Tone::kNeutral,
             std::string(Say("王小明 送出申請", "Wang Hsiao-ming sent the request"))},
            {Now() - std::chrono::hours(3), Tone::kAttention,
             std::string(Say("李主任 退回", "Director Lee returned it")),
             Format("<p>{}</p>", Say("請補充來源網段的用途。", "Please say what the source network is used for."))},
            {Now() - std::chrono::minutes(12), Tone::kInfo,
             std::string(Say("王小明 補正後再送", "Wang Hsiao-ming corrected and sent it again"))}};
        const Markup facts = DescriptionList(
            {{std::string(Say("表單編號", "Form number")), Code("IS-04-021-114-0032")},
             {std::string(Say("申請人", "Requested by")), Escape(Say("王小明（網路組）", "Wang Hsiao-ming (network)"))},
             {std::string(Say("狀態", "State")), Badge(Tone::kInfo, Say("待主管核准", "Waits for approval"))},
             {std::string(Say("到期", "Due")), Time(Now() + std::chrono::hours(70), Now(), language)},
             {std::string(Say("摘要值", "Digest")),
              Code("9f86d081884c7d659a2feaa0c55ad015") + CopyButton("9f86", language)}});
        const Markup buttons = PostForm(
            "/forms/32/decide", kToken,
            TextArea("reason", Say("意見", "Comment"), {}, Say("退回時必須填寫。", "Needed when you return it."), {},
                     {.rows = 2}) +
                ButtonRow(
                    {Button(Say("核准", "Approve"), {.look = ButtonLook::kApprove,
                                                     .icon = "check",
                                                     .name = "decision",
                                                     .value = "approve",
                                                     .confirm = Say("核准後會立即生效。", "It takes effect at once.")}),
                     Button(
                         Say("退回", "Return"),
                         {.look = ButtonLook::kDanger, .icon = "arrow-back-up", .name = "decision", .value = "return"}),
                     Button(Say("存成草稿", "Save as draft"), ButtonLook::kSecondary, "device-floppy"),
                     Button(Say("已鎖定", "Locked"), {.is_disabled = true})}));
        return Grid(2, {Card(Say("防火牆規則異動申請", "Change of firewall rules"), facts + buttons),
                        Card(Say("歷程", "History"), Timeline(entries, Now(), language))});
    }

    Markup Forms() const {
        const std::vector<Choice> units = {
            {"1", std::string(Say("資訊室", "IT")), std::string(Say("本會", "Headquarters"))},
            {"2", std::string(Say("主計室", "Accounting")), std::string(Say("本會", "Headquarters"))},
            {"3", std::string(Say("北區分署", "Northern branch")), std::string(Say("分署", "Branches"))}};
        const Markup fields =
            FormErrors({std::string(Say("主機名稱已有人使用", "The host name is taken"))}, language) +
            FieldRow({TextField("hostname", Say("主機名稱", "Host name"), "web-01", {},
                                Say("已有一部設備叫 web-01", "There is a device called web-01 already"),
                                {.is_required = true}),
                      SelectField("unit", Say("單位", "Unit"), "2", units)}) +
            FieldRow({DateField("acquired", Say("取得日期", "Acquired on"), "114.8.5", language),
                      NumberField("retention", Say("保存月數", "Months kept"), "6", "6", "120",
                                  Say("至少 6 個月", "At least 6 months"))}) +
            RadioField("level", Say("防護需求等級", "Level of protection"), "medium",
                       {{"low", std::string(Say("普", "Basic"))},
                        {"medium", std::string(Say("中", "Medium"))},
                        {"high", std::string(Say("高", "High"))}},
                       {}, {}, {.is_required = true}) +
            CheckField("external", Say("可由外部網路連線", "Can be reached from outside"), true,
                       Say("會列入暴露面盤點。", "Counts as exposed.")) +
            FileField("photo", Say("附件", "Attachment"), ".csv,.ods") +
            TextField("serial", Say("序號", "Serial number"), "SN-2231", {}, {}, {.is_read_only = true}) +
            ButtonRow({Button(Say("儲存", "Save"), ButtonLook::kPrimary, "device-floppy"),
                       LinkButton(Say("取消", "Cancel"), "/devices")});
        return Card(Say("新增設備", "New device"),
                    PostForm("/devices", kToken, FieldGroup(Say("基本資料", "Basics"), fields)));
    }

    Markup Charts() const {
        std::vector<ChartPoint> points;
        std::vector<ChartPoint> forecast;
        for (int i = 0; i < 90; ++i)
            points.push_back({Now() - std::chrono::hours(24 * (90 - i)), 40 + i * 0.3 + 4 * std::sin(i * 0.5)});
        forecast = {points.back(), {Now() + std::chrono::hours(24 * 40), 84}};
        const std::vector<StateSpan> history = {{Now() - std::chrono::hours(24 * 90), Tone::kNotSetUp},
                                                {Now() - std::chrono::hours(24 * 70), Tone::kMet},
                                                {Now() - std::chrono::hours(24 * 40), Tone::kAttention},
                                                {Now() - std::chrono::hours(24 * 33), Tone::kNotMet},
                                                {Now() - std::chrono::hours(24 * 20), Tone::kMet}};
        const Markup gauges = Grid(
            3, {Gauge(0.42, Say("記憶體", "Memory"), Tone::kMet), Gauge(0.83, Say("磁碟", "Disk"), Tone::kAttention),
                Gauge(0.97, Say("授權", "Licences"), Tone::kNotMet)});
        return Card(Say("磁碟使用率與預測", "Disk use and forecast"),
                    LineChart(points, Say("磁碟使用率", "Disk use"), language,
                              {.unit = "%",
                               .threshold = 80,
                               .threshold_label = Say("告警 80%", "Alarm at 80%"),
                               .max = 100,
                               .forecast = forecast})) +
               Grid(2, {Card(Say("容量", "Capacity"), gauges),
                        Card(Say("條文 6.1.2 的狀態變化", "Clause 6.1.2 over time"),
                             StateStrip(history, Now() - std::chrono::hours(24 * 90), Now(),
                                        Say("近 90 日的狀態", "State over 90 days"), language) +
                                 Progress(0.62, Say("盤點進度", "Stocktaking")))});
    }

    Markup Calendar() const {
        const auto day = [](unsigned number) { return Date(std::chrono::year(2025) / 8 / number); };
        const std::vector<CalendarMark> marks = {
            {day(1), Tone::kMet, std::string(Say("日誌檢視", "Log review")), "/duties/1"},
            {day(4), Tone::kNotMet, std::string(Say("帳號清查", "Account review")), "/duties/2"},
            {day(5), Tone::kAttention, std::string(Say("弱點掃描", "Vulnerability scan")), "/duties/3"},
            {day(20), Tone::kNeutral, std::string(Say("備份回復測試", "Restore test")), {}}};
        return MonthCalendar(std::chrono::year(2025) / 8, marks, day(5), language);
    }

    Markup Rest() const {
        return Alert(Tone::kAttention, Say("有 4 部設備校時失敗", "4 devices failed to set their clocks"),
                     Format(R"(<p>{} <a href="/clocks">{}</a></p>)",
                            Say("其紀錄的時間可能不準。", "Their records may be off."), Say("檢視設備", "See them"))) +
               Alert(Tone::kNotMet, Say("封存鏈中斷", "The seal is broken")) +
               Alert(Tone::kNotSetUp, {}, Escape(Say("尚未設定校時主機", "No time server yet"))) +
               Alert(Tone::kInfo, Say("每日 02:00 備份", "Backup at 02:00")) +
               Tabs({{std::string(Say("總覽", "Overview")), "/devices/1", true},
                     {std::string(Say("軟體", "Software")), "/devices/1/software", false, 214},
                     {std::string(Say("弱點", "Vulnerabilities")), "/devices/1/vulnerabilities", false, 3}},
                    Say("設備的各部分", "Parts of the device")) +
               FilterForm(
                   "/devices",
                   TextField("name", Say("名稱", "Name"), {}) +
                       SelectField("state", Say("狀態", "State"), "all", {{"all", std::string(Say("全部", "All"))}}),
                   language) +
               Disclosure(Say("檢查所用的查詢", "The query behind it"),
                          CodeBlock("SELECT name\nFROM devices\nWHERE last_seen < :limit")) +
               Card({}, EmptyState(Say("還沒有防火牆規則", "No firewall rules yet"),
                                   Say("條文 6.1.2 要求每年檢視規則。請網路管理者先匯入規則庫。",
                                       "Clause 6.1.2 asks for a yearly review. The network administrator imports the "
                                       "rulebase first."),
                                   LinkButton(Say("匯入規則", "Import rules"), "/firewall/import", ButtonLook::kPrimary,
                                              "upload")));
    }
};

}  // namespace

std::string GalleryPage(Language language, std::string_view theme) {
    const Gallery gallery{language};
    PageFrame frame;
    frame.language = language;
    frame.theme = theme;
    frame.user_name = "wang.hm";
    frame.user_display_name = gallery.Say("王小明", "Wang Hsiao-ming");
    frame.csrf_token = kToken;
    frame.is_signed_in = true;
    frame.current_path = "/clauses/6.1.2";
    frame.return_to = "/clauses/6.1.2";
    frame.open_tasks = 5;
    frame.notice = gallery.Say("已儲存。", "Saved.");
    frame.menu = {{{"我的待辦", "My tasks"}, "/", "checklist", "work", "", 1},
                  {{"行事曆", "Calendar"}, "/calendar", "calendar", "work", "", 2},
                  {{"符合性看板", "Compliance board"}, "/clauses", "layout-dashboard", "procedure", "", 1},
                  {{"表單", "Forms"}, "/forms", "file-text", "procedure", "", 2},
                  {{"設備", "Devices"}, "/devices", "server", "assets", "", 1},
                  {{"軟體", "Software"}, "/software", "apps", "assets", "", 2},
                  {{"弱點", "Vulnerabilities"}, "/vulnerabilities", "bug", "security", "", 1},
                  {{"防火牆", "Firewalls"}, "/firewall", "wall", "security", "", 2},
                  {{"日誌", "Logs"}, "/logs", "list", "operations", "", 1},
                  {{"校時", "Clocks"}, "/clocks", "clock", "operations", "", 2},
                  {{"備份", "Backups"}, "/backups", "database-export", "operations", "", 3},
                  {{"稽核軌跡", "Audit trail"}, "/audit", "history", "evidence", "", 1},
                  {{"設定", "Settings"}, "/settings", "settings", "settings", "", 1}};

    Page page;
    page.title = gallery.Say("符合性看板", "Compliance board");
    page.crumbs = {{std::string(gallery.Say("程序書", "Procedure")), "/procedure"},
                   {std::string(gallery.Say("IS-02-008", "IS-02-008")), "/procedure/is-02-008"}};
    page.lead = Alert(Tone::kNotMet,
                      gallery.Say("有 2 項義務已逾期，需要你今天處理", "2 duties are overdue and wait for you today"),
                      Format(R"(<p><a href="/duties/2">{}</a></p>)",
                             gallery.Say("帳號清查（8.4 到期）", "Account review (due 4 Aug)")));
    page.actions = LinkButton(gallery.Say("列印", "Print"), "/clauses/print", ButtonLook::kSecondary, "printer") +
                   LinkButton(gallery.Say("新增檢查", "New check"), "/checks/new", ButtonLook::kPrimary, "plus");
    page.event_channel = "clauses";
    page.body = LivePart("tiles", "clause job", gallery.Tiles()) + gallery.Overview() + gallery.Clauses() +
                gallery.Approval() + gallery.Charts() + gallery.Calendar() + gallery.Forms() + gallery.Rest();
    return RenderPage(frame, page);
}

std::string GallerySignIn(Language language, std::string_view theme) {
    const Gallery gallery{language};
    const Markup body = Alert(Tone::kNotMet, gallery.Say("帳號或密碼不正確", "Wrong name or password")) +
                        PostForm("/sign-in", kToken,
                                 TextField("user", gallery.Say("帳號", "User name"), {}, {}, {},
                                           {.is_required = true, .is_focused = true, .autocomplete = "username"}) +
                                     PasswordField("password", gallery.Say("密碼", "Password"), {}, {},
                                                   {.is_required = true, .autocomplete = "current-password"}) +
                                     ButtonRow({Button(gallery.Say("登入", "Sign in"))}));
    return RenderBarePage(language, theme, gallery.Say("登入", "Sign in"), body);
}

}  // namespace opsteward::web
