#include "platform/web/csv.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace opsteward::web {
namespace {

/// The characters that begin a formula in the usual spreadsheet programs; a plain negative number is none.
bool LooksLikeFormula(std::string_view cell) {
    if (cell.empty() || std::string_view("=+-@\t\r").find(cell.front()) == std::string_view::npos) return false;
    return !ParseDouble(cell).has_value();
}

std::string Cell(std::string_view cell) {
    std::string text = LooksLikeFormula(cell) ? "'" + std::string(cell) : std::string(cell);
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace

std::string CsvText(const std::vector<std::vector<std::string>>& rows) {
    std::string text = "\xEF\xBB\xBF";
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + Cell(row[i]);
        text += "\r\n";
    }
    return text;
}

net::Response CsvResponse(std::string_view file_name, const std::vector<std::vector<std::string>>& rows) {
    net::Response response;
    response.headers.Set("Content-Type", "text/csv; charset=utf-8");
    response.headers.Set("Content-Disposition", fmt::format("attachment; filename=\"{}\"", file_name));
    response.body = CsvText(rows);
    return response;
}

}  // namespace opsteward::web
