// One's own account for programs. Passwords and the second factor are changed on pages only: a token must not be enough
// for that.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/text.hpp"
#include "platform/console/access/json_form.hpp"
#include "platform/console/access/own_sessions.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/web/json_fields.hpp"

namespace opsteward::console {

using web::RequestContext;

namespace {

json::array PermissionsJson(const identity::Principal& principal, const identity::Identity& identity) {
    json::array list;
    for (const auto& permission : identity.permissions()) {
        if (!principal.May(permission.key)) continue;
        json::array units;
        for (const std::int64_t unit_id : principal.UnitsFor(permission.key)) units.push_back(unit_id);
        list.push_back(json::object{{"key", permission.key},
                                    {"title", web::TextJson(permission.title.ToText())},
                                    {"unit_ids", std::move(units)}});
    }
    return list;
}

Result<net::Response> GetMe(const RequestContext& context, const Services& services) {
    OPS_TRY(const auto account, services.identity.FindAccount(context.actor().user_id));
    json::object me = AccountJson(account);
    me["scope"] = context.authentication->may_write ? "write" : "read";
    me["permissions"] = PermissionsJson(context.principal(), services.identity);
    return web::JsonResponse(me);
}

Result<net::Response> ListSessions(const RequestContext& context, const Services& services) {
    OPS_TRY(const auto sessions, services.identity.Sessions(context.actor().user_id));
    json::array items;
    for (const auto& session : sessions) items.push_back(SessionJson(session, IsOwnSession(context, session)));
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

net::Response Done() {
    net::Response response;
    response.status = 204;
    return response;
}

Result<net::Response> RevokeSession(const RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_CHECK(services.identity.RevokeSession(context.actor(), context.actor().user_id, id));
    return Done();
}

Result<net::Response> ListTokens(const RequestContext& context, const Services& services) {
    OPS_TRY(const auto tokens, services.identity.Tokens(context.actor().user_id));
    json::array items;
    for (const auto& token : tokens) items.push_back(TokenJson(token));
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

/// No token makes one that outlives itself: what leaks is of no use after its day.
Result<void> EndsInTime(const RequestContext& context, std::int64_t days) {
    const auto& ends_at = context.authentication->token_ends_at;
    if (!ends_at) return Ok();
    const auto left = std::chrono::floor<std::chrono::days>(*ends_at - context.now).count();
    if (days <= left) return Ok();
    return Error::Of(ErrorCode::kForbidden, fmt::format("權杖不能建立比自己晚到期的權杖；最多 {} 天。登入主控台可建立更長的。", left),
                     fmt::format("A token can't make one that outlives it: {} days at most. Sign in to make a longer one.", left));
}

/// A token that may only read gets no further than the gate, so that no token makes one that may do more than itself.
Result<net::Response> CreateToken(const RequestContext& context, const Services& services) {
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_CHECK(web::OnlyFields(body, {"name", "scope", "days"}));
    OPS_TRY(const std::string name, web::RequiredString(body, "name"));
    OPS_TRY(const std::string scope, web::RequiredString(body, "scope"));
    OPS_TRY(const std::int64_t days, web::RequiredInt(body, "days"));
    if (scope != "read" && scope != "write") {
        return Error::Of(ErrorCode::kInvalidInput, "欄位 scope 必須是 read 或 write。",
                         "The field scope has to be read or write.");
    }
    OPS_CHECK(EndsInTime(context, days));
    const std::int64_t user_id = context.actor().user_id;
    OPS_TRY(const std::string token,
            services.identity.CreateToken(context.actor(), user_id, name, scope == "write",
                                          static_cast<int>(std::clamp<std::int64_t>(days, 0, 10'000))));
    return web::JsonResponse(json::object{{"token", token}}, 201);
}

Result<net::Response> RevokeToken(const RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t id, context.IdParameter());
    OPS_CHECK(services.identity.RevokeToken(context.actor(), context.actor().user_id, id));
    return Done();
}

constexpr std::string_view kToken = R"({"type":"object","required":["token"],"additionalProperties":false,
    "properties":{"token":{"type":"string","description":"Given this one time"}}})";

}  // namespace

std::vector<web::Route> OwnApiRoutes(std::shared_ptr<const Services> services) {
    using enum net::Method;
    return RouteList(std::move(services))
        .Api(kGet, "/api/v1/me", web::kSignedIn, GetMe,
             {.summary = "Who you are, and what you may do where",
              .response_schema = R"({"$ref":"#/components/schemas/Me"})"})
        .Api(kGet, "/api/v1/me/sessions", web::kSignedIn, ListSessions,
             {.summary = "Your sessions", .response_schema = R"({"$ref":"#/components/schemas/SessionList"})"})
        .Api(kDelete, "/api/v1/me/sessions/{id}", web::kSignedIn, RevokeSession,
             {.summary = "End one of your sessions", .success_status = 204})
        .Api(kGet, "/api/v1/me/tokens", web::kSignedIn, ListTokens,
             {.summary = "Your tokens", .response_schema = R"({"$ref":"#/components/schemas/TokenList"})"})
        .Api(kPost, "/api/v1/me/tokens", web::kSignedIn, CreateToken,
             {.summary = "Make a token; it never exceeds what you may do yourself",
              .request_schema = R"({"$ref":"#/components/schemas/NewToken"})",
              .response_schema = kToken,
              .success_status = 201})
        .Api(kDelete, "/api/v1/me/tokens/{id}", web::kSignedIn, RevokeToken,
             {.summary = "Revoke one of your tokens", .success_status = 204})
        .Take();
}

}  // namespace opsteward::console
