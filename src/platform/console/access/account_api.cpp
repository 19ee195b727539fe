// Accounts and roles for programs.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/console/access/account_query.hpp"
#include "platform/console/access/authority.hpp"
#include "platform/console/access/json_form.hpp"
#include "platform/console/access/permissions.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/web/json_fields.hpp"

namespace opsteward::console {

using identity::Account;
using web::RequestContext;

namespace {

constexpr int kDefaultLimit = 100;
constexpr int kMaxLimit = 500;

std::size_t Number(const RequestContext& context, std::string_view name, std::int64_t otherwise, std::int64_t most) {
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(ParseInt(context.request.query.Get(name)).value_or(otherwise), 0, most));
}

Result<net::Response> ListAccounts(const RequestContext& context, const Services& services) {
    OPS_TRY(auto all, services.identity.Accounts());
    OPS_TRY(const auto units, UnitTree::Read(services.identity));
    const auto accounts = SelectAccounts(std::move(all), AccountQuery::Of(context.request.query), context.principal(),
                                         units, context.now);
    const std::size_t begin = std::min(accounts.size(), Number(context, "offset", 0, 1'000'000));
    const std::size_t end = std::min(accounts.size(), begin + Number(context, "limit", kDefaultLimit, kMaxLimit));
    json::array items;
    for (std::size_t i = begin; i < end; ++i) items.push_back(AccountJson(accounts[i]));
    return web::JsonResponse(json::object{{"items", std::move(items)}, {"total", accounts.size()}});
}

Result<net::Response> GetAccount(const RequestContext& context, const Services& services) {
    OPS_TRY(const Account account, ReadableAccount(context, services));
    return web::JsonResponse(AccountJson(account));
}

Result<net::Response> CreateAccount(const RequestContext& context, const Services& services) {
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_CHECK(web::OnlyFields(body, {"name", "display_name", "email", "unit_id", "is_enabled", "ends_at", "roles"}));
    Account account;
    OPS_TRY(account.name, web::RequiredString(body, "name"));
    OPS_CHECK(web::RequiredString(body, "display_name"));
    OPS_CHECK(web::RequiredInt(body, "unit_id"));
    OPS_CHECK(ReadAccount(body, account));
    OPS_CHECK(RequireAuthorityOver(context, account));
    OPS_TRY(const std::string password, services.identity.CreateAccount(context.actor(), account));
    OPS_TRY(const Account created, services.identity.FindAccountByName(account.name));
    return web::JsonResponse(json::object{{"account", AccountJson(created)}, {"one_time_password", password}}, 201);
}

Result<net::Response> PatchAccount(const RequestContext& context, const Services& services) {
    OPS_TRY(Account account, ManagedAccount(context, services));
    OPS_TRY(const json::object body, context.JsonBody());
    OPS_CHECK(web::OnlyFields(body, {"display_name", "email", "unit_id", "is_enabled", "ends_at", "roles"}));
    OPS_CHECK(ReadAccount(body, account));
    OPS_CHECK(RequireAuthorityOver(context, account));
    OPS_CHECK(services.identity.UpdateAccount(context.actor(), account));
    OPS_TRY(const Account changed, services.identity.FindAccount(account.id));
    return web::JsonResponse(AccountJson(changed));
}

Result<net::Response> ResetPassword(const RequestContext& context, const Services& services) {
    OPS_TRY(const Account account, ManagedAccount(context, services));
    OPS_TRY(const std::string password, services.identity.ResetPassword(context.actor(), account.id));
    return web::JsonResponse(json::object{{"one_time_password", password}});
}

Result<net::Response> Unlock(const RequestContext& context, const Services& services) {
    OPS_TRY(const Account account, ManagedAccount(context, services));
    OPS_CHECK(services.identity.Unlock(context.actor(), account.id));
    OPS_TRY(const Account changed, services.identity.FindAccount(account.id));
    return web::JsonResponse(AccountJson(changed));
}

Result<net::Response> RemoveTotp(const RequestContext& context, const Services& services) {
    OPS_TRY(const Account account, ManagedAccount(context, services));
    OPS_CHECK(services.identity.RemoveTotp(context.actor(), account.id));
    OPS_TRY(const Account changed, services.identity.FindAccount(account.id));
    return web::JsonResponse(AccountJson(changed));
}

Result<net::Response> ListRoles(const RequestContext&, const Services&) {
    json::array items;
    for (const auto& info : identity::AllRoles())
        items.push_back(json::object{{"key", info.key}, {"title", web::TextJson(info.title.ToText())}});
    return web::JsonResponse(json::object{{"items", std::move(items)}});
}

constexpr std::string_view kAccount = R"({"$ref":"#/components/schemas/Account"})";
constexpr std::string_view kOneTimePassword =
    R"({"type":"object","required":["one_time_password"],"additionalProperties":false,
    "properties":{"one_time_password":{"type":"string","description":"Given this one time"}}})";

