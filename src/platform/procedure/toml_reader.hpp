// Reads TOML tables with every fault noted where it stands: wrong types, missing and unknown keys.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "base/language.hpp"
#include "platform/procedure/pack.hpp"

namespace opsteward::procedure {

SourcePlace PlaceOf(const std::string& file, const toml::source_region& region);

/// One table of a file. Keys are asked for by name; Done() then complains of all that nobody asked for.
class TableReader {
  public:
    TableReader(const toml::table& table, std::string file, std::vector<PackFault>& faults)
        : table_(table), file_(std::move(file)), faults_(faults) {}

    /// A string that is not empty; "" with a fault noted when there is none.
    std::string RequiredString(std::string_view key);
    std::string OptionalString(std::string_view key);
    /// { zh = "…", en = "…" }, both there and not empty.
    Text RequiredText(std::string_view key);
    std::vector<std::string> Strings(std::string_view key, bool is_required);
    const toml::table* OptionalTable(std::string_view key);
    /// The value of the key, which counts as asked for.
    const toml::node* Take(std::string_view key);
    /// [[key]]: its tables, none when absent.
    std::vector<const toml::table*> Tables(std::string_view key);
    void Done();

    void Fault(const toml::source_region& where, std::string zh, std::string en);
    void FaultAt(std::string_view key, std::string zh, std::string en);
    SourcePlace PlaceOfKey(std::string_view key) const;
    SourcePlace place() const { return PlaceOf(file_, table_.source()); }
    const std::string& file() const { return file_; }
    std::vector<PackFault>& faults() { return faults_; }

  private:
    const toml::table& table_;
    std::string file_;
    std::vector<PackFault>& faults_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace opsteward::procedure
