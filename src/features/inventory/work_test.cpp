// What the inventory adds to 我的待辦 and to the search, and whether the module fits the rest of the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "features/inventory/testing/site_test.hpp"
#include "platform/web/components.hpp"
#include "platform/web/gate.hpp"

namespace opsteward::inventory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Work : public SiteTest {
  protected:
    std::vector<std::string> Titles() {
        std::vector<std::string> titles;
        for (const platform::Task& task : site().Tasks()) titles.push_back(task.title);
        return titles;
    }
    std::vector<std::string> Hits(std::string_view query, int limit = 20) {
        std::vector<std::string> hits;
        for (const platform::SearchHit& hit : site().Search(query, limit)) {
            EXPECT_TRUE(web::HasIcon(hit.icon)) << hit.icon;
            hits.push_back(fmt::format("{} | {} | {}", hit.title, hit.detail, hit.href));
        }
        return hits;
    }
};
OPS_ON_BOTH_DATABASES(Work);

TEST_P(Work, IsNothingWithoutDevices) { EXPECT_THAT(Titles(), IsEmpty()); }

TEST_P(Work, NamesWhatMustBeDecidedWhatIsNotObservedAndWhoIsMissing) {
    RegisterAndObserveHost();
    EXPECT_THAT(Titles(), ElementsAre("core01：2 個對外的連接埠未經核准", "core01：1 個可登入的帳號未經核准",
                                      "core01：1 項來源不明的軟體未經核准", "core01：1 項資料觀測不到", "1 部設備沒有負責人"));
    clock_.Advance(std::chrono::hours(1));
    site().Read(Language::kEnglish);
    EXPECT_THAT(Titles(),
                ElementsAre("core01: 2 listening sockets not approved", "core01: 1 account that can log in is not approved",
                            "core01: 1 piece of software of unknown source not approved", "core01: no observation comes in",
                            "1 device has no owner"));
}

TEST_P(Work, LeadsToPagesThatShowIt) {
    RegisterAndObserveHost();
    for (const platform::Task& task : site().Tasks()) {
        EXPECT_EQ(site().Get(task.href).status, 200) << task.href;
        EXPECT_FALSE(task.detail.empty()) << task.title;
    }
}

TEST_P(Work, IsOnlyWhatTheReaderMayDo) {
    RegisterAndObserveHost();
    site().SignIn(identity::Role::kSupervisor, {kTop});  // approves, does not manage
    EXPECT_EQ(Titles().size(), 3U);
    site().SignIn(identity::Role::kAuditor, {kTop});
    EXPECT_THAT(Titles(), IsEmpty());
    site().SignIn(identity::Role::kSystemAdmin, {kCivil});
    EXPECT_THAT(Titles(), IsEmpty());
}

TEST_P(Work, DoesNotAskToObserveWhatCannotBeObserved) {
    Device device{.name = "sw01", .kind = DeviceKind::kNetwork, .unit_id = kTop, .owner_id = 1};
    Add(device);
    EXPECT_THAT(Titles(), IsEmpty());
}

TEST_P(Work, AsksAsManyStatementsForManyDevicesAsForOne) {
    RegisterAndObserveHost();
    const auto asked = [&] {
        const int before = statements();
        site().Tasks();
        return statements() - before;
    };
    const int few = asked();
    for (int i = 0; i < 30; ++i) See(AddServer(fmt::format("server{}", i)), 1, "accounts", {LocalAccount("root", 0)});
    EXPECT_EQ(asked(), few);
}

TEST_P(Work, FindsDevicesSoftwareAndPorts) {
    RegisterAndObserveHost();
    EXPECT_THAT(Hits("CORE"), ElementsAre("core01 | 伺服器 · 本機關 · core01 | /devices/1"));
    EXPECT_THAT(Hits("odd"), ElementsAre("oddity | core01 | /devices/1?topic=installed_software&q=oddity"));
    for (const std::string_view query : {"22", ":22", "tcp 22", "TCP/22"}) {
        EXPECT_THAT(Hits(query), ElementsAre("tcp 0.0.0.0:22 · sshd | core01 | /devices/1?topic=listening_sockets&q=22"))
            << query;
    }
    EXPECT_THAT(Hits(" "), IsEmpty());
    EXPECT_THAT(Hits("70000"), IsEmpty());
    EXPECT_THAT(Hits("%"), IsEmpty());
    EXPECT_EQ(Hits("o", 2).size(), 2U);
    for (const platform::SearchHit& hit : site().Search("22")) EXPECT_EQ(site().Get(hit.href).status, 200);
}

TEST_P(Work, FindsNothingInUnitsTheReaderDoesNotSee) {
    RegisterAndObserveHost();
    site().SignIn(identity::Role::kSystemAdmin, {kCivil});
    for (const std::string_view query : {"core", "oddity", "22"}) EXPECT_THAT(Hits(query), IsEmpty()) << query;
}

TEST_P(Work, ComesWithRoutesThatTheGateTakes) {
    constexpr crypto::PasswordCost kCheap{64, 1, 1};
    identity::Identity known(database(), clock_, site().module().permissions, {}, kCheap);
    const auto gate = web::Gate::Make({site().module().routes, site().module().menu, {}}, known, clock_);
    EXPECT_TRUE(gate.ok()) << gate.error().operator_text;
}

TEST_P(Work, ComesWithAnOpenApiDocumentWithoutLooseReferences) {
    const std::string document = web::OpenApiDocument(site().module().routes, site().module().schemas, "1");
    const json::value parsed = json::parse(document);
    const auto& schemas = parsed.at("components").at("schemas").as_object();
    constexpr std::string_view kReference = "#/components/schemas/";
    for (std::size_t at = document.find(kReference); at != std::string::npos; at = document.find(kReference, at + 1)) {
        const std::size_t begin = at + kReference.size();
        const std::string name = document.substr(begin, document.find('"', begin) - begin);
        EXPECT_TRUE(schemas.contains(name)) << name;
    }
}

TEST_P(Work, NamesTheAdministratorInEveryPermission) {
    for (const auto& permission : site().module().permissions)
        EXPECT_TRUE(permission.granted_to.Has(identity::Role::kAdministrator)) << permission.key;
}

}  // namespace
}  // namespace opsteward::inventory
