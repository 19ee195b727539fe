// The names of the operating system, from os-release(5).
#pragma once

#include <string>
#include <string_view>

namespace opsteward::inventory::host {

/// Empty where the file does not say; `id` is then "linux", as os-release(5) sets it.
struct OsRelease {
    std::string id;        ///< "debian"
    std::string name;      ///< PRETTY_NAME, else NAME
    std::string version;   ///< VERSION_ID
    std::string codename;  ///< VERSION_CODENAME
};

OsRelease ParseOsRelease(std::string_view text);

}  // namespace opsteward::inventory::host
