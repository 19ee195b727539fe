#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "crypto/crypto.hpp"
#include "platform/procedure/duration.hpp"
#include "platform/procedure/pack.hpp"
#include "platform/procedure/toml_reader.hpp"

namespace opsteward::procedure {

namespace {

constexpr const char* kProcedureFile = "procedure.toml";

bool HasOnly(std::string_view text, std::string_view characters) {
    return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}
bool IsKey(std::string_view text) { return HasOnly(text, "abcdefghijklmnopqrstuvwxyz0123456789-"); }
bool IsParameterName(std::string_view text) {
    return HasOnly(text, "abcdefghijklmnopqrstuvwxyz0123456789_") && (text.front() < '0' || text.front() > '9');
}
/// Numbers and words between single points: 6.9.5, a.1-2.
bool IsClauseId(std::string_view text) {
    const auto parts = Split(text, '.');
    return std::all_of(parts.begin(), parts.end(), [](std::string_view part) { return IsKey(part); });
}
/// "checks" of "checks/x.toml"; "" for a file that lies elsewhere.
std::string_view FolderOf(std::string_view name) {
    const std::size_t slash = name.find('/');
    return slash == std::string_view::npos || name.find('/', slash + 1) != std::string_view::npos ? "" : name.substr(0, slash);
}

template <typename T, std::size_t N, typename KeyOf>
std::optional<T> FindByKey(const std::array<T, N>& values, std::string_view key, KeyOf key_of) {
    for (const T value : values) {
        if (key_of(value) == key) return value;
    }
    return std::nullopt;
}
constexpr std::array kModes = {Mode::kGate, Mode::kAutomatic, Mode::kForm, Mode::kDuty, Mode::kPolicy, Mode::kReference};
constexpr std::array kCycles = {Cycle::kOnce,      Cycle::kWeekly,     Cycle::kMonthly,
                                Cycle::kQuarterly, Cycle::kHalfYearly, Cycle::kYearly};

/// 6.9.2 before 6.9.10: numbers by value, part by part.
bool ComesBefore(std::string_view a, std::string_view b) {
    const auto parts_a = Split(a, '.');
    const auto parts_b = Split(b, '.');
    for (std::size_t i = 0; i < std::min(parts_a.size(), parts_b.size()); ++i) {
        if (parts_a[i] == parts_b[i]) continue;
        const auto number_a = ParseInt(parts_a[i]);
        const auto number_b = ParseInt(parts_b[i]);
        if (number_a && number_b && *number_a != *number_b) return *number_a < *number_b;
        return parts_a[i] < parts_b[i];
    }
    return parts_a.size() < parts_b.size();
}

class PackReader {
  public:
    PackReading Read(const PackTexts& texts) {
        std::string whole;
        for (const auto& [name, text] : texts) {
            whole += fmt::format("{} {}\n{}", name, text.size(), text);
            ReadFile(name, text);
        }
        auto& pack = reading_.pack;
        pack.digest = crypto::Sha256Hex(whole);
        if (!texts.contains(kProcedureFile))
            Fault({kProcedureFile, 1, 1}, "需要 procedure.toml。", "procedure.toml has to be there.");
        std::stable_sort(pack.clauses.begin(), pack.clauses.end(),
                         [](const Clause& a, const Clause& b) { return ComesBefore(a.id, b.id); });
        CheckReferences();
        std::stable_sort(reading_.faults.begin(), reading_.faults.end(), [](const PackFault& a, const PackFault& b) {
            return std::tie(a.place.file, a.place.line, a.place.column) < std::tie(b.place.file, b.place.line, b.place.column);
        });
        return std::move(reading_);
    }

  private:
    void ReadFile(const std::string& name, const std::string& text) {
        toml::table table;
        try {
            table = toml::parse(text, name);
        } catch (const toml::parse_error& error) {
            Fault(PlaceOf(name, error.source()), fmt::format("不是有效的 TOML：{}。", error.description()),
                  fmt::format("Not valid TOML: {}.", error.description()));
            is_every_file_parsed_ = false;
            return;
        }
        TableReader reader(table, name, reading_.faults);
        const std::string_view folder = FolderOf(name);
        if (name == kProcedureFile) {
            has_procedure_ = true;
            ReadProcedure(reader);
        } else if (folder == "clauses") {
            for (const toml::table* clause : reader.Tables("clause")) ReadClause(TableReader(*clause, name, reading_.faults));
        } else if (folder == "checks") {
            for (const toml::table* check : reader.Tables("check")) ReadCheck(TableReader(*check, name, reading_.faults));
        } else if (folder == "duties") {
            for (const toml::table* duty : reader.Tables("duty")) ReadDuty(TableReader(*duty, name, reading_.faults));
        } else {
            Fault({name, 1, 1}, "這裡不會讀取；.toml 檔應放在 clauses、checks 或 duties 裡。",
                  "It is not read here; .toml files belong in clauses, checks or duties.");
            return;
        }
        reader.Done();
    }

