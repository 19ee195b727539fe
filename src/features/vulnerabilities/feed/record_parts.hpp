// What several feeds write alike, or what they tell between the lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/feed/json_parts.hpp"
#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln {

inline constexpr std::size_t kMaxReferences = 50;  ///< of a record

/// "CVE-2024-3094": four digits, then four to nineteen.
bool IsCveId(std::string_view text);

/// The members baseScore and vectorString of a CVSS object, in any version; false when it has neither. A score out of 0 to 10 is odd.
bool ReadCvss(Json value, Metric& metric, std::uint64_t& odd);

/// Adds it unless it is there, from whatever origin; no more than kMaxReferences.
void AddReference(std::string_view address, Origin origin, std::vector<Told>& into);
/// Adds a "CWE-79" unless it is there; other words ("NVD-CWE-noinfo") say nothing.
void AddWeakness(std::string_view name, Origin origin, std::vector<Told>& into);

/// The update that an address of Microsoft's is about, "KB5012170", in each form that its pages have had: …/kb/NNN, …/help/NNN, …/topic/kbNNN-…,
/// …?q=KBNNN, …?kbid=NNN; "" for any other address.
std::string PatchOfAddress(std::string_view address);
/// Adds the updates that the references name, when the record is of Microsoft.
void AddFixingPatches(bool is_of_microsoft, Origin origin, Vulnerability& record);
/// Whether any criterion of the record names a product of Microsoft as vulnerable.
bool ConcernsMicrosoft(const Vulnerability& record);

}  // namespace opsteward::vuln
