// Tables as comma-separated values (RFC 4180) that spreadsheet programs open as they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.hpp"

namespace opsteward::web {

/// UTF-8 with a byte order mark, lines ended by CR LF. A text that a spreadsheet would take for a formula gets a ' in front.
std::string CsvText(const std::vector<std::vector<std::string>>& rows);
/// As a download called `file_name` (ASCII).
net::Response CsvResponse(std::string_view file_name, const std::vector<std::vector<std::string>>& rows);

}  // namespace opsteward::web