std::vector<web::QueryParameter> ListParameters() {
    return {
        {"q", "Text in the user name, the name or the e-mail"},
        {"unit", "Works in this unit or below it", R"({"type":"integer"})"},
        {"role", "Holds this role"},
        {"state", "How the account stands",
         R"({"type":"string","enum":["usable","disabled","ended","locked","ends_soon","never_signed_in","one_time_password","no_second_factor"]})"},
        {"sort", "Order", R"({"type":"string","enum":["name","display_name","unit","last_sign_in","end"]})"},
        {"dir", "Direction", R"({"type":"string","enum":["asc","desc"]})"},
        {"limit", "At most so many", R"({"type":"integer","minimum":0,"maximum":500,"default":100})"},
        {"offset", "Leave out so many first", R"({"type":"integer","minimum":0,"default":0})"}};
}

}  // namespace

std::vector<web::Route> AccountApiRoutes(std::shared_ptr<const Services> services) {
    using enum net::Method;
    return RouteList(std::move(services))
        .Api(kGet, "/api/v1/accounts", kReadAccounts, ListAccounts,
             {.summary = "Accounts of the units where you may see them",
              .response_schema = R"({"$ref":"#/components/schemas/AccountList"})",
              .query = ListParameters()})
        .Api(kPost, "/api/v1/accounts", kManageAccounts, CreateAccount,
             {.summary = "Make an account",
              .request_schema = R"({"$ref":"#/components/schemas/NewAccount"})",
              .response_schema = R"({"$ref":"#/components/schemas/CreatedAccount"})",
              .success_status = 201})
        .Api(kGet, "/api/v1/accounts/{id}", kReadAccounts, GetAccount,
             {.summary = "One account", .response_schema = kAccount})
        .Api(kPatch, "/api/v1/accounts/{id}", kManageAccounts, PatchAccount,
             {.summary = "Change an account; what is left out stays",
              .request_schema = R"({"$ref":"#/components/schemas/AccountChange"})",
              .response_schema = kAccount})
        .Api(kPost, "/api/v1/accounts/{id}/reset-password", kManageAccounts, ResetPassword,
             {.summary = "Give a new one-time password and end all sessions", .response_schema = kOneTimePassword})
        .Api(kPost, "/api/v1/accounts/{id}/unlock", kManageAccounts, Unlock,
             {.summary = "End a lock", .response_schema = kAccount})
        .Api(kPost, "/api/v1/accounts/{id}/remove-totp", kManageAccounts, RemoveTotp,
             {.summary = "Remove the second factor", .response_schema = kAccount})
        .Api(
            kGet, "/api/v1/roles", web::kSignedIn, ListRoles,
            {.summary = "The roles of the procedure", .response_schema = R"({"$ref":"#/components/schemas/RoleList"})"})
        .Take();
}

}  // namespace opsteward::console
