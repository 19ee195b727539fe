// TOML of this room's files, with what is wrong in them told by its line.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "base/result.hpp"

namespace opsteward::vuln {

/// What is wrong in a file, in both languages, by line; tells of the first 20.
class TomlFaults {
  public:
    void Add(int line, std::string_view zh, std::string_view en);
    bool empty() const { return count_ == 0; }
    /// kInvalidInput. `what` is the file, as it is called in each language.
    Error ToError(Phrase what) const;

  private:
    std::size_t count_ = 0;
    std::string zh_;
    std::string en_;
};

/// kInvalidInput when it is no TOML, kTooLarge above `max_bytes`.
Result<toml::table> ParseToml(std::string_view text, std::size_t max_bytes, Phrase what);

/// One table; keys are asked for by name, what nobody asked for is a fault.
class TomlTable {
  public:
    TomlTable(const toml::table& table, TomlFaults& faults) : table_(table), faults_(faults) {}

    /// Empty when absent.
    std::string String(std::string_view key);
    std::string RequiredString(std::string_view key);
    std::vector<std::string> Strings(std::string_view key);
    bool Flag(std::string_view key);
    /// 0 when absent; else between 1 and `most`.
    int Number(std::string_view key, int most);
    /// Year-month-day; nothing, with a fault, when it is no date.
    std::optional<toml::date> RequiredDate(std::string_view key);
    bool Has(std::string_view key) const { return table_.contains(key); }
    int line() const { return static_cast<int>(table_.source().begin.line); }
    void Fault(std::string_view zh, std::string_view en) { faults_.Add(line(), zh, en); }
    void Done();

  private:
    const toml::node* Take(std::string_view key);

    const toml::table& table_;
    TomlFaults& faults_;
    std::set<std::string, std::less<>> asked_;
};

/// The tables of an array of tables; a fault for each element that is none.
std::vector<const toml::table*> TablesOf(const toml::table& file, std::string_view key, TomlFaults& faults);

}  // namespace opsteward::vuln
