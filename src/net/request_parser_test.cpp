#include "net/request_parser.hpp"

#include <gtest/gtest.h>

namespace opsteward::net {
namespace {

using State = RequestParser::State;

constexpr std::string_view kHost = "Host: test\r\n";

struct Outcome {
    State state = State::kHead;
    int status = 0;  ///< of the refusal
    Request request;
    std::string rest;  ///< bytes after the request
    bool keep_alive = false;
    bool expects_continue = false;
};

/// Presents `bytes` in pieces of `piece` bytes, the way a connection does.
Outcome Parse(std::string_view bytes, std::size_t piece = std::string::npos, const ServerLimits& limits = {}) {
    RequestParser parser(limits);
    std::string pending;
    const auto is_open = [&] { return parser.state() == State::kHead || parser.state() == State::kBody; };
    while (is_open() && !bytes.empty()) {
        const std::string_view next = bytes.substr(0, piece);
        pending += next;
        bytes.remove_prefix(next.size());
        pending.erase(0, parser.Feed(pending));
    }
    Outcome outcome;
    outcome.state = parser.state();
    outcome.rest = pending + std::string(bytes);
    if (parser.state() == State::kRefused) outcome.status = parser.refusal().status;
    if (parser.state() != State::kHead && parser.state() != State::kRefused) {
        outcome.keep_alive = parser.keep_alive();
        outcome.expects_continue = parser.expects_continue();
    }
    if (parser.state() == State::kDone) outcome.request = parser.TakeRequest();
    return outcome;
}

std::string Get(std::string_view target, std::string_view fields = "") {
    return "GET " + std::string(target) + " HTTP/1.1\r\n" + std::string(kHost) + std::string(fields) + "\r\n";
}

std::string Post(std::string_view fields, std::string_view body) {
    return "POST /x HTTP/1.1\r\n" + std::string(kHost) + std::string(fields) + "\r\n" + std::string(body);
}

TEST(RequestParser, ReadsARequestWithItsParts) {
    const auto outcome = Parse(Get("/devices/%41?page=2&q=a+b", "Cookie: s=1\r\nX-Empty:\r\nX-Wide: \t a  b \t\r\n"));
    ASSERT_EQ(outcome.state, State::kDone);
    EXPECT_EQ(outcome.request.method, Method::kGet);
    EXPECT_EQ(outcome.request.target, "/devices/%41?page=2&q=a+b");
    EXPECT_EQ(outcome.request.path, "/devices/A");
    EXPECT_EQ(outcome.request.query.Get("q"), "a b");
    EXPECT_EQ(outcome.request.Cookie("s"), "1");
    EXPECT_TRUE(outcome.request.headers.Has("X-Empty"));
    EXPECT_EQ(outcome.request.headers.Get("x-wide"), "a  b");
    EXPECT_TRUE(outcome.keep_alive);
    EXPECT_EQ(outcome.rest, "");
}

TEST(RequestParser, LeavesTheNextRequestAlone) {
    EXPECT_EQ(Parse(Get("/a") + Get("/b")).rest, Get("/b"));
    EXPECT_EQ(Parse(Post("Content-Length: 3\r\n", "abcGET")).rest, "GET");
    EXPECT_EQ(Parse(Post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\n\r\nGET")).rest, "GET");
}

TEST(RequestParser, JoinsAChunkedBody) {
    const auto outcome = Parse(Post("Transfer-Encoding: Chunked\r\n",
                                    "4\r\nWiki\r\n6;name=\"value\"\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\n\r\n"));
    ASSERT_EQ(outcome.state, State::kDone);
    EXPECT_EQ(outcome.request.body, "Wikipedia in \r\n\r\nchunks.");
}

TEST(RequestParser, FieldsBehindAChunkedBodyAreDropped) {
    const auto outcome = Parse(Post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\nCookie: s=1\r\nX-A: b\r\n\r\n"));
    ASSERT_EQ(outcome.state, State::kDone);
    EXPECT_EQ(outcome.request.headers.all().size(), 2u);
    EXPECT_EQ(outcome.request.Cookie("s"), "");
}

TEST(RequestParser, ASkippedEmptyLineComesBeforeTheRequestOnlyTwice) {
    EXPECT_EQ(Parse("\r\n" + Get("/")).state, State::kDone);
    EXPECT_EQ(Parse("\r\n\r\n" + Get("/")).state, State::kDone);
    EXPECT_EQ(Parse("\r\n\r\n\r\n" + Get("/")).status, 400);
}

TEST(RequestParser, KnowsWhetherTheConnectionStays) {
    EXPECT_TRUE(Parse(Get("/")).keep_alive);
    EXPECT_FALSE(Parse(Get("/", "Connection: close\r\n")).keep_alive);
    EXPECT_FALSE(Parse(Get("/", "Connection: foo, Close\r\n")).keep_alive);
    EXPECT_FALSE(Parse("GET / HTTP/1.0\r\n\r\n").keep_alive);
    EXPECT_TRUE(Parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

TEST(RequestParser, HearsTheExpectationOfContinue) {
    EXPECT_TRUE(Parse(Post("Content-Length: 1\r\nExpect: 100-Continue\r\n", "")).expects_continue);
    EXPECT_FALSE(Parse("POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n").expects_continue);
    EXPECT_EQ(Parse(Post("Content-Length: 1\r\nExpect: more\r\n", "")).status, 417);
}

TEST(RequestParser, TheHostOfAnAbsoluteTargetCounts) {
    const auto outcome = Parse(Get("http://real.example:8443/a"));
    ASSERT_EQ(outcome.state, State::kDone);
    EXPECT_EQ(outcome.request.headers.Get("Host"), "real.example:8443");
    EXPECT_EQ(outcome.request.path, "/a");
}

struct Case {
    std::string bytes;
    int status;
};

class RefusedRequest : public ::testing::TestWithParam<Case> {};

TEST_P(RefusedRequest, IsRefusedHoweverItIsCutIntoPieces) {
    for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{7}}) {
        EXPECT_EQ(Parse(GetParam().bytes, piece).status, GetParam().status) << GetParam().bytes << " in " << piece;
    }
}

INSTANTIATE_TEST_SUITE_P(
    LineEnds, RefusedRequest,
    ::testing::Values(Case{"GET / HTTP/1.1\nHost: test\n\n", 400}, Case{"GET / HTTP/1.1\r\nHost: test\n\r\n", 400},
                      Case{"GET / HTTP/1.1\r\nHost: test\r\n\n", 400}, Case{"\nGET / HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"GET / HTTP/1.1\rHost: test\r\n\r\n", 400},
                      Case{"GET / HTTP/1.1\r\nHost: test\rX: y\r\n\r\n", 400},
                      Case{"GET / HTTP/1.1\r\r\nHost: test\r\n\r\n", 400}));

INSTANTIATE_TEST_SUITE_P(
    RequestLine, RefusedRequest,
    ::testing::Values(Case{"GET /\r\nHost: test\r\n\r\n", 400}, Case{"GET  / HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"GET / HTTP/1.1 \r\nHost: test\r\n\r\n", 400}, Case{"GET /a b HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{" GET / HTTP/1.1\r\nHost: test\r\n\r\n", 400}, Case{"G<T / HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"GET\t/ HTTP/1.1\r\nHost: test\r\n\r\n", 400}, Case{"GET / http/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"GET / HTTP/1\r\nHost: test\r\n\r\n", 400}, Case{"GET / HTTP/11\r\nHost: test\r\n\r\n", 400},
                      Case{"GET / HTTP/1.2\r\nHost: test\r\n\r\n", 505}, Case{"GET / HTTP/0.9\r\nHost: test\r\n\r\n", 505},
                      Case{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505}, Case{"GET / HTTP/3.0\r\nHost: test\r\n\r\n", 505},
                      Case{"CONNECT example:443 HTTP/1.1\r\nHost: example:443\r\n\r\n", 405},
                      Case{"OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n", 405},
                      Case{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"\x16\x03\x01\x02", 400}, Case{std::string("\0\0\0", 3), 400}, Case{"hello", 400},
                      Case{"GET /../etc/passwd HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"GET /%2e%2e/x HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"GET //x HTTP/1.1\r\nHost: test\r\n\r\n", 400}, Case{"GET /?a=%zz HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"GET /?a=%ff HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"GET host/x HTTP/1.1\r\nHost: test\r\n\r\n", 400},
                      Case{"GET http://u@h/ HTTP/1.1\r\nHost: test\r\n\r\n", 400}));

INSTANTIATE_TEST_SUITE_P(
    Fields, RefusedRequest,
    ::testing::Values(Case{Get("/", "X: a\r\n b\r\n"), 400}, Case{Get("/", "X: a\r\n\tb\r\n"), 400},
                      Case{"GET / HTTP/1.1\r\n Host: test\r\n\r\n", 400}, Case{Get("/", "X : a\r\n"), 400},
                      Case{Get("/", "X\r\n"), 400}, Case{Get("/", ": a\r\n"), 400}, Case{Get("/", "X(: a\r\n"), 400},
                      Case{Get("/", std::string("X: a\0b\r\n", 8)), 400}, Case{Get("/", "X: a\x01\r\n"), 400},
                      Case{Get("/", "X\xe5: a\r\n"), 400}, Case{Get("/", "Connection: a b\r\n"), 400},
                      Case{"GET / HTTP/1.1\r\n\r\n", 400}, Case{Get("/", "Host: test\r\n"), 400},
                      Case{"GET / HTTP/1.1\r\nHost:\r\n\r\n", 400}, Case{"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
                      Case{"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400}, Case{"GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400},
                      Case{"GET / HTTP/1.1\r\nHost: u@h\r\n\r\n", 400}));

INSTANTIATE_TEST_SUITE_P(
    Framing, RefusedRequest,
    ::testing::Values(
        Case{Post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
        Case{Post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"), 400},
        Case{Post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400},
        Case{Post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), 400},
        Case{Post("Content-Length: 3, 3\r\n", "abc"), 400}, Case{Post("Content-Length: +3\r\n", "abc"), 400},
        Case{Post("Content-Length: -3\r\n", "abc"), 400}, Case{Post("Content-Length: 0x3\r\n", "abc"), 400},
        Case{Post("Content-Length: 3 \t3\r\n", "abc"), 400}, Case{Post("Content-Length:\r\n", ""), 400},
        Case{Post("Content-Length: 99999999999999999999\r\n", ""), 400},
        Case{Post("Content-Length: 18446744073709551615\r\n", ""), 413},
        Case{Post("Content-Length : 3\r\n", "abc"), 400}, Case{Post("Transfer-Encoding: gzip, chunked\r\n", ""), 501},
        Case{Post("Transfer-Encoding: chunked, chunked\r\n", ""), 501},
        Case{Post("Transfer-Encoding: identity\r\n", ""), 501}, Case{Post("Transfer-Encoding: xchunked\r\n", ""), 501},
        Case{Post("Transfer-Encoding: \"chunked\"\r\n", ""), 501}, Case{Post("Transfer-Encoding:\r\n", ""), 501},
        Case{Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", ""), 400},
        Case{"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400}));

std::string Chunked(std::string_view body) { return Post("Transfer-Encoding: chunked\r\n", body); }

INSTANTIATE_TEST_SUITE_P(
    Chunks, RefusedRequest,
    ::testing::Values(Case{Chunked("x\r\n"), 400}, Case{Chunked("\r\n"), 400}, Case{Chunked("1\nab\r\n0\r\n\r\n"), 400},
                      Case{Chunked("1\r\naX0\r\n\r\n"), 400}, Case{Chunked("1\r\na\n0\r\n\r\n"), 400},
                      Case{Chunked("-1\r\n"), 400}, Case{Chunked("0x1\r\na\r\n0\r\n\r\n"), 400},
                      Case{Chunked("1 1\r\na\r\n0\r\n\r\n"), 400}, Case{Chunked("+1\r\na\r\n"), 400},
                      Case{Chunked("fffffffffffffffff\r\n"), 400}, Case{Chunked("ffffffffffffffff\r\n"), 413},
                      Case{Chunked("1;=\r\na\r\n0\r\n\r\n"), 400}, Case{Chunked("0\r\nX : y\r\n\r\n"), 400},
                      Case{Chunked("0\r\nContent-Length: 5\r\n\r\n"), 400},
                      Case{Chunked("1;" + std::string(5000, 'x')), 400}, Case{Chunked("0\r\nX: " + std::string(5000, 'x')), 400}));

TEST(RequestParser, AnIncompleteRequestIsNeitherDoneNorRefused) {
    const std::string whole = Post("Content-Length: 3\r\n", "abc");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const State state = Parse(std::string_view(whole).substr(0, size)).state;
        EXPECT_TRUE(state == State::kHead || state == State::kBody) << size;
    }
}

TEST(RequestParser, PiecesOfAnySizeGiveTheSameRequest) {
    const std::string bytes =
        "\r\n" + Post("Transfer-Encoding: chunked\r\nX-A: b\r\n", "5;x=\"y\"\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX: y\r\n\r\n");
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        const auto outcome = Parse(bytes, piece);
        ASSERT_EQ(outcome.state, State::kDone) << piece;
        EXPECT_EQ(outcome.request.body, "hello world");
        EXPECT_EQ(outcome.request.headers.Get("X-A"), "b");
    }
}

TEST(RequestParserLimits, ATargetOfTheLimitIsTakenAndOneByteMoreIs414) {
    ServerLimits limits;
    limits.max_target_bytes = 100;
    const std::string target = "/" + std::string(99, 'a');
    EXPECT_EQ(Parse(Get(target), std::string::npos, limits).state, State::kDone);
    EXPECT_EQ(Parse(Get(target + "a"), std::string::npos, limits).status, 414);
    EXPECT_EQ(Parse("GET /" + std::string(200, 'a'), 1, limits).status, 414);
    EXPECT_EQ(Parse(Get("/" + std::string(100'000, 'a')), std::string::npos, limits).status, 414);
}

TEST(RequestParserLimits, AHeadOfTheLimitIsTakenAndOneByteMoreIs431) {
    ServerLimits limits;
    const std::string head = Get("/", "X: aaaa\r\n");
    limits.max_header_bytes = head.size();
    EXPECT_EQ(Parse(head, std::string::npos, limits).state, State::kDone);
    limits.max_header_bytes = head.size() - 1;
    EXPECT_EQ(Parse(head, std::string::npos, limits).status, 431);
    EXPECT_EQ(Parse(head, 1, limits).status, 431);
}

TEST(RequestParserLimits, AHundredFieldsAreTakenAndOneMoreIs431) {
    std::string fields;
    for (int i = 0; i < 99; ++i) fields += "X: y\r\n";
    EXPECT_EQ(Parse(Get("/", fields)).state, State::kDone);
    EXPECT_EQ(Parse(Get("/", fields + "X: y\r\n")).status, 431);
}

TEST(RequestParserLimits, ABodyOfTheLimitIsTakenAndOneByteMoreIs413) {
    ServerLimits limits;
    limits.max_body_bytes = 10;
    const auto parse = [&](const std::string& bytes) { return Parse(bytes, std::string::npos, limits); };
    EXPECT_EQ(parse(Post("Content-Length: 10\r\n", "0123456789")).state, State::kDone);
    EXPECT_EQ(parse(Post("Content-Length: 11\r\n", "")).status, 413);
    EXPECT_EQ(parse(Chunked("5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n")).state, State::kDone);
    EXPECT_EQ(parse(Chunked("5\r\n01234\r\n6\r\n")).status, 413);
}

}  // namespace
}  // namespace opsteward::net
