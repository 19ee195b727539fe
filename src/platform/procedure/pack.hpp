// A procedure pack as read from its folder (docs/formats/procedure-pack.md).
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/civil_time.hpp"
#include "base/language.hpp"
#include "base/result.hpp"
#include "platform/identity/role.hpp"

namespace opsteward::procedure {

enum class Mode { kGate, kAutomatic, kForm, kDuty, kPolicy, kReference };
std::string_view ModeKey(Mode mode);
Phrase ModeTitle(Mode mode);

/// Where something stands in a pack, for messages.
struct SourcePlace {
    std::string file;  ///< relative to the pack's folder
    int line = 0;
    int column = 0;
};

struct Action {
    Text label;
    std::string href;
};

struct Chapter {
    std::string id;
    Text title;
};

struct Clause {
    std::string id;
    Text title;
    Text text;
    std::vector<Mode> modes;
    identity::Role owner;
    Text missing;
    std::optional<Action> action;
    SourcePlace place;
};

using Parameter = std::variant<std::int64_t, double, std::string>;  ///< durations are milliseconds already

struct Check {
    std::string id;
    std::string clause_id;
    Text title;
    std::vector<std::string> topics;
    std::string population;  ///< SQL
    std::string sql;
    std::map<std::string, Parameter> parameters;
    SourcePlace place;  ///< of the [[check]]
    SourcePlace population_place;
    SourcePlace sql_place;
};

/// What a check looks at that does not say so: all devices.
std::string_view DefaultPopulation();

enum class Cycle { kOnce, kWeekly, kMonthly, kQuarterly, kHalfYearly, kYearly };
std::string_view CycleKey(Cycle cycle);
Phrase CycleTitle(Cycle cycle);

struct Duty {
    std::string id;
    std::vector<std::string> clause_ids;
    Text title;
    Text instructions;
    Cycle cycle;
    identity::Role owner;
    std::chrono::milliseconds lead;
    bool is_per_unit = true;
    SourcePlace place;
};

struct Pack {
    std::string id;
    std::string version;
    Date effective;
    Text title;
    std::vector<Chapter> chapters;
    std::map<identity::Role, Text> role_titles;
    std::vector<Clause> clauses;  ///< in the order of their numbers (6.9.2 before 6.9.10)
    std::vector<Check> checks;
    std::vector<Duty> duties;
    std::string digest;  ///< SHA-256 over all files, hex

    const Clause* FindClause(std::string_view id) const;
    const Chapter* ChapterOf(std::string_view clause_id) const;
};

/// One fault of a pack: where, and what is expected there.
struct PackFault {
    SourcePlace place;
    Text expected;
    std::string check_id = {};  ///< of the check whose statement is at fault, "" for everything else
};

struct PackReading {
    Pack pack;                      ///< whole only when `faults` is empty
    std::vector<PackFault> faults;  ///< all of them, not just the first; by file, line and column
};

/// Texts of a pack's files by their path in it: "procedure.toml", "clauses/…", "checks/…", "duties/…". Pure.
using PackTexts = std::map<std::string, std::string>;
PackReading ReadPackTexts(const PackTexts& texts);
/// Reads every file of the folder. Result's error: the folder itself can't be read. SQL is not run here (ValidateChecks).
Result<PackReading> ReadPack(const std::filesystem::path& folder);
std::string DescribeFault(const PackFault& fault, Language language);  ///< "checks/x.toml:12:5: …"

}  // namespace opsteward::procedure
