// The cases of tests/data/logs: lines, and what must be read from them. tests/data/logs/README.md describes the files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "features/logs/line_reader.hpp"
#include "features/logs/parsed_line.hpp"

namespace opsteward::logs::testing {

struct LogCase {
    std::string place;  ///< "sshd.txt:12"
    std::string bytes;
    Instant received;
    ReadOptions options;
    std::vector<std::string> expected;  ///< as Describe writes them
};

/// Every case of every file. A file that breaks the rules ends the test with an exception that names the place.
std::vector<LogCase> ReadLogCases();

/// What was read, one line each: header, content, time, message, then the fields of the dictionary in their order, then the others.
std::vector<std::string> Describe(const ParsedLine& line);

}  // namespace opsteward::logs::testing
