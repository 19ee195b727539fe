// A vector string taken apart, without a word said about what is wrong: Parse says it, a feed has no use for it.
#pragma once

#include <cstdint>
#include <string_view>

#include "features/vulnerabilities/cvss/cvss.hpp"

namespace opsteward::cvss {

enum class Fault : std::uint8_t {
    kNone,
    kTooLong,
    kUnknownVersion,  ///< `part`: what stands before the first slash
    kNoPair,          ///< `part` has no colon, or nothing on one side of it
    kUnknownMetric,   ///< `part`: its name
    kUnknownValue,    ///< of `metric`; `part`: the value
    kDoubled,         ///< `metric`
    kOutOfOrder,      ///< `metric` stands behind one that comes later in the specification
    kMissing,         ///< `metric`
};

struct Finding {
    Fault fault = Fault::kNone;
    std::string_view part;    ///< of the text that was read
    std::string_view metric;  ///< its name in the specification
};

/// Fills `vector`, which is worth nothing when there is a fault.
Finding Read(std::string_view text, Vector& vector);

}  // namespace opsteward::cvss
