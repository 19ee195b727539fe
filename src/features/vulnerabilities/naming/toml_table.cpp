#include "features/vulnerabilities/naming/toml_table.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kMostFaults = 20;

}  // namespace

void TomlFaults::Add(int line, std::string_view zh, std::string_view en) {
    if (++count_ > kMostFaults) return;
    zh_ += fmt::format("\n第 {} 行：{}", line, zh);
    en_ += fmt::format("\nline {}: {}", line, en);
}

Error TomlFaults::ToError(Phrase what) const {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{}有 {} 處錯誤，整份未採用：{}", what.zh, count_, zh_),
                     fmt::format("{} has {} fault{}; nothing of it is used:{}", what.en, count_, count_ == 1 ? "" : "s", en_));
}

Result<toml::table> ParseToml(std::string_view text, std::size_t max_bytes, Phrase what) {
    if (text.size() > max_bytes) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("{}過大：最多 {}。", what.zh, FormatBytes(max_bytes)),
                         fmt::format("{} is too large: at most {}.", what.en, FormatBytes(max_bytes)));
    }
    try {
        return toml::parse(text);
    } catch (const toml::parse_error& failure) {
        TomlFaults faults;
        const std::string said(failure.description());
        faults.Add(static_cast<int>(failure.source().begin.line), "不是有效的 TOML：" + said, "no valid TOML: " + said);
        return faults.ToError(what);
    }
}

const toml::node* TomlTable::Take(std::string_view key) {
    asked_.emplace(key);
    return table_.get(key);
}

std::string TomlTable::String(std::string_view key) {
    const toml::node* node = Take(key);
    if (node == nullptr) return "";
    const auto text = node->value_exact<std::string>();
    if (!text || text->empty()) Fault(fmt::format("{} 應為不空白的字串。", key), fmt::format("{} has to be a string that is not empty.", key));
    return text.value_or("");
}

std::string TomlTable::RequiredString(std::string_view key) {
    if (!Has(key)) Fault(fmt::format("缺少 {}。", key), fmt::format("{} is missing.", key));
    return String(key);
}

std::vector<std::string> TomlTable::Strings(std::string_view key) {
    std::vector<std::string> strings;
    const toml::node* node = Take(key);
    if (node == nullptr) return strings;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        Fault(fmt::format("{} 應為字串的陣列。", key), fmt::format("{} has to be an array of strings.", key));
        return strings;
    }
    for (const toml::node& element : *array) {
        const auto text = element.value_exact<std::string>();
        if (text && !text->empty()) strings.push_back(*text);
        else Fault(fmt::format("{} 的每個元素應為不空白的字串。", key), fmt::format("every element of {} has to be a string that is not empty.", key));
    }
    return strings;
}

bool TomlTable::Flag(std::string_view key) {
    const toml::node* node = Take(key);
    if (node == nullptr) return false;
    const auto flag = node->value_exact<bool>();
    if (!flag) Fault(fmt::format("{} 應為 true 或 false。", key), fmt::format("{} has to be true or false.", key));
    return flag.value_or(false);
}

int TomlTable::Number(std::string_view key, int most) {
    const toml::node* node = Take(key);
    if (node == nullptr) return 0;
    const auto number = node->value_exact<std::int64_t>();
    if (number && *number >= 1 && *number <= most) return static_cast<int>(*number);
    Fault(fmt::format("{} 應為 1 到 {} 的整數。", key, most), fmt::format("{} has to be a whole number from 1 to {}.", key, most));
    return 0;
}

std::optional<toml::date> TomlTable::RequiredDate(std::string_view key) {
    const toml::node* node = Take(key);
    const auto date = node == nullptr ? std::nullopt : node->value_exact<toml::date>();
    if (!date) Fault(fmt::format("需要 {}，為不加引號的日期，例如 2026-11-27。", key), fmt::format("{} has to be there, as a date without quotes such as 2026-11-27.", key));
    return date;
}

void TomlTable::Done() {
    for (const auto& [key, node] : table_) {
        if (asked_.contains(key.str())) continue;
        faults_.Add(static_cast<int>(key.source().begin.line), fmt::format("未知的鍵 {}。", key.str()), fmt::format("unknown key {}.", key.str()));
    }
}

std::vector<const toml::table*> TablesOf(const toml::table& file, std::string_view key, TomlFaults& faults) {
    std::vector<const toml::table*> tables;
    const toml::node* node = file.get(key);
    if (node == nullptr) return tables;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        faults.Add(static_cast<int>(node->source().begin.line), fmt::format("{} 應為表的陣列。", key), fmt::format("{} has to be an array of tables.", key));
        return tables;
    }
    for (const toml::node& element : *array) {
        if (const toml::table* table = element.as_table()) {
            tables.push_back(table);
            continue;
        }
        faults.Add(static_cast<int>(element.source().begin.line), fmt::format("{} 的每個元素應為表。", key), fmt::format("every element of {} has to be a table.", key));
    }
    return tables;
}

}  // namespace opsteward::vuln
