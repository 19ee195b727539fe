// Errors as answers: a page for people, JSON for programs.
#pragma once

#include "base/error.hpp"
#include "net/http_message.hpp"
#include "platform/web/page.hpp"

namespace opsteward::web {

/// As base/error.hpp says; kInvalidInput is 400 for the API and 422 for a page.
int StatusFor(ErrorCode code, bool is_api);
/// {"error":{"code":"not_found","message":{"zh":…,"en":…}}}
net::Response ErrorJson(const Error& error, int status);
/// What happened, what was kept, what to do next. With the menu when somebody is signed in, else bare.
net::Response ErrorPage(const PageFrame& frame, const Error& error, int status);

}  // namespace opsteward::web
