#include "net/request_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <limits>

#include "net/request_target.hpp"

namespace opsteward::net {
namespace {

namespace http = boost::beast::http;
using ErrorCodeOut = boost::beast::error_code;
using BeastText = boost::beast::string_view;

constexpr std::size_t kMaxFields = 100;
constexpr std::size_t kMaxMethodBytes = 32;
/// What a request line holds besides method and target: two spaces, "HTTP/1.1" and the line end.
constexpr std::size_t kRequestLineRest = 12;
/// A chunk's size with its extensions, or the last chunk with the fields behind it.
constexpr std::size_t kMaxChunkLineBytes = 1024;
/// "0\r\n\r\n". Beast wants to see no less than it again, once it knows that a chunk is the last.
constexpr std::size_t kMinLastChunkBytes = 5;
/// A body is given room at once only up to this: what a client announces costs nothing until it arrives.
constexpr std::uint64_t kMaxReserve = 1 << 20;

constexpr Refusal kBadRequest{400, {"請求的格式不正確。", "The request is malformed."}};
constexpr Refusal kBadTarget{400, {"請求的網址不正確。", "The address asked for is not acceptable."}};
constexpr Refusal kBadHost{400, {"請求缺少正確的主機名稱。", "The request does not name its host, or not in one way."}};
constexpr Refusal kBadFraming{400,
                              {"請求內容的長度有歧義。", "The length of the request's content is not clear beyond doubt."}};
constexpr Refusal kMethodRefused{405, {"不提供這個方法。", "This method is not offered here."}};
constexpr Refusal kBodyTooLarge{413, {"送出的內容超過上限。", "What was sent is over the limit."}};
constexpr Refusal kTargetTooLong{414, {"網址超過上限。", "The address is longer than the limit."}};
constexpr Refusal kBadExpectation{417, {"無法符合請求的 Expect 條件。", "The Expect field asks for what is not offered."}};
constexpr Refusal kHeaderTooLarge{431, {"請求標頭超過上限。", "The request header is over the limit."}};
constexpr Refusal kBadCoding{501, {"不支援這種傳輸編碼。", "This transfer coding is not offered here."}};
constexpr Refusal kBadVersion{505, {"只支援 HTTP/1.1。", "Only HTTP/1.1 is spoken here."}};

std::string_view View(BeastText text) { return {text.data(), text.size()}; }

bool EqualsIgnoringCase(BeastText a, BeastText b) { return boost::beast::iequals(a, b); }

Method ToMethod(http::verb verb) {
    switch (verb) {
        case http::verb::get: return Method::kGet;
        case http::verb::head: return Method::kHead;
        case http::verb::post: return Method::kPost;
        case http::verb::put: return Method::kPut;
        case http::verb::patch: return Method::kPatch;
        case http::verb::delete_: return Method::kDelete;
        default: return Method::kOther;
    }
}

/// Whether a request line has three parts and the last is a version of the right form, whatever its numbers.
bool EndsInVersion(std::string_view line) {
    constexpr std::string_view kName = " HTTP/";
    if (std::count(line.begin(), line.end(), ' ') != 2 || line.size() < kName.size() + 3) return false;
    const std::string_view end = line.substr(line.size() - kName.size() - 3);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return end.starts_with(kName) && is_digit(end[6]) && end[7] == '.' && is_digit(end[8]);
}

}  // namespace

class RequestParser::Impl final : private http::basic_parser<true> {
  public:
    explicit Impl(const ServerLimits& limits) : limits_(limits) {
        // The size of the head is judged before Beast sees it, so that a long target and a long header differ.
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(limits.max_body_bytes);
        eager(false);
    }

    std::size_t Feed(std::string_view bytes) {
        std::size_t used = 0;
        if (state_ == State::kHead) used = FeedHead(bytes);
        if (state_ == State::kBody) used += FeedBody(bytes.substr(used));
        return used;
    }

    State state_ = State::kHead;
    Refusal refusal_;
    Request request_;
    bool expects_continue_ = false;
    bool keep_alive_ = false;
    bool is_http_1_0_ = false;

  private:
    void Refuse(const Refusal& refusal) {
        refusal_ = refusal;
        state_ = State::kRefused;
    }
    /// From within a callback: Beast stops at any error, and the first refusal stands.
    void RefuseIn(ErrorCodeOut& error, const Refusal& refusal) {
        Refuse(refusal);
        error = http::error::bad_value;
    }

