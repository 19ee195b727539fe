// ClamAV's signature databases: the 512-byte head of a .cvd or .cld file, documented in the ClamAV manual ("CVD file format").
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace opsteward::inventory::host {

struct ClamavDatabase {
    std::string version;             ///< "27435"
    std::optional<Instant> made_at;
};

/// "ClamAV-VDB:22 Oct 2024 08-36 -0400:27435:…": colons between build time, version, signatures, level, digest, signature,
/// builder, and the build time in seconds since 1970. Nothing for another file.
std::optional<ClamavDatabase> ParseClamavHeader(std::string_view head);

/// clamd.conf(5): does it set any path for on-access scanning (OnAccessIncludePath, OnAccessMountPath)?
bool ConfiguresOnAccess(std::string_view clamd_conf);

}  // namespace opsteward::inventory::host
