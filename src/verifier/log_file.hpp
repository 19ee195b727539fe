// A file of the write-ahead log. Format: docs/formats/vault.md, "Write-ahead log".
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "verifier/fault.hpp"
#include "verifier/file.hpp"
#include "verifier/gone_file.hpp"
#include "verifier/sha256.hpp"

namespace opsteward::verifier {

/// Records that follow one another, by the hashes of their leaves.
struct LogRun {
    std::uint64_t first = 0;
    std::vector<Hash> leaves;

    std::uint64_t end() const { return first + leaves.size(); }
};

struct LogFile {
    /// Bytes after the last whole group of the last file: a group that was being written, if no later record was ever known.
    struct Torn {
        std::uint64_t offset = 0;
    };

    std::vector<LogRun> runs;  ///< one where nothing is wrong; a new one after what can't be read
    Claims claims;
    std::vector<Malformed> faults;
    std::optional<Torn> torn;
    bool is_unfinished = false;  ///< it ends within its header: it was being made
    std::uint64_t end = 0;       ///< number of the record after the last
};

/// Reads the file that is named by the number `first`. Goes on behind what is damaged where whole groups follow.
LogFile ReadLogFile(const File& file, std::uint64_t first, bool is_last, const WantedClaims& wanted = kNoClaims);

}  // namespace opsteward::verifier