    void ReadProcedure(TableReader& reader) {
        Pack& pack = reading_.pack;
        pack.id = reader.RequiredString("id");
        pack.version = reader.RequiredString("version");
        const toml::node* effective = reader.Take("effective");
        const auto date = effective == nullptr ? std::nullopt : effective->value_exact<toml::date>();
        // From the first year of the Republic, in which dates are written, on.
        constexpr int kFirstYear = 1912;
        if (date && date->year >= kFirstYear) {
            pack.effective = Date(std::chrono::year(date->year), std::chrono::month(date->month), std::chrono::day(date->day));
        } else {
            reader.FaultAt("effective", "需要 effective，為日期，例：2024-08-05。",
                           "effective has to be a date like 2024-08-05.");
        }
        pack.title = reader.RequiredText("title");
        for (const toml::table* table : reader.Tables("chapter")) {
            TableReader chapter(*table, reader.file(), reading_.faults);
            std::string id = ReadId(chapter, chapter_ids_, IsClauseId, "a-z 0-9 . -");
            pack.chapters.push_back({std::move(id), chapter.RequiredText("title")});
            chapter.Done();
        }
        for (const toml::table* table : reader.Tables("role")) {
            TableReader role(*table, reader.file(), reading_.faults);
            const auto key = ReadRole(role, "key");
            Text title = role.RequiredText("title");
            if (key && !pack.role_titles.emplace(*key, std::move(title)).second) {
                role.FaultAt("key", fmt::format("角色 {} 重複。", identity::RoleKey(*key)),
                             fmt::format("The role {} is named twice.", identity::RoleKey(*key)));
            }
            role.Done();
        }
    }

    static std::optional<identity::Role> ReadRole(TableReader& reader, std::string_view key) {
        const std::string text = reader.RequiredString(key);
        const auto role = identity::ParseRole(text);
        if (!role && !text.empty()) {
            std::string known;
            for (const auto& info : identity::AllRoles()) known += (known.empty() ? "" : ", ") + std::string(info.key);
            reader.FaultAt(key, fmt::format("未知的角色 {}；可用：{}。", text, known),
                           fmt::format("Unknown role {}; known are {}.", text, known));
        }
        return role;
    }

    /// An id that nothing else of its kind has.
    std::string ReadId(TableReader& reader, std::set<std::string>& taken, bool (*fits)(std::string_view), std::string_view form) {
        std::string id = reader.RequiredString("id");
        if (!id.empty() && !fits(id)) {
            reader.FaultAt("id", fmt::format("id 只能含 {}。", form), fmt::format("An id may hold only {}.", form));
        } else if (!id.empty() && !taken.insert(id).second) {
            reader.FaultAt("id", fmt::format("id {} 重複。", id), fmt::format("The id {} is taken already.", id));
        }
        return id;
    }

    void ReadClause(TableReader reader) {
        Clause clause{};
        clause.place = reader.place();
        clause.id = ReadId(reader, clause_ids_, IsClauseId, "a-z 0-9 . -");
        clause.title = reader.RequiredText("title");
        clause.text = reader.RequiredText("text");
        for (const auto& key : reader.Strings("mode", true)) {
            if (const auto mode = FindByKey(kModes, key, ModeKey)) {
                clause.modes.push_back(*mode);
            } else {
                reader.FaultAt("mode", fmt::format("未知的方式 {}；可用：gate automatic form duty policy reference。", key),
                               fmt::format("Unknown mode {}; known are gate, automatic, form, duty, policy, reference.", key));
            }
        }
        clause.owner = ReadRole(reader, "owner").value_or(identity::Role::kSystemAdmin);
        clause.missing = reader.RequiredText("missing");
        if (const toml::table* table = reader.OptionalTable("action")) {
            TableReader action(*table, reader.file(), reading_.faults);
            clause.action = Action{{action.RequiredString("zh"), action.RequiredString("en")}, action.RequiredString("href")};
            const std::string& href = clause.action->href;
            if (!href.empty() && (!href.starts_with('/') || href.starts_with("//"))) {
                action.FaultAt("href", "href 應為本站的路徑，以 / 開頭。",
                               "href has to be a path of this site that begins with /.");
            }
            action.Done();
        }
        reader.Done();
        reading_.pack.clauses.push_back(std::move(clause));
    }

