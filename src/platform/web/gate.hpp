// The one place where a request is let in: route, sign-in, origin, CSRF token, permission, then the handler; afterwards the security
// headers. Nothing else calls handlers.
//
// Checks in order: a route exists (else 404, or 405 with Allow) → bearer token (only under /api/) or session cookie, which what open
// pages ask for on their own (Route::is_background, IsLiveRenewal) does not prolong → the form can be read (else 400) → changing
// methods with a cookie need Sec-Fetch-Site same-origin/none or an Origin/Referer of this host, and the CSRF token of the session
// (form field "csrf" or header X-CSRF-Token) → password change pending: only kOwnAccount routes → permission → read tokens: GET only.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "net/http_message.hpp"
#include "platform/identity/identity.hpp"
#include "platform/web/page.hpp"
#include "platform/web/route.hpp"

namespace opsteward::web {

/// The cookie of the session: "__Host-opsteward" over TLS; over plain HTTP on loopback "opsteward" (a __Host- cookie needs TLS).
inline constexpr std::string_view kSessionCookie = "opsteward";
std::string SessionCookie(std::string_view secret, bool is_tls);  ///< a Set-Cookie value; "" as secret removes it

class Gate {
  public:
    struct Options {
        std::vector<Route> routes;
        std::vector<MenuEntry> menu;
        /// How many tasks wait for this person (the number beside 我的待辦); may be empty.
        std::function<int(const RequestContext&)> open_tasks;
    };
    /// kInternal names a route given twice, with an unknown permission, or without the description an API route needs.
    static Result<std::unique_ptr<Gate>> Make(Options options, identity::Identity& identity, const Clock& clock);
    ~Gate();

    net::Response Handle(const net::Request& request) const;

  private:
    class Impl;
    explicit Gate(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// The OpenAPI 3.1 document of the API routes.
std::string OpenApiDocument(std::span<const Route> routes, std::span<const SchemaSpec> schemas, std::string_view version);

}  // namespace opsteward::web