    std::size_t FeedHead(std::string_view bytes) {
        // RFC 9112 section 2.2: an empty line before the request line is skipped; some clients send one after a POST.
        std::size_t skipped = 0;
        while (scanned_ == 0 && empty_lines_ < 2 && bytes.substr(skipped).starts_with("\r\n")) {
            skipped += 2;
            ++empty_lines_;
        }
        const std::string_view head = bytes.substr(skipped);
        const std::size_t size = FindEndOfHead(head);
        if (state_ == State::kRefused) return skipped;
        if (size == 0) {
            RefuseOverlongHead(head.size());
            return skipped;
        }
        ParseHead(head.substr(0, size));
        return skipped + size;
    }

    /// Goes on from where it stopped. The size of the head with its empty line, or 0 when that has not come yet.
    std::size_t FindEndOfHead(std::string_view head) {
        if (head.empty() || head == "\r") return 0;
        if (!(head.front() >= 'A' && head.front() <= 'Z')) {
            // Every method in use begins with a capital letter; anything else (a TLS hello, noise) need not be
            // waited for.
            Refuse(kBadRequest);
            return 0;
        }
        for (;;) {
            const auto newline = head.find('\n', scanned_);
            if (newline == std::string_view::npos) {
                scanned_ = head.size();
                return 0;
            }
            if (newline == line_begin_ || head[newline - 1] != '\r') {
                Refuse(kBadRequest);
                return 0;
            }
            const std::string_view line = head.substr(line_begin_, newline - 1 - line_begin_);
            if (request_line_size_ == 0) request_line_size_ = line.size();
            scanned_ = line_begin_ = newline + 1;
            if (line.empty()) return newline + 1;
            if (line.front() == ' ' || line.front() == '\t') {
                Refuse(kBadRequest);
                return 0;
            }
        }
    }

    void RefuseOverlongHead(std::size_t size) {
        const std::size_t line = request_line_size_ == 0 ? size : request_line_size_;
        if (line > limits_.max_target_bytes + kMaxMethodBytes + kRequestLineRest) {
            Refuse(kTargetTooLong);
        } else if (size > limits_.max_header_bytes) {
            Refuse(kHeaderTooLarge);
        }
    }

    void ParseHead(std::string_view head) {
        RefuseOverlongHead(head.size());
        if (state_ == State::kRefused) return;
        ErrorCodeOut error;
        // Beast returns between the request line and the fields only at an error, so one call does it.
        const std::size_t used = put(boost::asio::const_buffer(head.data(), head.size()), error);
        if (state_ == State::kRefused) return;
        if (error == http::error::bad_version && EndsInVersion(head.substr(0, request_line_size_))) {
            return Refuse(kBadVersion);
        }
        if (error == http::error::bad_content_length || error == http::error::bad_transfer_encoding ||
            error == http::error::multiple_content_length) {
            return Refuse(kBadFraming);
        }
        if (error == http::error::body_limit) return Refuse(kBodyTooLarge);
        if (error || used != head.size()) return Refuse(kBadRequest);
        keep_alive_ = basic_parser::keep_alive();
        state_ = is_done() ? State::kDone : State::kBody;
    }

    std::size_t FeedBody(std::string_view bytes) {
        std::size_t used = 0;
        while (state_ == State::kBody && used < bytes.size()) {
            ErrorCodeOut error;
            const std::string_view rest = bytes.substr(used);
            if (is_last_chunk_begun_ && rest.size() < kMinLastChunkBytes) break;
            got_body_ = false;
            const std::size_t size = put(boost::asio::const_buffer(rest.data(), rest.size()), error);
            used += size;
            // A chunk line is understood only as a whole: refused by the same measure whether it is all there or not.
            const bool needs_more = error == http::error::need_more;
            is_last_chunk_begun_ = needs_more && rest.starts_with('0');
            const std::size_t chunk_line = got_body_ ? 0 : needs_more ? rest.size() : size;
            if (state_ == State::kRefused) break;
            if (chunk_line > kMaxChunkLineBytes) {
                Refuse(kBadFraming);
            } else if (needs_more) {
                break;
            } else if (error == http::error::body_limit) {
                Refuse(kBodyTooLarge);
            } else if (error) {
                Refuse(kBadFraming);
            } else if (is_done()) {
                state_ = State::kDone;
            }
        }
        return used;
    }

