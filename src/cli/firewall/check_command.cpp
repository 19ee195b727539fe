#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <optional>

#include "cli/firewall/check_text.hpp"
#include "cli/firewall/firewall_commands.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/whole_input.hpp"
#include "features/firewall/formats/read_configuration.hpp"
#include "features/firewall/report/check_json.hpp"
#include "features/firewall/report/parts_json.hpp"

namespace opsteward::cli {

namespace {

Result<firewall::CountersTaken> TakeCounters(const CheckRequest& request, Language language, firewall::Configuration& configuration) {
    OPS_TRY(const std::string text, ReadWholeInput(request.counters, firewall::kMaxConfigurationBytes, language));
    constexpr double kSecondsPerHour = 3600;
    auto taken = firewall::AddCounters(text, configuration, {.zone_offset = std::llround(request.clock_hours * kSecondsPerHour)});
    if (!taken.ok()) return InFile(request.counters, std::move(taken).error());
    return taken;
}

std::string TimeIsOver(double seconds, Language language) {
    const Phrase phrase{"{} 秒內未能判定全部；以 --seconds 給更多時間。\n", "Not all was judged in {} seconds; give more time by --seconds.\n"};
    return fmt::format(fmt::runtime(phrase.In(language)), seconds);
}

}  // namespace

ExitCode CheckFirewall(const CheckRequest& request, const Report& report) {
    auto configuration = ReadFirewall(request.source, SingleUseKey(), report.language);
    if (!configuration.ok()) return report.Fail(configuration.error());
    std::optional<firewall::CountersTaken> counters;
    if (!request.counters.empty()) {
        auto taken = TakeCounters(request, report.language, *configuration);
        if (!taken.ok()) return report.Fail(taken.error());
        counters = std::move(*taken);
    }
    // What was read is no loss, so that Ctrl-C ends the program at once before this.
    const Interrupt interrupt;
    firewall::JudgeOptions judge;
    judge.threads = request.threads;
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(request.seconds);
    std::atomic<bool> is_over = false;
    judge.is_cancelled = [&] {
        if (std::chrono::steady_clock::now() >= end) is_over = true;
        return is_over || interrupt.is_asked();
    };
    firewall::HygieneOptions hygiene;
    hygiene.now = SecondsNow();
    hygiene.wants_single_time_source = request.wants_single_time_source;
    hygiene.outside_interfaces = request.outside_interfaces;
    const firewall::ConfigurationCheck check = firewall::CheckConfiguration(*configuration, judge, hygiene);
    if (interrupt.is_asked()) return report.Fail(Error::Of(ErrorCode::kCancelled, "已中斷。", "Interrupted."));
    if (!report.as_json) {
        if (is_over) report.Say(TimeIsOver(request.seconds, report.language), {});
        report.Say(FirewallCheckText(check, counters, report.language), {});
        return kExitOk;
    }
    json::object answer{{"is_complete", !is_over.load()}};
    if (counters) answer["counters"] = {{"counts", counters->counts}, {"met", counters->met}, {"unknown", firewall::UnknownLinesJson(counters->unknown)}};
    report.SayJson(firewall::CheckJson(check, std::move(answer)));
    return kExitOk;
}

}  // namespace opsteward::cli
