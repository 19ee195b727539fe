// What a handler knows of the request it answers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/language.hpp"
#include "base/result.hpp"
#include "net/http_message.hpp"
#include "platform/identity/identity.hpp"
#include "platform/web/page.hpp"

namespace opsteward::web {

class RequestContext {
  public:
    const net::Request& request;
    const identity::Authentication* authentication;  ///< null on public routes when nobody is signed in
    Instant now;
    Language language;
    net::FormFields form;                            ///< of a form post; else empty
    std::map<std::string, std::string, std::less<>> path_parameters;
    PageFrame frame;                                 ///< filled in: menu, user, theme …

    /// Precondition: the route is not public.
    const identity::Principal& principal() const { return authentication->principal; }
    const audit::Actor& actor() const { return authentication->principal.actor(); }
    std::string_view Parameter(std::string_view name) const;         ///< of the path; "" when absent
    Result<std::int64_t> IdParameter(std::string_view name = "id") const;  ///< kNotFound unless a positive integer
    /// The body as a JSON object; kInvalidInput else.
    Result<json::object> JsonBody() const;
    /// kForbidden unless the permission holds in that unit.
    Result<void> RequireIn(std::string_view permission, std::int64_t unit_id) const;
    /// The text in the language of the reader.
    std::string_view Say(std::string_view zh, std::string_view en) const { return language == Language::kEnglish ? en : zh; }

    net::Response Render(const Page& page, int status = 200) const;
    /// 303 to `href` (a path of this site), where the notice is shown once.
    net::Response RedirectWithNotice(std::string_view href, const Text& notice) const;
};

/// {"zh":…,"en":…}
json::object TextJson(const Text& text);
/// RFC 3339 in UTC; null when absent.
json::value TimeJson(std::optional<Instant> instant);
net::Response JsonResponse(const json::value& value, int status = 200);
/// Fields of a JSON body; kInvalidInput names the field and what is expected.
Result<std::string> RequiredString(const json::object& object, std::string_view key, std::size_t max_bytes = 4096);
Result<std::int64_t> RequiredInt(const json::object& object, std::string_view key);

}  // namespace opsteward::web
