// Requests that a clause does not apply, with the buttons of those who may decide or withdraw them.
#pragma once

#include <vector>

#include "html/markup.hpp"
#include "platform/console/procedure/exemptions.hpp"

namespace opsteward::console::compliance {

/// With `pack` the clause of each is named as well. `exemptions` is not empty.
html::Markup ExemptionTable(const web::RequestContext& context, const UnitTree& tree, const procedure::Pack* pack,
                            const std::vector<procedure::Exemption>& exemptions);

}  // namespace opsteward::console::compliance
