// /devices/{id}/approvals: what is approved on a device, and approving everything seen now.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "features/inventory/approval_store.hpp"
#include "features/inventory/page_parts.hpp"
#include "platform/web/route.hpp"

namespace opsteward::inventory {

std::vector<web::Route> ApprovalsRoutes(std::shared_ptr<const Surroundings> surroundings);
/// /devices/{id}/approvals/seen: the preview of a baseline, and taking it.
std::vector<web::Route> BaselineRoutes(std::shared_ptr<const Surroundings> surroundings);

/// A word for exactly these candidates: what is taken must be what was shown.
std::string DigestOf(const std::vector<Candidate>& candidates);

}  // namespace opsteward::inventory
