// A console of this room's module, with jobs to look at.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/console/records/module.hpp"
#include "platform/console/testing/gate_client.hpp"
#include "platform/jobs/scheduler.hpp"

namespace opsteward::console::testing {

/// Kinds of jobs: "test.works" (scheduled), "test.fails" (scheduled, once), "test.with_subject" (on demand).
inline platform::Module JobsModule() {
    const auto kind = [](std::string key, Text title, std::string schedule) {
        jobs::JobKind made;
        made.key = std::move(key);
        made.title = std::move(title);
        made.schedule = std::move(schedule);
        made.max_attempts = 1;
        return made;
    };
    platform::Module module;
    module.name = "test";
    module.jobs = {kind("test.works", {"成功的工作", "Works"}, "15 3 * * *"),
                   kind("test.fails", {"失敗的工作", "Fails"}, "0 4 * * 1"),
                   kind("test.with_subject", {"指定對象的工作", "With a subject"}, "")};
    module.jobs[0].handler = [](jobs::JobContext& job) -> Result<jobs::Effect> {
        job.Log({"做完了 <b>。", "Done with <b>."});
        return jobs::Effect();
    };
    module.jobs[1].handler = [](jobs::JobContext&) -> Result<jobs::Effect> {
        return Error::Of(ErrorCode::kConflict, "對方不理我。", "The peer does not answer.");
    };
    module.jobs[2].handler = module.jobs[0].handler;
    return module;
}

inline std::vector<platform::Module> RecordsAndJobs(std::shared_ptr<const Services> services) {
    return {RecordsModule(std::move(services)), JobsModule()};
}

class RecordsConsole : public ::testing::Test {
  protected:
    TestConsole console_{RecordsAndJobs};

    GateClient As(const TestPerson& person, Language language = Language::kZhHant) {
        GateClient client(console_, language);
        client.SignIn(person);
        return client;
    }
    GateClient As(identity::Role role, Language language = Language::kZhHant) {
        return As(console_.AddPerson(std::string(identity::RoleKey(role)), role), language);
    }

    std::int64_t Enqueue(std::string_view kind, const json::value& payload = json::object{}) {
        return Must(console_.database().Write<std::int64_t>([&](db::Transaction& transaction) {
            return jobs::Enqueue(transaction, kind, payload, "", console_.clock().Now(), {7, "lin", "192.0.2.9"});
        }));
    }
    /// Runs what is due; gives how many jobs ran.
    int RunDue() {
        std::vector<jobs::JobKind> kinds;
        for (const auto& module : console_.modules()) kinds.insert(kinds.end(), module.jobs.begin(), module.jobs.end());
        jobs::Scheduler scheduler(console_.database(), console_.clock(), std::move(kinds));
        return Must(scheduler.RunDue());
    }
    jobs::Job FindJob(std::int64_t id) {
        return Must(
            console_.database().Read<jobs::Job>([&](db::Session& session) { return jobs::FindJob(session, id); }));
    }
    void Append(audit::Change change, audit::Actor actor = {7, "lin", "192.0.2.9"}) {
        Must(console_.database().Write<int>([&](db::Transaction& transaction) -> Result<int> {
            OPS_CHECK(audit::Append(transaction, actor, change, console_.clock().Now()));
            return 0;
        }));
    }
    std::vector<audit::Entry> AuditRows(audit::Filter filter = {}) {
        filter.limit = 1000;
        return Must(console_.database().Read<std::vector<audit::Entry>>(
            [&](db::Session& session) { return audit::Search(session, filter); }));
    }
    /// As nobody can through the program.
    void Tamper(std::string_view sql) {
        Must(console_.database().Write<std::int64_t>(
            [&](db::Transaction& transaction) { return transaction.Execute(sql); }));
    }
};

inline audit::Change DeviceChange(std::string name, json::value before, json::value after,
                                  std::optional<std::int64_t> unit = {}) {
    return {.action = "device.change",
            .subject_kind = "device",
            .subject_id = "12",
            .subject_name = std::move(name),
            .unit_id = unit,
            .before = std::move(before),
            .after = std::move(after)};
}

}  // namespace opsteward::console::testing
