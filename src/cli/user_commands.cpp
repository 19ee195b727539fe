#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/records.hpp"
#include "cli/schema.hpp"
#include "platform/identity/identity.hpp"

namespace opsteward::cli {

namespace {

/// Who works at the command line acts for the program itself: it is the operator of the machine, whoever that is.
audit::Actor CommandLineActor() { return {0, "command-line", ""}; }

Result<std::string> MakeToken(const Configuration& configuration, const TokenRequest& request) {
    const SystemClock clock;
    OPS_TRY(const auto records, OpenExistingRecords(configuration, clock));
    identity::Identity identity(*records, clock, AllPermissions());
    OPS_TRY(const auto account, identity.FindAccountByName(request.user));
    return identity.CreateToken(CommandLineActor(), account.id, "command line", request.may_write, request.days);
}

Result<std::string> MakePassword(const Configuration& configuration, const std::string& user) {
    const SystemClock clock;
    OPS_TRY(const auto records, OpenExistingRecords(configuration, clock));
    identity::Identity identity(*records, clock, AllPermissions());
    OPS_TRY(const auto account, identity.FindAccountByName(user));
    OPS_CHECK(identity.Unlock(CommandLineActor(), account.id));
    return identity.ResetPassword(CommandLineActor(), account.id);
}

}  // namespace

ExitCode CreateToken(const Configuration& configuration, const TokenRequest& request, const Report& report) {
    const auto token = MakeToken(configuration, request);
    if (!token.ok()) return report.Fail(token.error());
    report.Say(*token + "\n", {{"token", *token}});
    return kExitOk;
}

ExitCode ResetPassword(const Configuration& configuration, const std::string& user, const Report& report) {
    const auto password = MakePassword(configuration, user);
    if (!password.ok()) return report.Fail(password.error());
    report.Say(*password + "\n", {{"password", *password}});
    return kExitOk;
}

}  // namespace opsteward::cli
