#include "features/vulnerabilities/cvss/metrics.hpp"

namespace opsteward::cvss {
namespace {

// Guide to CVSS 2.0, sections 2.1 to 2.4.
constexpr std::array<Metric, kCount2> kMetrics2{{
    {"AV", {"L", "A", "N"}},
    {"AC", {"H", "M", "L"}},
    {"Au", {"M", "S", "N"}},
    {"C", {"N", "P", "C"}},
    {"I", {"N", "P", "C"}},
    {"A", {"N", "P", "C"}},
    {"E", {"U", "POC", "F", "H"}},
    {"RL", {"OF", "TF", "W", "U"}},
    {"RC", {"UC", "UR", "C"}},
    {"CDP", {"N", "L", "LM", "MH", "H"}},
    {"TD", {"N", "L", "M", "H"}},
    {"CR", {"L", "M", "H"}},
    {"IR", {"L", "M", "H"}},
    {"AR", {"L", "M", "H"}},
}};

// Specification of CVSS 3.1, section 6; 3.0 has the same.
constexpr std::array<Metric, kCount3> kMetrics3{{
    {"AV", {"N", "A", "L", "P"}},
    {"AC", {"L", "H"}},
    {"PR", {"N", "L", "H"}},
    {"UI", {"N", "R"}},
    {"S", {"U", "C"}},
    {"C", {"H", "L", "N"}},
    {"I", {"H", "L", "N"}},
    {"A", {"H", "L", "N"}},
    {"E", {"H", "F", "P", "U"}},
    {"RL", {"U", "W", "T", "O"}},
    {"RC", {"C", "R", "U"}},
    {"CR", {"H", "M", "L"}},
    {"IR", {"H", "M", "L"}},
    {"AR", {"H", "M", "L"}},
    {"MAV", {"N", "A", "L", "P"}},
    {"MAC", {"L", "H"}},
    {"MPR", {"N", "L", "H"}},
    {"MUI", {"N", "R"}},
    {"MS", {"U", "C"}},
    {"MC", {"H", "L", "N"}},
    {"MI", {"H", "L", "N"}},
    {"MA", {"H", "L", "N"}},
}};

// Specification of CVSS 4.0, section 7. Only the modified metrics of integrity and availability of subsequent systems know safety (S); it stands last, so
// that a value has the same place in a metric and in its modification.
constexpr std::array<Metric, kCount4> kMetrics4{{
    {"AV", {"N", "A", "L", "P"}},
    {"AC", {"L", "H"}},
    {"AT", {"N", "P"}},
    {"PR", {"N", "L", "H"}},
    {"UI", {"N", "P", "A"}},
    {"VC", {"H", "L", "N"}},
    {"VI", {"H", "L", "N"}},
    {"VA", {"H", "L", "N"}},
    {"SC", {"H", "L", "N"}},
    {"SI", {"H", "L", "N"}},
    {"SA", {"H", "L", "N"}},
    {"E", {"A", "P", "U"}},
    {"CR", {"H", "M", "L"}},
    {"IR", {"H", "M", "L"}},
    {"AR", {"H", "M", "L"}},
    {"MAV", {"N", "A", "L", "P"}},
    {"MAC", {"L", "H"}},
    {"MAT", {"N", "P"}},
    {"MPR", {"N", "L", "H"}},
    {"MUI", {"N", "P", "A"}},
    {"MVC", {"H", "L", "N"}},
    {"MVI", {"H", "L", "N"}},
    {"MVA", {"H", "L", "N"}},
    {"MSC", {"H", "L", "N"}},
    {"MSI", {"H", "L", "N", "S"}},
    {"MSA", {"H", "L", "N", "S"}},
    {"S", {"N", "P"}},
    {"AU", {"N", "Y"}},
    {"R", {"A", "U", "I"}},
    {"V", {"D", "C"}},
    {"RE", {"L", "M", "H"}},
    {"U", {"Clear", "Green", "Amber", "Red"}},
}};

constexpr MetricList kList2{kMetrics2, "ND", kE2, kCDP2, kCount2, false};
constexpr MetricList kList3{kMetrics3, "X", kE3, kCR3, kCount3, false};
constexpr MetricList kList4{kMetrics4, "X", kE4, kCR4, kS4, true};

static_assert(kCount4 <= std::tuple_size_v<decltype(Vector::values)>);

}  // namespace

const MetricList& MetricsOf(Version version) {
    switch (version) {
        case Version::k20: return kList2;
        case Version::k30:
        case Version::k31: return kList3;
        case Version::k40: return kList4;
    }
    return kList2;
}

}  // namespace opsteward::cvss
