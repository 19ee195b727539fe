// Orders of version numbers, each as a key of bytes: two versions stand to each other as memcmp says of their keys. What compares many versions makes each
// key once and compares bytes, or ranks, from then on.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace opsteward::versions {

enum class Scheme : std::uint8_t {
    kGeneric = 0,       ///< as makers number their products and NVD writes it: numbers, letters, words for what comes before and after a release
    kDpkg = 1,          ///< deb-version(7)
    kRpm = 2,           ///< epoch:version-release, each part by rpmvercmp (rpm's lib/rpmvercmp)
    kWindowsBuild = 3,  ///< numbers between dots alone, missing ones are zero: 10.0.17763.2452
};

/// "generic", "dpkg", "rpm" or "windows"; nothing for another word.
std::optional<Scheme> SchemeNamed(std::string_view name);

/// Changes when the key of any version does: what stores keys stores this beside them, and makes them anew where it is another.
inline constexpr std::uint32_t kKeyRevision = 1;

/// Never fails: a text that is no proper version of the scheme still has its place. No key is the beginning of another one.
/// `update` is CPE's attribute of that name ("sp1", "rc2", "update_45"; empty for none), which kGeneric alone looks at: a version of 8.0 with update sp1 has
/// the key of "8.0 sp1".
std::string Key(Scheme scheme, std::string_view version, std::string_view update = {});

/// The keys of a version number with whatever update: Key(scheme, version, any update) lies between both, and no key of another version number does. Where
/// `version` names its update itself ("2.0-rc1"), and for schemes without updates, both are Key(scheme, version). A generic version that ends in "*", as bounds
/// of ranges now and then do ("6.2.*"), stands for all that begin so.
struct KeyRange {
    std::string lowest;
    std::string highest;
};
KeyRange KeysOf(Scheme scheme, std::string_view version);

std::strong_ordering Compare(Scheme scheme, std::string_view a, std::string_view b);

}  // namespace opsteward::versions
