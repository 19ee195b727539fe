#include "platform/console/records/frame_routes.hpp"

#include <algorithm>
#include <array>

#include "platform/console/services.hpp"
#include "platform/web/cookies.hpp"
#include "platform/web/request_rules.hpp"

namespace opsteward::console::records {

namespace {

constexpr std::array kChannels = {kBoardChannel, kDevicesChannel, kJobsChannel};

struct Preference {
    std::string_view field;
    std::string_view cookie;
    std::array<std::string_view, 3> choices;  ///< "" fits nothing that is sent
};
constexpr Preference kPreferences[] = {{"language", web::kLanguageCookie, {"zh", "en"}},
                                       {"theme", web::kThemeCookie, {"light", "dark", "auto"}}};

Result<net::Response> Subscribe(const web::RequestContext& context) {
    const std::string_view channel = context.Parameter("channel");
    if (std::ranges::find(kChannels, channel) == kChannels.end()) {
        return Error::Of(ErrorCode::kNotFound, "沒有這個事件頻道。", "There is no such channel of events.");
    }
    net::Response response;
    response.events = net::EventSubscription{std::string(channel)};
    return response;
}

Result<net::Response> SetPreference(const web::RequestContext& context) {
    const std::string_view return_to = context.form.Get("return_to");
    net::Response response = net::Response::Redirect(web::IsLocalPath(return_to) ? std::string(return_to) : "/");
    bool is_set = false;
    for (const Preference& preference : kPreferences) {
        const std::string_view value = context.form.Get(preference.field);
        if (value.empty()) continue;
        if (std::ranges::find(preference.choices, value) == preference.choices.end()) {
            return Error::Of(ErrorCode::kInvalidInput, "沒有這個選項，設定未變更。",
                             "There is no such choice. Nothing was changed.");
        }
        response.headers.Add("Set-Cookie", web::PreferenceCookie(preference.cookie, value, context.request.is_tls));
        is_set = true;
    }
    if (!is_set) {
        return Error::Of(ErrorCode::kInvalidInput, "沒有選擇語言或外觀，設定未變更。",
                         "No language or appearance was chosen. Nothing was changed.");
    }
    return response;
}

}  // namespace

web::Route EventsRoute() {
    return {.method = net::Method::kGet,
            .path = "/events/{channel}",
            .permission = web::kSignedIn,
            .handler = Subscribe,
            .is_background = true};
}

web::Route PreferencesRoute() {
    return {net::Method::kPost, "/preferences", web::kOwnAccount, SetPreference};
}

}  // namespace opsteward::console::records
