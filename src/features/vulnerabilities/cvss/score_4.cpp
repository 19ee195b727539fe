// CVSS 4.0, section 8 of the specification: the vector belongs to a MacroVector, whose score is that of its most severe vectors; from it the mean is taken
// off of what the vector lies away from them in each equivalence class, measured by what there is to the next lower MacroVector.
//
// The most severe vectors of a MacroVector are all of the same number of steps (a metric's step is the place of its value, from the worst), and each vector
// of it lies below at least one of them, so that the distance is a difference of two sums, whichever of them it is taken from.
#include <algorithm>
#include <utility>

#include "features/vulnerabilities/cvss/macro_scores.hpp"
#include "features/vulnerabilities/cvss/metrics.hpp"
#include "features/vulnerabilities/cvss/scoring.hpp"

namespace opsteward::cvss {
namespace {

// Places of values.
constexpr std::uint8_t kWorst = 1;  ///< N of AV, PR, UI, AT; L of AC; H of impacts and requirements; A of E
constexpr std::uint8_t kPhysical = 4;
constexpr std::uint8_t kNoImpact = 3;
constexpr std::uint8_t kSafety = 4;

/// What counts of a vector: modified values over base values, and the worst for what is not defined.
struct Effective {
    const Vector& vector;
    Counted4 counted;

    std::uint8_t Base(Metric4 metric, Metric4 modified) const {
        const std::uint8_t changed = counted.environment ? vector.values[modified] : 0;
        return changed != 0 ? changed : vector.values[metric];
    }
    std::uint8_t Requirement(Metric4 metric) const { return counted.environment ? std::max(vector.values[metric], kWorst) : kWorst; }
    std::uint8_t Threat() const { return counted.threat ? std::max(vector.values[kE4], kWorst) : kWorst; }
};

/// The level of an equivalence class (EQ3 and EQ6 are taken together) and how many steps the vector lies below its most severe ones.
struct Standing {
    int level = 0;
    int steps = 0;
};

Standing FirstClass(const Effective& effective) {
    const int vector = effective.Base(kAV4, kMAV4);
    const int privileges = effective.Base(kPR4, kMPR4);
    const int interaction = effective.Base(kUI4, kMUI4);
    const int steps = vector + privileges + interaction - 3 * kWorst;
    if (steps == 0) return {0, 0};
    const bool has_worst = vector == kWorst || privileges == kWorst || interaction == kWorst;
    return has_worst && vector != kPhysical ? Standing{1, steps - 1} : Standing{2, steps - 3};
}

Standing SecondClass(const Effective& effective) {
    const int steps = effective.Base(kAC4, kMAC4) + effective.Base(kAT4, kMAT4) - 2 * kWorst;
    return steps == 0 ? Standing{0, 0} : Standing{1, steps - 1};
}

/// The level is one of BothLevel.
Standing ThirdAndSixthClass(const Effective& effective) {
    const std::array<int, 3> impacts{effective.Base(kVC4, kMVC4), effective.Base(kVI4, kMVI4), effective.Base(kVA4, kMVA4)};
    const std::array<int, 3> required{effective.Requirement(kCR4), effective.Requirement(kIR4), effective.Requirement(kAR4)};
    int steps = 0;
    bool has_high = false;
    bool hits_what_is_required = false;
    for (std::size_t i = 0; i < impacts.size(); ++i) {
        steps += impacts[i] + required[i] - 2 * kWorst;
        has_high = has_high || impacts[i] == kWorst;
        hits_what_is_required = hits_what_is_required || (impacts[i] == kWorst && required[i] == kWorst);
    }
    if (!has_high) return {kBoth21, steps - 3};
    if (impacts[0] == kWorst && impacts[1] == kWorst) return hits_what_is_required ? Standing{kBoth00, steps} : Standing{kBoth01, steps - 3};
    return hits_what_is_required ? Standing{kBoth10, steps - 1} : Standing{kBoth11, steps - 3};
}

Standing FourthClass(const Effective& effective) {
    int steps = 0;
    bool has_safety = false;
    bool has_high = false;
    for (const auto& [metric, modified] : {std::pair{kSC4, kMSC4}, std::pair{kSI4, kMSI4}, std::pair{kSA4, kMSA4}}) {
        const int value = effective.Base(metric, modified);
        steps += value == kSafety ? 0 : value;
        has_safety = has_safety || value == kSafety;
        has_high = has_high || value == kWorst;
    }
    if (has_safety) return {0, steps - 1};
    return has_high ? Standing{1, steps - 3} : Standing{2, steps - 6};
}

bool HasNoImpact(const Effective& effective) {
    return effective.Base(kVC4, kMVC4) == kNoImpact && effective.Base(kVI4, kMVI4) == kNoImpact && effective.Base(kVA4, kMVA4) == kNoImpact &&
           effective.Base(kSC4, kMSC4) == kNoImpact && effective.Base(kSI4, kMSI4) == kNoImpact && effective.Base(kSA4, kMSA4) == kNoImpact;
}

// How many steps there are in a MacroVector of each level, one more for the way to the next.
constexpr std::array<int, 3> kDepth1{1, 4, 5};
constexpr std::array<int, 2> kDepth2{1, 2};
constexpr std::array<int, 5> kDepth36{7, 6, 8, 8, 10};  // by BothLevel
constexpr std::array<int, 3> kDepth4{6, 5, 4};
constexpr int kCommon = 840;  ///< the least number that all of them divide

/// Adds up what is taken off, in parts of kCommon.
struct Descent {
    int score;  ///< tenths, of the MacroVector
    int sum = 0;
    int classes = 0;

