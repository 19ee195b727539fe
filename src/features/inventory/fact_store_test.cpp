#include "features/inventory/fact_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "features/inventory/testing/inventory_test.hpp"

namespace opsteward::inventory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kListeners = "listening_sockets";

class FactStore : public InventoryTest {
  protected:
    Coverage CoverageNow(std::int64_t device_id, std::string_view topic) {
        using Coverages = std::map<std::string, Coverage, std::less<>>;
        const auto all = database().Read<Coverages>([&](db::Session& session) { return CoverageOf(session, device_id); });
        const auto found = all.value().find(topic);
        return found == all.value().end() ? Coverage{} : found->second;
    }
    FactPage Read(std::string_view topic, const FactQuery& query) {
        return database()
            .Read<FactPage>([&](db::Session& session) { return ReadFacts(session, *FindTopic(topic), query); })
            .value();
    }
};
OPS_ON_BOTH_DATABASES(FactStore);

TEST_P(FactStore, TakesWhatIsThereAtTheFirstLookAsGiven) {
    const auto device = AddServer("core01");
    const auto effect =
        See(device, 0, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd"), Listener("tcp", "127.0.0.1", 25, "exim4")});
    EXPECT_TRUE(effect.is_worth_judging());
    EXPECT_EQ(Facts(device, kListeners).size(), 2U);
    EXPECT_THAT(History(device, kListeners), ElementsAre("first_observed"));
    EXPECT_TRUE(CoverageNow(device, kListeners).is_observed);
    EXPECT_EQ(CoverageNow(device, kListeners).observed_at, At(0));
}

TEST_P(FactStore, RemembersWhatAppearsChangesAndDisappears) {
    const auto device = AddServer("core01");
    See(device, 0, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd")});
    See(device, 1, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd"), Listener("tcp", "0.0.0.0", 80, "nginx")});
    See(device, 2, kListeners, {Listener("tcp", "0.0.0.0", 22, "dropbear"), Listener("tcp", "0.0.0.0", 80, "nginx")});
    EXPECT_EQ(See(device, 3, kListeners, {Listener("tcp", "0.0.0.0", 22, "dropbear")}).changes, 1);
    EXPECT_THAT(History(device, kListeners), ElementsAre("disappeared tcp 0.0.0.0 80 0", "changed tcp 0.0.0.0 22 0",
                                                         "appeared tcp 0.0.0.0 80 0", "first_observed"));
    const auto facts = Facts(device, kListeners);
    ASSERT_EQ(facts.size(), 1U);
    EXPECT_EQ(facts[0].values[3].AsText(), "dropbear");
    EXPECT_EQ(facts[0].first_seen_at, At(0));
}

TEST_P(FactStore, IsNotWorthJudgingAgainWhenNothingChanged) {
    const auto device = AddServer("core01");
    See(device, 0, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd")});
    const auto effect = See(device, 1, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd")});
    EXPECT_FALSE(effect.is_worth_judging());
    EXPECT_EQ(CoverageNow(device, kListeners).observed_at, At(1));
}

TEST_P(FactStore, KeepsTheRowsOfATopicThatCanNoLongerBeObserved) {
    const auto device = AddServer("core01");
    See(device, 0, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd")});
    const Text reason{"沒有讀取權限", "no permission"};
    EXPECT_TRUE(SeeNot(device, 1, kListeners, reason).has_coverage_changed);
    EXPECT_FALSE(SeeNot(device, 2, kListeners, reason).is_worth_judging());
    EXPECT_EQ(Facts(device, kListeners).size(), 1U);
    const Coverage coverage = CoverageNow(device, kListeners);
    EXPECT_FALSE(coverage.is_observed);
    EXPECT_EQ(coverage.reason, reason);
    EXPECT_EQ(coverage.observed_at, At(0));

    EXPECT_TRUE(See(device, 3, kListeners, {}).has_coverage_changed);
    EXPECT_THAT(Facts(device, kListeners), IsEmpty());
    EXPECT_THAT(History(device, kListeners),
                ElementsAre("observed", "disappeared tcp 0.0.0.0 22 0", "not_observed", "first_observed"));
}

TEST_P(FactStore, IgnoresAnObservationThatIsOlderThanWhatIsKnown) {
    const auto device = AddServer("core01");
    See(device, 5, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd")});
    EXPECT_TRUE(See(device, 4, kListeners, {}).is_stale);
    EXPECT_TRUE(See(device, 5, kListeners, {}).is_stale);
    EXPECT_EQ(Facts(device, kListeners).size(), 1U);
}

TEST_P(FactStore, IgnoresARetiredDevice) {
    Device device;
    device.name = "old01";
    device.unit_id = kTop;
    device.retired_at = At(0);
    EXPECT_TRUE(See(Add(device), 1, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd")}).is_stale);
    EXPECT_EQ(CountRows("facts_listening_sockets"), 0);
}

TEST_P(FactStore, SaysThatThereIsNoSuchDevice) {
    const auto effect = database().Write<ObservationEffect>([&](db::Transaction& transaction) {
        return ApplyObservation(transaction, 4711, {At(0), {}});
    });
    ASSERT_FALSE(effect.ok());
    EXPECT_EQ(effect.error().code, ErrorCode::kNotFound);
}

TEST_P(FactStore, KeepsTheLatestOfWhatIsMeasuredWithoutHistory) {
    const auto device = AddServer("core01");
    See(device, 0, "resources", {Resource("cpu", "", 0.1)});
    const auto effect = See(device, 1, "resources", {Resource("cpu", "", 0.9)});
    EXPECT_FALSE(effect.is_worth_judging());
    EXPECT_EQ(Facts(device, "resources")[0].values[2].AsReal(), 0.9);
    EXPECT_THAT(History(device, "resources"), ElementsAre("first_observed"));
}

TEST_P(FactStore, KeepsNoHistoryOfProgramsThatComeAndGo) {
    const auto device = AddServer("core01");
    See(device, 0, "processes", {{"bash", 1000, "chen", 1}});
    EXPECT_EQ(See(device, 1, "processes", {{"vi", 1000, "chen", 1}}).changes, 0);
    ASSERT_EQ(Facts(device, "processes").size(), 1U);
    EXPECT_EQ(Facts(device, "processes")[0].values[0].AsText(), "vi");
    EXPECT_THAT(History(device, "processes"), ElementsAre("first_observed"));
}

TEST_P(FactStore, DoesNotTakeInMoreRowsThanItsLimit) {
    const auto device = AddServer("core01");
    std::vector<db::Row> rows;
    for (std::size_t i = 0; i <= kMaxRowsPerTopic; ++i) rows.push_back({"source", std::to_string(i), "root", "/bin/true"});
    See(device, 0, "scheduled_tasks", std::move(rows));
    EXPECT_THAT(Facts(device, "scheduled_tasks"), IsEmpty());
    EXPECT_FALSE(CoverageNow(device, "scheduled_tasks").is_observed);
    EXPECT_THAT(CoverageNow(device, "scheduled_tasks").reason.en, testing::HasSubstr("50000"));
}

TEST_P(FactStore, KeepsHostileNamesUntouched) {
    const auto device = AddServer("core01");
    const std::vector<std::string> names = {"<script>alert(1)</script>", "\u202Egnp.exe", "𠀀𪜀測試", "'; DROP TABLE units; --",
                                            "%_\\"};
    std::vector<db::Row> rows;
    for (const auto& name : names) rows.push_back({name, true});
    See(device, 0, "services", rows);
    std::vector<std::string> kept;
    for (const FactRow& row : Facts(device, "services")) kept.push_back(row.values[0].AsText());
    EXPECT_THAT(kept, testing::UnorderedElementsAreArray(names));
}

TEST_P(FactStore, FindsSortsAndPagesRows) {
    const auto device = AddServer("core01");
    const auto other = AddServer("core02");
    See(device, 0, kListeners,
        {Listener("tcp", "0.0.0.0", 22, "sshd"), Listener("udp", "0.0.0.0", 123, "chronyd"),
         Listener("tcp", "::", 8080, nullptr)});
    See(other, 0, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd")});

    FactQuery query;
    query.device_id = device;
    const auto ports = [&] {
        std::vector<std::int64_t> found;
        for (const FactRow& row : Read(kListeners, query).rows) found.push_back(row.values[2].AsInt());
        return found;
    };
    query.sort = 2;
    query.is_descending = true;
    EXPECT_THAT(ports(), ElementsAre(8080, 123, 22));
    query.sort = 3;  // what could not be read comes last either way
    EXPECT_THAT(ports(), ElementsAre(22, 123, 8080));
    query.is_descending = false;
    EXPECT_THAT(ports(), ElementsAre(123, 22, 8080));
    query.text = "CHRONY";
    EXPECT_THAT(ports(), ElementsAre(123));
    query.text = "808";
    EXPECT_THAT(ports(), ElementsAre(8080));
    query.text = "100%";
    EXPECT_THAT(ports(), IsEmpty());
    query.text.clear();
    query.sort = 2;
    query.limit = 2;
    query.offset = 2;
    EXPECT_THAT(ports(), ElementsAre(8080));
    EXPECT_EQ(Read(kListeners, query).total, 3);
}

TEST_P(FactStore, GoesOnAfterARow) {
    const auto device = AddServer("core01");
    See(device, 0, "services", {{"c", true}, {"a", true}, {"b", true}});
    FactQuery query;
    query.device_id = device;
    query.after_id = 0;
    query.limit = 2;
    const auto first = Read("services", query);
    ASSERT_EQ(first.rows.size(), 2U);
    EXPECT_EQ(first.total, 3);
    query.after_id = first.rows[1].id;
    const auto second = Read("services", query);
    ASSERT_EQ(second.rows.size(), 1U);
    EXPECT_GT(second.rows[0].id, first.rows[1].id);
    EXPECT_EQ(second.total, 3);
}

TEST_P(FactStore, TellsWhatWaitsForADecisionFromWhatDoesNot) {
    const auto device = AddServer("core01");
    See(device, 0, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd"), Listener("tcp", "127.0.0.1", 25, "exim4")});
    See(device, 1, "accounts", {LocalAccount("root", 0), LocalAccount("daemon", 1, false)});
    See(device, 2, "installed_software", {Software("bash", "5.2"), Software("x", "1", false), Software("y", "1", nullptr)});
    using Counts = std::map<std::string_view, TopicCount>;
    const Counts counts = database().Read<Counts>([&](db::Session& session) { return CountFacts(session, device); }).value();
    EXPECT_EQ(counts.at(kListeners).unapproved, 2);
    EXPECT_EQ(counts.at(kListeners).to_decide, 1);
    EXPECT_EQ(counts.at("accounts").to_decide, 1);
    EXPECT_EQ(counts.at("installed_software").rows, 3);
    EXPECT_EQ(counts.at("installed_software").to_decide, 1);
    EXPECT_EQ(counts.at("services").to_decide, 0);

    FactQuery query;
    query.device_id = device;
    query.approval = ApprovalFilter::kToDecide;
    ASSERT_EQ(Read("accounts", query).rows.size(), 1U);
    EXPECT_EQ(Read("accounts", query).rows[0].values[0].AsText(), "root");
    EXPECT_TRUE(Read("accounts", query).rows[0].is_to_decide);
    EXPECT_EQ(std::ranges::count_if(Facts(device, "accounts"), &FactRow::is_to_decide), 1);
    EXPECT_EQ(std::ranges::count_if(Facts(device, kListeners), &FactRow::is_to_decide), 1);
}

TEST_P(FactStore, ShowsARowOnlyAsThatDevices) {
    const auto device = AddServer("core01");
    const auto other = AddServer("core02");
    See(device, 0, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd")});
    const auto row = Facts(device, kListeners)[0].id;
    const auto find = [&](std::int64_t of) {
        return database().Read<FactRow>([&](db::Session& session) { return FindFact(session, *FindTopic(kListeners), of, row); });
    };
    EXPECT_TRUE(find(device).ok());
    EXPECT_EQ(find(other).error().code, ErrorCode::kNotFound);
}

TEST_P(FactStore, FiltersTheHistory) {
    const auto device = AddServer("core01");
    See(device, 0, kListeners, {});
    See(device, 1, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd"), Listener("tcp", "0.0.0.0", 80, "nginx")});
    See(device, 2, kListeners, {Listener("tcp", "0.0.0.0", 22, "sshd")});
    ChangeFilter filter;
    filter.device_id = device;
    const auto subjects = [&] {
        std::vector<std::string> found;
        const auto changes =
            database().Read<std::vector<StoredChange>>([&](db::Session& session) { return ReadChanges(session, filter); });
        for (const StoredChange& stored : changes.value()) found.push_back(stored.change.subject);
        return found;
    };
    filter.kind = ChangeKind::kAppeared;
    EXPECT_EQ(subjects().size(), 2U);
    filter.text = " 80 ";
    EXPECT_THAT(subjects(), ElementsAre("tcp 0.0.0.0 80 0"));
    filter = {.device_id = device, .topic = "services", .kind = {}, .text = {}};
    EXPECT_THAT(subjects(), IsEmpty());
}

TEST_P(FactStore, SearchesSoftwareAndSocketsOnlyInTheUnitsGiven) {
    const auto civil = AddServer("civil01", kCivil);
    const auto works = AddServer("works01", kWorks);
    for (const auto device : {civil, works}) {
        See(device, 0, "installed_software", {Software("openssl", "3.0"), Software("libssl3", "3.0"), Software("zlib1g", "1.2")});
        See(device, 1, kListeners, {Listener("tcp", "0.0.0.0", 443, "nginx")});
    }
    ASSERT_TRUE(database()
                    .ReadWith([&](db::Session& session) -> Result<void> {
                        OPS_TRY(const auto everywhere, SearchSoftware(session, {kCivil, kWorks}, "SSL", 10));
                        EXPECT_EQ(everywhere.size(), 2U);
                        EXPECT_EQ(everywhere.at(0).devices, 2);
                        OPS_TRY(const auto in_civil, SearchSoftware(session, {kCivil}, "openssl", 10));
                        EXPECT_EQ(in_civil.at(0).devices, 1);
                        EXPECT_EQ(in_civil.at(0).first_device, "civil01");
                        OPS_TRY(const auto sockets, SearchListeners(session, {kWorks}, 443, 10));
                        EXPECT_EQ(sockets.size(), 1U);
                        EXPECT_EQ(sockets.at(0).device, "works01");
                        OPS_TRY(const auto nowhere, SearchListeners(session, {}, 443, 10));
                        EXPECT_THAT(nowhere, IsEmpty());
                        return Ok();
                    })
                    .ok());
}

}  // namespace
}  // namespace opsteward::inventory
