#include "platform/procedure/testing/fact_world.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <stdexcept>

#include "base/text.hpp"

namespace opsteward::procedure::testing {

namespace {

struct DocumentedView {
    std::string name;
    std::vector<std::string> columns;
};

/// "kind (`server` `network`), is_core" without what stands in brackets.
std::vector<std::string> ColumnNames(std::string_view cell) {
    std::string plain;
    int depth = 0;
    for (const char c : cell) {
        depth += c == '(' ? 1 : 0;
        if (depth == 0) plain += c;
        depth -= c == ')' ? 1 : 0;
    }
    std::vector<std::string> names;
    for (const auto part : Split(plain, ',')) names.emplace_back(Trim(part));
    return names;
}

/// The rows of the page's table: | `name` | what a row is | columns |
std::vector<DocumentedView> ReadPage() {
    std::ifstream page(std::string(OPSTEWARD_SOURCE_DIR) + "/docs/formats/fact-views.md");
    std::vector<DocumentedView> views;
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with("| `")) continue;
        const auto cells = Split(line, '|');
        std::string_view name = Trim(cells.at(1));
        views.push_back({std::string(name.substr(1, name.size() - 2)), ColumnNames(cells.at(3))});
    }
    if (views.empty()) throw std::runtime_error("docs/formats/fact-views.md has no table of views");
    return views;
}

std::string_view TypeOf(std::string_view column) {
    if (column.ends_with("_ratio") || column.ends_with("_per_s") || column.ends_with("_ms")) return "@real";
    const bool is_integer = column.ends_with("_at") || column.ends_with("_id") || column.starts_with("is_") || column == "uid" ||
                            column == "port" || column == "instances" || column == "rows" || column == "capacity" ||
                            column == "size_bytes" || column == "speed_mbit" || column == "reboot_required" ||
                            column == "can_login" || column == "scans_actively" || column == "in_repository";
    // Two that end in _id are words.
    return is_integer && column != "duty_id" && column != "clause_id" && column != "os_id" ? "@int" : "TEXT";
}

}  // namespace

FactWorld::FactWorld() {
    std::string tables;
    for (const auto& view : ReadPage()) {
        std::vector<std::string> columns;
        db::ViewSpec spec;
        for (const auto& column : view.columns) {
            columns.push_back(fmt::format("{} {}", column, TypeOf(column)));
            spec.columns.push_back(texts_.emplace_back(column));
        }
        tables += fmt::format("{}CREATE TABLE world_{} ({}) @strict\n", tables.empty() ? "" : ";;\n", view.name,
                              fmt::join(columns, ", "));
        spec.sql = texts_.emplace_back(fmt::format("SELECT {} FROM world_{}", fmt::join(view.columns, ", "), view.name));
        spec.name = texts_.emplace_back(view.name);
        schema_.views.push_back(std::move(spec));
    }
    schema_.migrations.push_back({"world", 1, "tables behind the fact views", texts_.emplace_back(tables)});
}

Result<void> FactWorld::Add(db::Database& database, std::string_view view, const Columns& columns) {
    std::vector<std::string_view> names;
    std::vector<std::string> numbers;
    std::vector<db::Value> values;
    for (const auto& [name, value] : columns) {
        names.push_back(name);
        values.push_back(value);
        numbers.push_back(fmt::format("${}", values.size()));
    }
    return database.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(transaction.Query(
            fmt::format("INSERT INTO world_{} ({}) VALUES ({})", view, fmt::join(names, ", "), fmt::join(numbers, ", ")),
            std::span<const db::Value>(values)));
        return Ok();
    });
}

}  // namespace opsteward::procedure::testing
