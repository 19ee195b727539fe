// CVSS 3.0 (section 8 of its specification) and 3.1 (section 7). Sub-scores are numbers of 10^-18. All but the power in the impact of a changed scope is
// exact; that is cut off at 10^-18, and no score of a changed scope lies nearer than 10^-7 to a step of the rounding.
#include <algorithm>

#include "features/vulnerabilities/cvss/metrics.hpp"
#include "features/vulnerabilities/cvss/scoring.hpp"
#include "features/vulnerabilities/cvss/wide.hpp"

namespace opsteward::cvss {
namespace {

constexpr Wide kOne = PowerOfTen(18);

// By place of the value, the first for a metric that is not defined. Hundredths; of a requirement halves.
constexpr std::array<int, 5> kAttackVector{0, 85, 62, 55, 20};
constexpr std::array<int, 3> kAttackComplexity{0, 77, 44};
constexpr std::array<int, 4> kPrivileges{0, 85, 62, 27};
constexpr std::array<int, 4> kPrivilegesScopeChanged{0, 85, 68, 50};
constexpr std::array<int, 3> kInteraction{0, 85, 62};
constexpr std::array<int, 4> kImpact{0, 56, 22, 0};
constexpr std::array<int, 4> kRequirement{2, 3, 2, 1};
constexpr std::array<int, 5> kMaturity{100, 100, 97, 94, 91};
constexpr std::array<int, 5> kRemediation{100, 100, 97, 96, 95};
constexpr std::array<int, 4> kConfidence{100, 100, 96, 92};
constexpr std::uint8_t kScopeChanged = 2;

/// Tenths, the smallest that are not below the value. 3.1 (appendix A) looks at five decimals only, so that what binary fractions add does not count.
int RoundUp(Version version, Wide value) {
    if (version == Version::k31) {
        const Wide five_decimals = (value + kOne / 200'000) / (kOne / 100'000);
        return static_cast<int>((five_decimals + 9'999) / 10'000);
    }
    return static_cast<int>((value + kOne / 10 - 1) / (kOne / 10));
}

Wide Times(Wide one, Wide other) { return one * other / kOne; }

Wide Power(Wide base, unsigned exponent) {
    Wide power = kOne;
    for (; exponent != 0; exponent >>= 1U) {
        if ((exponent & 1U) != 0) power = Times(power, base);
        if (exponent > 1) base = Times(base, base);
    }
    return power;
}

/// The values that a score is made of: those of the base metrics, or for the environment those that modify them where they are defined.
struct Sides {
    const Vector& vector;
    bool is_environment = false;

    std::uint8_t Value(Metric3 metric, Metric3 modified) const {
        const std::uint8_t changed = is_environment ? vector.values[modified] : 0;
        return changed != 0 ? changed : vector.values[metric];
    }
    bool IsScopeChanged() const { return Value(kS3, kMS3) == kScopeChanged; }

    int Loss(Metric3 impact, Metric3 modified, Metric3 requirement) const {
        const int weight = is_environment ? kRequirement[vector.values[requirement]] : 2;
        return kImpact[Value(impact, modified)] * weight / 2;
    }
};

Wide Exploitability(const Sides& sides) {
    const auto& privileges = sides.IsScopeChanged() ? kPrivilegesScopeChanged : kPrivileges;
    const Wide product = Wide{822} * kAttackVector[sides.Value(kAV3, kMAV3)] * kAttackComplexity[sides.Value(kAC3, kMAC3)] *
                         privileges[sides.Value(kPR3, kMPR3)] * kInteraction[sides.Value(kUI3, kMUI3)];
    return product * PowerOfTen(8);
}

/// Not above 0 where nothing is lost.
Wide Impact(const Sides& sides) {
    int loss = 1'000'000 - (100 - sides.Loss(kC3, kMC3, kCR3)) * (100 - sides.Loss(kI3, kMI3, kIR3)) * (100 - sides.Loss(kA3, kMA3, kAR3));
    if (loss == 0) return 0;
    if (sides.is_environment) loss = std::min(loss, 915'000);
    const Wide lost = loss * PowerOfTen(12);
    if (!sides.IsScopeChanged()) return lost / 100 * 642;
    const bool is_new = sides.is_environment && sides.vector.version == Version::k31;
    const Wide power = is_new ? Power(lost / 10'000 * 9'731 - kOne / 50, 13) : Power(lost - kOne / 50, 15);
    return (752 * (lost - 29 * (kOne / 1000)) - 325 * power) / 100;
}

/// Before temporal metrics.
int Combine(const Sides& sides) {
    const Wide impact = Impact(sides);
    if (impact <= 0) return 0;
    const Wide sum = impact + Exploitability(sides);
    return RoundUp(sides.vector.version, std::min(sides.IsScopeChanged() ? sum * 108 / 100 : sum, 10 * kOne));
}

int WithTemporal(const Vector& vector, int tenths) {
    const Wide factor = Wide{kMaturity[vector.values[kE3]]} * kRemediation[vector.values[kRL3]] * kConfidence[vector.values[kRC3]];  // 10^-6
    return RoundUp(vector.version, tenths * factor * PowerOfTen(11));
}

}  // namespace

int BaseScore3(const Vector& vector) { return Combine({vector, false}); }

int TemporalScore3(const Vector& vector) { return WithTemporal(vector, BaseScore3(vector)); }

int EnvironmentalScore3(const Vector& vector) { return WithTemporal(vector, Combine({vector, true})); }

}  // namespace opsteward::cvss
