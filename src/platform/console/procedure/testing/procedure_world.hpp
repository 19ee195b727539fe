// A console with this room only, a small procedure, and people: for the tests of the room.
#pragma once

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/console/procedure/module.hpp"
#include "platform/console/testing/gate_client.hpp"
#include "platform/console/testing/test_console.hpp"

namespace opsteward::console::compliance {

using console::testing::GateClient;
using console::testing::LocationOf;
using console::testing::Must;
using console::testing::PageText;
using console::testing::TestConsole;
using console::testing::TestPerson;

// Unit names that begin with "red" are findings of clause 6.9.5. The texts try to break out of markup.
inline constexpr std::string_view kWorldProcedure = R"(id = "T-1"
version = "1.0"
effective = 2025-01-01
title = { zh = "測試程序書", en = "Test procedure" }
[[chapter]]
id = "6.1"
title = { zh = "規劃", en = "Planning" }
[[chapter]]
id = "6.9"
title = { zh = "主機 <b>", en = "Hosts & \"more\"" }
[[chapter]]
id = "6.15"
title = { zh = "弱點通報", en = "Vulnerabilities" }
[[role]]
key = "system_admin"
title = { zh = "系統管理人員", en = "System administrator" }
)";
inline constexpr std::string_view kWorldClauses = R"([[clause]]
id = "6.1.1"
title = { zh = "帳號清查", en = "Account review" }
text = { zh = "每半年清查帳號。", en = "Accounts are reviewed twice a year." }
mode = ["duty", "policy"]
owner = "system_admin"
missing = { zh = "還沒有清查紀錄。", en = "No review is on record." }
action = { zh = "記錄清查", en = "Record a review", href = "/duties" }
[[clause]]
id = "6.9.4"
title = { zh = "加密通道", en = "Encrypted channels" }
text = { zh = "遠端管理走加密通道。", en = "Remote administration is encrypted." }
mode = ["gate", "form"]
owner = "network_admin"
missing = { zh = "尚無資料。", en = "Nothing is there yet." }
[[clause]]
id = "6.9.5"
title = { zh = "關閉不需要的服務 <script>", en = "Needless services are off <script>" }
text = { zh = "只開必要的服務。", en = "Only needed services run." }
mode = ["automatic"]
owner = "system_admin"
missing = { zh = "尚無觀測資料。", en = "Nothing has been observed." }
action = { zh = "核准服務", en = "Approve services", href = "/devices" }
[[clause]]
id = "6.15.1"
title = { zh = "上傳", en = "Upload" }
text = { zh = "每月上傳。", en = "Uploaded every month." }
mode = ["duty"]
owner = "vans_admin"
missing = { zh = "尚未上傳。", en = "Nothing uploaded." }
[[clause]]
id = "6.15.2"
title = { zh = "查核", en = "Check" }
text = { zh = "由另一人查核。", en = "Checked by another person." }
mode = ["duty"]
owner = "checker"
missing = { zh = "尚未查核。", en = "Not checked." }
)";
inline constexpr std::string_view kWorldChecks = R"([[check]]
id = "names"
clause = "6.9.5"
title = { zh = "名稱查核", en = "Check of names" }
topics = []
population = "SELECT unit_id, NULL AS device_id, name AS subject FROM units"
parameters = { grace = "7d" }
sql = '''
SELECT unit_id, NULL AS device_id, name AS subject, 'not_met' AS severity, name || ' 有不需要的服務 <i>' AS reason_zh,
       name || ' runs needless services <i>' AS reason_en, NULL AS since, 'tcp/23 <img src=x onerror=alert(1)>' AS evidence
FROM units WHERE name LIKE 'red%' AND :grace > 0
'''
)";
inline constexpr std::string_view kWorldDuties = R"([[duty]]
id = "review"
clauses = ["6.1.1"]
title = { zh = "清查帳號", en = "Review accounts" }
instructions = { zh = "列出帳號；記下結果, 人員", en = "List the accounts; note the result, and who" }
cycle = "monthly"
owner = "system_admin"
lead = "31d"
scope = "unit"
[[duty]]
id = "upload"
clauses = ["6.15.1"]
title = { zh = "上傳 VANS", en = "Upload to VANS" }
instructions = { zh = "上傳。", en = "Upload." }
cycle = "monthly"
owner = "vans_admin"
lead = "7d"
scope = "bureau"
[[duty]]
id = "check"
clauses = ["6.15.2", "6.15.1"]
title = { zh = "查核 VANS", en = "Check VANS" }
instructions = { zh = "查核。", en = "Check." }
cycle = "monthly"
owner = "checker"
lead = "7d"
scope = "bureau"
)";

