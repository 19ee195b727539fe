// MANIFEST.json of a bundle.
#pragma once

#include "features/vulnerabilities/feed/bundle.hpp"

namespace opsteward::vuln {

inline constexpr std::string_view kManifestName = "MANIFEST.json";
inline constexpr std::string_view kSumName = "SHA256";
inline constexpr std::uint64_t kMaxManifestBytes = std::uint64_t{64} << 20;
inline constexpr std::size_t kMaxBundleEntries = 300'000;

/// The role, a slash, and one name of letters, digits, ".", "_", "-" that does not begin with a dot; at most kMaxTarName bytes.
bool IsBundleEntryName(std::string_view name, FeedRole role);
/// Such a name made of a file's: other characters become "_", and what is too long loses its middle.
std::string BundleEntryName(FeedRole role, const std::filesystem::path& file);
/// The same with a number, for the second file of a name.
std::string NumberedEntryName(FeedRole role, const std::filesystem::path& file, std::uint64_t number);

/// What the last entry holds: the SHA-256 of all bytes before its head.
std::string SumText(std::string_view sha256);

std::string ManifestText(Instant created, const std::vector<BundleEntry>& entries);
/// The entries without their places. kInvalidInput.
Result<Bundle> ReadManifest(std::string_view text);

}  // namespace opsteward::vuln
