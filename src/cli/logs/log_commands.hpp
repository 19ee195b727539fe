// The commands on the log vault, one function each; log_options.cpp reads their options. They work beside a running server.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/report.hpp"
#include "features/logs/search.hpp"
#include "features/logs/tally.hpp"
#include "features/logs/text_encoding.hpp"

namespace opsteward::cli {

struct IngestRequest {
    std::string source;
    std::string kind;
    std::vector<std::filesystem::path> files;  ///< none, or "-": standard input
};
/// Each line becomes a record. Makes the vault when there is none. Interrupted, it keeps and seals what was read so far, and says how much that is.
ExitCode IngestLogs(const std::filesystem::path& data, const IngestRequest& request, const Report& report);

enum class HitForm { kText, kJson, kRaw };
struct SearchOptions {
    std::string query;
    std::string from;  ///< RFC 3339, or a day as people here write it; empty: from the first record
    std::string to;    ///< likewise, exclusive; a day counts as a whole
    std::string source;
    std::string kind;
    std::uint64_t limit = 0;  ///< 0: all
    bool counts = false;      ///< how many, instead of which
    bool is_raw = false;      ///< the bytes as they came, a line feed after each record
    std::optional<logs::TimeStep> histogram;
    std::string top;          ///< a field whose values are counted
    std::string encoding = "utf-8";
};
ExitCode SearchLogs(const std::filesystem::path& data, const SearchOptions& options, const Report& report);

ExitCode ShowLogStatus(const std::filesystem::path& data, const Report& report);
/// Prints the proof file of one record.
ExitCode ProveLogRecord(const std::filesystem::path& data, std::uint64_t sequence, const Report& report);

}  // namespace opsteward::cli
