// What the gate does with an answer: headers, errors, notices, language, and the frame around pages.
#include "html/gumbo_document.hpp"
#include "platform/web/assets.hpp"
#include "platform/web/gate_test_support.hpp"

namespace opsteward::web {
namespace {

using html::GumboDocument;
using net::Method;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class GateAnswersTest : public GateTest {
  protected:
    /// One of every way to be answered: page, JSON, redirect, stream, asset, refusals, failures.
    std::vector<net::Request> OneOfEach() {
        const std::string secret = Session("wang");
        return {Get("/public"),
                In(secret, Get("/devices")),
                In(secret, Get("/data.json")),
                In(secret, Get("/events/jobs")),
                In(secret, Get("/api/v1/devices")),
                In(secret, Get("/api/v1/broken")),
                SignedForm(secret, "/devices"),
                Get("/devices"),
                Get("/nowhere"),
                Get("/broken"),
                Get("/refused"),
                Get("/api/v1/devices"),
                Ask(Method::kPut, "/devices"),
                Form("/public", "a=%"),
                Get(AssetUrl("app.css")),
                Get("/assets/nowhere.css")};
    }
};

TEST_F(GateAnswersTest, AlwaysCarryTheSecurityHeaders) {
    for (const bool is_tls : {false, true}) {
        for (net::Request request : OneOfEach()) {
            request.is_tls = is_tls;
            const net::Response response = Handle(request);
            const auto& headers = response.headers;
            EXPECT_EQ(headers.Get("Content-Security-Policy"),
                      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
                      "connect-src 'self'; "
                      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
                << request.target;
            EXPECT_EQ(headers.Get("X-Content-Type-Options"), "nosniff") << request.target;
            EXPECT_EQ(headers.Get("Referrer-Policy"), "same-origin") << request.target;
            EXPECT_EQ(headers.Has("Strict-Transport-Security"), is_tls) << request.target;
        }
    }
}

TEST_F(GateAnswersTest, AreKeptByNobodyButForAssets) {
    for (const net::Request& request : OneOfEach()) {
        const net::Response response = Handle(request);
        const bool is_asset = request.target == AssetUrl("app.css");
        EXPECT_EQ(response.headers.Get("Cache-Control") == "no-store", !is_asset) << request.target;
    }
}

TEST_F(GateAnswersTest, GiveAssetsToAnybodyAndNeverToAChange) {
    const std::string url(AssetUrl("app.js"));
    EXPECT_EQ(StatusOf(Get(url)), 200);
    EXPECT_EQ(Handle(With(Get(url), "Accept-Encoding", "gzip")).headers.Get("Content-Encoding"), "gzip");
    EXPECT_EQ(Handle(With(Get(url), "Accept-Encoding", "gzip;q=0")).headers.Get("Content-Encoding"), "");
    EXPECT_EQ(StatusOf(Form(url, "")), 404);
}

TEST_F(GateAnswersTest, TellNothingOfAnExceptionButThatThereWasOne) {
    const net::Response page = Handle(Get("/broken"));
    EXPECT_EQ(page.status, 500);
    EXPECT_THAT(page.headers.Get("Content-Type"), StartsWith("text/html"));
    EXPECT_THAT(page.body, HasSubstr("Something went wrong"));
    const net::Response api = Handle(Bearing(Token(reader_, false), Get("/api/v1/broken")));
    EXPECT_EQ(api.status, 500);
    EXPECT_EQ(CodeOf(api), "internal");
    for (const net::Response& response : {page, api}) {
        EXPECT_THAT(response.body, Not(HasSubstr("SQLSTATE")));
        EXPECT_THAT(response.body, Not(HasSubstr("/var/lib")));
    }
}

TEST_F(GateAnswersTest, ShowAnErrorOfAHandlerAsAPageOrAsJsonInBothLanguages) {
    const net::Response page = Handle(Get("/refused"));
    EXPECT_EQ(page.status, 422);
    EXPECT_THAT(page.body, HasSubstr("The name can't be empty."));
    EXPECT_THAT(Handle(With(Get("/refused"), "Accept-Language", "zh-TW")).body, HasSubstr("名稱不可空白。"));
    const net::Response api = Handle(Bearing(Token(reader_, false), Get("/api/v1/refused")));
    EXPECT_EQ(api.status, 400);
    EXPECT_EQ(
        json::parse(api.body),
        json::parse(
            R"({"error":{"code":"invalid_input","message":{"zh":"名稱不可空白。","en":"The name can't be empty."}}})"));
}

TEST_F(GateAnswersTest, GiveEveryRefusalOfTheApiInBothLanguages) {
    const std::string reader = Token(reader_, false);
    const net::Request requests[] = {Get("/api/v1/nowhere"),
                                     Ask(Method::kPut, "/api/v1/devices"),
                                     Get("/api/v1/devices"),
                                     Bearing("x", Get("/api/v1/devices")),
                                     Bearing(reader, Get("/api/v1/devices?q=%00")),
                                     Bearing(reader, Ask(Method::kPost, "/api/v1/devices")),
                                     Bearing(reader, Get("/api/v1/broken")),
                                     In(Session("wang"), Ask(Method::kPost, "/api/v1/devices"))};
    for (const net::Request& request : requests) {
        const json::value message = json::parse(Handle(request).body).at("error").at("message");
        EXPECT_THAT(std::string(message.at("en").as_string()), Not(IsEmpty())) << request.target;
        EXPECT_THAT(std::string(message.at("zh").as_string()), Not(IsEmpty())) << request.target;
        EXPECT_NE(message.at("zh"), message.at("en")) << request.target;
    }
}

TEST_F(GateAnswersTest, NeverSetTheSessionCookieThemselves) {
    for (const net::Request& request : OneOfEach()) {
        EXPECT_THAT(CookiesOf(Handle(request)), Each(Not(HasSubstr("opsteward=")))) << request.target;
    }
}

// --- Notices

/// The Set-Cookie value of a notice, as a browser sends it back.
std::string SentBack(const std::string& set_cookie) {
    return set_cookie.substr(0, set_cookie.find(';'));
}

TEST_F(GateAnswersTest, ShowANoticeOnTheNextPageAndThenNoMore) {
    const std::string secret = Session("wang");
    const auto set = CookiesOf(Handle(SignedForm(secret, "/devices")));
    ASSERT_EQ(set.size(), 1U);
    net::Request next = With(Get("/devices"), "Cookie", "opsteward=" + secret + "; " + SentBack(set[0]));
    const net::Response shown = Handle(next);
    EXPECT_THAT(shown.body, HasSubstr("Saved."));
    EXPECT_THAT(CookiesOf(shown), ElementsAre(NoticeCookie({}, false)));
    next.headers.Set("Accept-Language", "zh-TW");
    EXPECT_THAT(Handle(next).body, HasSubstr("已儲存。"));
    const net::Response after = Handle(In(secret, Get("/devices")));
    EXPECT_THAT(after.body, Not(HasSubstr("Saved.")));
    EXPECT_THAT(CookiesOf(after), IsEmpty());
}

TEST_F(GateAnswersTest, KeepANoticeForThePageThatAPersonOpens) {
    const std::string cookies =
        "opsteward=" + Session("wang") + "; " + SentBack(NoticeCookie({"已儲存。", "Saved."}, false));
    const net::Request others[] = {
        With(Get("/data.json"), "Accept", "application/json"), With(Get("/events/jobs"), "Accept", "text/event-stream"),
        With(With(Get("/devices"), "Accept", "text/html"), "X-Live-Renewal", "1"), Get("/api/v1/devices")};
    for (const net::Request& request : others) {
        const net::Response response = Handle(With(request, "Cookie", cookies));
        EXPECT_EQ(response.status, 200) << request.target;
        EXPECT_THAT(response.body, Not(HasSubstr("Saved."))) << request.target;
        EXPECT_THAT(CookiesOf(response), IsEmpty()) << request.target;
    }
}

TEST_F(GateAnswersTest, ShowANoticeAsText) {
    const std::string cookie = SentBack(NoticeCookie({"", "<script>alert(1)</script>"}, false));
    const net::Response response =
        Handle(With(Get("/devices"), "Cookie", "opsteward=" + Session("wang") + "; " + cookie));
    EXPECT_THAT(response.body, HasSubstr("&lt;script&gt;alert(1)"));
}

// --- Language

TEST_F(GateAnswersTest, KeepALanguageThatWasAskedFor) {
    const net::Response chinese = Handle(Get("/public?lang=zh"));
    EXPECT_THAT(chinese.body, HasSubstr(R"(<html lang="zh-Hant)"));
    EXPECT_THAT(CookiesOf(chinese), ElementsAre(PreferenceCookie(kLanguageCookie, "zh", false)));
    EXPECT_THAT(CookiesOf(Handle(Get("/public?lang=fr"))), IsEmpty());
    EXPECT_THAT(CookiesOf(Handle(Get("/public"))), IsEmpty());
    EXPECT_THAT(CookiesOf(Handle(In(Session("wang"), Get("/data.json?lang=en")))), IsEmpty())
        << "no page, nothing to read";
    EXPECT_THAT(CookiesOf(Handle(Get("/nowhere?lang=en"))),
                ElementsAre(PreferenceCookie(kLanguageCookie, "en", false)));
}

// --- The frame around pages

std::vector<std::string> MenuOf(const std::string& page) {
    const GumboDocument document(page);
    std::vector<std::string> hrefs;
    document.ForEachElement([&](const GumboNode* node) {
        const auto href = GumboDocument::Attribute(node, "href").value_or("");
        if (GumboDocument::Tag(node) == "a" && (href == "/devices" || href == "/changes")) hrefs.push_back(href);
    });
    return hrefs;
}

TEST_F(GateAnswersTest, OfferInTheMenuWhatOneMaySee) {
    EXPECT_THAT(MenuOf(Handle(In(Session("wang"), Get("/"))).body), ElementsAre("/devices", "/changes"));
    EXPECT_THAT(MenuOf(Handle(In(Session("lin"), Get("/"))).body), ElementsAre("/devices"));
}

TEST_F(GateAnswersTest, SayHowManyTasksWait) {
    const std::string secret = Session("wang");
    const std::string page = Handle(In(secret, Get("/devices"))).body;
    EXPECT_THAT(page, HasSubstr(">37<"));
    EXPECT_EQ(task_counts_, 1);
    EXPECT_EQ(StatusOf(Bearing(Token(reader_, false), Get("/api/v1/devices"))), 200);
    EXPECT_EQ(StatusOf(With(In(secret, Get("/data.json")), "Accept", "application/json")), 200);
    EXPECT_EQ(StatusOf(Get("/public")), 200);
    EXPECT_EQ(StatusOf(In(secret, Get("/nowhere"))), 404);
    EXPECT_EQ(task_counts_, 1) << "counted for pages of somebody who is let in";
}

std::vector<std::string> ReturnFieldsOf(const std::string& page) {
    const GumboDocument document(page);
    std::vector<std::string> values;
    for (const GumboNode* field : document.Find("name", "return_to"))
        values.push_back(GumboDocument::Attribute(field, "value").value_or(""));
    return values;
}

TEST_F(GateAnswersTest, LeadBackToTheSameFiltersAfterASwitchOfLanguageOrTheme) {
    const std::string secret = Session("wang");
    const auto fields_at = [&](std::string_view target) {
        return ReturnFieldsOf(Handle(In(secret, Get(target))).body);
    };
    EXPECT_THAT(fields_at("/devices"), ElementsAre("/devices", "/devices"));
    EXPECT_THAT(fields_at("/devices?state=not_met&q=a%26b&page=2"), Each("/devices?state=not_met&q=a%26b&page=2"));
    EXPECT_THAT(fields_at("/devices?state=met&lang=en"), Each("/devices?state=met"))
        << "the language just chosen has to count";
}

TEST_F(GateAnswersTest, MarkTheEntryOfTheMenuWhateverTheQuery) {
    const std::string page = Handle(In(Session("wang"), Get("/devices?state=met"))).body;
    const GumboDocument document(page);
    const auto current = document.Find("aria-current", "page");
    ASSERT_EQ(current.size(), 1U);
    EXPECT_EQ(GumboDocument::Attribute(current[0], "href"), "/devices");
}

}  // namespace
}  // namespace opsteward::web
