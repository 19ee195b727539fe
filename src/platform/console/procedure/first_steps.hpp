// What the administrator does first on a new system, and how far that has come.
#pragma once

#include "html/markup.hpp"
#include "platform/console/procedure/setup_store.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::compliance {

/// A card with each step, its state and its button; empty when all are done.
html::Markup FirstSteps(const web::RequestContext& context, const SetupFacts& facts);

}  // namespace opsteward::console::compliance
