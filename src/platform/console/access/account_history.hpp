// What happened to an account, as the audit trail tells it.
#pragma once

#include <vector>

#include "platform/audit/trail.hpp"
#include "platform/console/access/unit_tree.hpp"
#include "platform/web/components.hpp"

namespace opsteward::console {

/// One entry of a timeline: what was done, by whom and from where, and what differs.
web::TimelineEntry HistoryEntry(const audit::Entry& entry, const UnitTree& units, Language language);

}  // namespace opsteward::console
