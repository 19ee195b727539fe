// The metrics of each version, in the order of its vector strings, and what each may say.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "features/vulnerabilities/cvss/cvss.hpp"

namespace opsteward::cvss {

/// A value is known by its place in `values`, counted from 1. Values stand from the worst to the mildest or as the specification lists them.
struct Metric {
    std::string_view name;
    std::array<std::string_view, 5> values;
};

/// First the base metrics, which a vector must have, then those of threat (before 4.0 temporal), then the environmental and the supplemental ones.
struct MetricList {
    std::span<const Metric> metrics;
    std::string_view undefined;  ///< the value that says no more than leaving the metric out, which base metrics do not have
    std::uint8_t first_threat = 0;
    std::uint8_t first_environmental = 0;
    std::uint8_t first_supplemental = 0;
    bool is_ordered = false;
};
const MetricList& MetricsOf(Version version);

// The places of the metrics in their lists.
enum Metric2 : std::uint8_t { kAV2, kAC2, kAu2, kC2, kI2, kA2, kE2, kRL2, kRC2, kCDP2, kTD2, kCR2, kIR2, kAR2, kCount2 };
enum Metric3 : std::uint8_t {
    kAV3, kAC3, kPR3, kUI3, kS3, kC3, kI3, kA3, kE3, kRL3, kRC3, kCR3, kIR3, kAR3, kMAV3, kMAC3, kMPR3, kMUI3, kMS3, kMC3, kMI3, kMA3, kCount3,
};
enum Metric4 : std::uint8_t {
    kAV4, kAC4, kAT4, kPR4, kUI4, kVC4, kVI4, kVA4, kSC4, kSI4, kSA4, kE4, kCR4, kIR4, kAR4, kMAV4, kMAC4, kMAT4, kMPR4, kMUI4, kMVC4, kMVI4, kMVA4,
    kMSC4, kMSI4, kMSA4, kS4, kAU4, kR4, kV4, kRE4, kU4, kCount4,
};

}  // namespace opsteward::cvss
