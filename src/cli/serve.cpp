#include <fmt/format.h>
#include <malloc.h>

#include "cli/commands.hpp"
#include "cli/program.hpp"
#include "cli/service_notice.hpp"
#include "cli/stop_signals.hpp"

namespace opsteward::cli {

namespace {

std::string Greeting(const std::string& address, const std::string& first_password, Language language) {
    const bool is_english = language == Language::kEnglish;
    std::string text = fmt::format(fmt::runtime(is_english ? "Opsteward is running: {}\n" : "通作管家已啟動：{}\n"), address);
    if (!first_password.empty()) {
        text += fmt::format(fmt::runtime(is_english ? "\n  First sign-in\n    account:            admin\n    one-time password:  {}\n"
                                                      "  It is shown this once and has to be changed at the first sign-in.\n\n"
                                                    : "\n  首次登入\n    帳號：        admin\n    一次性密碼：  {}\n"
                                                      "  只顯示這一次，登入後須立即變更。\n\n"),
                            first_password);
    }
    return text + (is_english ? "Stop with Ctrl-C.\n" : "按 Ctrl-C 停止。\n");
}

}  // namespace

ExitCode Serve(const Configuration& configuration, const Report& report) {
    const StopSignals signals;
    // A few threads share the memory that is given back: an arena for each would keep it.
    mallopt(M_ARENA_MAX, 2);
    const SystemClock clock;
    std::string first_password;
    auto program = Program::Start(configuration, clock, [&](std::string_view password) { first_password = password; });
    if (!program.ok()) {
        if (!first_password.empty()) report.Say(fmt::format("admin: {}\n", first_password), {{"first_password", first_password}});
        return report.Fail(program.error());
    }
    const std::string address = (*program)->address();
    json::object started = {{"address", address}};
    if (!first_password.empty()) started["first_password"] = first_password;
    report.Say(Greeting(address, first_password, report.language), started);
    ServeUntilStopped(signals, address);
    return kExitOk;
}

}  // namespace opsteward::cli
