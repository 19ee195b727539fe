// One file with all feeds, for networks that none of them reaches. docs/formats/vulnerability-bundle.md
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "features/vulnerabilities/feed/feed_file.hpp"

namespace opsteward::vuln {

/// Which feed a file is of.
enum class FeedRole : std::uint8_t { kNvd, kCve5, kKev, kEpss, kOsv, kDebian };
inline constexpr std::size_t kFeedRoles = 6;
/// "nvd", "cve5", "kev", "epss", "osv" or "debian".
std::string_view FeedRoleName(FeedRole role);
std::optional<FeedRole> FeedRoleNamed(std::string_view name);

struct FeedInput {
    FeedRole role;
    std::filesystem::path path;  ///< a file, or a folder of them (FeedFilesIn)
};

struct BundleEntry {
    FeedRole role = FeedRole::kNvd;
    std::string name;  ///< "nvd/nvdcve-2.0-2024.json.xz"
    std::uint64_t size = 0;
    std::string sha256;  ///< lower-case hex
    std::uint64_t offset = 0;  ///< of its bytes in the file
};

/// A bundle whose bytes have all been checked.
struct Bundle {
    std::filesystem::path path;
    Instant created;
    std::vector<BundleEntry> entries;  ///< in the order of their roles
    std::uint64_t bytes = 0;

    /// The files of a feed, to be read by ReadFeedFile, ReadCve5File …
    std::vector<FeedLocation> SourcesOf(FeedRole role) const;
};

/// Told from time to time; false ends the work with kCancelled.
using BundleProgress = std::function<bool(std::uint64_t bytes)>;

/// Makes the file `out`; each file of a feed is unpacked once before, so that a damaged one is found here and not behind the wall. kConflict: `out` is there;
/// kInvalidInput, kNotFound: of an input, naming it. `ignored`: files in folders that are of no feed.
Result<Bundle> MakeBundle(const std::filesystem::path& out, const std::vector<FeedInput>& inputs, Instant now, const BundleProgress& progress,
                          std::vector<std::filesystem::path>* ignored = nullptr);

/// Reads the whole file and holds it against its checksums. kInvalidInput, naming the entry: altered, cut short, something behind its end, an entry that is
/// not where the manifest has it, a name that leads elsewhere; kTooLarge.
Result<Bundle> OpenBundle(const std::filesystem::path& path, const BundleProgress& progress = {});

}  // namespace opsteward::vuln
