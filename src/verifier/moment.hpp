// Times as people here read them: in UTC, and by the Taipei clock with Minguo years (Gregorian year - 1911).
#pragma once

#include <cstdint>
#include <string>

#include "verifier/text.hpp"

namespace opsteward::verifier {

/// 2026-11-24T12:00:00.000Z; "N ms" for what lies outside the years 1 to 9999. `moment` is in milliseconds since 1970-01-01T00:00:00Z.
std::string InUtc(std::int64_t moment);
/// 民國115年11月24日 20:00:00 and 115.11.24 20:00:00. Taipei has been at UTC+8 since 1980.
Text InTaipei(std::int64_t moment);

}  // namespace opsteward::verifier
