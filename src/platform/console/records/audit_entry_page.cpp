// One row of the audit trail, whole.
#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "platform/console/records/audit_page.hpp"
#include "platform/console/records/audit_reading.hpp"
#include "platform/console/records/seal_view.hpp"
#include "platform/console/records/words.hpp"
#include "platform/web/address.hpp"
#include "platform/web/components.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console::records {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

class EntryPage {
  public:
    EntryPage(const web::RequestContext& context, const Services& services)
        : context_(context), services_(services), words_(context.language, {}) {}

    Result<net::Response> Answer() {
        OPS_TRY(const std::int64_t sequence, context_.IdParameter("sequence"));
        OPS_TRY(AuditReach reach, ReachOf(context_, services_.identity));
        OPS_CHECK(services_.database.ReadWith([&](db::Session& session) -> Result<void> {
            OPS_TRY(row_, FindEntry(session, sequence, reach));
            OPS_TRY(seals_, ReadRowSeals(services_, session, {&row_.entry, 1}));
            return Ok();
        }));
        words_ = ValueWords(context_.language, std::move(reach.unit_names));
        const audit::Change& change = row_.entry.change;

        web::Page page;
        page.title = context_.language == Language::kEnglish ? fmt::format("Audit row {}", sequence)
                                                             : fmt::format("稽核紀錄第 {} 筆", sequence);
        page.crumbs = {{std::string(Say("稽核紀錄", "Audit trail")), "/audit"}};
        const std::string same =
            web::Address("/audit").With("kind", change.subject_kind).With("id", change.subject_id).text();
        page.actions = web::LinkButton(Say("這個對象的全部紀錄", "All rows of this subject"), same,
                                       web::ButtonLook::kSecondary, "history");
        page.body =
            web::Card(Say("誰、何時、做了什麼", "Who did what, and when"), Facts()) +
            web::Card(Say("變更內容", "What changed"), Changes()) + web::Card(Say("雜湊鏈", "Hash chain"), Chain()) +
            web::Card(Say("封存", "Seal"), SealedState()) +
            web::Disclosure(Say("保存的原文（JSON）", "As it is kept (JSON)"),
                            web::CodeBlock(json::serialize(change.before) + "\n" + json::serialize(change.after)));
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }

    Markup Facts() const {
        const audit::Entry& entry = row_.entry;
        const audit::Change& change = entry.change;
        const auto label = [&](std::string_view zh, std::string_view en) { return std::string(Say(zh, en)); };
        std::vector<std::pair<std::string, Markup>> facts = {
            {label("時間", "Time"), web::Time(entry.at, context_.now, context_.language)},
            {label("人員", "Person"), Escape(entry.actor.name)},
            {label("來源位址", "Address"), entry.actor.address.empty()
                                               ? Escape(Say("本程式或命令列", "the program or its command line"))
                                               : web::Code(entry.actor.address)},
            {label("動作", "Action"),
             Format("{} {}", ActionTitle(change.action, context_.language), web::Code(change.action))},
            {label("對象", "Subject"), Format("{} {} {}", SubjectKindTitle(change.subject_kind, context_.language),
                                              change.subject_name, web::Code(change.subject_id))}};
        if (change.unit_id) {
            const std::string name = words_.UnitName(*change.unit_id);
            facts.emplace_back(label("單位", "Unit"), Escape(name.empty() ? fmt::format("{}", *change.unit_id) : name));
        }
        return web::DescriptionList(facts);
    }

    Markup Changes() const {
        std::vector<std::vector<Markup>> rows;
        const Markup nothing = Format(R"(<span class="ops-muted">—</span>)");
        for (const FieldChange& change : ChangedFields(row_.entry.change.before, row_.entry.change.after)) {
            const auto text = [&](const std::optional<json::value>& value) {
                return value ? Escape(words_.Of(change.field, *value)) : nothing;
            };
            const Markup field = change.field.empty()
                                     ? Escape(Say("內容", "Content"))
                                     : Format(R"({} <span class="ops-muted">{}</span>)",
                                              FieldTitle(change.field, context_.language), change.field);
            rows.push_back({field, text(change.before), text(change.after)});
        }
        web::TableOptions options;
        options.when_empty = web::EmptyState(
            Say("這筆紀錄沒有欄位異動", "No field changed"),
            Say("這是一個事件，例如登入或重設密碼；機密內容不會留在紀錄裡。",
                "It is an event, such as signing in or resetting a password; secrets are never kept here."));
        return web::Table({{.title = std::string(Say("欄位", "Field"))},
                           {.title = std::string(Say("變更前", "Before"))},
                           {.title = std::string(Say("變更後", "After"))}},
                          rows, Say("有異動的欄位", "Fields that changed"), options);
    }

    Markup Chain() const {
        const Markup first = Escape(Say("無（第一筆）", "none (the first row)"));
        return web::DescriptionList(
            {{std::string(Say("前一筆的雜湊值", "Hash of the row before")),
              row_.previous_hash.empty() ? first : web::Code(row_.previous_hash)},
             {std::string(Say("這一筆的雜湊值", "Hash of this row")),
              web::Code(row_.entry.hash) + web::CopyButton(row_.entry.hash, context_.language)}});
    }

    Markup SealedState() const {
        const std::int64_t sequence = row_.entry.sequence;
        const audit::Seal* const seal = seals_.Of(sequence);
        if (seal == nullptr) return Format("<p>{}</p>", SealText(seal, context_.language));
        return Format("<p>{}{}{}</p>", SealText(seal, context_.language), Say("，", ", "),
                      web::Time(seal->at, context_.now, context_.language)) +
               Format("<p>{}</p>", Say("證明檔附有這一筆的內容，連同公鑰即可驗證它在已簽署的樹裡，不需要本系統：",
                                       "The proof comes with the row itself: with the public key it shows, without this "
                                       "system, that the row is in the signed tree:")) +
               web::CodeBlock(fmt::format("opsteward-verify proof {} --key vault.pub", ProofFileName(sequence))) +
               web::ButtonRow({web::LinkButton(Say("下載證明檔", "Download the proof"),
                                               fmt::format("/audit/{}/proof", sequence),
                                               web::ButtonLook::kSecondary, "file-certificate"),
                               web::LinkButton(Say("下載公鑰", "Download the public key"), kPublicKeyPath,
                                               web::ButtonLook::kSecondary, "key")});
    }

    const web::RequestContext& context_;
    const Services& services_;
    ValueWords words_;
    LinkedEntry row_;
    RowSeals seals_;
};

}  // namespace

std::vector<web::Route> AuditEntryRoutes(std::shared_ptr<const Services> services) {
    return {{net::Method::kGet, "/audit/{sequence}", kMayReadAudit,
             [services](const web::RequestContext& context) { return EntryPage(context, *services).Answer(); }}};
}

}  // namespace opsteward::console::records
