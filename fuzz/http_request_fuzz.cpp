// The request parser on arbitrary bytes: a request is the same however its bytes are cut into pieces, stays within the
// limits, and its path keeps every promise of ParseRequestTarget.
#include <optional>

#include "base/text.hpp"
#include "net/request_parser.hpp"
#include "net/request_target.hpp"
#include "require.hpp"

using namespace opsteward;
using net::RequestParser;

namespace {

net::ServerLimits SmallLimits() {
    net::ServerLimits limits;
    limits.max_header_bytes = 2048;
    limits.max_target_bytes = 256;
    limits.max_body_bytes = 4096;
    return limits;
}

struct Outcome {
    RequestParser::State state = RequestParser::State::kHead;
    std::size_t consumed = 0;
    int status = 0;
    std::optional<net::Request> request;
};

Outcome Parse(std::string_view bytes, std::size_t piece) {
    static const net::ServerLimits kLimits = SmallLimits();
    RequestParser parser(kLimits);
    Outcome outcome;
    std::size_t presented = 0;
    const auto is_open = [&] {
        return parser.state() == RequestParser::State::kHead || parser.state() == RequestParser::State::kBody;
    };
    while (is_open() && presented < bytes.size()) {
        presented = std::min(bytes.size(), presented + piece);
        const std::string_view pending = bytes.substr(outcome.consumed, presented - outcome.consumed);
        // A copy of exactly these bytes, so that a read beyond them is found.
        const std::vector<char> copy(pending.begin(), pending.end());
        const std::size_t used = parser.Feed({copy.data(), copy.size()});
        Require(used <= copy.size());
        outcome.consumed += used;
    }
    outcome.state = parser.state();
    if (outcome.state == RequestParser::State::kRefused) outcome.status = parser.refusal().status;
    if (outcome.state == RequestParser::State::kDone) outcome.request = parser.TakeRequest();
    return outcome;
}

void CheckPath(std::string_view path) {
    Require(path.starts_with('/') && IsValidUtf8(path));
    Require(path.find("//") == std::string_view::npos && path.find('\\') == std::string_view::npos);
    Require(path.find('\0') == std::string_view::npos);
    const std::string closed = std::string(path) + "/";
    Require(closed.find("/../") == std::string::npos && closed.find("/./") == std::string::npos);
}

void CheckRequest(const net::Request& request) {
    CheckPath(request.path);
    Require(request.target.size() <= SmallLimits().max_target_bytes);
    Require(request.body.size() <= SmallLimits().max_body_bytes);
    for (const auto& [name, value] : request.headers.all()) {
        Require(!name.empty());
        Require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
    }
    Require(!(request.headers.Has("Content-Length") && request.headers.Has("Transfer-Encoding")));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);

    if (const auto target = net::ParseRequestTarget(bytes)) CheckPath(target->path);

    const Outcome whole = Parse(bytes, std::max<std::size_t>(size, 1));
    if (whole.request) CheckRequest(*whole.request);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{13}}) {
        const Outcome cut = Parse(bytes, piece);
        // In pieces an overlong or hopeless request may be refused before the reason that the whole of it shows, and a
        // refusal may need bytes that the whole has and the pieces are still presenting: only a success is exact.
        Require(whole.request.has_value() == cut.request.has_value());
        if (!whole.request) continue;
        Require(whole.consumed == cut.consumed);
        Require(whole.request->target == cut.request->target && whole.request->path == cut.request->path);
        Require(whole.request->headers.all() == cut.request->headers.all() && whole.request->body == cut.request->body);
        // What follows the request has no influence on it.
        const Outcome alone = Parse(bytes.substr(0, whole.consumed), whole.consumed);
        Require(alone.request && alone.request->body == whole.request->body);
    }
    return 0;
}
