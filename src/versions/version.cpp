#include "versions/version.hpp"

#include "versions/dpkg_order.hpp"
#include "versions/schemes.hpp"

namespace opsteward::versions {

std::optional<Scheme> SchemeNamed(std::string_view name) {
    if (name == "generic") return Scheme::kGeneric;
    if (name == "dpkg") return Scheme::kDpkg;
    if (name == "rpm") return Scheme::kRpm;
    if (name == "windows") return Scheme::kWindowsBuild;
    return std::nullopt;
}

std::string Key(Scheme scheme, std::string_view version, std::string_view update) {
    switch (scheme) {
        case Scheme::kDpkg: return DpkgKey(version);
        case Scheme::kRpm: return RpmKey(version);
        case Scheme::kWindowsBuild: return WindowsBuildKey(version);
        case Scheme::kGeneric: break;
    }
    return GenericKey(version, update);
}

KeyRange KeysOf(Scheme scheme, std::string_view version) {
    if (scheme == Scheme::kGeneric) return GenericKeys(version);
    const std::string key = Key(scheme, version);
    return {key, key};
}

std::strong_ordering Compare(Scheme scheme, std::string_view a, std::string_view b) {
    if (scheme == Scheme::kDpkg) return CompareDpkg(a, b);  // the same order without memory
    return Key(scheme, a) <=> Key(scheme, b);
}

}  // namespace opsteward::versions
