#include "features/inventory/approval_form.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::inventory {

using html::Format;
using html::Markup;

Markup ApprovalMarkup(const FactRow& row, const web::RequestContext& context) {
    if (!row.approval_id) {
        return row.is_to_decide ? web::Badge(web::Tone::kAttention, context.Say("等待決定", "to be decided"))
                                : web::Badge(web::Tone::kNeutral, context.Say("不需核准", "not needed"));
    }
    Markup text = web::Badge(web::Tone::kMet, context.Say("已核准", "approved"));
    if (row.approved_until) {
        // An approval holds to the end of a day; the instant is the beginning of the next one.
        const Date last_day = TaipeiDate(*row.approved_until - std::chrono::milliseconds(1));
        text += Format(R"( <span class="ops-muted">{} {}</span>)", context.Say("至", "until"),
                       FormatDateShort(last_day, context.language));
    }
    constexpr std::size_t kShownReason = 60;
    if (!row.approval_reason.empty())
        text += Format(R"( <span class="ops-muted">{}</span>)", Shorten(row.approval_reason, kShownReason));
    return text;
}

Markup ReasonFields(const web::RequestContext& context, std::string_view id) {
    const std::string reason_id = fmt::format("reason-{}", id);
    const std::string until_id = fmt::format("until-{}", id);
    return web::FieldRow(
        {web::TextField("reason", context.Say("理由", "Reason"), {}, {}, {},
                        {.is_required = true, .max_length = static_cast<int>(kMaxReasonLength), .id = reason_id}),
         web::DateField("until", context.Say("期限（可不填）", "Until (may be empty)"), {}, context.language, {}, {},
                        {.id = until_id})});
}

Markup WithdrawForm(const web::RequestContext& context, std::int64_t device_id, std::int64_t approval_id) {
    const std::string reason_id = fmt::format("withdraw-{}", approval_id);
    return web::PostForm(
        fmt::format("{}/approvals/{}/withdraw", DevicePath(device_id), approval_id), context.frame.csrf_token,
        web::HiddenField("return_to", context.request.target) +
            web::TextField("reason", context.Say("撤回的理由", "Reason for withdrawing"), {}, {}, {},
                           {.is_required = true, .max_length = static_cast<int>(kMaxReasonLength), .id = reason_id}) +
            web::ButtonRow({web::Button(context.Say("撤回核准", "Withdraw"), web::ButtonLook::kDanger, "arrow-back-up")}));
}

Markup ApprovalButtons(const web::RequestContext& context, std::int64_t device_id, const Topic& topic, const FactRow& row) {
    if (row.approval_id) {
        return web::Disclosure(context.Say("撤回…", "Withdraw…"), WithdrawForm(context, device_id, *row.approval_id));
    }
    const std::string id = fmt::format("row-{}", row.id);
    const Markup form =
        web::PostForm(DevicePath(device_id) + "/approvals", context.frame.csrf_token,
                      web::HiddenField("return_to", context.request.target) + web::HiddenField("topic", topic.name) +
                          web::HiddenField("row", fmt::format("{}", row.id)) + ReasonFields(context, id) +
                          web::ButtonRow({web::Button(context.Say("核准", "Approve"), web::ButtonLook::kApprove, "check")}));
    return web::Disclosure(context.Say("核准…", "Approve…"), form);
}

Result<std::optional<Instant>> ParseUntil(std::string_view text) {
    if (Trim(text).empty()) return std::optional<Instant>();
    OPS_TRY(const Date date, ParseDate(Trim(text)));
    return std::optional<Instant>(StartOfDay(Date(std::chrono::sys_days(date) + std::chrono::days(1))));
}

}  // namespace opsteward::inventory
