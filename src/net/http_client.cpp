#include "net/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "net/server.hpp"

namespace opsteward::net {

namespace {

struct UrlDeleter {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using UrlPointer = std::unique_ptr<CURLU, UrlDeleter>;
using ListPointer = std::unique_ptr<curl_slist, ListDeleter>;

/// Before any thread uses it; what it takes stays until the process ends.
bool IsLibraryReady() {
    static const bool is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return is_ready;
}

std::string PartOf(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
    std::string copy(text);
    curl_free(text);
    return copy;
}

bool IsLoopbackHost(std::string host) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return host == "localhost" || IsLoopback({host, 0});
}

Result<void> CheckUrl(const std::string& text) {
    const UrlPointer url(curl_url());
    const auto refuse = [&] {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("網址 {} 應為 https://…，不含帳號密碼；http 只可用於本機位址。", text),
                         fmt::format("The address {} should be https://… without a user name; http is for addresses of this machine alone.", text));
    };
    if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return refuse();
    const std::string scheme = PartOf(url.get(), CURLUPART_SCHEME);
    if (scheme != "https" && (scheme != "http" || !IsLoopbackHost(PartOf(url.get(), CURLUPART_HOST)))) return refuse();
    if (!PartOf(url.get(), CURLUPART_USER).empty() || !PartOf(url.get(), CURLUPART_PASSWORD).empty()) return refuse();
    return Ok();
}

struct Received {
    std::string body;
    std::size_t most = 0;
    bool is_too_large = false;
};

/// Taking less than was offered ends the transfer.
std::size_t TakeBody(char* bytes, std::size_t, std::size_t count, void* into) {
    auto& received = *static_cast<Received*>(into);
    received.is_too_large = count > received.most - received.body.size();
    if (received.is_too_large) return 0;
    received.body.append(bytes, count);
    return count;
}

int AskWhetherCancelled(void* is_cancelled, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return (*static_cast<const std::function<bool()>*>(is_cancelled))() ? 1 : 0;
}

bool StaysOnItsLine(const HttpField& field) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !field.name.empty() && !field.value.empty() && field.name.find(':') == std::string::npos && std::ranges::none_of(field.name, is_control) &&
           std::ranges::none_of(field.value, is_control);
}

/// Null when there is none, or no memory for it.
ListPointer ListOf(const std::vector<HttpField>& fields) {
    ListPointer list;
    for (const HttpField& field : fields) {
        curl_slist* const longer = curl_slist_append(list.get(), fmt::format("{}: {}", field.name, field.value).c_str());
        if (longer == nullptr) return nullptr;
        static_cast<void>(list.release());  // it is in the longer one
        list.reset(longer);
    }
    return list;
}

Error Failed(CURLcode code, std::string_view details, const std::string& url, const HttpClientOptions& options, bool is_too_large) {
    const std::string reason = details.empty() ? curl_easy_strerror(code) : std::string(details);
    if (is_too_large) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("{} 的回覆超過 {} 位元組。", url, options.max_body_bytes),
                         fmt::format("The answer of {} is longer than {} bytes.", url, options.max_body_bytes));
    }
    switch (code) {
        case CURLE_ABORTED_BY_CALLBACK:
            return Error::Of(ErrorCode::kCancelled, fmt::format("已中斷對 {} 的請求。", url), fmt::format("The request to {} was interrupted.", url));
        case CURLE_OPERATION_TIMEDOUT:
            return Error::Of(ErrorCode::kTimeout, fmt::format("{} 逾時未回覆（{}）。", url, reason), fmt::format("{} did not answer in time ({}).", url, reason));
        case CURLE_SSL_CACERT_BADFILE:
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("無法讀取憑證檔 {}，或其中沒有憑證。", options.trusted.string()),
                             fmt::format("The certificate file {} cannot be read, or holds none.", options.trusted.string()));
        case CURLE_PEER_FAILED_VERIFICATION:
            return Error::Of(ErrorCode::kUnavailable, fmt::format("{} 的憑證不受信任（{}），未送出任何資料。", url, reason),
                             fmt::format("The certificate of {} is not trusted ({}); nothing was sent.", url, reason));
        default:
            return Error::Of(ErrorCode::kUnavailable, fmt::format("無法連線 {}（{}）。", url, reason), fmt::format("{} could not be reached ({}).", url, reason));
    }
}

}  // namespace

