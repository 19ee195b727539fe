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
#include "vault/retention/rules.hpp"
#include "net/ssh/sftp_client.hpp"

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
    std::uint64_t limit = 0;  ///< of hits; 0: all
    std::optional<std::uint64_t> context;  ///< so many records of source and kind before and after each hit too, and hits told apart from them
    bool counts = false;      ///< how many, instead of which
    bool is_raw = false;      ///< the bytes as they came, a line feed after each record
    std::optional<logs::TimeStep> histogram;
    std::string top;          ///< a field whose values are counted
    std::string encoding = "utf-8";

    /// Whether hits are counted instead of shown.
    bool IsTally() const { return counts || histogram || !top.empty(); }
    /// How many hits there are, and nothing else of them.
    bool CountsAlone() const { return counts && !histogram && top.empty() && limit == 0; }
};
ExitCode SearchLogs(const std::filesystem::path& data, const SearchOptions& options, const Report& report);

ExitCode ShowLogStatus(const std::filesystem::path& data, const Report& report);
/// Puts everything into segments and merges those of each day.
ExitCode CompactLogs(const std::filesystem::path& data, const Report& report);
struct WitnessSubmission {
    std::string url;                ///< https://host:port
    std::filesystem::path key;      ///< public key of the witness
    std::filesystem::path trusted;  ///< PEM; the witness's certificate, or the authority that signed it. Empty: what the machine trusts
};
/// Has the last checkpoint cosigned, and keeps it.
ExitCode SubmitToWitness(const std::filesystem::path& data, const WitnessSubmission& submission, const Report& report);
/// Where a copy of the vault lies (copy_place.hpp), and how its machine is recognised.
struct CopyRequest {
    std::string place;
    net::SshOptions ssh;
    bool compares_contents = true;  ///< of what is in the copy already; else its sizes
};
/// Puts everything into segments, seals it, and copies what the copy does not have.
ExitCode CopyLogs(const std::filesystem::path& data, const CopyRequest& request, const Report& report);

struct RestoreRequest {
    std::string place;
    net::SshOptions ssh;
    std::filesystem::path key;          ///< public; empty: that of the copy
    std::filesystem::path signing_key;  ///< private, for the restored vault to go on; empty: none
};
/// Makes the vault of a data folder that has none.
ExitCode RestoreLogs(const std::filesystem::path& data, const RestoreRequest& request, const Report& report);

struct RetainOptions {
    bool is_dry_run = false;
    bool clock_is_right = false;  ///< although nothing came for a long time
};
/// Deletes what DATA/retention.toml no longer has kept; says what, and why the rest stays. Asks nothing.
ExitCode RetainLogs(const std::filesystem::path& data, const RetainOptions& options, const Report& report);

struct HoldOptions {
    std::string source;
    std::string kind;
    std::string from;    ///< a day as people here write it; empty: from the first record
    std::string to;      ///< likewise, inclusive; empty: also of records to come
    std::string reason;
};
/// Adds a hold to DATA/retention.toml.
ExitCode HoldLogs(const std::filesystem::path& data, const HoldOptions& options, const Report& report);

/// Prints the proof file of one record.
ExitCode ProveLogRecord(const std::filesystem::path& data, std::uint64_t sequence, const Report& report);

}  // namespace opsteward::cli
