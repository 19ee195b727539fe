#include "platform/console/records/settings_page.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/console/records/settings_reading.hpp"
#include "platform/web/components.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::records {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

using Facts = std::vector<std::pair<std::string, Markup>>;

class SettingsPage {
  public:
    SettingsPage(const web::RequestContext& context, const Services& services)
        : context_(context), services_(services) {}

    Result<net::Response> Answer() {
        OPS_TRY(facts_, ReadSettings(services_, context_.now));
        web::Page page;
        page.title = Say("系統設定", "Settings");
        page.lead = Lead();
        page.body = web::Grid(2, {web::Card(Say("程式與資料", "Program and data"), Program()),
                                  web::Card(Say("登入與密碼", "Signing in and passwords"), Policy())}) +
                    web::Card(Say("程序書", "Procedure pack"), Pack()) + Certificate() +
                    web::Card(Say("備份與維護", "Backup and upkeep"), Commands());
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }
    std::string Label(std::string_view zh, std::string_view en) const { return std::string(Say(zh, en)); }

    Markup Lead() const {
        if (facts_.concerns.empty()) {
            return web::Alert(web::Tone::kMet,
                              Say("運作正常，目前不需處理。", "Everything is in order; there is nothing to do."));
        }
        return html::Join(facts_.concerns, [&](const Concern& concern) {
            return web::Alert(concern.tone, concern.title.In(context_.language),
                              Format("<p>{}</p>", concern.detail.In(context_.language)));
        });
    }

    Markup Program() const {
        const ProgramInfo& program = services_.program;
        Facts facts = {
            {Label("版本", "Version"), web::Code(program.version)},
            {Label("啟動時間", "Started"), web::Time(program.started_at, context_.now, context_.language)},
            {Label("監聽位址", "Listens on"), web::Code(program.listen)},
            {Label("資料夾", "Data folder"), web::Code(program.data_folder)},
            {Label("資料庫", "Database"),
             Format("{} {}", program.database, FormatBytes(static_cast<std::uint64_t>(facts_.database_bytes)))},
            {Label("稽核紀錄", "Audit trail"), Format("{} {}", facts_.audit_rows, Say("筆", "rows"))}};
        if (facts_.disk) {
            facts.emplace_back(
                Label("磁碟可用空間", "Free on the disk"),
                Format("{} / {}", FormatBytes(facts_.disk->available), FormatBytes(facts_.disk->capacity)));
        }
        if (services_.server_statistics) {
            const net::ServerStatistics statistics = services_.server_statistics();
            facts.emplace_back(Label("啟動後的要求", "Requests since the start"),
                               Format("{} {}", statistics.requests,
                                      context_.language == Language::kEnglish
                                          ? fmt::format("({} connections open)", statistics.connections_open)
                                          : fmt::format("（目前 {} 條連線）", statistics.connections_open)));
        }
        return web::DescriptionList(facts);
    }

    Markup Policy() const {
        const identity::Policy& policy = services_.identity.policy();
        const auto amount = [&](auto number, std::string_view zh, std::string_view en) {
            return Format("{} {}", number, Say(zh, en));
        };
        return web::DescriptionList(
            {{Label("密碼長度", "Password length"), amount(policy.min_password_length, "字以上，四類字元至少三類",
                                                           "characters or more, of three of the four kinds")},
             {Label("不得重複", "Not to be used again"),
              amount(policy.remembered_passwords, "組最近用過的密碼", "passwords used last")},
             {Label("密碼期限", "Password age"), amount(policy.password_age.count(), "天", "days")},
             {Label("登入失敗", "Failed sign-ins"),
              Escape(context_.language == Language::kEnglish
                         ? fmt::format("{} in a row lock the account for {} minutes", policy.max_failures,
                                       policy.lock_time.count())
                         : fmt::format("連續 {} 次鎖定 {} 分鐘", policy.max_failures, policy.lock_time.count()))},
             {Label("閒置登出", "Signed out when idle"), amount(policy.session_idle.count(), "分鐘", "minutes")},
             {Label("最長登入", "Signed in at most"), amount(policy.session_absolute.count(), "小時", "hours")}});
    }

