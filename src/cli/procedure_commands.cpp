#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/schema.hpp"
#include "platform/procedure/check_runner.hpp"
#include "platform/procedure/pack_diff.hpp"

namespace opsteward::cli {

namespace {

/// Faults of the files, or of the checks' statements once the files have none.
Result<procedure::PackReading> ReadChecked(const std::filesystem::path& folder) {
    const SystemClock clock;
    OPS_TRY(auto reading, procedure::ReadPack(folder));
    if (reading.faults.empty()) {
        OPS_TRY(reading.faults, procedure::ValidateChecks(reading.pack, AllMigrations(), AllViews(), clock));
    }
    return reading;
}

Error Faulty(const std::filesystem::path& folder, const std::vector<procedure::PackFault>& faults) {
    std::string zh = fmt::format("{} 有 {} 處錯誤：", folder.string(), faults.size());
    std::string en = fmt::format("{} has {} fault{}:", folder.string(), faults.size(), faults.size() == 1 ? "" : "s");
    for (const auto& fault : faults) {
        zh += "\n" + procedure::DescribeFault(fault, Language::kZhHant);
        en += "\n" + procedure::DescribeFault(fault, Language::kEnglish);
    }
    return Error::Of(ErrorCode::kInvalidInput, std::move(zh), std::move(en));
}

Result<procedure::Pack> ReadFaultless(const std::filesystem::path& folder) {
    OPS_TRY(auto reading, procedure::ReadPack(folder));
    if (!reading.faults.empty()) return Faulty(folder, reading.faults);
    return std::move(reading.pack);
}

Result<procedure::PackDifference> Compare(const std::filesystem::path& before, const std::filesystem::path& after) {
    OPS_TRY(const auto older, ReadFaultless(before));
    OPS_TRY(const auto newer, ReadFaultless(after));
    return procedure::ComparePacks(older, newer);
}

}  // namespace

ExitCode CheckProcedure(const std::filesystem::path& pack, const Report& report) {
    const auto reading = ReadChecked(pack);
    if (!reading.ok()) return report.Fail(reading.error());
    if (!reading->faults.empty()) return report.Fail(Faulty(pack, reading->faults));
    const procedure::Pack& read = reading->pack;
    const bool is_english = report.language == Language::kEnglish;
    report.Say(fmt::format(fmt::runtime(is_english ? "{} {}: no faults. {} clauses, {} checks, {} duties.\n"
                                                   : "{} {}：沒有錯誤。{} 條條文、{} 項查核、{} 項例行工作。\n"),
                           read.id, read.version, read.clauses.size(), read.checks.size(), read.duties.size()),
               {{"id", read.id},
                {"version", read.version},
                {"clauses", read.clauses.size()},
                {"checks", read.checks.size()},
                {"duties", read.duties.size()}});
    return kExitOk;
}

ExitCode CompareProcedures(const std::filesystem::path& before, const std::filesystem::path& after, const Report& report) {
    const auto difference = Compare(before, after);
    if (!difference.ok()) return report.Fail(difference.error());
    report.Say(procedure::DescribeDifference(*difference, report.language), procedure::DifferenceToJson(*difference));
    return kExitOk;
}

}  // namespace opsteward::cli