    void on_request_impl(http::verb verb, BeastText method, BeastText target, int version,
                         ErrorCodeOut& error) override {
        is_http_1_0_ = version == 10;
        if (target.size() > limits_.max_target_bytes) return RefuseIn(error, kTargetTooLong);
        if (method.size() > kMaxMethodBytes) return RefuseIn(error, kBadRequest);
        if (verb == http::verb::connect || (verb == http::verb::options && target == "*")) {
            return RefuseIn(error, kMethodRefused);
        }
        request_.method = ToMethod(verb);
        request_.target = View(target);
        auto parsed = ParseRequestTarget(request_.target);
        if (!parsed) return RefuseIn(error, kBadTarget);
        auto query = FormFields::Parse(parsed->query);
        if (!query) return RefuseIn(error, kBadTarget);
        request_.path = std::move(parsed->path);
        request_.query = std::move(*query);
        authority_ = parsed->authority;
    }

    void on_field_impl(http::field field, BeastText name, BeastText value, ErrorCodeOut& error) override {
        // Fields behind a chunked body are read for their form only; nothing may depend on them.
        if (is_header_done()) return;
        if (request_.headers.all().size() == kMaxFields) return RefuseIn(error, kHeaderTooLarge);
        switch (field) {
            case http::field::host:
                if (request_.headers.Has("Host") || !IsValidAuthority(View(value))) return RefuseIn(error, kBadHost);
                break;
            case http::field::content_length:
                if (request_.headers.Has("Content-Length") || value.empty() ||
                    View(value).find_first_not_of("0123456789") != std::string_view::npos) {
                    return RefuseIn(error, kBadFraming);
                }
                break;
            case http::field::transfer_encoding:
                if (is_http_1_0_) return RefuseIn(error, kBadFraming);
                if (!EqualsIgnoringCase(value, "chunked")) return RefuseIn(error, kBadCoding);
                break;
            case http::field::expect:
                if (is_http_1_0_) break;
                if (!EqualsIgnoringCase(value, "100-continue")) return RefuseIn(error, kBadExpectation);
                expects_continue_ = true;
                break;
            default: break;
        }
        request_.headers.Add(View(name), View(value));
    }

    void on_header_impl(ErrorCodeOut& error) override {
        if (!is_http_1_0_ && !request_.headers.Has("Host")) return RefuseIn(error, kBadHost);
        // RFC 9112 section 3.2.2: the host of an absolute target counts, whatever the Host field says.
        if (!authority_.empty()) request_.headers.Set("Host", authority_);
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>& content_length, ErrorCodeOut&) override {
        if (content_length) request_.body.reserve(static_cast<std::size_t>(std::min(*content_length, kMaxReserve)));
    }

    std::size_t on_body_impl(BeastText body, ErrorCodeOut&) override { return TakeBody(body); }

    std::size_t TakeBody(BeastText body) {
        got_body_ = true;
        request_.body.append(body.data(), body.size());
        return body.size();
    }

    void on_chunk_header_impl(std::uint64_t, BeastText, ErrorCodeOut&) override {}

    std::size_t on_chunk_body_impl(std::uint64_t, BeastText body, ErrorCodeOut&) override { return TakeBody(body); }

    void on_finish_impl(ErrorCodeOut&) override {}
    void on_response_impl(int, BeastText, int, ErrorCodeOut&) override {}

    const ServerLimits& limits_;
    std::string authority_;
    std::size_t scanned_ = 0;
    std::size_t line_begin_ = 0;
    std::size_t request_line_size_ = 0;
    int empty_lines_ = 0;
    bool got_body_ = false;  ///< during one call of put()
    bool is_last_chunk_begun_ = false;
};

RequestParser::RequestParser(const ServerLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;

std::size_t RequestParser::Feed(std::string_view bytes) { return impl_->Feed(bytes); }
RequestParser::State RequestParser::state() const { return impl_->state_; }
const Refusal& RequestParser::refusal() const { return impl_->refusal_; }
bool RequestParser::expects_continue() const { return impl_->expects_continue_; }
bool RequestParser::keep_alive() const { return impl_->keep_alive_; }
bool RequestParser::is_http_1_0() const { return impl_->is_http_1_0_; }
Request RequestParser::TakeRequest() { return std::move(impl_->request_); }

}  // namespace opsteward::net
