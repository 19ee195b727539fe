#include "platform/console/records/audit_page.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/console/records/audit_reading.hpp"
#include "platform/console/records/chain_state.hpp"
#include "platform/console/records/job_actions.hpp"
#include "platform/console/records/seal_view.hpp"
#include "platform/console/records/words.hpp"
#include "platform/web/address.hpp"
#include "platform/web/components.hpp"
#include "platform/web/csv.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::records {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

constexpr int kPerPage = 50;
constexpr std::size_t kShownChanges = 4;
constexpr std::size_t kShownCharacters = 120;
constexpr std::size_t kMaxExported = 20'000;
constexpr int kExportStep = 1000;

class AuditPage {
  public:
    AuditPage(const web::RequestContext& context, const Services& services)
        : context_(context), services_(services), words_(context.language, {}) {}

    Result<net::Response> Answer() {
        OPS_TRY(AuditReach reach, ReachOf(context_, services_.identity));
        question_ = QuestionOf(context_.request.query, reach);
        words_ = ValueWords(context_.language, std::move(reach.unit_names));
        if (context_.request.query.Get("format") == "csv" && !question_.has_fault()) return Export();

        question_.filter.limit = kPerPage + 1;
        OPS_CHECK(services_.database.ReadWith([&](db::Session& session) -> Result<void> {
            OPS_TRY(chain_, ReadChainState(session));
            OPS_TRY(seal_, ReadSealView(services_, session));
            OPS_TRY(kinds_, audit::SubjectKinds(session));
            if (question_.has_fault()) return Ok();
            OPS_TRY(entries_, audit::Search(session, question_.filter));
            OPS_TRY(seals_, ReadRowSeals(services_, session, entries_));
            return Ok();
        }));
        web::Page page;
        page.title = Say("稽核紀錄", "Audit trail");
        page.event_channel = kJobsChannel;
        page.lead = web::LivePart("audit-chain", kJobsChannel, ChainAlert(context_, chain_) + SealAlert(context_, seal_));
        page.actions =
            web::LinkButton(Say("匯出 CSV", "Export CSV"), Here().With("before", "").With("format", "csv").text(),
                            web::ButtonLook::kSecondary, "download");
        page.body = Filter() + List() + SealKeyCard(context_, seal_);
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }
    web::Address Here() const { return web::Address::Of(context_.request); }

    Markup Filter() const {
        const net::FormFields& query = context_.request.query;
        std::vector<web::Choice> kinds = {{"", std::string(Say("全部", "All"))}};
        for (const std::string& kind : kinds_) kinds.push_back({kind, SubjectKindTitle(kind, context_.language)});
        Markup fields = web::TextField("q", Say("動作、對象或人員", "Action, subject or person"), query.Get("q"));
        fields += web::TextField("actor", Say("人員（登入名稱）", "Person (sign-in name)"), query.Get("actor"));
        fields += web::SelectField("kind", Say("對象種類", "Kind of subject"), query.Get("kind"), kinds);
        const web::FieldOptions date{.placeholder = Say("如 114.8.5", "such as 2025-08-05")};
        fields += web::TextField("from", Say("起日", "From"), query.Get("from"), {},
                                 question_.from_fault.In(context_.language), date);
        fields += web::TextField("until", Say("迄日", "Until"), query.Get("until"), {},
                                 question_.until_fault.In(context_.language), date);
        if (!question_.filter.subject_id.empty()) fields += web::HiddenField("id", question_.filter.subject_id);
        return web::FilterForm("/audit", fields, context_.language);
    }

    Markup List() const {
        if (question_.has_fault()) {
            return web::EmptyState(Say("日期無法解讀", "A date could not be read"),
                                   Say("請修正上方的日期後再套用。", "Correct the date above and apply it again."));
        }
        const std::vector<web::Column> columns = {{.title = std::string(Say("序號", "No.")), .align = web::Align::kEnd},
                                                  {.title = std::string(Say("時間", "Time"))},
                                                  {.title = std::string(Say("人員", "Person"))},
                                                  {.title = std::string(Say("動作", "Action"))},
                                                  {.title = std::string(Say("對象", "Subject"))},
                                                  {.title = std::string(Say("變更內容", "What changed"))},
                                                  {.title = std::string(Say("封存", "Seal"))}};
        std::vector<std::vector<Markup>> rows;
        for (std::size_t i = 0; i < entries_.size() && i < kPerPage; ++i) rows.push_back(Row(entries_[i]));
        web::TableOptions options;
        options.when_empty = web::EmptyState(
            Say("沒有符合條件的紀錄", "No row fits"),
            Say("放寬條件再試一次；每一項變更都會記在這裡。", "Widen the filter; every change is kept here."),
            web::LinkButton(Say("清除條件", "Clear the filter"), "/audit"));
        return web::Table(columns, rows, Say("稽核紀錄，由新到舊", "Audit trail, newest first"), options) + Paging();
    }

