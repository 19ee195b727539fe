#include "platform/procedure/check_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "platform/procedure/check_sql.hpp"

namespace opsteward::procedure {

namespace {

constexpr db::QueryLimits kLimits{std::chrono::milliseconds(2000), 10'000};

/// Longer texts are cut, so that a check can't fill the records.
constexpr std::size_t kMaxSubject = 300;
constexpr std::size_t kMaxReason = 1000;
constexpr std::size_t kMaxEvidence = 2000;

Error Unfit(std::string zh, std::string en) { return Error::Of(ErrorCode::kInvalidInput, std::move(zh), std::move(en)); }

/// Where the wanted columns stand in a result, in the order wanted.
template <std::size_t N>
Result<std::array<std::size_t, N>> PlacesOf(const std::array<std::string_view, N>& wanted, const db::ResultSet& result) {
    std::array<std::size_t, N> places{};
    for (std::size_t i = 0; i < N; ++i) {
        const auto index = result.ColumnIndex(wanted[i]);
        if (!index) {
            return Unfit(fmt::format("查詢須傳回欄位 {}。", wanted[i]),
                         fmt::format("The statement has to return the column {}.", wanted[i]));
        }
        places[i] = *index;
    }
    return places;
}

Result<std::int64_t> UnitOf(const db::Value& value) {
    const auto unit_id = value.AsOptionalInt();
    if (!unit_id) return Unfit("unit_id 應為整數，不可空白。", "unit_id has to be an integer and not NULL.");
    return *unit_id;
}

Result<db::ResultSet> RunStatement(db::Database& database, std::string_view sql, const Check& check, Instant now) {
    OPS_TRY(const NumberedSql numbered, NumberParameters(sql));
    OPS_TRY(const auto values, ValuesFor(numbered, check.parameters, now));
    return database.QueryRestricted(numbered.sql, values, kLimits);
}

Result<std::vector<Subject>> RunPopulation(db::Database& database, const Check& check, Instant now) {
    OPS_TRY(const db::ResultSet result, RunStatement(database, check.population, check, now));
    OPS_TRY(const auto place, PlacesOf(std::array<std::string_view, 3>{"unit_id", "device_id", "subject"}, result));
    std::vector<Subject> population;
    population.reserve(result.rows.size());
    for (const auto& row : result.rows) {
        OPS_TRY(const std::int64_t unit_id, UnitOf(row[place[0]]));
        population.push_back({unit_id, row[place[1]].AsOptionalInt(), Shorten(Trim(row[place[2]].ToDisplay()), kMaxSubject)});
    }
    return population;
}

Result<std::vector<Found>> RunFindings(db::Database& database, const Check& check, Instant now) {
    OPS_TRY(const db::ResultSet result, RunStatement(database, check.sql, check, now));
    OPS_TRY(const auto place, PlacesOf(std::array<std::string_view, 8>{"unit_id", "device_id", "subject", "severity", "reason_zh",
                                                                       "reason_en", "since", "evidence"},
                                       result));
    std::vector<Found> findings;
    findings.reserve(result.rows.size());
    for (const auto& row : result.rows) {
        const std::string& severity = row[place[3]].AsText();
        if (severity != "not_met" && severity != "attention") {
            return Unfit("severity 應為 not_met 或 attention。", "severity has to be not_met or attention.");
        }
        Found found;
        Finding& finding = found.finding;
        finding.check_id = check.id;
        OPS_TRY(finding.unit_id, UnitOf(row[place[0]]));
        finding.device_id = row[place[1]].AsOptionalInt();
        finding.subject = Shorten(Trim(row[place[2]].ToDisplay()), kMaxSubject);
        finding.severity = severity == "not_met" ? State::kNotMet : State::kAttention;
        finding.reason = {Shorten(row[place[4]].ToDisplay(), kMaxReason), Shorten(row[place[5]].ToDisplay(), kMaxReason)};
        const auto since = row[place[6]].AsOptionalInstant();
        found.has_own_since = since.has_value();
        finding.since = std::clamp(since.value_or(now), Instant{}, now);
        finding.evidence = Shorten(row[place[7]].ToDisplay(), kMaxEvidence);
        findings.push_back(std::move(found));
    }
    return findings;
}

}  // namespace

Result<CheckRun> RunCheck(db::Database& database, const Check& check, Instant now) {
    CheckRun run;
    OPS_TRY(run.population, RunPopulation(database, check, now));
    OPS_TRY(run.findings, RunFindings(database, check, now));
    return run;
}

Result<std::vector<PackFault>> ValidateChecks(const Pack& pack, std::span<const db::Migration> migrations,
                                              std::span<const db::ViewSpec> views, const Clock& clock) {
    OPS_TRY(const auto database, db::OpenSqliteInMemory());
    OPS_CHECK(db::Migrate(*database, migrations, clock));
    OPS_CHECK(db::InstallViews(*database, views));
    std::vector<PackFault> faults;
    for (const auto& check : pack.checks) {
        const auto population = RunPopulation(*database, check, clock.Now());
        if (!population.ok()) faults.push_back({check.population_place, population.error().caller_text, check.id});
        const auto findings = RunFindings(*database, check, clock.Now());
        if (!findings.ok()) faults.push_back({check.sql_place, findings.error().caller_text, check.id});
    }
    return faults;
}

}  // namespace opsteward::procedure
