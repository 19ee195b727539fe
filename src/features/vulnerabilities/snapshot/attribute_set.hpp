// The attributes of a match string beside part, vendor and product that few match strings set.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::vuln {

/// Version (where it is a pattern), update, edition, language, sw_edition, target_sw, target_hw, other: components, "*" where any will do.
struct AttributeSet {
    static constexpr std::array<cpe::Attribute, 8> kAttributes{
        cpe::Attribute::kVersion,   cpe::Attribute::kUpdate,   cpe::Attribute::kEdition,  cpe::Attribute::kLanguage,
        cpe::Attribute::kSwEdition, cpe::Attribute::kTargetSw, cpe::Attribute::kTargetHw, cpe::Attribute::kOther};

    std::array<std::string, kAttributes.size()> components;

    AttributeSet() { components.fill("*"); }
    /// Joined by ":", which components have quoted; "" when all are "*".
    std::string Text() const;

    using Views = std::array<std::string_view, kAttributes.size()>;
    /// The components of a Text(); nothing when it is none.
    static std::optional<Views> Cut(std::string_view text);
};

}  // namespace opsteward::vuln
