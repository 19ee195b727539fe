// What a record applies to, as ranges on products: a criterion's or package's versions become keys, its configurations expressions over leaves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/record/vulnerability.hpp"
#include "features/vulnerabilities/snapshot/layout.hpp"
#include "versions/version.hpp"

namespace opsteward::vuln {

/// The end of a range of versions: none when the range goes on.
struct RangeEnd {
    bool is_given = false;
    bool is_excluded = false;
    std::string key;
    std::string text;  ///< as the source writes it (RangeTexts)
};

struct ProductRange {
    std::string product;  ///< KeyOfProduct or KeyOfPackage
    versions::Scheme scheme = versions::Scheme::kGeneric;
    RangeEnd low;
    RangeEnd high;
    RangeKind kind = RangeKind::kAnyVersion;
    bool is_vulnerable = true;
    bool is_undetermined = false;
    std::string attributes;  ///< AttributeSet::Text; "" when all are ANY
    bool has_leaf = false;
    std::uint32_t leaf = 0;  ///< number among Applicability::leaves
};

struct Applicability {
    std::vector<ProductRange> ranges;
    // Numbers in them count from the beginning of these lists.
    std::vector<ConfigurationEntry> configurations;  ///< those that more than one criterion decides; `slot` is not set
    std::vector<NodeEntry> nodes;
    std::vector<LeafEntry> leaves;
    std::uint64_t odd_criteria = 0;  ///< whose match string is none
};

Applicability ApplicabilityOf(const Vulnerability& record);

/// Some sources write a commit, an address or a word where the end of a range should stand: it has a place among versions, but the place means nothing. Such
/// an end is left out, and whether the range applies is undetermined.
bool IsVersionText(std::string_view text);

/// "a:vendor:product": canonical components.
std::string KeyOfProduct(std::string_view part, std::string_view vendor, std::string_view product);
/// "pkg\necosystem\nname".
std::string KeyOfPackage(std::string_view ecosystem, std::string_view name);
/// How versions of packages of an ecosystem are ordered.
versions::Scheme SchemeOfEcosystem(std::string_view ecosystem);

}  // namespace opsteward::vuln
