// One line of an inventory: a JSON object for one machine (docs/formats/vans.md).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/vans/fault.hpp"

namespace opsteward::vans {

inline constexpr std::size_t kMaxLineBytes = 64U << 20U;
inline constexpr std::size_t kMaxSoftware = 100'000;     ///< of one machine
inline constexpr std::size_t kMaxTextCharacters = 1024;  ///< of a value

/// Texts are trimmed; what is not given is empty.
struct Software {
    std::string where;  ///< "os" or "packages[3]"
    std::string name;
    std::string version;
    std::string publisher;
    std::string cpe;        ///< in canonical form
    std::string cpe_title;
    bool is_hardware = false;
};

struct HostLine {
    std::string host;
    std::string permanent_id;  ///< `host` where none is given
    std::string oid;
    std::string org_name;
    std::string group;
    std::vector<Software> software;  ///< the operating system first
};

/// Adds everything that is wrong to `faults`; what it gives is whole when it added nothing. Nothing at all when the line is no JSON object.
std::optional<HostLine> ReadInventoryLine(std::string_view text, std::size_t line, FaultList& faults);

/// Dotted decimal numbers, two or more, without leading zeros (ITU-T X.660; the first is 0, 1 or 2).
bool IsOid(std::string_view text);
/// Whether a text can stand in every format: valid UTF-8, at most kMaxTextCharacters, no control characters and none that XML does not know.
bool IsWritable(std::string_view text);

}  // namespace opsteward::vans
