// Approving and withdrawing beside what is approved.
#pragma once

#include <string_view>

#include "features/inventory/approval_store.hpp"
#include "features/inventory/page_parts.hpp"

namespace opsteward::inventory {

/// Whether the row is approved, until when and why, as icon and words.
html::Markup ApprovalMarkup(const FactRow& row, const web::RequestContext& context);
/// Opens a small form: reason and end to approve, or a reason to withdraw. It comes back to the page it stands on.
html::Markup ApprovalButtons(const web::RequestContext& context, std::int64_t device_id, const Topic& topic, const FactRow& row);
html::Markup WithdrawForm(const web::RequestContext& context, std::int64_t device_id, std::int64_t approval_id);
/// The fields "reason" and "until"; `id` keeps several forms of a page apart.
html::Markup ReasonFields(const web::RequestContext& context, std::string_view id);

/// The end of an approval as entered: the end of that day in Taipei; none when empty. kInvalidInput for what is no date.
Result<std::optional<Instant>> ParseUntil(std::string_view text);

}  // namespace opsteward::inventory
