#include "platform/web/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "base/log.hpp"
#include "base/text.hpp"
#include "crypto/crypto.hpp"
#include "platform/web/assets.hpp"
#include "platform/web/cookies.hpp"
#include "platform/web/error_answer.hpp"
#include "platform/web/request_rules.hpp"
#include "platform/web/router.hpp"
#include "platform/web/security_headers.hpp"

namespace opsteward::web {

namespace {

using identity::Authentication;

constexpr std::string_view kSignInPath = "/login";
constexpr std::string_view kPasswordPath = "/account/password";

/// Keys that stand for no permission of a module.
bool IsSpecial(std::string_view permission) {
    return permission == kPublic || permission == kSignedIn || permission == kOwnAccount;
}

bool IsFormPost(const net::Request& request) {
    const std::string_view type = request.headers.Get("Content-Type");
    return ToLowerAscii(Trim(type.substr(0, type.find(';')))) == "application/x-www-form-urlencoded";
}

bool HasNul(const net::FormFields& fields) {
    return std::ranges::any_of(fields.all(), [](const auto& field) {
        return field.first.find('\0') != std::string::npos || field.second.find('\0') != std::string::npos;
    });
}

Error BrokenForm() {
    return Error::Of(ErrorCode::kInvalidInput, "表單內容無法解讀，資料未變更。",
                     "The form could not be read. Nothing was changed.");
}

Error SignInNeeded() {
    return Error::Of(ErrorCode::kUnauthenticated, "請先登入。", "Sign in first.");
}

Error ForeignOrigin() {
    return Error::Of(ErrorCode::kForbidden, "這個要求不是由本站的頁面送出，已拒絕，資料未變更。",
                     "The request did not come from a page of this site and was refused. Nothing was changed.");
}

Error StaleForm() {
    return Error::Of(ErrorCode::kForbidden, "表單已失效（可能已重新登入），資料未變更。請回上一頁重新整理後再送一次。",
                     "The form is out of date (you may have signed in again). Nothing was changed. Go back, reload and send it again.");
}

Error PasswordChangeNeeded() {
    return Error::Of(ErrorCode::kForbidden, "請先在操作介面變更密碼。", "Change your password in the console first.");
}

Error ReadOnlyToken() {
    return Error::Of(ErrorCode::kForbidden, "這個權杖只能讀取。", "This token may only read.");
}

Result<void> CheckJson(std::string_view text, const Route& route) {
    if (text.empty() || ParseJson(text).ok()) return Ok();
    return Error::Hidden(ErrorCode::kInternal, fmt::format("the description of {} holds a schema that is not JSON", route.path));
}

Result<void> CheckDescription(const Route& route) {
    if (!IsApiPath(route.path)) return Ok();
    if (!route.api || route.api->summary.empty()) {
        return Error::Hidden(ErrorCode::kInternal,
                             fmt::format("the route {} {} has no description", net::MethodName(route.method), route.path));
    }
    OPS_CHECK(CheckJson(route.api->request_schema, route));
    OPS_CHECK(CheckJson(route.api->response_schema, route));
    for (const QueryParameter& parameter : route.api->query) OPS_CHECK(CheckJson(parameter.schema, route));
    return Ok();
}

std::string AllowHeader(const std::vector<net::Method>& methods) {
    std::vector<std::string> names;
    for (const net::Method method : methods) names.emplace_back(net::MethodName(method));
    return Join(names, ", ");
}

}  // namespace

class Gate::Impl {
  public:
    Impl(Options options, identity::Identity& identity, const Clock& clock)
        : options_(std::move(options)), identity_(identity), clock_(clock) {}

    Result<void> Prepare() {
        for (std::size_t i = 0; i < options_.routes.size(); ++i) {
            const Route& route = options_.routes[i];
            if (route.method == net::Method::kHead || route.method == net::Method::kOther || !route.handler) {
                return Error::Hidden(ErrorCode::kInternal, fmt::format("the route {} can't be answered", route.path));
            }
            OPS_CHECK(router_.Add(route.method, route.path, i));
            OPS_CHECK(CheckPermission(route.permission, route.path));
            OPS_CHECK(CheckDescription(route));
        }
        for (const MenuEntry& entry : options_.menu) OPS_CHECK(CheckPermission(entry.permission, entry.href));
        return Ok();
    }

    net::Response Handle(const net::Request& request) const {
        if (request.path.starts_with(kAssetPrefix) && !IsChanging(request.method)) {
            return FindAsset(request.path, AcceptsGzip(request));
        }
        RequestContext context = MakeContext(request);
        std::optional<Authentication> authentication;
        net::Response response = Answer(context, authentication);
        AddCookies(context, response);
        return response;
    }

    /// For what should not happen: an exception out of a handler.
    net::Response Broken(const net::Request& request, std::string_view what) const {
        return Refuse(MakeContext(request), Error::Hidden(ErrorCode::kInternal, fmt::format("exception: {}", what)));
    }

