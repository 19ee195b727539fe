// Access and error logs of web servers (Apache: mod_log_config, ErrorLogFormat; nginx: ngx_http_log_module, ngx_error_log).
#include <algorithm>

#include "features/logs/content_readers.hpp"
#include "features/logs/log_time.hpp"
#include "features/logs/message_pattern.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

std::string_view WithoutDash(std::string_view text) { return text == "-" ? std::string_view() : text; }

/// An address begins with a digit or holds colons only IPv6 has; "www.example.com:443" is the virtual host of vhost_combined.
bool LooksLikeAddress(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return IsDigit(c) || c == '.' || c == ':' || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

/// GET /index.html HTTP/1.1; what is no request line is kept whole as the URL.
void AddRequest(std::string_view request, ParsedLine& line) {
    const std::size_t method = request.find(' ');
    const std::size_t version = request.rfind(" HTTP/");
    if (method == std::string_view::npos || !std::ranges::all_of(request.substr(0, method), IsLetter)) {
        line.Add(FieldId::kUrl, WithoutDash(request));
        return;
    }
    line.Add(FieldId::kMethod, request.substr(0, method));
    const bool has_version = version != std::string_view::npos && version >= method;
    const std::size_t end = has_version ? version : request.size();
    line.Add(FieldId::kUrl, end > method ? request.substr(method + 1, end - method - 1) : std::string_view());
    if (has_version) line.Add(FieldId::kHttpVersion, request.substr(version + 6));
}

std::string_view TakeQuotedWord(std::string_view& text, const ReadContext& context) {
    SkipBlanks(text);
    if (!text.starts_with('"')) return {};
    const Quoted quoted = ReadQuoted(text, 1, '"', context.encoding);
    text.remove_prefix(quoted.end);
    return quoted.text;
}

struct Client {
    std::string_view virtual_host;
    std::string_view address;
    std::string_view user;
};

/// The three or four words before the time. False when there are others.
bool ReadClient(std::string_view text, Client& client) {
    std::string_view first = TakeUntil(text, ' ');
    std::string_view second = TakeUntil(text, ' ');
    if (!LooksLikeAddress(first) && LooksLikeAddress(second)) {
        client.virtual_host = first;
        first = second;
        second = TakeUntil(text, ' ');
    }
    client.address = first;
    client.user = TrimBlanks(text);
    return !first.empty() && !second.empty() && !client.user.empty();
}

/// "…, client: 10.1.1.1, server: a, request: "GET / HTTP/1.1", upstream: "…", host: "a", referrer: "…""
void ReadNginxTail(std::string_view text, const ReadContext& context, ParsedLine& line) {
    const std::size_t client = text.find(", client: ");
    line.Add(FieldId::kText, TrimBlanks(text.substr(0, client)));
    if (client == std::string_view::npos) return;
    text.remove_prefix(client);
    while (Skip(text, ", ")) {
        const std::string_view key = TakeUntil(text, ':');
        SkipBlanks(text);
        std::string_view value;
        if (text.starts_with('"')) {
            value = TakeQuotedWord(text, context);
        } else {
            value = text.substr(0, text.find(','));
            text.remove_prefix(value.size());
        }
        if (key == "client") {
            line.Add(FieldId::kSrcIp, value);
        } else if (key == "request") {
            AddRequest(value, line);
        } else if (key == "referrer") {
            line.Add(FieldId::kReferrer, value);
        } else if (key == "host") {
            line.Add(FieldId::kDstHost, value);
        } else {
            line.AddVendor(key, value);
        }
    }
}

/// 2026/11/04 10:00:00 [error] 123#456: *7 message, client: …
bool ReadNginxError(std::string_view text, const ReadContext& context, ParsedLine& line) {
    const auto time = TakeTime(text);
    if (!time || !Skip(text, " [")) return false;
    const std::string_view level = TakeUntil(text, ']');
    SkipBlanks(text);
    const std::string_view pid = TakeUntil(text, '#');
    const std::string_view thread = TakeUntil(text, ':');
    if (!IsNumber(pid) || !IsNumber(thread)) return false;
    OfferTime(*time, context.received, line);
    line.Add(FieldId::kLevel, level);
    line.Add(FieldId::kPid, pid);
    SkipBlanks(text);
    if (Skip(text, "*")) line.Add(FieldId::kSession, TakeUntil(text, ' '));
    ReadNginxTail(text, context, line);
    return true;
}

/// [pid 12:tid 34], [client 10.1.1.1:5000]
void AddApacheBracket(std::string_view inside, ParsedLine& line) {
    if (Skip(inside, "pid ")) {
        line.Add(FieldId::kPid, inside.substr(0, inside.find(':')));
    } else if (Skip(inside, "client ") || Skip(inside, "remote ")) {
        const std::size_t colon = inside.rfind(':');
        const bool has_port = colon != std::string_view::npos && IsNumber(inside.substr(colon + 1)) &&
                              (inside.find(':') == colon || inside[colon - 1] == ']');
        std::string_view address = inside.substr(0, has_port ? colon : inside.size());
        if (Skip(address, "[") && address.ends_with(']')) address.remove_suffix(1);
        line.Add(FieldId::kSrcIp, address);
        if (has_port) line.Add(FieldId::kSrcPort, inside.substr(colon + 1));
    }
}

/// [Wed Nov 04 10:00:00.123456 2026] [core:error] [pid 12:tid 34] [client 10.1.1.1:5000] AH00124: message, referer: …
bool ReadApacheError(std::string_view text, const ReadContext& context, ParsedLine& line) {
    // The weekday comes first: other dates in brackets belong to other programs.
    if (!Skip(text, "[") || text.empty() || !IsLetter(text[0])) return false;
    const auto time = TakeTime(text);
    if (!time || !Skip(text, "] [")) return false;
    OfferTime(*time, context.received, line);
    const std::string_view level = TakeUntil(text, ']');
    const std::size_t colon = level.find(':');
    if (colon != std::string_view::npos) line.Add(FieldId::kCategory, level.substr(0, colon));
    line.Add(FieldId::kLevel, colon == std::string_view::npos ? level : level.substr(colon + 1));
    while (Skip(text, " [")) {
        // An IPv6 address stands in brackets of its own.
        const std::size_t end = text.find("] ");
        AddApacheBracket(text.substr(0, end), line);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    SkipBlanks(text);
    const std::size_t code = text.find(": ");
    if (text.starts_with("AH") && code != std::string_view::npos && code <= 8) line.Add(FieldId::kEventId, text.substr(0, code));
    const std::size_t referrer = text.rfind(", referer: ");
    line.Add(FieldId::kText, text.substr(0, referrer));
    if (referrer != std::string_view::npos) line.Add(FieldId::kReferrer, text.substr(referrer + 11));
    return true;
}

}  // namespace

bool ReadWebAccess(std::string_view text, const ReadContext& context, ParsedLine& line) {
    const std::size_t open = text.substr(0, 512).find(" [");
    if (open == std::string_view::npos) return false;
    Client client;
    if (!ReadClient(text.substr(0, open), client)) return false;
    text.remove_prefix(open + 2);
    const auto time = TakeTime(text);
    if (!time || !Skip(text, "]")) return false;
    line.content = ContentFormat::kWebAccess;
    OfferTime(*time, context.received, line);
    line.Add(FieldId::kDstHost, client.virtual_host);
    line.Add(LooksLikeAddress(client.address) ? FieldId::kSrcIp : FieldId::kSrcHost, client.address);
    line.Add(FieldId::kUser, WithoutDash(client.user));
    AddRequest(TakeQuotedWord(text, context), line);
    SkipBlanks(text);
    line.Add(FieldId::kStatus, WithoutDash(TakeUntil(text, ' ')));
    line.Add(FieldId::kBytesOut, WithoutDash(TakeUntil(text, ' ')));
    line.Add(FieldId::kReferrer, WithoutDash(TakeQuotedWord(text, context)));
    line.Add(FieldId::kUserAgent, WithoutDash(TakeQuotedWord(text, context)));
    return true;
}

bool ReadWebError(std::string_view text, const ReadContext& context, ParsedLine& line) {
    if (!ReadNginxError(text, context, line) && !ReadApacheError(text, context, line)) return false;
    line.content = ContentFormat::kWebError;
    return true;
}

}  // namespace opsteward::logs
