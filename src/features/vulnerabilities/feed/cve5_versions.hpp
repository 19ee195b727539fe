// The versions of a product in CVE JSON 5, made into the spans of those that are affected.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/feed/json_parts.hpp"

namespace opsteward::vuln {

struct VersionChange {
    std::string at;
    bool is_affected = false;
};

/// One entry of "versions".
struct VersionEntry {
    std::string version;
    std::string end;  ///< lessThan or lessThanOrEqual
    std::string type;
    bool has_end = false;
    bool excludes_end = false;
    bool is_affected = false;
    bool is_unaffected = false;  ///< neither: unknown
    std::vector<VersionChange> changes;
};

/// Versions of which all are affected.
struct VersionSpan {
    std::string start;  ///< "" from the first on
    std::string end;    ///< "" to the last
    bool excludes_start = false;
    bool excludes_end = false;

    bool is_whole() const { return start.empty() && end.empty(); }
    bool is_single() const { return start == end && !start.empty(); }
    bool operator==(const VersionSpan&) const = default;
};

VersionEntry ReadVersionEntry(Json value, std::uint64_t& odd);

/// Longer than any version is: they are copied for each CPE name.
bool IsTooLong(const VersionEntry& entry);

/// A commit of git, or a match string in the place of a version: nothing that has an order among versions.
bool IsNoNumber(const VersionEntry& entry);

/// The spans of those that are affected. When everything is unless it is said otherwise (`is_by_default`), that is what lies between the unaffected ones; but
/// when affected ones alone are listed, those: the list would say nothing otherwise.
std::vector<VersionSpan> AffectedSpans(const std::vector<VersionEntry>& entries, bool is_by_default);

}  // namespace opsteward::vuln
