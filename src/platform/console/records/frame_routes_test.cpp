#include "platform/console/records/records_test_support.hpp"

namespace opsteward::console::testing {
namespace {

using identity::Role;
using ::testing::HasSubstr;

class FrameRoutes : public RecordsConsole {};

TEST_F(FrameRoutes, StreamTheChannelsThatThereAre) {
    GateClient client = As(Role::kNetworkUser);
    for (const std::string_view channel : {kBoardChannel, kDevicesChannel, kJobsChannel}) {
        const net::Response response = client.Get("/events/" + std::string(channel));
        EXPECT_EQ(response.status, 200);
        ASSERT_TRUE(response.events.has_value()) << channel;
        EXPECT_EQ(response.events->channel, channel);
    }
    const net::Response unknown = client.Get("/events/secrets");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_FALSE(unknown.events.has_value());
    EXPECT_EQ(GateClient(console_).Get("/events/jobs").status, 401);
}

TEST_F(FrameRoutes, KeepTheLanguageAndTheThemeInCookies) {
    GateClient client = As(Role::kNetworkUser);
    EXPECT_EQ(LocationOf(client.Post("/preferences", {{"language", "en"}, {"return_to", "/help"}})), "/help");
    EXPECT_EQ(client.Cookie("language"), "en");
    EXPECT_THAT(client.Get("/help").body, HasSubstr("<html lang=\"en\""));
    EXPECT_EQ(LocationOf(client.Post("/preferences", {{"theme", "dark"}, {"return_to", "/search?q=a"}})),
              "/search?q=a");
    EXPECT_EQ(client.Cookie("theme"), "dark");
    EXPECT_THAT(client.Get("/help").body, HasSubstr("data-bs-theme=\"dark\""));
}

TEST_F(FrameRoutes, LeadNowhereElse) {
    GateClient client = As(Role::kNetworkUser);
    for (const std::string_view address : {"https://evil.example/", "//evil.example", "/\\evil.example",
                                           "javascript:alert(1)", "help", "/a\r\nSet-Cookie: x=1", ""}) {
        const net::Response response =
            client.Post("/preferences", {{"language", "zh"}, {"return_to", std::string(address)}});
        EXPECT_EQ(LocationOf(response), "/") << address;
    }
}

TEST_F(FrameRoutes, RefuseChoicesThatThereAreNot) {
    GateClient client = As(Role::kNetworkUser);
    EXPECT_EQ(client.Post("/preferences", {{"language", "fr"}, {"return_to", "/"}}).status, 422);
    EXPECT_EQ(client.Post("/preferences", {{"theme", "pink; Domain=x"}, {"return_to", "/"}}).status, 422);
    EXPECT_EQ(client.Post("/preferences", {{"return_to", "/"}}).status, 422);
    EXPECT_EQ(client.Cookie("language"), "");
    EXPECT_EQ(client.Cookie("theme"), "");
}

TEST_F(FrameRoutes, NeedTheTokenOfTheSession) {
    GateClient client = As(Role::kNetworkUser);
    net::Request request = client.MakeRequest(net::Method::kPost, "/preferences");
    request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.Set("Sec-Fetch-Site", "same-origin");
    request.body = "theme=dark&return_to=/";
    EXPECT_EQ(client.Send(request).status, 403);
}

TEST_F(FrameRoutes, LetSomebodyChooseTheLanguageBeforeThePasswordIsChanged) {
    TestPerson admin;
    admin.name = "admin";
    admin.password = console_.first_password();
    GateClient client(console_);
    client.SignIn(admin);
    EXPECT_EQ(LocationOf(client.Get("/help")), "/account/password");
    EXPECT_EQ(LocationOf(client.Post("/preferences", {{"language", "en"}, {"return_to", "/account/password"}})),
              "/account/password");
    EXPECT_EQ(client.Cookie("language"), "en");
}

}  // namespace
}  // namespace opsteward::console::testing
