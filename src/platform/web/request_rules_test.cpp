#include "platform/web/request_rules.hpp"

#include <gtest/gtest.h>

namespace opsteward::web {
namespace {

using namespace std::string_literals;

net::Request RequestWith(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
    net::Request request;
    request.path = request.target = "/";
    for (const auto& [name, value] : headers) request.headers.Add(name, value);
    return request;
}

net::Request RequestFor(std::string target) {
    net::Request request;
    request.target = std::move(target);
    request.path = request.target.substr(0, request.target.find('?'));
    const auto query = request.target.find('?');
    if (query != std::string::npos) request.query = net::FormFields::Parse(request.target.substr(query + 1)).value();
    return request;
}

TEST(IsChanging, IsFalseForGetAndHeadOnly) {
    using net::Method;
    for (const Method method : {Method::kGet, Method::kHead}) EXPECT_FALSE(IsChanging(method));
    for (const Method method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete, Method::kOther}) {
        EXPECT_TRUE(IsChanging(method)) << net::MethodName(method);
    }
}

TEST(IsLocalPath, TakesPathsOfThisSite) {
    for (const std::string_view path :
         {"/", "/devices", "/devices?page=2&q=a//b", "/a//b", "/%5Cevil.example", "/設備", "/a#b", "/@evil.example"}) {
        EXPECT_TRUE(IsLocalPath(path)) << path;
    }
    EXPECT_TRUE(IsLocalPath("/" + std::string(2047, 'a')));
}

TEST(IsLocalPath, RefusesWhatABrowserWouldTakeElsewhere) {
    const std::string refused[] = {"",
                                   "devices",
                                   "?a=b",
                                   "https://evil.example/",
                                   "javascript:alert(1)",
                                   "//evil.example",
                                   "///evil.example",
                                   "/\\evil.example",
                                   "\\\\evil.example",
                                   "/a\\b",
                                   " /devices",
                                   "/\t/evil.example",
                                   "/\n/evil.example",
                                   "/\r/evil.example",
                                   "/a\r\nSet-Cookie: x=1",
                                   "/a\0b"s,
                                   "/a\x1F",
                                   "/a\x7F",
                                   "/" + std::string(2048, 'a')};
    for (const std::string& path : refused) EXPECT_FALSE(IsLocalPath(path)) << path;
}

TEST(IsApiPath, GoesByWholeSegments) {
    for (const std::string_view path : {"/api", "/api/", "/api/v1/devices"}) EXPECT_TRUE(IsApiPath(path)) << path;
    for (const std::string_view path : {"/", "/apiary", "/API/v1", "/x/api/v1", "api/"})
        EXPECT_FALSE(IsApiPath(path)) << path;
}

struct OriginCase {
    std::string_view name;
    std::initializer_list<std::pair<std::string_view, std::string_view>> headers;
    bool is_same;
};

TEST(IsSameOrigin, IsToldByFetchMetadataThenByOriginThenByReferer) {
    const OriginCase cases[] = {
        {"same-origin", {{"Sec-Fetch-Site", "same-origin"}}, true},
        {"typed in", {{"Sec-Fetch-Site", "none"}}, true},
        {"sibling host", {{"Sec-Fetch-Site", "same-site"}}, false},
        {"other site", {{"Sec-Fetch-Site", "cross-site"}}, false},
        {"unknown word", {{"Sec-Fetch-Site", "Same-Origin, none"}}, false},
        {"metadata before origin", {{"Sec-Fetch-Site", "cross-site"}, {"Host", "h"}, {"Origin", "https://h"}}, false},
        {"nothing", {}, false},
        {"host alone", {{"Host", "h"}}, false},
        {"origin", {{"Host", "h:8443"}, {"Origin", "https://h:8443"}}, true},
        {"case of the host", {{"Host", "Console.Example"}, {"Origin", "https://console.example"}}, true},
        {"plain", {{"Host", "127.0.0.1:8080"}, {"Origin", "http://127.0.0.1:8080"}}, true},
        {"IPv6", {{"Host", "[::1]:8443"}, {"Origin", "https://[::1]:8443"}}, true},
        {"other port", {{"Host", "h:8443"}, {"Origin", "https://h:9443"}}, false},
        {"no port", {{"Host", "h:8443"}, {"Origin", "https://h"}}, false},
        {"other host", {{"Host", "h"}, {"Origin", "https://evil.example"}}, false},
        {"host as prefix", {{"Host", "h.example"}, {"Origin", "https://h.example.evil.example"}}, false},
        {"host as user", {{"Host", "h"}, {"Origin", "https://h@evil.example"}}, false},
        {"opaque", {{"Host", "h"}, {"Origin", "null"}}, false},
        {"other scheme", {{"Host", "h"}, {"Origin", "ftp://h"}}, false},
        {"no host in the origin", {{"Host", ""}, {"Origin", "https://"}}, false},
        {"no Host header", {{"Origin", "https://h"}}, false},
        {"referer", {{"Host", "h"}, {"Referer", "https://h/devices?x=//evil.example"}}, true},
        {"referer without path", {{"Host", "h"}, {"Referer", "https://h?x"}}, true},
        {"referer elsewhere", {{"Host", "h"}, {"Referer", "https://evil.example/?https://h/"}}, false},
        {"origin before referer",
         {{"Host", "h"}, {"Origin", "https://evil.example"}, {"Referer", "https://h/"}},
         false},
        {"empty origin before referer", {{"Host", "h"}, {"Origin", ""}, {"Referer", "https://h/"}}, false},
    };
    for (const OriginCase& each : cases) EXPECT_EQ(IsSameOrigin(RequestWith(each.headers)), each.is_same) << each.name;
}

TEST(IsSameOrigin, IsNotThePlainPageOfTheSameHostOverTls) {
    net::Request request = RequestWith({{"Host", "h"}, {"Origin", "http://h"}});
    request.is_tls = true;
    EXPECT_FALSE(IsSameOrigin(request)) << "whoever sits on the way can make that page";
    request.headers.Set("Origin", "https://h");
    EXPECT_TRUE(IsSameOrigin(request));
}

TEST(ChooseLanguage, TakesTheBestThatTheBrowserAccepts) {
    const std::pair<std::string_view, Language> cases[] = {
        {"", Language::kZhHant},
        {"en", Language::kEnglish},
        {"EN-us", Language::kEnglish},
        {"zh-TW,zh;q=0.9,en;q=0.8", Language::kZhHant},
        {"en;q=0.8, zh-TW;q=0.9", Language::kZhHant},
        {"fr, en;q=0.5", Language::kEnglish},
        {"fr, de", Language::kZhHant},
        {"en;q=0", Language::kZhHant},
        {"zh;q=0.5, en ; Q=0.7", Language::kEnglish},
        {"zh, en", Language::kZhHant},
        {"en, zh", Language::kEnglish},
        {"en;q=broken, zh;q=0.1", Language::kZhHant},
        {"english", Language::kZhHant},
        {"*", Language::kZhHant},
        {",;,;q=,", Language::kZhHant},
    };
    for (const auto& [header, language] : cases) {
        EXPECT_EQ(ChooseLanguage(RequestWith({{"Accept-Language", header}})), language) << header;
    }
}

TEST(ChooseLanguage, GoesByTheQueryThenTheCookieThenTheBrowser) {
    net::Request request = RequestFor("/devices?lang=zh");
    request.headers.Set("Cookie", "language=en");
    request.headers.Set("Accept-Language", "en");
    EXPECT_EQ(ChooseLanguage(request), Language::kZhHant);
    request.query.Set("lang", "fr");
    EXPECT_EQ(ChooseLanguage(request), Language::kEnglish);
    request.headers.Set("Accept-Language", "zh-TW");
    EXPECT_EQ(ChooseLanguage(request), Language::kEnglish);
    request.headers.Set("Cookie", "language=fr");
    EXPECT_EQ(ChooseLanguage(request), Language::kZhHant);
}

TEST(ChooseLanguage, LeavesTheParameterToOperationsOfTheApi) {
    EXPECT_EQ(ChooseLanguage(RequestFor("/api/v1/texts?lang=en")), Language::kZhHant);
}

TEST(ChooseTheme, IsOneOfThree) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"", "auto"},           {"theme=light", "light"},      {"theme=dark", "dark"},
        {"theme=auto", "auto"}, {"theme=\"><script>", "auto"}, {"x=dark", "auto"}};
    for (const auto& [cookie, theme] : cases)
        EXPECT_EQ(ChooseTheme(RequestWith({{"Cookie", cookie}})), theme) << cookie;
}

