// The order of Debian package versions by deb-version(7), read off the texts themselves: for a single comparison, and what the keys are held against.
#pragma once

#include <compare>
#include <string_view>

namespace opsteward::versions {

/// The three parts of `[epoch:]upstream[-revision]`; empty where missing. An epoch that is no number is taken as part of the upstream version.
struct DpkgParts {
    std::string_view epoch;
    std::string_view upstream;
    std::string_view revision;
};
DpkgParts SplitDpkgVersion(std::string_view version);

/// Place of a character among those that are no digits: '~' (-1) before the end and the digits (0), then letters, then the rest.
int DpkgPlace(char c);

/// Never fails: a text that is no proper version still has its place, by the same rules.
std::strong_ordering CompareDpkg(std::string_view a, std::string_view b);

}  // namespace opsteward::versions
