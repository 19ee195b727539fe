// A whole console in memory for tests: database, identity, procedure and gate, made of the modules under test.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "platform/console/services.hpp"
#include "platform/web/gate.hpp"
#include "platform/web/router.hpp"

namespace opsteward::console::testing {

/// The value, or an exception that fails the test with the operator's text: for what a test takes for granted.
template <typename T>
T Must(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.error().operator_text);
    if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

struct TestPerson {
    std::int64_t id = 0;
    std::string name;
    std::string password;
    audit::Actor actor;
};

class TestConsole {
  public:
    using MakeModules = std::function<std::vector<platform::Module>(std::shared_ptr<const Services>)>;

    struct Options {
        /// Files of the procedure pack by their path in it; none: one chapter and one clause.
        std::map<std::string, std::string> pack_files = {};
        identity::Policy policy = {};
    };

    /// The clock stands at 2025-08-05 14:00 in Taipei. There are one unit and the account "admin" with its one-time
    /// password.
    explicit TestConsole(const MakeModules& make) : TestConsole(make, Options()) {}
    TestConsole(const MakeModules& make, const Options& options);
    ~TestConsole();
    TestConsole(const TestConsole&) = delete;
    TestConsole& operator=(const TestConsole&) = delete;

    db::Database& database() { return *database_; }
    ManualClock& clock() { return clock_; }
    identity::Identity& identity() { return *identity_; }
    procedure::Procedure& procedure() { return *procedure_; }
    net::EventHub& events() { return events_; }
    const std::filesystem::path& pack_folder() const { return pack_folder_; }
    const audit::SealPlace& seal_place() const { return seal_place_; }
    const std::vector<platform::Module>& modules() const { return modules_; }
    int times_jobs_were_woken() const { return times_jobs_were_woken_; }

    std::int64_t top_unit() const { return top_unit_; }
    const std::string& first_password() const { return first_password_; }
    /// Below the top when `parent` is 0.
    std::int64_t AddUnit(std::string_view name, std::int64_t parent = 0);
    /// An account whose password is changed already, so that it may do everything at once. Works in the top unit when
    /// `unit` is 0.
    TestPerson AddPerson(std::string_view name, std::vector<identity::RoleGrant> grants, std::int64_t unit = 0,
                         std::string_view display_name = {});
    /// An account with one role in the top unit. (A template, so that `{}` for no roles is not taken for a role.)
    template <std::same_as<identity::Role> R>
    TestPerson AddPerson(std::string_view name, R role) {
        return AddPerson(name, {{role, top_unit_}});
    }

    net::Response Handle(const net::Request& request) { return gate_->Handle(request); }
    /// What is wrong with an answer of the API by its description; empty: nothing.
    std::vector<std::string> AnswerFaults(const net::Request& request, const net::Response& response) const;

  private:
    void MakeFolder();
    void WritePack(const std::map<std::string, std::string>& files);
    std::shared_ptr<Services> MakeServices();
    procedure::FactSchema Schema() const;
    void MakeGate();

    ManualClock clock_;
    std::filesystem::path folder_;
    std::filesystem::path pack_folder_;
    audit::SealPlace seal_place_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<identity::Identity> identity_;
    std::unique_ptr<procedure::Procedure> procedure_;
    net::EventHub events_;
    std::vector<platform::Module> modules_;
    std::vector<jobs::JobKind> job_kinds_;
    std::vector<web::Route> routes_;
    std::vector<web::SchemaSpec> schemas_;
    web::Router router_;
    std::unique_ptr<web::Gate> gate_;
    std::int64_t top_unit_ = 0;
    std::string first_password_;
    int times_jobs_were_woken_ = 0;
};

}  // namespace opsteward::console::testing
