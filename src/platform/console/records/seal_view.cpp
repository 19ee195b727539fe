#include "platform/console/records/seal_view.hpp"

#include <fmt/format.h>

#include "base/count_text.hpp"
#include "crypto/crypto.hpp"
#include "platform/console/records/job_actions.hpp"
#include "platform/web/components.hpp"

namespace opsteward::console::records {

using html::Escape;
using html::Format;
using html::Markup;

namespace {

/// Several runs of the job, and a few minutes in which logs may be brought in.
constexpr std::chrono::minutes kPatience{10};

/// A damaged key file must not take the page away; the job tells of it.
std::optional<std::string> LogName(const Services& services) {
    return audit::LogOf(services.seal_place).value_or(std::nullopt);
}

Markup SealedThrough(const web::RequestContext& context, const audit::Seal& seal) {
    const Markup when = web::Time(seal.at, context.now, context.language);
    return context.language == Language::kEnglish
               ? Format("Up to row {}, in checkpoint {}, {}.", seal.through, seal.tree_size, when)
               : Format("到第 {} 筆為止，檢查點 {}，{}。", seal.through, seal.tree_size, when);
}

Markup Waiting(const web::RequestContext& context, const audit::SealState& state) {
    if (state.waiting == 0 || !state.waiting_since) return Escape(context.Say("沒有等待封存的紀錄。", "No row waits to be sealed."));
    const Markup when = web::Time(*state.waiting_since, context.now, context.language);
    return context.language == Language::kEnglish
               ? Format("{}, the first since {}.", CountText("{} [row waits|rows wait] to be sealed", state.waiting), when)
               : Format("{} 筆等待封存，最早一筆是 {}。", state.waiting, when);
}

Markup FaultAlert(const web::RequestContext& context, const SealView& view) {
    Markup text = Format("<p>{}</p>", view.fault->text.In(context.language));
    if (view.fault->at) {
        text += Format("<p>{} {}</p>", context.Say("最近一次嘗試：", "Last tried:"), web::Time(*view.fault->at, context.now, context.language));
    }
    text += Format("<p>{}</p>", Waiting(context, view.state));
    text += Format("<p>{}</p>", context.Say("現在要做的事：保全記錄庫與資料庫的現況並通報資安執行小組；若是還原了備份，依操作手冊「備份與還原」處理。",
                                            "What to do now: leave vault and database as they are and tell the security team; if a backup was "
                                            "restored, go on as the manual says under \"Back up and restore\"."));
    return web::Alert(web::Tone::kNotMet, context.Say("稽核紀錄未能封存", "The audit trail is not sealed"), text);
}

}  // namespace

std::string ProofFileName(std::int64_t sequence) { return fmt::format("audit-{}.tlog-proof", sequence); }

const audit::Seal* RowSeals::Of(std::int64_t sequence) const {
    const auto found = seals.find(sequence);
    return found == seals.end() ? nullptr : &found->second;
}

Result<RowSeals> ReadRowSeals(const Services& services, db::Session& session, std::span<const audit::Entry> entries) {
    const auto log = LogName(services);
    if (!log) return RowSeals{};
    std::vector<std::int64_t> sequences;
    for (const audit::Entry& entry : entries) sequences.push_back(entry.sequence);
    OPS_TRY(auto seals, audit::SealsOf(session, *log, sequences));
    return RowSeals{std::move(seals)};
}

std::string SealText(const audit::Seal* seal, Language language) {
    const bool is_english = language == Language::kEnglish;
    if (seal == nullptr) return is_english ? "not sealed yet" : "尚未封存";
    return fmt::format(fmt::runtime(is_english ? "sealed in checkpoint {}" : "已封存於檢查點 {}"), seal->tree_size);
}

Result<std::optional<SealFault>> ReadSealFault(const Services& services, db::Session& session) {
    OPS_TRY(const std::optional<jobs::Job> last, LastEnded(session, services.seal_job));
    if (!last || last->state != jobs::JobState::kFailed) return std::optional<SealFault>();
    return std::optional(SealFault{last->error, last->finished_at});
}

Result<SealView> ReadSealView(const Services& services, db::Session& session) {
    SealView view;
    view.log = LogName(services);
    OPS_TRY(view.state, audit::ReadSealState(session, view.log.value_or("")));
    OPS_TRY(view.fault, ReadSealFault(services, session));
    if (view.log) {
        OPS_TRY(const auto key, audit::ReadPublicKey(services.seal_place));
        view.key_digest = crypto::Sha256Hex(key.value_or(""));
    }
    OPS_TRY(const std::vector<std::string> logs, audit::SealedLogs(session));
    for (const std::string& log : logs) {
        if (log == view.log) continue;
        OPS_TRY(const auto seal, audit::LastSeal(session, log));
        if (seal) view.others.emplace_back(log, *seal);
    }
    return view;
}

Markup SealAlert(const web::RequestContext& context, const SealView& view) {
    if (view.fault) return FaultAlert(context, view);
    const audit::SealState& state = view.state;
    if (!state.last) {
        return web::Alert(web::Tone::kNotSetUp, context.Say("稽核紀錄尚未封存過", "The audit trail was never sealed"),
                          Format("<p>{}</p>", Waiting(context, state)));
    }
    const bool is_late = state.waiting_since && context.now - *state.waiting_since > kPatience;
    return web::Alert(is_late ? web::Tone::kAttention : web::Tone::kMet,
                      is_late ? context.Say("有稽核紀錄等待封存已久", "Rows have waited long to be sealed")
                              : context.Say("稽核紀錄已封存於記錄庫", "The audit trail is sealed in the log vault"),
                      Format("<p>{}{}{}</p>", SealedThrough(context, *state.last), context.Say("", " "), Waiting(context, state)));
}

Markup SealKeyCard(const web::RequestContext& context, const SealView& view) {
    if (!view.log) return {};
    const auto label = [&](std::string_view zh, std::string_view en) { return std::string(context.Say(zh, en)); };
    std::vector<std::pair<std::string, Markup>> facts = {
        {label("記錄庫", "Log vault"), web::Code(*view.log)},
        {label("公鑰檔的 SHA-256", "SHA-256 of the public key"), web::Code(view.key_digest) + web::CopyButton(view.key_digest, context.language)}};
    const std::string other = label("其他或先前的記錄庫", "Another or earlier vault");
    for (const auto& [log, seal] : view.others) facts.emplace_back(other, Format("{} {}", web::Code(log), SealedThrough(context, seal)));
    return web::Card(context.Say("驗證封存用的公鑰", "The key to verify seals with"),
                     Format("<p>{}</p>", context.Say("啟用時就把這把公鑰抄錄並另存於本機以外；日後驗證以那一份為準，不以本頁為準。",
                                                     "Write this key down and keep it elsewhere when the system is put into service; "
                                                     "later, trust that copy and not this page.")) +
                         web::DescriptionList(facts),
                     web::LinkButton(context.Say("下載公鑰", "Download the public key"), kPublicKeyPath, web::ButtonLook::kSecondary, "key"));
}

}  // namespace opsteward::console::records
