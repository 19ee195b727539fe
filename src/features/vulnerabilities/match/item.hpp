// A thing that may be vulnerable, as products of a snapshot are looked up and versions compared.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/snapshot/attribute_set.hpp"
#include "versions/version.hpp"

namespace opsteward::vuln {

struct Item {
    enum class Version : std::uint8_t {
        kKnown,
        kUnknown,  ///< ANY: it has one, which nobody wrote down
        kNone,     ///< NA
    };

    std::string product;  ///< KeyOfProduct or KeyOfPackage
    Version version = Version::kUnknown;
    std::string key;  ///< of the version; "" unless it is known
    /// In the order of AttributeSet. An update that the inventory does not tell is none; of the others "*" is not known.
    std::array<std::string, AttributeSet::kAttributes.size()> attributes;
    std::vector<std::string_view> target_sw;  ///< what fits, where its own attribute does not say; empty: not known
    std::uint8_t max_confidence = 100;
    bool is_platform = false;      ///< no finding is about it: it is only what others run on
    bool is_release_only = false;  ///< the version is that of a release, and says nothing of what was patched since

    bool operator==(const Item&) const = default;
};

/// Of a CPE name; its own version counts, and `version` where it has none.
Item ItemOfName(const cpe::Name& name, std::string_view version = {});
/// Of a package of an ecosystem.
Item ItemOfPackage(std::string_view ecosystem, std::string_view name, std::string_view version);

}  // namespace opsteward::vuln
