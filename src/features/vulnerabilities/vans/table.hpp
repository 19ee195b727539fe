// What is installed where as a table: for VANS's console, which takes files too, and for people. Its columns can be chosen and named.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/vulnerabilities/vans/item.hpp"
#include "features/vulnerabilities/vans/payload.hpp"

namespace opsteward::vans {

enum class Field : std::uint8_t { kOid, kOrgName, kIdentifier, kAssetGroupCode, kAssetName, kBrand, kVersion, kCpe, kCpeName, kCategory };

struct Column {
    Field field;
    std::string title;
};
/// The nine fields of the upload's second generation, under its names.
std::vector<Column> DefaultColumns();
/// "oid=機關OID,assetName,…": fields under the name given, or their own. kInvalidInput names one that there is not.
Result<std::vector<Column>> ParseColumns(std::string_view text);

/// The value of a cell.
std::string_view ValueOf(Field field, const Machine& machine, const Product& product);

/// RFC 4180 in UTF-8 with a byte order mark, without which spreadsheets here take the file for Big5. A value that a spreadsheet would run (it begins with
/// = + - or @) or that begins with an apostrophe gets an apostrophe in front, and no other does, so that it can be taken off again. Gives the number of items.
Result<std::size_t> WriteCsv(const Inventory& inventory, const std::vector<Column>& columns, const Sink& sink);

/// Rows that a sheet holds.
inline constexpr std::size_t kMaxSheetRows = 1'048'576;
/// An OpenDocument 1.2 spreadsheet of one sheet; all cells are texts, so that none is run or read as a number. kTooLarge when the sheet can't hold the rows.
Result<std::size_t> WriteOds(const Inventory& inventory, const std::vector<Column>& columns, const Sink& sink);

}  // namespace opsteward::vans