struct HttpClient::Handle {
    CURL* curl = IsLibraryReady() ? curl_easy_init() : nullptr;

    ~Handle() { curl_easy_cleanup(curl); }
};

HttpClient::HttpClient(HttpClientOptions options) : options_(std::move(options)), handle_(std::make_unique<Handle>()) {}
HttpClient::~HttpClient() = default;

struct HttpClient::Request {
    const std::string& url;
    std::vector<HttpField> fields;
    std::optional<std::string_view> posted;  ///< none: it is a GET
};

Result<HttpAnswer> HttpClient::Post(const std::string& url, std::string_view content_type, std::string_view body) {
    return Perform({url, {{"Content-Type", std::string(content_type)}}, body});
}

Result<HttpAnswer> HttpClient::Get(const std::string& url, const std::vector<HttpField>& fields) {
    if (!std::ranges::all_of(fields, StaysOnItsLine)) {
        return Error::Of(ErrorCode::kInvalidInput, "請求的欄位是空的，或含有控制字元。", "A field of the request is empty, or holds a control character.");
    }
    return Perform({url, fields, std::nullopt});
}

Result<HttpAnswer> HttpClient::Perform(const Request& request) {
    OPS_CHECK(CheckUrl(request.url));
    CURL* const curl = handle_->curl;
    if (curl == nullptr) return Error::Hidden(ErrorCode::kInternal, "libcurl cannot be set up");
    curl_easy_reset(curl);  // the connection stays

    const ListPointer fields = ListOf(request.fields);
    bool is_set = fields != nullptr || request.fields.empty();
    Received received{{}, options_.max_body_bytes, false};
    std::array<char, CURL_ERROR_SIZE> details{};
    const auto set = [&](CURLoption option, auto value) { is_set = is_set && curl_easy_setopt(curl, option, value) == CURLE_OK; };
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options_.trusted.empty()) {
        set(CURLOPT_CAINFO, options_.trusted.c_str());
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.timeout.count()));
    set(CURLOPT_HTTPHEADER, fields.get());
    if (request.posted) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.posted->size()));
        set(CURLOPT_POSTFIELDS, request.posted->empty() ? "" : request.posted->data());
    } else {
        set(CURLOPT_HTTPGET, 1L);
        set(CURLOPT_ACCEPT_ENCODING, "gzip");
    }
    if (options_.is_cancelled) {
        set(CURLOPT_XFERINFOFUNCTION, &AskWhetherCancelled);
        set(CURLOPT_XFERINFODATA, &options_.is_cancelled);
        set(CURLOPT_NOPROGRESS, 0L);
    }
    set(CURLOPT_WRITEFUNCTION, &TakeBody);
    set(CURLOPT_WRITEDATA, &received);
    set(CURLOPT_ERRORBUFFER, details.data());
    if (!is_set) return Error::Hidden(ErrorCode::kInternal, "libcurl does not take an option");

    const CURLcode outcome = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
    if (outcome != CURLE_OK) return Failed(outcome, details.data(), request.url, options_, received.is_too_large);
    long status = 0;
    const char* type = nullptr;
    curl_off_t retry_after = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
    HttpAnswer answer{static_cast<int>(status), type == nullptr ? "" : type, std::move(received.body), std::nullopt};
    if (retry_after > 0) answer.retry_after = std::chrono::seconds(retry_after);
    return answer;
}

}  // namespace opsteward::net
