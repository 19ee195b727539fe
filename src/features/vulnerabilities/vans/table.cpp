#include "features/vulnerabilities/vans/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace opsteward::vans {
namespace {

struct FieldName {
    Field field;
    std::string_view name;
};
constexpr std::array<FieldName, 10> kFieldNames{{
    {Field::kOid, "oid"},
    {Field::kOrgName, "orgName"},
    {Field::kIdentifier, "identifier"},
    {Field::kAssetGroupCode, "assetGroupCode"},
    {Field::kAssetName, "assetName"},
    {Field::kBrand, "brand"},
    {Field::kVersion, "version"},
    {Field::kCpe, "cpe"},
    {Field::kCpeName, "cpeName"},
    {Field::kCategory, "category"},
}};

/// RFC 4180 section 2, and the guard against formulas.
void AppendCell(std::string_view value, std::string& out) {
    constexpr std::string_view kGuarded = "=+-@'";
    const bool needs_guard = !value.empty() && kGuarded.find(value.front()) != std::string_view::npos;
    const bool needs_quotes = value.find_first_of(",\"\r\n") != std::string_view::npos;
    if (needs_quotes) out += '"';
    if (needs_guard) out += '\'';
    for (std::size_t quote = value.find('"'); quote != std::string_view::npos; quote = value.find('"')) {
        out.append(value, 0, quote + 1);
        out += '"';
        value.remove_prefix(quote + 1);
    }
    out += value;
    if (needs_quotes) out += '"';
}

}  // namespace

std::vector<Column> DefaultColumns() {
    std::vector<Column> columns;
    for (const FieldName& known : kFieldNames) {
        if (known.field != Field::kCategory) columns.push_back({known.field, std::string(known.name)});
    }
    return columns;
}

Result<std::vector<Column>> ParseColumns(std::string_view text) {
    std::vector<Column> columns;
    for (const std::string_view part : Split(text, ',')) {
        const std::size_t equals = part.find('=');
        const std::string_view name = Trim(part.substr(0, equals));
        const std::string_view title = equals == std::string_view::npos ? name : Trim(part.substr(equals + 1));
        const auto known = std::ranges::find(kFieldNames, name, &FieldName::name);
        constexpr std::size_t kMaxColumns = 100;
        if (known == kFieldNames.end() || title.empty() || !IsValidUtf8(title) || columns.size() == kMaxColumns) {
            const std::string shown = Shorten(ReplaceInvalidUtf8(part), 40);
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("欄位「{}」有誤：請用 欄位 或 欄位=標題。", shown),
                             fmt::format("Column \"{}\" is wrong: use FIELD or FIELD=TITLE.", shown));
        }
        columns.push_back({known->field, std::string(title)});
    }
    return columns;
}

std::string_view ValueOf(Field field, const Machine& machine, const Product& product) {
    switch (field) {
        case Field::kOid: return machine.oid;
        case Field::kOrgName: return machine.org_name;
        case Field::kIdentifier: return machine.identifier;
        case Field::kAssetGroupCode: return machine.group;
        case Field::kAssetName: return product.name;
        case Field::kBrand: return product.vendor;
        case Field::kVersion: return product.version;
        case Field::kCpe: return product.cpe;
        case Field::kCpeName: return product.cpe_title;
        case Field::kCategory: return product.is_hardware ? "hardware" : "software";
    }
    return {};
}

Result<std::size_t> WriteCsv(const Inventory& inventory, const std::vector<Column>& columns, const Sink& sink) {
    std::string buffer = "\xEF\xBB\xBF";
    const auto end_row = [&buffer](std::size_t column, std::size_t count) { buffer += column + 1 == count ? "\r\n" : ","; };
    for (std::size_t i = 0; i < columns.size(); ++i) {
        AppendCell(columns[i].title, buffer);
        end_row(i, columns.size());
    }
    for (const Installed& installed : inventory.installed) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            AppendCell(ValueOf(columns[i].field, inventory.machines[installed.machine], inventory.products[installed.product]), buffer);
            end_row(i, columns.size());
        }
        constexpr std::size_t kPieceBytes = 1U << 20U;
        if (buffer.size() < kPieceBytes) continue;
        OPS_CHECK(sink(buffer));
        buffer.clear();
    }
    OPS_CHECK(sink(buffer));
    return inventory.installed.size();
}

}  // namespace opsteward::vans
