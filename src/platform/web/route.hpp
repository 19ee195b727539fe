// Routes: what the program answers, who may ask for it, and how it is described to API users. One table for all modules; the gate
// (gate.hpp) checks every request against it before a handler runs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "net/http_message.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::web {

inline constexpr std::string_view kPublic = "public";        ///< nobody needs to be signed in
inline constexpr std::string_view kSignedIn = "signed_in";   ///< anybody who is; also before a forced change of password is done: kOwnAccount
inline constexpr std::string_view kOwnAccount = "own_account";  ///< signed in, even while the password must be changed first

struct QueryParameter {
    std::string_view name;
    std::string_view description;
    std::string_view schema = R"({"type":"string"})";
};

/// Description of an API operation (OpenAPI 3.1). Schemas are JSON Schema text; {"$ref":"#/components/schemas/Name"} refers to a
/// schema of the module (SchemaSpec).
struct ApiDoc {
    std::string_view summary;
    std::string_view request_schema = {};   ///< none: no body
    std::string_view response_schema = {};  ///< none: 204 or no JSON
    std::vector<QueryParameter> query = {};
    int success_status = 200;
};
struct SchemaSpec {
    std::string_view name;
    std::string_view schema;
};

/// Returns a response, or an Error that the gate shows as a page (console) or as {"error":{…}} (paths under /api/).
using Handler = std::function<Result<net::Response>(const RequestContext&)>;

struct Route {
    net::Method method = net::Method::kGet;
    std::string_view path;        ///< "/devices/{id}"; a literal segment wins over a placeholder
    std::string_view permission;  ///< a permission key, or kPublic, kSignedIn, kOwnAccount
    Handler handler;
    std::optional<ApiDoc> api = {};  ///< must be there for paths under /api/
    /// Open pages ask for it on their own (streams of events), so it is no sign that anybody is there: it does not prolong the
    /// session, and without one it answers 401 rather than leading to the sign-in page.
    bool is_background = false;
};

}  // namespace opsteward::web