    void Add(int lower_score, int steps, int depth) {
        sum += (score - lower_score) * steps * (kCommon / depth);
        ++classes;
    }
};

/// Of EQ3 and EQ6: the higher one, where two ways lead down. Precondition: `level` is not the lowest.
int LowerOfBoth(MacroVector macro) {
    const auto at = [&macro](int level) {
        macro.both = level;
        return MacroScore(macro);
    };
    switch (macro.both) {
        case kBoth00: return std::max(at(kBoth01), at(kBoth10));
        case kBoth11: return at(kBoth21);
        default: return at(kBoth11);
    }
}

/// The score of the next lower level in one class.
int Lower(MacroVector macro, int MacroVector::*level) {
    ++(macro.*level);
    return MacroScore(macro);
}

}  // namespace

int Score4(const Vector& vector, Counted4 counted) {
    const Effective effective{vector, counted};
    if (HasNoImpact(effective)) return 0;
    const Standing first = FirstClass(effective);
    const Standing second = SecondClass(effective);
    const Standing both = ThirdAndSixthClass(effective);
    const Standing fourth = FourthClass(effective);
    const MacroVector macro{first.level, second.level, both.level, fourth.level, effective.Threat() - kWorst};
    Descent descent{MacroScore(macro)};
    if (macro.first < 2) descent.Add(Lower(macro, &MacroVector::first), first.steps, kDepth1[first.level]);
    if (macro.second < 1) descent.Add(Lower(macro, &MacroVector::second), second.steps, kDepth2[second.level]);
    if (macro.both < kBoth21) descent.Add(LowerOfBoth(macro), both.steps, kDepth36[both.level]);
    if (macro.fourth < 2) descent.Add(Lower(macro, &MacroVector::fourth), fourth.steps, kDepth4[fourth.level]);
    if (macro.fifth < 2) descent.Add(Lower(macro, &MacroVector::fifth), 0, 1);  // its levels have one step each
    if (descent.classes == 0) return descent.score;
    const int unit = kCommon * descent.classes;
    return std::clamp((2 * (descent.score * unit - descent.sum) + unit) / (2 * unit), 0, 100);  // a half goes up
}

}  // namespace opsteward::cvss