    Markup Paging() const {
        std::vector<Markup> links;
        if (question_.filter.before_sequence > 0) {
            links.push_back(web::LinkButton(Say("回到最新", "Newest"), Here().With("before", "").text(),
                                            web::ButtonLook::kSecondary, "chevrons-left"));
        }
        if (entries_.size() > kPerPage) {
            const std::string last = fmt::format("{}", entries_[kPerPage - 1].sequence);
            links.push_back(web::LinkButton(Say("較早的紀錄", "Older"), Here().With("before", last).text(),
                                            web::ButtonLook::kSecondary, "chevron-right"));
        }
        return links.empty() ? Markup() : web::ButtonRow(links);
    }

    std::vector<Markup> Row(const audit::Entry& entry) const {
        const audit::Change& change = entry.change;
        Markup person = Escape(entry.actor.name);
        if (!entry.actor.address.empty()) {
            person += Format(R"( <span class="ops-muted">{}</span>)", entry.actor.address);
        }
        return {web::Link(fmt::format("{}", entry.sequence), fmt::format("/audit/{}", entry.sequence)),
                web::Time(entry.at, context_.language),
                person,
                Escape(ActionTitle(change.action, context_.language)),
                Format(R"(<span class="ops-muted">{}</span> {})",
                       SubjectKindTitle(change.subject_kind, context_.language), change.subject_name),
                Changes(entry),
                Format(R"(<span class="ops-muted">{}</span>)",
                       SealText(seals_.Of(entry.sequence), context_.language))};
    }

    Markup Changes(const audit::Entry& entry) const {
        const std::vector<FieldChange> changes = ChangedFields(entry.change.before, entry.change.after);
        if (changes.empty()) return Format(R"(<span class="ops-muted">—</span>)");
        Markup lines;
        for (std::size_t i = 0; i < changes.size() && i < kShownChanges; ++i) {
            lines += Format("<div>{}</div>", Shorten(words_.Of(changes[i]), kShownCharacters));
        }
        if (changes.size() > kShownChanges) {
            const std::size_t rest = changes.size() - kShownChanges;
            lines += Format("<div>{}</div>",
                            web::Link(context_.language == Language::kEnglish ? fmt::format("{} more", rest)
                                                                              : fmt::format("另有 {} 項", rest),
                                      fmt::format("/audit/{}", entry.sequence)));
        }
        return lines;
    }

    Result<net::Response> Export() {
        audit::Filter filter = question_.filter;
        filter.before_sequence = 0;
        filter.limit = kExportStep;
        std::vector<std::vector<std::string>> rows = {
            {std::string(Say("序號", "No.")), std::string(Say("時間", "Time")), std::string(Say("人員", "Person")),
             std::string(Say("來源位址", "Address")), std::string(Say("動作", "Action")),
             std::string(Say("對象種類", "Kind of subject")), std::string(Say("對象", "Subject")),
             std::string(Say("變更內容", "What changed"))}};
        OPS_CHECK(services_.database.ReadWith([&](db::Session& session) -> Result<void> {
            bool is_more = true;
            while (is_more && rows.size() <= kMaxExported) {
                OPS_TRY(const std::vector<audit::Entry> step, audit::Search(session, filter));
                for (const audit::Entry& entry : step) rows.push_back(ExportedRow(entry));
                is_more = step.size() == static_cast<std::size_t>(kExportStep);
                if (is_more) filter.before_sequence = step.back().sequence;
            }
            if (is_more) {
                rows.push_back({std::string(Say("其餘紀錄未匯出，請縮小條件分次匯出。",
                                                "Not all rows are here: narrow the filter and export in parts."))});
            }
            return Ok();
        }));
        return web::CsvResponse("audit.csv", rows);
    }

    std::vector<std::string> ExportedRow(const audit::Entry& entry) const {
        std::vector<std::string> changes;
        for (const FieldChange& change : ChangedFields(entry.change.before, entry.change.after)) {
            changes.push_back(words_.Of(change));
        }
        return {fmt::format("{}", entry.sequence),
                FormatTimeWithSeconds(entry.at, context_.language),
                entry.actor.name,
                entry.actor.address,
                ActionTitle(entry.change.action, context_.language),
                SubjectKindTitle(entry.change.subject_kind, context_.language),
                entry.change.subject_name,
                Join(changes, context_.language == Language::kEnglish ? "; " : "；")};
    }

    const web::RequestContext& context_;
    const Services& services_;
    ValueWords words_;
    AuditQuestion question_;
    ChainState chain_;
    SealView seal_;
    RowSeals seals_;
    std::vector<std::string> kinds_;
    std::vector<audit::Entry> entries_;
};

Result<net::Response> PostVerify(const web::RequestContext& context, const Services& services) {
    OPS_CHECK(RunNow(services, context, kVerifyJob));
    return context.RedirectWithNotice("/audit", {"已排入驗證，完成後結果會顯示在這一頁。",
                                                 "The verification is queued; its outcome will show on this page."});
}

}  // namespace

std::vector<web::Route> AuditPageRoutes(std::shared_ptr<const Services> services) {
    return {{net::Method::kGet, "/audit", kMayReadAudit,
             [services](const web::RequestContext& context) { return AuditPage(context, *services).Answer(); }},
            {net::Method::kPost, "/audit/verify", kMayReadAudit,
             [services](const web::RequestContext& context) { return PostVerify(context, *services); }}};
}

}  // namespace opsteward::console::records
