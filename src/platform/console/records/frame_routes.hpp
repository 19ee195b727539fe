// What the frame around every page asks for: live events and the reader's own settings (platform/web/page.hpp).
#pragma once

#include "platform/web/route.hpp"

namespace opsteward::console::records {

/// GET /events/{channel}: the channels of services.hpp, else 404. Does not prolong the session.
web::Route EventsRoute();

/// POST /preferences with `language` or `theme`, and `return_to`. Also for somebody who has to change the password
/// first.
web::Route PreferencesRoute();

}  // namespace opsteward::console::records
