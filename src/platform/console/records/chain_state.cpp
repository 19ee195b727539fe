#include "platform/console/records/chain_state.hpp"

#include <fmt/format.h>

#include "platform/console/records/audit_reading.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::console::records {

using html::Format;
using html::Markup;

namespace {

/// The nightly verification, and some hours in which the machine may have been off.
constexpr std::chrono::hours kFreshFor{36};

Markup VerifyButton(const web::RequestContext& context, const ChainState& state) {
    if (state.under_way) {
        const std::string_view label = context.Say("驗證進度", "Progress of the verification");
        return Format("<p>{} {}</p>", context.Say("驗證進行中。", "A verification is under way."),
                      web::Progress(state.under_way->progress, label));
    }
    return web::PostForm("/audit/verify", context.frame.csrf_token,
                         web::ButtonRow({web::Button(context.Say("立即驗證", "Verify now"), web::ButtonLook::kSecondary,
                                                     "shield-check")}));
}

Markup BrokenAlert(const web::RequestContext& context, const audit::DatedVerdict& last, const Markup& button) {
    Markup text =
        Format("<p>{}{} {}</p>", last.verdict.problem.In(context.language),
               context.language == Language::kEnglish ? " " : "", web::Time(last.at, context.now, context.language));
    text += Format(
        "<p>{}</p>",
        context.Say("現在要做的事：先備份並保全現場，不要刪改任何檔案；通報資安執行小組，從中斷處之前的備份比對差異。",
                    "What to do now: make a backup and leave everything as it is; tell the security team, and compare "
                    "with a backup "
                    "from before the break."));
    if (last.verdict.broken_at) {
        const std::int64_t before = *last.verdict.broken_at + 1;
        text += Format("<p>{}</p>", web::Link(context.Say("檢視中斷處之前的紀錄", "See the rows up to the break"),
                                              fmt::format("/audit?before={}", before)));
    }
    return web::Alert(web::Tone::kNotMet, context.Say("稽核鏈已中斷", "The audit chain is broken"), text + button);
}

}  // namespace

Result<ChainState> ReadChainState(db::Session& session) {
    ChainState state;
    OPS_TRY(state.rows, audit::CountRows(session));
    OPS_TRY(state.last, audit::LastVerdict(session));
    OPS_TRY(const std::vector<jobs::Job> latest, jobs::ListJobs(session, kVerifyJob, std::nullopt, 0, 1));
    if (!latest.empty() &&
        (latest.front().state == jobs::JobState::kQueued || latest.front().state == jobs::JobState::kRunning)) {
        state.under_way = latest.front();
    }
    return state;
}

Markup ChainAlert(const web::RequestContext& context, const ChainState& state) {
    const Markup button = VerifyButton(context, state);
    if (!state.last) {
        return web::Alert(web::Tone::kNotSetUp, context.Say("稽核鏈尚未驗證過", "The audit chain was never verified"),
                          Format("<p>{}</p>", context.Say("每日 02:30 自動驗證；也可以現在就驗證。",
                                                          "It is verified every night at 02:30, or now if you wish.")) +
                              button);
    }
    const audit::DatedVerdict& last = *state.last;
    if (!last.verdict.is_intact) return BrokenAlert(context, last, button);
    const Markup when = web::Time(last.at, context.now, context.language);
    const Markup text =
        context.language == Language::kEnglish
            ? Format("<p>Verified {}: {} rows, every hash fits. There are {} rows now.</p>", when, last.verdict.rows,
                     state.rows)
            : Format("<p>{} 驗證 {} 筆，雜湊值全部相符；目前共 {} 筆。</p>", when, last.verdict.rows, state.rows);
    const bool is_fresh = context.now - last.at <= kFreshFor;
    return web::Alert(
        is_fresh ? web::Tone::kMet : web::Tone::kAttention,
        is_fresh ? context.Say("稽核鏈完整", "The audit chain is intact")
                 : context.Say("稽核鏈已超過一天沒有驗證", "The audit chain was not verified for more than a day"),
        text + button);
}

}  // namespace opsteward::console::records