TEST(AcceptsGzip, ReadsTheQuality) {
    const std::pair<std::string_view, bool> cases[] = {{"", false},
                                                       {"gzip", true},
                                                       {"br, GZIP", true},
                                                       {"gzip;q=0", false},
                                                       {"gzip;q=0.0", false},
                                                       {"gzip; q=0.001", true},
                                                       {"gzip;q=x", false},
                                                       {"identity", false},
                                                       {"x-gzip", false},
                                                       {"gzipped", false},
                                                       {"deflate;q=1, gzip ; q=0.5", true}};
    for (const auto& [header, accepts] : cases)
        EXPECT_EQ(AcceptsGzip(RequestWith({{"Accept-Encoding", header}})), accepts) << header;
}

TEST(MayWantPage, IsFalseForProgramsAndScripts) {
    EXPECT_TRUE(MayWantPage(RequestFor("/devices")));
    EXPECT_FALSE(MayWantPage(RequestFor("/api/v1/devices")));
    EXPECT_TRUE(MayWantPage(RequestWith({{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}})));
    for (const std::string_view accept : {"application/json", "text/event-stream", "image/*"}) {
        EXPECT_FALSE(MayWantPage(RequestWith({{"Accept", accept}}))) << accept;
    }
}

TEST(IsLiveRenewal, IsSaidByTheHeaderAlone) {
    EXPECT_FALSE(IsLiveRenewal(RequestWith({{"Accept", "text/html"}})));
    EXPECT_TRUE(IsLiveRenewal(RequestWith({{"X-Live-Renewal", "1"}})));
}

TEST(ReturnAddress, IsTheTargetWithoutTheLanguageAskedFor) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"/", "/"},
        {"/devices?state=met&page=3", "/devices?state=met&page=3"},
        {"/devices?unit=1&unit=2&q=", "/devices?unit=1&unit=2&q="},
        {"/units/%E8%B3%87?x=a+b", "/units/%E8%B3%87?x=a+b"},
        {"/devices?lang=en", "/devices"},
        {"/devices?lang", "/devices"},
        {"/devices?lang=en&unit=1&unit=2", "/devices?unit=1&unit=2"},
        {"/devices?q=a+b&lang=en&lang=zh", "/devices?q=a+b"},
        {"/devices?l%61ng=en&q=1", "/devices?q=1"},
        {"/devices?q=lang=en&language=x", "/devices?q=lang=en&language=x"},
    };
    for (const auto& [target, address] : cases)
        EXPECT_EQ(ReturnAddress(RequestFor(std::string(target))), address) << target;
}

}  // namespace
}  // namespace opsteward::web
