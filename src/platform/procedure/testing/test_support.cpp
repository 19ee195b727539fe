#include "platform/procedure/testing/test_support.hpp"

#include <filesystem>
#include <fstream>

#include "platform/audit/trail.hpp"

namespace opsteward::procedure::testing {

namespace {

constexpr db::Migration kTables{"test", 1, "facts of other modules", R"(
CREATE TABLE test_units (id @int NOT NULL PRIMARY KEY, parent_id @int, name TEXT NOT NULL) @strict
;;
CREATE TABLE test_devices (id @int NOT NULL PRIMARY KEY, unit_id @int NOT NULL, name TEXT NOT NULL) @strict
;;
CREATE TABLE test_coverage (device_id @int NOT NULL, topic TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL) @strict
;;
CREATE TABLE test_ports (device_id @int NOT NULL, port @int NOT NULL, severity TEXT NOT NULL, since_at @int, note TEXT NOT NULL) @strict
;;
INSERT INTO test_units (id, parent_id, name) VALUES (1, NULL, 'Bureau'), (2, 1, 'Office A'), (3, 1, 'Office B')
;;
INSERT INTO test_devices (id, unit_id, name) VALUES (10, 1, 'alpha'), (20, 2, 'beta')
;;
INSERT INTO test_coverage (device_id, topic, status, reason) VALUES (10, 'ports', 'observed', ''), (20, 'ports', 'observed', '')
)"};

template <typename T>
void Append(std::vector<T>& all, std::span<const T> part) {
    all.insert(all.end(), part.begin(), part.end());
}

}  // namespace

PackTexts SmallPack() {
    return {{"procedure.toml", R"(id = "T-1"
version = "1.0"
effective = 2026-01-01
title = { zh = "測試程序書", en = "Test procedure" }

[[chapter]]
id = "1"
title = { zh = "第一章", en = "Chapter one" }

[[role]]
key = "system_admin"
title = { zh = "系統管理人員", en = "System administrator" }
)"},
            {"clauses/one.toml", R"([[clause]]
id = "1.1"
title = { zh = "埠", en = "Ports" }
text = { zh = "不開埠。", en = "No port is open." }
mode = ["automatic"]
owner = "system_admin"
missing = { zh = "沒有觀察埠。", en = "Ports are not observed." }
action = { zh = "看設備", en = "See devices", href = "/devices" }

[[clause]]
id = "1.10"
title = { zh = "埠與檢討", en = "Ports and review" }
text = { zh = "不開埠並檢討。", en = "No port is open, and that is reviewed." }
mode = ["automatic", "duty"]
owner = "system_admin"
missing = { zh = "都沒有。", en = "Neither is there." }

[[clause]]
id = "1.2"
title = { zh = "檢討", en = "Review" }
text = { zh = "每月檢討。", en = "There is a monthly review." }
mode = ["duty"]
owner = "system_admin"
missing = { zh = "沒有檢討。", en = "There is no review." }

[[clause]]
id = "1.3"
title = { zh = "表單", en = "Form" }
text = { zh = "填表。", en = "A form is filled in." }
mode = ["form"]
owner = "supervisor"
missing = { zh = "沒有表單。", en = "There is no form." }
)"},
            {"checks/ports.toml", R"([[check]]
id = "open-ports"
clause = "1.1"
title = { zh = "沒有開放的埠", en = "No open ports" }
topics = ["ports"]
sql = '''
SELECT unit_id, device_id, device || ' ' || CAST(port AS TEXT) AS subject, severity, '開放埠 ' || CAST(port AS TEXT) || '。' AS reason_zh,
       'Port ' || CAST(port AS TEXT) || ' is open.' AS reason_en, since, note AS evidence
FROM open_ports
'''

[[check]]
id = "privileged-ports"
clause = "1.10"
title = { zh = "沒有低埠", en = "No low ports" }
topics = ["ports"]
parameters = { below = 1024 }
sql = '''
SELECT unit_id, device_id, device || ' ' || CAST(port AS TEXT) AS subject, 'attention' AS severity, '低埠。' AS reason_zh,
       'A low port.' AS reason_en, CAST(NULL AS BIGINT) AS since, note AS evidence
FROM open_ports WHERE port < :below
'''
)"},
            {"duties/review.toml", R"([[duty]]
id = "review"
clauses = ["1.2", "1.10"]
title = { zh = "每月檢討", en = "Monthly review" }
instructions = { zh = "檢討並記下。", en = "Review and note it." }
cycle = "monthly"
owner = "system_admin"
lead = "7d"
scope = "unit"
)"}};
}

FactSchema SmallFacts() {
    FactSchema schema;
    Append(schema.migrations, audit::Migrations());
    Append(schema.migrations, jobs::Migrations());
    Append(schema.migrations, Migrations());
    schema.migrations.push_back(kTables);
    Append(schema.views, Views());
    schema.views.push_back({"units", {"unit_id", "parent_id", "name"}, "SELECT id AS unit_id, parent_id, name FROM test_units"});
    schema.views.push_back(
        {"devices", {"device_id", "unit_id", "name"}, "SELECT id AS device_id, unit_id, name FROM test_devices"});
    schema.views.push_back({"fact_coverage",
                            {"device_id", "topic", "status", "reason_zh", "reason_en"},
                            "SELECT device_id, topic, status, reason AS reason_zh, reason AS reason_en FROM test_coverage"});
    schema.views.push_back({"open_ports",
                            {"device_id", "unit_id", "device", "port", "severity", "since", "note"},
                            "SELECT device_id, unit_id, name AS device, port, severity, since_at AS since, note FROM test_ports "
                            "JOIN test_devices ON test_devices.id = test_ports.device_id"});
    return schema;
}

void ProcedureTest::SetUp() {
    DatabaseTest::SetUp();
    if (IsSkipped()) return;
    const FactSchema schema = SmallFacts();
    ASSERT_TRUE(Migrate(schema.migrations, schema.views).ok());
    for (const auto& [name, text] : SmallPack()) WriteFile(name, text);
    auto opened = Procedure::Open(database(), clock_, folder_.path(), schema);
    ASSERT_TRUE(opened.ok()) << opened.error().operator_text;
    procedure_ = std::move(opened).value();
}

void ProcedureTest::WriteFile(const std::string& name, std::string_view text) {
    const std::filesystem::path path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

void ProcedureTest::Execute(std::string_view sql, std::initializer_list<db::Value> parameters) {
    const auto done = database().WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(transaction.Execute(sql, parameters));
        return Ok();
    });
    ASSERT_TRUE(done.ok()) << done.error().operator_text;
}

void ProcedureTest::OpenPort(std::int64_t device_id, int port, std::string_view severity, std::optional<Instant> since) {
    Execute("INSERT INTO test_ports (device_id, port, severity, since_at, note) VALUES ($1, $2, $3, $4, 'seen')",
            {device_id, port, severity, since});
}

void ProcedureTest::ClosePort(std::int64_t device_id, int port) {
    Execute("DELETE FROM test_ports WHERE device_id = $1 AND port = $2", {device_id, port});
}

void ProcedureTest::SetCoverage(std::int64_t device_id, std::string_view status, std::string_view reason) {
    Execute("UPDATE test_coverage SET status = $2, reason = $3 WHERE device_id = $1", {device_id, status, reason});
}

std::vector<std::string> ProcedureTest::Evaluate() {
    HandContext context(clock_);
    auto effect = procedure_->Evaluate(context);
    EXPECT_TRUE(effect.ok()) << effect.error().operator_text;
    if (effect.ok()) {
        const auto written = database().WriteWith(*effect);
        EXPECT_TRUE(written.ok()) << written.error().operator_text;
    }
    return context.log;
}

void ProcedureTest::PlanDuties() {
    HandContext context(clock_);
    auto effect = procedure_->PlanDuties(context);
    ASSERT_TRUE(effect.ok()) << effect.error().operator_text;
    const auto written = database().WriteWith(*effect);
    ASSERT_TRUE(written.ok()) << written.error().operator_text;
}

std::shared_ptr<const Board> ProcedureTest::BoardOf(const std::set<std::int64_t>& units, std::optional<Instant> as_of) {
    auto board = procedure_->BoardFor(units, as_of);
    EXPECT_TRUE(board.ok()) << board.error().operator_text;
    last_board_ = board.ok() ? *board : std::make_shared<const Board>();
    return last_board_;
}

const ClauseState& ProcedureTest::StateOf(std::string_view clause_id, const std::set<std::int64_t>& units) {
    for (const auto& state : BoardOf(units)->clauses) {
        if (state.clause->id == clause_id) return state;
    }
    static const ClauseState kNone;
    ADD_FAILURE() << "no clause " << clause_id;
    return kNone;
}

std::int64_t ProcedureTest::CountQueued(std::string_view kind) {
    const auto jobs = database().Read<std::vector<jobs::Job>>(
        [&](db::Session& session) { return jobs::ListJobs(session, kind, jobs::JobState::kQueued, 0, 100); });
    EXPECT_TRUE(jobs.ok()) << jobs.error().operator_text;
    return jobs.ok() ? static_cast<std::int64_t>(jobs->size()) : -1;
}

}  // namespace opsteward::procedure::testing
