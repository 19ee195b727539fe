// CVSS 2.0: sections 3.2.1 to 3.2.3 of the guide. Each equation rounds to one decimal; nothing is cut below 0 but the score that is given.
#include <algorithm>

#include "features/vulnerabilities/cvss/metrics.hpp"
#include "features/vulnerabilities/cvss/scoring.hpp"
#include "features/vulnerabilities/cvss/wide.hpp"

namespace opsteward::cvss {
namespace {

// By place of the value; the first is for a metric that is not defined. Thousandths, hundredths or tenths.
constexpr std::array<int, 4> kAccessVector{0, 395, 646, 1000};
constexpr std::array<int, 4> kAccessComplexity{0, 35, 61, 71};
constexpr std::array<int, 4> kAuthentication{0, 450, 560, 704};
constexpr std::array<int, 4> kImpact{0, 0, 275, 660};
constexpr std::array<int, 5> kExploitability{100, 85, 90, 95, 100};
constexpr std::array<int, 5> kRemediation{100, 87, 90, 95, 100};
constexpr std::array<int, 4> kConfidence{100, 90, 95, 100};
constexpr std::array<int, 6> kCollateral{0, 0, 1, 3, 4, 5};
constexpr std::array<int, 5> kTargets{100, 0, 25, 75, 100};
constexpr std::array<int, 4> kRequirement{100, 50, 100, 151};

/// What is left of confidentiality and so on after the impact, as a number of 10^-5.
int Left(const Vector& vector, Metric2 impact, Metric2 requirement, bool is_adjusted) {
    const int weight = is_adjusted ? kRequirement[vector.values[requirement]] : 100;
    return 100'000 - kImpact[vector.values[impact]] * weight;
}

/// Tenths; may be below 0. Adjusted: with AdjustedImpact in place of Impact.
int BaseEquation(const Vector& vector, bool is_adjusted) {
    const Wide left = Wide{Left(vector, kC2, kCR2, is_adjusted)} * Left(vector, kI2, kIR2, is_adjusted) * Left(vector, kA2, kAR2, is_adjusted);
    Wide impact = 1041 * (PowerOfTen(15) - left);  // 10^-17
    if (impact == 0) return 0;
    if (is_adjusted) impact = std::min(impact, PowerOfTen(18));
    const Wide exploitability =  // 10^-8
        Wide{20} * kAccessVector[vector.values[kAV2]] * kAccessComplexity[vector.values[kAC2]] * kAuthentication[vector.values[kAu2]];
    const Wide sum = 6 * impact + 4 * exploitability * PowerOfTen(9) - 15 * PowerOfTen(17);  // 10^-18
    return RoundToUnit(sum * 1176, PowerOfTen(20));
}

int TemporalEquation(const Vector& vector, int base) {
    const Wide factor = Wide{kExploitability[vector.values[kE2]]} * kRemediation[vector.values[kRL2]] * kConfidence[vector.values[kRC2]];
    return RoundToUnit(base * factor, PowerOfTen(6));
}

}  // namespace

int BaseScore2(const Vector& vector) { return std::max(0, BaseEquation(vector, false)); }

int TemporalScore2(const Vector& vector) { return TemporalEquation(vector, BaseScore2(vector)); }

int EnvironmentalScore2(const Vector& vector) {
    const int temporal = TemporalEquation(vector, BaseEquation(vector, true));
    const int with_collateral = temporal * 10 + (100 - temporal) * kCollateral[vector.values[kCDP2]];
    return std::max(0, RoundToUnit(Wide{with_collateral} * kTargets[vector.values[kTD2]], 1000));
}

}  // namespace opsteward::cvss
