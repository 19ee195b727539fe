#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/logs/interrupt.hpp"
#include "cli/logs/log_commands.hpp"
#include "cli/logs/progress.hpp"
#include "cli/logs/vault_folder.hpp"

namespace opsteward::cli {

namespace {

struct Measure {
    std::size_t segments = 0;
    std::uint64_t stored_bytes = 0;
};

Result<Measure> MeasureOf(const std::filesystem::path& data) {
    OPS_TRY(const auto vault, vault::VaultReader::Open(VaultFolder(data)));
    return Measure{vault.segment_count(), vault.stored_bytes()};
}

Result<void> Compact(const std::filesystem::path& data, Language language) {
    OPS_TRY(const auto vault, OpenVaultPatiently(data));
    OPS_CHECK(vault->WriteSegments());
    const Interrupt interrupt;
    Progress progress(language);
    vault::CompactionOptions options;
    options.goes_on = [&](std::uint64_t done, std::uint64_t all) {
        progress.Show(done, fmt::format("{} %", 100 * done / all));
        return !interrupt.is_asked();
    };
    return vault->Compact(options);
}

}  // namespace

ExitCode CompactLogs(const std::filesystem::path& data, const Report& report) {
    const auto before = MeasureOf(data);
    if (!before.ok()) return report.Fail(before.error());
    if (const auto outcome = Compact(data, report.language); !outcome.ok()) return report.Fail(outcome.error());
    const auto after = MeasureOf(data);
    if (!after.ok()) return report.Fail(after.error());
    const Phrase line{"區段 {} → {} 個，儲存 {} → {}\n", "segments {} → {}, stored {} → {}\n"};
    report.Say(fmt::format(fmt::runtime(line.In(report.language)), before->segments, after->segments, FormatBytes(before->stored_bytes),
                           FormatBytes(after->stored_bytes)),
               {{"segments_before", before->segments},
                {"segments", after->segments},
                {"stored_bytes_before", before->stored_bytes},
                {"stored_bytes", after->stored_bytes}});
    return kExitOk;
}

}  // namespace opsteward::cli
