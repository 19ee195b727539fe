// The write-ahead log as a whole: its files, one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "verifier/folder.hpp"
#include "verifier/log_file.hpp"
#include "verifier/report.hpp"

namespace opsteward::verifier {

class WriteAheadLog {
  public:
    /// A gap wider than this is named and not crossed: numbers so far apart are no vault's.
    static constexpr std::uint64_t kFarthest = std::uint64_t{1} << 32;

    /// What fails in the files goes to the report.
    static WriteAheadLog Read(const VaultFolder& folder, VaultReport& report, const WantedClaims& wanted);

    /// Runs of records that could be read, by number, each after the one before.
    const std::vector<LogRun>& runs() const { return runs_; }
    /// The leaf of a record that is in the log; nullptr for others.
    const Hash* Leaf(std::uint64_t record) const;
    const Claims& claims() const { return claims_; }
    /// Whether any of these records is in the log.
    bool Overlaps(std::uint64_t first, std::uint64_t end) const;
    /// The file that a record is in, or would be.
    std::string FileOf(std::uint64_t record) const;

    bool has_files() const { return !files_.empty(); }
    /// Precondition: has_files(), as for end().
    std::uint64_t first() const { return files_.front().first; }
    /// Number of the record after the last.
    std::uint64_t end() const { return end_; }

    /// Bytes that follow the last whole group, and the record they would have begun with.
    const std::optional<Place>& torn() const { return torn_; }

  private:
    void Take(const NumberedFile& file, LogFile read, VaultReport& report);

    std::vector<NumberedFile> files_;
    std::vector<LogRun> runs_;
    Claims claims_;
    std::uint64_t end_ = 0;
    bool is_end_known_ = true;  ///< of the file before
    std::optional<Place> torn_;
};

}  // namespace opsteward::verifier