    Markup Pack() const {
        const procedure::Pack& pack = *facts_.pack;
        Markup body = web::DescriptionList(
            {{Label("名稱", "Title"), Escape(pack.title.In(context_.language))},
             {Label("代號與版本", "Id and version"), Format("{} {}", web::Code(pack.id), web::Code(pack.version))},
             {Label("生效日", "In force from"), Escape(FormatDate(pack.effective, context_.language))},
             {Label("內容", "Content"),
              Escape(context_.language == Language::kEnglish
                         ? fmt::format("{} clauses, {} checks, {} duties", pack.clauses.size(), pack.checks.size(),
                                       pack.duties.size())
                         : fmt::format("{} 條條文、{} 項檢核、{} 項定期工作", pack.clauses.size(), pack.checks.size(),
                                       pack.duties.size()))},
             {Label("摘要值", "Digest"), web::Code(pack.digest) + web::CopyButton(pack.digest, context_.language)},
             {Label("資料夾", "Folder"), web::Code(services_.program.pack_folder)}});
        if (!facts_.faults.empty()) body += Faults();
        if (!facts_.refused_checks.empty()) {
            body += web::Disclosure(
                Say("未能執行的檢核", "Checks that were refused"),
                Format("<ul>{}</ul>",
                       html::Join(facts_.refused_checks,
                                  [&](const Text& text) { return Format("<li>{}</li>", text.In(context_.language)); })),
                true);
        }
        return body;
    }

    /// Of the files as they are now; the pack in use is the last one without fault.
    Markup Faults() const {
        std::vector<std::vector<Markup>> rows;
        for (const procedure::PackFault& fault : facts_.faults) {
            rows.push_back({web::Code(fmt::format("{}:{}:{}", fault.place.file, fault.place.line, fault.place.column)),
                            Escape(fault.expected.In(context_.language))});
        }
        web::TableOptions options;
        options.is_caption_shown = true;
        return web::Table({{.title = Label("位置", "Place")}, {.title = Label("應有的內容", "What is expected")}}, rows,
                          Say("磁碟上檔案的錯誤；修正後會自動重新讀取",
                              "Faults of the files on disk; they are read again once corrected"),
                          options);
    }

    Markup Certificate() const {
        if (!facts_.certificate) return {};
        const net::CertificateFacts& certificate = *facts_.certificate;
        const Markup issuer = certificate.is_self_issued
                                  ? Escape(Say("自簽（未經憑證機構簽發）", "self-signed, by no authority"))
                                  : web::Code(certificate.issuer);
        return web::Card(
            Say("伺服器憑證", "Server certificate"),
            web::DescriptionList(
                {{Label("主體", "Subject"), web::Code(certificate.subject)},
                 {Label("簽發者", "Issuer"), issuer},
                 {Label("適用名稱", "Names"), Escape(Join(certificate.names, ", "))},
                 {Label("到期", "Ends"), web::Time(certificate.ends, context_.now, context_.language)},
                 {"SHA-256", web::Code(certificate.sha256) + web::CopyButton(certificate.sha256, context_.language)},
                 {Label("檔案", "File"), web::Code(services_.program.certificate_file)}}));
    }

    Markup Command(std::string_view what, std::string_view command) const {
        return Format("<p>{}</p>", what) + web::CodeBlock(command) + web::CopyButton(command, context_.language);
    }

    Markup Commands() const {
        const std::string& data = services_.program.data_folder;
        return Command(Say("備份（伺服器執行中也可以）：", "Back up, also beside the running server:"),
                       fmt::format("opsteward db backup --data {} --to {}-backup", data, data)) +
               Command(Say("還原到一個沒有資料的資料夾（先停止伺服器）：",
                           "Restore into a data folder without records, with the server stopped:"),
                       fmt::format("opsteward db restore --data {} --from {}-backup", data, data)) +
               Command(Say("重新計算稽核鏈：", "Recompute the audit chain:"),
                       fmt::format("opsteward db verify --data {}", data)) +
               Command(Say("檢查程序書檔案：", "Look for faults in the procedure pack:"),
                       fmt::format("opsteward procedure check {}", services_.program.pack_folder)) +
               Format("<p>{}</p>", web::Link(Say("更多說明", "More help"), "/help"));
    }

    const web::RequestContext& context_;
    const Services& services_;
    SettingsFacts facts_;
};

}  // namespace

std::vector<web::Route> SettingsPageRoutes(std::shared_ptr<const Services> services) {
    return {{net::Method::kGet, "/settings", kMayReadSettings,
             [services](const web::RequestContext& context) { return SettingsPage(context, *services).Answer(); }}};
}

}  // namespace opsteward::console::records
