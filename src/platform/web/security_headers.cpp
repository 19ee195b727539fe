#include "platform/web/security_headers.hpp"

namespace opsteward::web {

void AddSecurityHeaders(net::Response& response, bool is_tls) {
    constexpr std::string_view kContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    constexpr std::string_view kPermissionsPolicy =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
        "payment=(), usb=()";
    auto& headers = response.headers;
    headers.Set("Content-Security-Policy", kContentSecurityPolicy);
    headers.Set("X-Content-Type-Options", "nosniff");
    headers.Set("Referrer-Policy", "same-origin");
    headers.Set("Cross-Origin-Opener-Policy", "same-origin");
    headers.Set("Cross-Origin-Resource-Policy", "same-origin");
    headers.Set("Permissions-Policy", kPermissionsPolicy);
    if (is_tls) headers.Set("Strict-Transport-Security", "max-age=31536000");
    if (!headers.Has("Cache-Control")) headers.Set("Cache-Control", "no-store");
}

}  // namespace opsteward::web
