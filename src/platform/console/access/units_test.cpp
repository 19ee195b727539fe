#include "platform/console/access/access_fixture.hpp"

namespace opsteward::console {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Units : public AccessTest {
  protected:
    identity::Unit Unit(std::int64_t id) {
        for (const auto& unit : Must(console_.identity().Units())) {
            if (unit.id == id) return unit;
        }
        throw std::runtime_error("no such unit");
    }
    static std::string PathOf(std::int64_t id) { return "/units/" + std::to_string(id); }

    const std::int64_t north_ = console_.AddUnit("North");
    const std::int64_t south_ = console_.AddUnit("South");
    const std::int64_t deep_ = console_.AddUnit("Deep", north_);
    GateClient browser_ = BrowserOf(console_.AddPerson("boss", Role::kAdministrator));
};

TEST_F(Units, AreShownAsATreeWithTheirPeople) {
    console_.AddPerson("lin", {}, deep_);
    const std::string page = browser_.Get("/units").body;
    EXPECT_LT(page.find(">North</a>"), page.find(">Deep</a>"));
    EXPECT_LT(page.find(">Deep</a>"), page.find(">South</a>"));
    EXPECT_THAT(page, HasSubstr("第 3 層"));
    EXPECT_THAT(page, HasSubstr("/users?unit=" + std::to_string(deep_) + "\">1</a>"));
}

TEST_F(Units, AreAddedRenamedMovedClosedAndOpened) {
    EXPECT_EQ(browser_.Get("/units/new?parent=" + std::to_string(south_)).status, 200);
    EXPECT_EQ(LocationOf(browser_.Post("/units", {{"name", "East <b>"}, {"parent", std::to_string(south_)}})),
              "/units");
    EXPECT_THAT(browser_.Get("/units").body, HasSubstr("East &lt;b&gt;"));
    EXPECT_EQ(browser_.Get(PathOf(deep_)).status, 200);
    EXPECT_EQ(LocationOf(browser_.Post(PathOf(deep_), {{"name", "Deeper"}, {"parent", std::to_string(south_)}})),
              "/units");
    EXPECT_EQ(Unit(deep_).name, "Deeper");
    EXPECT_EQ(Unit(deep_).parent_id, south_);
    browser_.Post(PathOf(deep_) + "/close");
    EXPECT_FALSE(Unit(deep_).is_active);
    EXPECT_THAT(browser_.Get(PathOf(deep_)).body, HasSubstr("/open"));
    browser_.Post(PathOf(deep_) + "/open");
    EXPECT_TRUE(Unit(deep_).is_active);
}

TEST_F(Units, SayWhyAChangeIsRefusedAndStayAsTheyAre) {
    const auto cycle = browser_.Post(PathOf(north_), {{"name", "North"}, {"parent", std::to_string(deep_)}});
    EXPECT_EQ(cycle.status, 422);
    EXPECT_THAT(cycle.body, HasSubstr("單位不能放到自己之下"));
    const auto occupied = browser_.Post(PathOf(north_) + "/close");
    EXPECT_EQ(occupied.status, 409);
    EXPECT_THAT(occupied.body, HasSubstr("還有啟用中的單位或人員"));
    const auto nameless = browser_.Post(PathOf(north_), {{"name", "  "}, {"parent", std::to_string(top_)}});
    EXPECT_EQ(nameless.status, 422);
    EXPECT_EQ(browser_.Post("/units", {{"name", ""}, {"parent", std::to_string(top_)}}).status, 422);
    EXPECT_EQ(Unit(north_).parent_id, top_);
    EXPECT_EQ(Unit(north_).name, "North");
    EXPECT_TRUE(Unit(north_).is_active);
}

TEST_F(Units, OfferNoPlaceBelowThemselves) {
    const std::string page = browser_.Get(PathOf(north_)).body;
    EXPECT_THAT(page, Not(HasSubstr("<option value=\"" + std::to_string(deep_) + "\"")));
    EXPECT_THAT(page, HasSubstr("<option value=\"" + std::to_string(south_) + "\""));
}

TEST_F(Units, AreReadByEveryRoleInItsOwnPartOfTheTree) {
    GateClient reader = BrowserOf(console_.AddPerson("lin", {{Role::kNetworkUser, north_}}, north_));
    const std::string page = reader.Get("/units").body;
    EXPECT_THAT(page, HasSubstr("Deep"));
    EXPECT_THAT(page, Not(HasSubstr("South")));
    EXPECT_THAT(page, Not(HasSubstr("/units/new")));
    EXPECT_EQ(reader.Get(PathOf(deep_)).status, 403);
    EXPECT_EQ(reader.Post("/units", {{"name", "East"}, {"parent", std::to_string(north_)}}).status, 403);
}

TEST_F(Units, StayWhereTheyAreForTheirOwnAdministrator) {
    GateClient local = BrowserOf(console_.AddPerson("local", {{Role::kAdministrator, north_}}, north_));
    EXPECT_EQ(local.Post(PathOf(deep_), {{"name", "Depth"}, {"parent", std::to_string(north_)}}).status, 303);
    EXPECT_EQ(local.Post(PathOf(deep_), {{"name", "Depth"}, {"parent", std::to_string(south_)}}).status, 403)
        << "given away";
    EXPECT_EQ(local.Post(PathOf(north_), {{"name", "North"}, {"parent", std::to_string(south_)}}).status, 403)
        << "moved out of where it stands";
    EXPECT_EQ(local.Post(PathOf(south_), {{"name", "Mine"}}).status, 403);
    EXPECT_EQ(local.Post("/units", {{"name", "East"}, {"parent", std::to_string(top_)}}).status, 403);
    EXPECT_EQ(Unit(deep_).name, "Depth");
    EXPECT_EQ(Unit(deep_).parent_id, north_);
}

}  // namespace
}  // namespace opsteward::console
