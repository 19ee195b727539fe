// Scores of CVSS vectors: "A Complete Guide to the Common Vulnerability Scoring System Version 2.0" (section 3.2), and the specification documents of
// FIRST for 3.0 (section 8), 3.1 (section 7 and appendix A) and 4.0 (section 8). CVSS is owned by FIRST and used by permission.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/language.hpp"
#include "base/result.hpp"

namespace opsteward::cvss {

enum class Version : std::uint8_t { k20, k30, k31, k40 };
/// "2.0", "3.0", "3.1" or "4.0".
std::string_view NameOf(Version version);

/// Longer texts are no vectors.
inline constexpr std::size_t kMaxVectorBytes = 1024;

/// What a vector says: for each metric of its version (metrics.hpp) the place of its value, or 0 where it is not defined. Made by Parse.
struct Vector {
    Version version = Version::k20;
    std::array<std::uint8_t, 32> values{};

    bool operator==(const Vector&) const = default;
};

/// Reads a vector. 3.x and 4.0 begin with "CVSS:3.0/" and so on; 2.0 may, and may stand in parentheses. The metrics of 2.0 and 3.x may come in any order,
/// those of 4.0 only in that of the specification. kInvalidInput names the metric that is wrong, missing, doubled or out of its order.
Result<Vector> Parse(std::string_view text);

/// Tenths: 98 is 9.8. The scores with threat and environment are there when a metric of theirs is defined.
struct Scores {
    int base_tenths = 0;
    std::optional<int> temporal_tenths;       ///< 4.0: base and threat metrics (CVSS-BT)
    std::optional<int> environmental_tenths;  ///< with the temporal ones; 4.0: of all metrics (CVSS-BE or CVSS-BTE)

    /// Of all that the vector says.
    int overall_tenths() const { return environmental_tenths.value_or(temporal_tenths.value_or(base_tenths)); }
    bool operator==(const Scores&) const = default;
};
Scores Score(const Vector& vector);

/// The base score of the vector in a text; nothing where Parse gives an error. Takes no memory: feeds hold hundreds of thousands.
std::optional<int> BaseScoreTenths(std::string_view text);

enum class Severity : std::uint8_t { kNone, kLow, kMedium, kHigh, kCritical };
/// By the scale of the version: 2.0 (NVD's) knows low, medium and high, the others (3.x section 5, 4.0 section 6) also none for 0.0 and critical from 9.0 on.
Severity SeverityOf(Version version, int tenths);
/// "NONE", "LOW", "MEDIUM", "HIGH", "CRITICAL".
std::string_view NameOf(Severity severity);
Phrase WordsOf(Severity severity);

}  // namespace opsteward::cvss
