// The headers that every answer carries.
#pragma once

#include "net/http_message.hpp"

namespace opsteward::web {

/// Cache-Control is set to no-store unless the answer says something else about it.
void AddSecurityHeaders(net::Response& response, bool is_tls);

}  // namespace opsteward::web