  private:
    Result<void> CheckPermission(std::string_view permission, std::string_view where) const {
        const auto& known = identity_.permissions();
        if (IsSpecial(permission) || std::ranges::find(known, permission, &identity::PermissionSpec::key) != known.end()) return Ok();
        return Error::Hidden(ErrorCode::kInternal, fmt::format("{} asks for the unknown permission \"{}\"", where, permission));
    }

    RequestContext MakeContext(const net::Request& request) const {
        RequestContext context{request, nullptr, clock_.Now(), ChooseLanguage(request), {}, {}, {}};
        context.frame.language = context.language;
        context.frame.theme = ChooseTheme(request);
        context.frame.current_path = request.path;
        context.frame.return_to = ReturnAddress(request);
        // A notice waits for the page that the person opens next, whatever other open pages fetch meanwhile.
        if (MayWantPage(request) && !IsChanging(request.method) && !IsLiveRenewal(request)) {
            context.frame.notice = NoticeOf(request).In(context.language);
        }
        return context;
    }

    /// The checks in the order that gate.hpp states, then the handler.
    net::Response Answer(RequestContext& context, std::optional<Authentication>& authentication) const {
        const net::Request& request = context.request;
        RouteMatch match = router_.Find(request.method, request.path);
        const bool is_found = match.outcome == RouteMatch::Outcome::kFound;
        const Route* route = is_found ? &options_.routes[match.index] : nullptr;
        const bool is_background = IsLiveRenewal(request) || (route != nullptr && route->is_background);

        auto recognised = Recognise(request, is_background);
        if (!recognised.ok()) return Refuse(context, recognised.error());
        authentication = std::move(recognised).value();
        if (authentication) FillFrame(context, *authentication);
        if (route == nullptr) return RefuseRoute(context, match);

        context.path_parameters = std::move(match.parameters);
        if (!authentication && route->permission != kPublic) return AskToSignIn(context, is_background);
        if (auto read = ReadForm(context); !read.ok()) return Refuse(context, read.error(), 400);
        if (auto meant = CheckMeant(context, *route); !meant.ok()) return Refuse(context, meant.error());
        if (IsPasswordChangePending(context) && route->permission != kPublic && route->permission != kOwnAccount) {
            if (IsApiPath(request.path)) return Refuse(context, PasswordChangeNeeded());
            return net::Response::Redirect(std::string(kPasswordPath));
        }
        if (auto allowed = CheckAllowed(context, *route); !allowed.ok()) return Refuse(context, allowed.error());

        if (authentication && options_.open_tasks && MayWantPage(request)) {
            context.frame.open_tasks = options_.open_tasks(context);
        }
        auto response = route->handler(context);
        if (!response.ok()) return Refuse(context, response.error());
        return std::move(response).value();
    }

    /// Nobody when no session is held or it has ended; an error when a token is refused or the records are away.
    Result<std::optional<Authentication>> Recognise(const net::Request& request, bool is_background) const {
        if (IsApiPath(request.path) && request.headers.Has("Authorization")) {
            constexpr std::string_view kScheme = "bearer ";
            const std::string_view header = request.headers.Get("Authorization");
            if (ToLowerAscii(header.substr(0, kScheme.size())) != kScheme) return SignInNeeded();
            OPS_TRY(Authentication by_token, identity_.AuthenticateToken(Trim(header.substr(kScheme.size())), request.peer_address));
            return std::optional(std::move(by_token));
        }
        const std::string_view secret = SessionSecret(request);
        if (secret.empty()) return std::optional<Authentication>();
        const auto use = is_background ? identity::SessionUse::kByPageItself : identity::SessionUse::kByPerson;
        auto by_session = identity_.AuthenticateSession(secret, request.peer_address, use);
        if (by_session.ok()) return std::optional(std::move(by_session).value());
        if (by_session.error().code == ErrorCode::kUnauthenticated) return std::optional<Authentication>();
        return std::move(by_session).error();
    }

    void FillFrame(RequestContext& context, const Authentication& authentication) const {
        context.authentication = &authentication;
        PageFrame& frame = context.frame;
        const identity::Principal& principal = authentication.principal;
        frame.is_signed_in = true;
        frame.user_name = principal.actor().name;
        frame.user_display_name = principal.display_name();
        if (authentication.session) frame.csrf_token = authentication.session->csrf_token;
        if (IsPasswordChangePending(context)) return;
        for (const MenuEntry& entry : options_.menu) {
            if (IsSpecial(entry.permission) || principal.May(entry.permission)) frame.menu.push_back(entry);
        }
    }

    static bool IsPasswordChangePending(const RequestContext& context) {
        const Authentication* authentication = context.authentication;
        return authentication != nullptr && authentication->session && authentication->session->must_change_password;
    }