inline constexpr db::Migration kWorldMigration[] = {{"world", 1, "facts", R"(
CREATE TABLE world_devices (device_id @int NOT NULL PRIMARY KEY, unit_id @int NOT NULL, name TEXT NOT NULL, owner_id @int) @strict
;;
CREATE TABLE world_sockets (device_id @int NOT NULL, is_approved @int NOT NULL, is_loopback @int NOT NULL) @strict
;;
CREATE TABLE world_copies (made_at @int NOT NULL) @strict
)"}};

/// The fact views that this room and the procedure read.
inline platform::Module FactModule() {
    platform::Module module;
    module.name = "world";
    module.migrations.assign(std::begin(kWorldMigration), std::end(kWorldMigration));
    module.views = {{"devices", {"device_id", "unit_id", "name", "owner_id"}, "SELECT device_id, unit_id, name, owner_id FROM world_devices"},
                    {"fact_coverage",
                     {"device_id", "topic", "status", "reason_zh", "reason_en"},
                     "SELECT device_id, '' AS topic, '' AS status, '' AS reason_zh, '' AS reason_en FROM world_devices"},
                    {"listening_sockets",
                     {"device_id", "is_approved", "is_loopback"},
                     "SELECT device_id, is_approved, is_loopback FROM world_sockets"},
                    {"backup_copies", {"made_at"}, "SELECT made_at FROM world_copies"}};
    return module;
}

/// A job that nobody watches.
class SilentJob final : public jobs::JobContext {
  public:
    explicit SilentJob(Instant now) : now_(now) {}
    std::int64_t id() const override { return 1; }
    const json::value& payload() const override { return payload_; }
    Instant now() const override { return now_; }
    void Progress(double, const Text&) override {}
    void Log(const Text&) override {}
    bool is_cancelled() const override { return false; }

  private:
    Instant now_;
    json::value payload_;
};

/// Top unit, below it "red" and "green"; the clock stands at 2025-08-05 14:00 in Taipei.
class World {
  public:
    explicit World(std::string_view checks = kWorldChecks)
        : console_(
              [](std::shared_ptr<const Services> services) {
                  return std::vector<platform::Module>{FactModule(), ProcedureModule(std::move(services))};
              },
              {.pack_files = {{"procedure.toml", std::string(kWorldProcedure)},
                              {"clauses/all.toml", std::string(kWorldClauses)},
                              {"checks/all.toml", std::string(checks)},
                              {"duties/all.toml", std::string(kWorldDuties)}},
               // Tests that let weeks pass stay signed in.
               .policy = {.session_idle = std::chrono::days(365), .session_absolute = std::chrono::days(365)}}) {
        red_ = console_.AddUnit("red");
        green_ = console_.AddUnit("green");
        Plan();
        Evaluate();
    }

    TestConsole& console() { return console_; }
    std::int64_t top() const { return console_.top_unit(); }
    std::int64_t red() const { return red_; }
    std::int64_t green() const { return green_; }

    void Plan() {
        Run([&](SilentJob& job) { return console_.procedure().PlanDuties(job); });
    }
    void Evaluate() {
        Run([&](SilentJob& job) { return console_.procedure().Evaluate(job); });
    }
    /// Renames the unit and judges, a minute later.
    void Rename(std::int64_t unit, std::string_view name) {
        console_.clock().Advance(std::chrono::minutes(1));
        Must(console_.identity().UpdateUnit({}, {unit, top(), std::string(name), true}));
        Evaluate();
    }
    /// The round of this month of a duty in a unit.
    std::int64_t Round(std::string_view duty, std::int64_t unit) {
        for (const auto& round : Must(console_.procedure().OpenDuties(console_.clock().Now() + std::chrono::days(30), {unit}))) {
            if (round.duty_id == duty) return round.id;
        }
        throw std::runtime_error("no such round");
    }

  private:
    void Run(const std::function<Result<jobs::Effect>(SilentJob&)>& handler) {
        SilentJob job(console_.clock().Now());
        const jobs::Effect effect = Must(handler(job));
        if (effect) Must(console_.database().WriteWith([&](db::Transaction& transaction) { return effect(transaction); }));
    }

    TestConsole console_;
    std::int64_t red_ = 0;
    std::int64_t green_ = 0;
};

}  // namespace opsteward::console::compliance
