// Help: shortcuts, what the states mean, where the manuals are.
#pragma once

#include "platform/web/route.hpp"

namespace opsteward::console::records {

web::Route HelpRoute();

}  // namespace opsteward::console::records
