// Comma-separated values, RFC 4180: fields in quotes may hold commas, line ends and doubled quotes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::scans {

class CsvRows {
  public:
    static constexpr std::size_t kMaxFields = 1000;

    explicit CsvRows(std::string_view text) : text_(text) {}

    /// The next row that is not empty; nothing at the end. kInvalidInput, with the line, when a quoted field does not end or goes on after its end.
    Result<std::optional<std::vector<std::string>>> Next();

    std::size_t line() const { return row_line_; }  ///< on which the last row began, from 1

  private:
    Result<std::string> Field();

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::size_t row_line_ = 1;
};

}  // namespace opsteward::scans
