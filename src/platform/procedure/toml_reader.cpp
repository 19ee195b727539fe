#include "platform/procedure/toml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace opsteward::procedure {

SourcePlace PlaceOf(const std::string& file, const toml::source_region& region) {
    return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

void TableReader::Fault(const toml::source_region& where, std::string zh, std::string en) {
    faults_.push_back({PlaceOf(file_, where), {std::move(zh), std::move(en)}});
}

void TableReader::FaultAt(std::string_view key, std::string zh, std::string en) {
    faults_.push_back({PlaceOfKey(key), {std::move(zh), std::move(en)}});
}

SourcePlace TableReader::PlaceOfKey(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return PlaceOf(file_, node == nullptr ? table_.source() : node->source());
}

const toml::node* TableReader::Take(std::string_view key) {
    asked_.emplace(key);
    return table_.get(key);
}

std::string TableReader::RequiredString(std::string_view key) {
    const toml::node* node = Take(key);
    const auto text = node == nullptr ? std::nullopt : node->value_exact<std::string>();
    if (!text || text->empty()) {
        FaultAt(key, fmt::format("需要 {}，為不空白的字串。", key),
                fmt::format("{} has to be there, as a string that is not empty.", key));
        return "";
    }
    if (text->find('\0') != std::string::npos) {
        FaultAt(key, fmt::format("{} 不可含字元 U+0000。", key), fmt::format("{} must not hold the character U+0000.", key));
        return "";
    }
    return *text;
}

std::string TableReader::OptionalString(std::string_view key) {
    if (table_.contains(key)) return RequiredString(key);
    asked_.emplace(key);
    return "";
}

Text TableReader::RequiredText(std::string_view key) {
    const toml::node* node = Take(key);
    const toml::table* both = node == nullptr ? nullptr : node->as_table();
    if (both == nullptr) {
        FaultAt(key, fmt::format("需要 {} = {{ zh = \"…\", en = \"…\" }}。", key),
                fmt::format("{} = {{ zh = \"…\", en = \"…\" }} has to be there.", key));
        return {};
    }
    TableReader reader(*both, file_, faults_);
    Text text{reader.RequiredString("zh"), reader.RequiredString("en")};
    reader.Done();
    return text;
}

std::vector<std::string> TableReader::Strings(std::string_view key, bool is_required) {
    const toml::node* node = Take(key);
    std::vector<std::string> strings;
    if (node == nullptr && !is_required) return strings;
    const toml::array* array = node == nullptr ? nullptr : node->as_array();
    if (array == nullptr || (is_required && array->empty())) {
        FaultAt(key, fmt::format("需要 {} = [\"…\"]，字串的陣列。", key),
                fmt::format("{} has to be an array of strings: [\"…\"].", key));
        return strings;
    }
    for (const auto& element : *array) {
        if (const auto text = element.value_exact<std::string>()) {
            strings.push_back(*text);
        } else {
            Fault(element.source(), fmt::format("{} 的每個元素應為字串。", key),
                  fmt::format("Every element of {} has to be a string.", key));
        }
    }
    return strings;
}

const toml::table* TableReader::OptionalTable(std::string_view key) {
    const toml::node* node = Take(key);
    if (node == nullptr) return nullptr;
    if (const toml::table* table = node->as_table()) return table;
    FaultAt(key, fmt::format("{} 應為表 {{ … }}。", key), fmt::format("{} has to be a table {{ … }}.", key));
    return nullptr;
}

std::vector<const toml::table*> TableReader::Tables(std::string_view key) {
    const toml::node* node = Take(key);
    std::vector<const toml::table*> tables;
    if (node == nullptr) return tables;
    const toml::array* array = node->as_array();
    if (array == nullptr || !array->is_array_of_tables()) {
        FaultAt(key, fmt::format("{0} 應寫成 [[{0}]]。", key), fmt::format("{0} has to be written as [[{0}]].", key));
        return tables;
    }
    for (const auto& element : *array) tables.push_back(element.as_table());
    return tables;
}

void TableReader::Done() {
    for (const auto& [key, node] : table_) {
        if (asked_.contains(key.str())) continue;
        Fault(key.source(), fmt::format("未知的鍵 {}；這裡可用：{}。", key.str(), fmt::join(asked_, "、")),
              fmt::format("Unknown key {}; known here: {}.", key.str(), fmt::join(asked_, ", ")));
    }
}

}  // namespace opsteward::procedure
