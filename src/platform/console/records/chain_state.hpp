// Whether the audit chain is whole: what was found last, and what to do about it.
#pragma once

#include <cstdint>
#include <optional>

#include "db/database.hpp"
#include "html/markup.hpp"
#include "platform/audit/trail.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::records {

struct ChainState {
    std::int64_t rows = 0;                    ///< there are now
    std::optional<audit::DatedVerdict> last;  ///< nothing: never verified
    std::optional<jobs::Job> under_way;       ///< a verification that waits or runs
};
Result<ChainState> ReadChainState(db::Session& session);

/// With the button that verifies now.
html::Markup ChainAlert(const web::RequestContext& context, const ChainState& state);

}  // namespace opsteward::console::records
