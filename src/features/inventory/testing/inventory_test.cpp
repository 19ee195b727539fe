#include "features/inventory/testing/inventory_test.hpp"

#include <fmt/format.h>

#include "features/inventory/migrations.hpp"
#include "features/inventory/views.hpp"
#include "platform/jobs/scheduler.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::inventory {
namespace {

template <typename T>
void Append(std::vector<T>& all, std::span<const T> some) {
    all.insert(all.end(), some.begin(), some.end());
}

}  // namespace

std::vector<db::Migration> AllMigrations() {
    std::vector<db::Migration> all;
    Append(all, audit::Migrations());
    Append(all, identity::Migrations());
    Append(all, jobs::Migrations());
    Append(all, procedure::Migrations());
    Append(all, Migrations());
    return all;
}

std::vector<db::ViewSpec> AllViews() {
    std::vector<db::ViewSpec> all;
    Append(all, audit::Views());
    Append(all, identity::Views());
    Append(all, procedure::Views());
    Append(all, Views());
    return all;
}

db::Row Listener(std::string_view protocol, std::string_view address, int port, db::Value program, int uid,
                 std::string_view user) {
    const bool is_loopback = address == "127.0.0.1" || address == "::1";
    return {protocol, address, port, std::move(program), uid, user, is_loopback};
}

db::Row LocalAccount(std::string_view name, int uid, bool can_login) {
    return {name, uid, true, uid == 0, can_login, can_login ? "/bin/bash" : "/usr/sbin/nologin", name};
}

db::Row Software(std::string_view name, std::string_view version, db::Value in_repository) {
    return {name, version, "amd64", "Debian", std::move(in_repository)};
}

db::Row Resource(std::string_view resource, std::string_view subject, db::Value used_ratio) {
    return {resource, subject, std::move(used_ratio), 1'000'000, "bytes"};
}

void InventoryTest::SetUp() {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_TRUE(Migrate(AllMigrations(), AllViews()).ok());
    constexpr crypto::PasswordCost kCheap{64, 1, 1};
    identity_ = std::make_unique<identity::Identity>(database(), clock_, std::vector<identity::PermissionSpec>{},
                                                     identity::Policy{}, kCheap);
    ASSERT_TRUE(identity_->CreateFirstAdministrator().ok());
    ASSERT_EQ(identity_->CreateUnit(actor_, kTop, "民政局").value(), kCivil);
    ASSERT_EQ(identity_->CreateUnit(actor_, kTop, "工務局").value(), kWorks);
}

std::int64_t InventoryTest::AddServer(std::string_view name, std::int64_t unit_id) {
    Device device;
    device.name = name;
    device.unit_id = unit_id;
    return Add(device);
}

std::int64_t InventoryTest::Add(const Device& device) {
    const auto id = database().Write<std::int64_t>(
        [&](db::Transaction& transaction) { return AddDevice(transaction, actor_, device, start_); });
    if (!id.ok()) {
        ADD_FAILURE() << id.error().operator_text;
        return 0;
    }
    return *id;
}

ObservationEffect InventoryTest::Apply(std::int64_t device_id, const Observation& observation) {
    const auto effect = database().Write<ObservationEffect>(
        [&](db::Transaction& transaction) { return ApplyObservation(transaction, device_id, observation); });
    if (!effect.ok()) {
        ADD_FAILURE() << effect.error().operator_text;
        return {};
    }
    return *effect;
}

ObservationEffect InventoryTest::See(std::int64_t device_id, int minute, std::string_view topic, std::vector<db::Row> rows) {
    return Apply(device_id, {At(minute), {{topic, std::nullopt, std::move(rows)}}});
}

ObservationEffect InventoryTest::SeeNot(std::int64_t device_id, int minute, std::string_view topic, const Text& reason) {
    return Apply(device_id, {At(minute), {{topic, reason, {}}}});
}

std::vector<FactRow> InventoryTest::Facts(std::int64_t device_id, std::string_view topic) {
    FactQuery query;
    query.device_id = device_id;
    query.limit = 1000;
    const auto page =
        database().Read<FactPage>([&](db::Session& session) { return ReadFacts(session, *FindTopic(topic), query); });
    if (!page.ok()) {
        ADD_FAILURE() << page.error().operator_text;
        return {};
    }
    return page->rows;
}

std::vector<std::string> InventoryTest::History(std::int64_t device_id, std::string_view topic) {
    ChangeFilter filter;
    filter.device_id = device_id;
    filter.topic = topic;
    const auto changes =
        database().Read<std::vector<StoredChange>>([&](db::Session& session) { return ReadChanges(session, filter); });
    std::vector<std::string> lines;
    if (!changes.ok()) {
        ADD_FAILURE() << changes.error().operator_text;
        return lines;
    }
    for (const StoredChange& stored : *changes) {
        const std::string_view kind = ChangeKindKey(stored.change.kind);
        lines.push_back(stored.change.subject.empty() ? std::string(kind) : fmt::format("{} {}", kind, stored.change.subject));
    }
    return lines;
}

std::vector<std::string> InventoryTest::AuditActions() {
    audit::Filter filter;
    filter.subject_kind = "device";
    const auto entries =
        database().Read<std::vector<audit::Entry>>([&](db::Session& session) { return audit::Search(session, filter); });
    std::vector<std::string> actions;
    for (const audit::Entry& entry : entries.value()) actions.push_back(entry.change.action);
    return actions;
}

std::int64_t InventoryTest::CountRows(std::string_view from) {
    const auto row = database().Read<db::Row>(
        [&](db::Session& session) { return session.QueryOne(fmt::format("SELECT COUNT(*) FROM {}", from)); });
    return row.value()[0].AsInt();
}

}  // namespace opsteward::inventory