    static Result<void> ReadForm(RequestContext& context) {
        if (HasNul(context.request.query)) return BrokenForm();
        if (!IsChanging(context.request.method) || !IsFormPost(context.request)) return Ok();
        auto fields = net::FormFields::Parse(context.request.body);
        if (!fields || HasNul(*fields)) return BrokenForm();
        context.form = std::move(*fields);
        return Ok();
    }

    /// That a change was meant by the person whose cookie it carries (OWASP: cross-site request forgery). A bearer token is never
    /// sent by a browser on its own, so it needs no such proof. On public routes there is no session to act for, but signing
    /// somebody in from elsewhere is refused as well.
    static Result<void> CheckMeant(const RequestContext& context, const Route& route) {
        const net::Request& request = context.request;
        if (!IsChanging(request.method)) return Ok();
        const bool is_by_token = context.authentication != nullptr && !context.authentication->session;
        if (is_by_token) return Ok();
        if (!IsSameOrigin(request)) return ForeignOrigin();
        if (route.permission == kPublic) return Ok();
        const std::string_view header = request.headers.Get("X-CSRF-Token");
        const std::string_view sent = header.empty() ? context.form.Get("csrf") : header;
        if (sent.empty() || !crypto::ConstantTimeEqual(sent, context.frame.csrf_token)) return StaleForm();
        return Ok();
    }

    static Result<void> CheckAllowed(const RequestContext& context, const Route& route) {
        if (!IsSpecial(route.permission) && !context.principal().May(route.permission)) {
            return Error::Hidden(ErrorCode::kForbidden, fmt::format("{} does not hold {}", context.actor().name, route.permission));
        }
        const bool is_reader = context.authentication != nullptr && !context.authentication->may_write;
        if (is_reader && IsChanging(context.request.method)) return ReadOnlyToken();
        return Ok();
    }

    static net::Response AskToSignIn(const RequestContext& context, bool is_background) {
        const net::Request& request = context.request;
        if (is_background || IsApiPath(request.path)) return Refuse(context, SignInNeeded());
        const bool may_return = !IsChanging(request.method) && request.path != "/" && IsLocalPath(request.target);
        std::string location(kSignInPath);
        if (may_return) location += "?next=" + net::PercentEncode(request.target);
        return net::Response::Redirect(std::move(location));
    }

    static net::Response RefuseRoute(const RequestContext& context, const RouteMatch& match) {
        if (match.outcome == RouteMatch::Outcome::kNoSuchPath) {
            return Refuse(context, Error::Of(ErrorCode::kNotFound, "這個位址沒有頁面或資料。", "Nothing is at this address."));
        }
        const std::string allowed = AllowHeader(match.allowed);
        net::Response response = Refuse(
            context,
            Error::Of(ErrorCode::kInvalidInput, fmt::format("這個位址只接受 {}。", allowed), fmt::format("This address takes {} only.", allowed)),
            405);
        response.headers.Set("Allow", allowed);
        return response;
    }

    /// `status` 0: the one that belongs to the error.
    static net::Response Refuse(const RequestContext& context, const Error& error, int status = 0) {
        const net::Request& request = context.request;
        const bool is_api = IsApiPath(request.path);
        if (status == 0) status = StatusFor(error.code, is_api);
        // The path alone: a query may hold what somebody typed.
        const auto level = status >= 500 ? spdlog::level::err : status == 403 ? spdlog::level::info : spdlog::level::debug;
        spdlog::log(level, "{} {} answered {}: {}", net::MethodName(request.method), request.path, status, error.operator_text);
        net::Response response = is_api ? ErrorJson(error, status) : ErrorPage(context.frame, error, status);
        if (status == 401 && is_api) response.headers.Set("WWW-Authenticate", "Bearer");
        return response;
    }

    static void AddCookies(const RequestContext& context, net::Response& response) {
        const net::Request& request = context.request;
        const bool is_page = response.headers.Get("Content-Type").starts_with("text/html");
        if (!is_page) return;
        if (!context.frame.notice.empty()) response.headers.Add("Set-Cookie", NoticeCookie({}, request.is_tls));
        const std::string_view asked = request.query.Get("lang");
        if (asked == "zh" || asked == "en") {
            response.headers.Add("Set-Cookie", PreferenceCookie(kLanguageCookie, asked, request.is_tls));
        }
    }

    Options options_;
    identity::Identity& identity_;
    const Clock& clock_;
    Router router_;
};

Gate::Gate(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gate::~Gate() = default;

Result<std::unique_ptr<Gate>> Gate::Make(Options options, identity::Identity& identity, const Clock& clock) {
    auto impl = std::make_unique<Impl>(std::move(options), identity, clock);
    OPS_CHECK(impl->Prepare());
    return std::unique_ptr<Gate>(new Gate(std::move(impl)));
}

net::Response Gate::Handle(const net::Request& request) const {
    net::Response response;
    try {
        response = impl_->Handle(request);
    } catch (const std::exception& e) {
        response = impl_->Broken(request, e.what());
    }
    AddSecurityHeaders(response, request.is_tls);
    return response;
}

}  // namespace opsteward::web
