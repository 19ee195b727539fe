// The files of a vault, and those that have no business in it. Format: docs/formats/vault.md, first lines.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/report.hpp"

namespace opsteward::verifier {

/// A file that is named by the number of its first record.
struct NumberedFile {
    std::uint64_t first = 0;
    std::string name;  ///< from the vault's folder on: "segments/00000000000000000512.seg"
};

/// "segments/00000000000000000512.seg" for 512
std::string SegmentName(std::uint64_t first);

class VaultFolder {
  public:
    /// CannotCheck when there is no vault.
    explicit VaultFolder(std::filesystem::path folder);

    std::filesystem::path PathOf(std::string_view name) const { return folder_ / name; }
    bool has_checkpoint() const;
    /// Files with further checkpoints that lie in the folder: `witnessed`, and in a copy `checkpoints/SIZE`.
    std::vector<std::string> FurtherCheckpoints(VaultReport& report) const;
    /// Each by number. What does not belong into the folder fails; what a writer left unfinished is noted.
    std::vector<NumberedFile> Segments(VaultReport& report) const;
    /// What stands in the place of segments that were deleted.
    std::vector<NumberedFile> GoneFiles(VaultReport& report) const;
    std::vector<NumberedFile> LogFiles(VaultReport& report) const;
    /// The levels that have a file.
    std::vector<unsigned> TreeLevels(VaultReport& report) const;
    /// What lies in the vault's folder itself.
    void CheckTop(VaultReport& report) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace opsteward::verifier