    void ReadCheck(TableReader reader) {
        Check check;
        check.place = reader.place();
        check.population_place = reader.PlaceOfKey("population");
        check.sql_place = reader.PlaceOfKey("sql");
        check.id = ReadId(reader, check_ids_, IsKey, "a-z 0-9 -");
        check.clause_id = reader.RequiredString("clause");
        clause_references_.push_back({check.clause_id, reader.PlaceOfKey("clause")});
        check.title = reader.RequiredText("title");
        check.topics = reader.Strings("topics", false);
        check.population = reader.OptionalString("population");
        if (check.population.empty()) check.population = DefaultPopulation();
        check.sql = reader.RequiredString("sql");
        if (const toml::table* table = reader.OptionalTable("parameters")) {
            for (const auto& [key, node] : *table) ReadParameter(reader, check, std::string(key.str()), node);
        }
        reader.Done();
        reading_.pack.checks.push_back(std::move(check));
    }

    static void ReadParameter(TableReader& reader, Check& check, const std::string& name, const toml::node& node) {
        if (const auto integer = node.value_exact<std::int64_t>()) {
            check.parameters[name] = *integer;
        } else if (const auto real = node.value_exact<double>()) {
            check.parameters[name] = *real;
        } else if (const auto text = node.value_exact<std::string>()) {
            if (const auto duration = ParseDuration(*text)) {
                check.parameters[name] = static_cast<std::int64_t>(duration->count());
            } else {
                check.parameters[name] = *text;
            }
        } else {
            reader.Fault(node.source(), fmt::format("參數 {} 應為數字或字串。", name),
                         fmt::format("The parameter {} has to be a number or a string.", name));
        }
        if (name == "now") {
            reader.Fault(node.source(), "now 是保留的參數名稱。", "The name now is taken: it is the time of the evaluation.");
        } else if (!IsParameterName(name)) {
            reader.Fault(node.source(), fmt::format("參數名稱 {} 只能含 a-z 0-9 _，且不以數字開頭。", name),
                         fmt::format("The parameter name {} may hold only a-z 0-9 _ and not begin with a digit.", name));
        }
    }

    void ReadDuty(TableReader reader) {
        Duty duty{};
        duty.place = reader.place();
        duty.id = ReadId(reader, duty_ids_, IsKey, "a-z 0-9 -");
        duty.clause_ids = reader.Strings("clauses", true);
        for (const auto& id : duty.clause_ids) clause_references_.push_back({id, reader.PlaceOfKey("clauses")});
        duty.title = reader.RequiredText("title");
        duty.instructions = reader.RequiredText("instructions");
        const std::string cycle = reader.RequiredString("cycle");
        if (const auto known = FindByKey(kCycles, cycle, CycleKey)) {
            duty.cycle = *known;
        } else if (!cycle.empty()) {
            reader.FaultAt("cycle", "cycle 應為 once weekly monthly quarterly half_yearly yearly 之一。",
                           "cycle has to be one of once, weekly, monthly, quarterly, half_yearly, yearly.");
        }
        duty.owner = ReadRole(reader, "owner").value_or(identity::Role::kSystemAdmin);
        const std::string lead = reader.RequiredString("lead");
        if (const auto duration = ParseDuration(lead)) {
            duty.lead = *duration;
        } else if (!lead.empty()) {
            reader.FaultAt("lead", "lead 應為期間，例：\"14d\"。", "lead has to be a duration like \"14d\".");
        }
        const std::string scope = reader.RequiredString("scope");
        duty.is_per_unit = scope == "unit";
        if (!scope.empty() && scope != "unit" && scope != "bureau") {
            reader.FaultAt("scope", "scope 應為 unit 或 bureau。", "scope has to be unit or bureau.");
        }
        reader.Done();
        reading_.pack.duties.push_back(std::move(duty));
    }

    void CheckReferences() {
        // What an unreadable file would have defined is missed everywhere else; those faults would only lead astray.
        if (!is_every_file_parsed_) return;
        for (const auto& [id, place] : clause_references_) {
            if (!id.empty() && !clause_ids_.contains(id)) {
                Fault(place, fmt::format("程序書中沒有條文 {}。", id), fmt::format("There is no clause {} in this pack.", id));
            }
        }
        for (const auto& clause : reading_.pack.clauses) {
            if (reading_.pack.ChapterOf(clause.id) == nullptr && has_procedure_) {
                Fault(clause.place, fmt::format("條文 {} 不屬於 procedure.toml 的任何一章。", clause.id),
                      fmt::format("Clause {} belongs to no chapter of procedure.toml.", clause.id));
            }
        }
    }

    void Fault(SourcePlace place, std::string zh, std::string en) {
        reading_.faults.push_back({std::move(place), {std::move(zh), std::move(en)}});
    }

    struct Reference {
        std::string clause_id;
        SourcePlace place;
    };

    PackReading reading_;
    bool has_procedure_ = false;
    bool is_every_file_parsed_ = true;
    std::set<std::string> chapter_ids_;
    std::set<std::string> clause_ids_;
    std::set<std::string> check_ids_;
    std::set<std::string> duty_ids_;
    std::vector<Reference> clause_references_;
};

}  // namespace

PackReading ReadPackTexts(const PackTexts& texts) { return PackReader().Read(texts); }

}  // namespace opsteward::procedure
