#include "platform/console/procedure/testing/procedure_world.hpp"

namespace opsteward::console::compliance {
namespace {

using identity::Role;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CalendarPage, ShowsTheYearAndTheMonthWithWhatIsDoneLateAndComing) {
    World world;
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("chief", Role::kAdministrator));
    ASSERT_EQ(client.Post("/duties/" + std::to_string(world.Round("review", world.red())) + "/complete", {{"note", "done"}}).status, 303);
    const std::string page = PageText(client.Get("/calendar").body);
    EXPECT_THAT(page, AllOf(HasSubstr("民國 114 年 8 月"), HasSubstr("清查帳號（1／3）"), HasSubstr("查核 VANS"), HasSubstr("完成 1")));
    EXPECT_THAT(PageText(client.Get("/calendar?month=2025-09").body), HasSubstr("民國 114 年 9 月"));
    EXPECT_EQ(client.Get("/calendar?month=2024-12").status, 200);
    for (const std::string month : {"2025", "2025-13", "august", "2025-08-05"}) EXPECT_EQ(client.Get("/calendar?month=" + month).status, 422) << month;
    world.console().clock().Advance(std::chrono::days(40));
    EXPECT_THAT(PageText(client.Get("/calendar?month=2025-08").body), AllOf(HasSubstr("今年有 4 項逾期"), HasSubstr("逾期 4")));
    const std::string green = std::to_string(world.green());
    EXPECT_THAT(PageText(client.Get("/calendar?month=2025-08&unit=" + green).body), AllOf(HasSubstr("逾期 1"), Not(HasSubstr("查核 VANS"))));
}

TEST(CalendarFeed, IsForTheSessionAndForTokens) {
    World world;
    const TestPerson person = world.console().AddPerson("green-admin", {{Role::kSystemAdmin, world.green()}});
    GateClient stranger(world.console());
    EXPECT_EQ(stranger.Get("/calendar.ics").status, 303);
    EXPECT_EQ(stranger.Get("/api/v1/calendar.ics").status, 401);
    GateClient client(world.console());
    client.SignIn(person);
    const auto by_session = client.Get("/calendar.ics");
    EXPECT_EQ(by_session.headers.Get("Content-Type"), "text/calendar; charset=utf-8");
    GateClient program(world.console());
    program.UseToken(Must(world.console().identity().CreateToken(person.actor, person.id, "calendar", false, 30)));
    EXPECT_EQ(program.Get("/api/v1/calendar.ics").body, by_session.body);
}

TEST(CalendarFeed, HasTheDutiesOfTheReadersUnitsAsDays) {
    World world;
    const std::int64_t round = world.Round("review", world.green());
    GateClient client(world.console());
    client.SignIn(world.console().AddPerson("green-admin", {{Role::kSystemAdmin, world.green()}}));
    const std::string id = std::to_string(round);
    EXPECT_THAT(client.Get("/calendar.ics").body,
                AllOf(HasSubstr("BEGIN:VEVENT\r\nUID:duty-" + id + "@t-1.opsteward\r\nDTSTAMP:20250731T160000Z\r\nDTSTART;VALUE=DATE:20250831\r\n"
                                "DTEND;VALUE=DATE:20250901\r\nSUMMARY:[待完成] 清查帳號（green）\r\n"
                                "DESCRIPTION:列出帳號；記下結果\\, 人員\\n主責：系統管理人\r\n 員\\n條文：6.1.1\r\n"
                                "CATEGORIES:待完成\r\nURL:http://console.test:8443/duties/" + id + "\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"),
                      Not(HasSubstr("red"))));
    net::Request hostile = client.MakeRequest(net::Method::kGet, "/calendar.ics");
    hostile.headers.Set("Host", "evil.test/\r\nX:");
    EXPECT_THAT(client.Send(hostile).body, Not(HasSubstr("URL:")));
}

}  // namespace
}  // namespace opsteward::console::compliance
