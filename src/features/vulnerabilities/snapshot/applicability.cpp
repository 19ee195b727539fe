#include "features/vulnerabilities/snapshot/applicability.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/snapshot/attribute_set.hpp"

namespace opsteward::vuln {

namespace {

using cpe::Attribute;
using versions::Scheme;

/// Over it a version is no version any more, and nothing can be said of it.
constexpr std::size_t kMaxVersionBytes = 512;

std::string_view Of(const cpe::Components& components, Attribute attribute) { return components[static_cast<std::size_t>(attribute)]; }

RangeEnd At(std::string key) { return {true, false, std::move(key), {}}; }

/// A start of 2.0 takes in 2.0 with whatever update; one behind 2.0 none of them.
RangeEnd StartOf(Scheme scheme, std::string_view version, bool is_excluded) {
    if (version.empty()) return {};
    versions::KeyRange keys = versions::KeysOf(scheme, version);
    return {true, is_excluded, is_excluded ? std::move(keys.highest) : std::move(keys.lowest), std::string(version)};
}

/// An end of 2.0 takes in 2.0 with whatever update; one before 2.0 what comes before that release, as its candidates do.
RangeEnd EndOf(Scheme scheme, std::string_view version, bool is_excluded) {
    if (version.empty()) return {};
    return {true, is_excluded, is_excluded ? versions::Key(scheme, version) : versions::KeysOf(scheme, version).highest, std::string(version)};
}

void SetExactVersion(ProductRange& range, std::string_view version, std::string_view update, AttributeSet& attributes) {
    range.kind = RangeKind::kExact;
    const std::string text = cpe::Unquote(version);
    if (cpe::HasWildcard(update)) {
        versions::KeyRange keys = versions::KeysOf(range.scheme, text);
        range.low = At(std::move(keys.lowest));
        range.high = At(std::move(keys.highest));
        attributes.components[1] = update;
    } else {
        range.low = At(versions::Key(range.scheme, text, cpe::Unquote(update)));
        range.high = range.low;
    }
    range.low.text = std::string(version) + ":" + std::string(update);
}

void SetEnds(ProductRange& range, const Criterion& criterion) {
    if (criterion.start.empty() || IsVersionText(criterion.start)) {
        range.low = StartOf(range.scheme, criterion.start, criterion.excludes_start);
    } else {
        range.is_undetermined = true;
    }
    if (criterion.end.empty() || IsVersionText(criterion.end)) {
        range.high = EndOf(range.scheme, criterion.end, criterion.excludes_end);
    } else {
        range.is_undetermined = true;
    }
}

void SetVersions(ProductRange& range, const Criterion& criterion, const cpe::Components& components, AttributeSet& attributes) {
    const std::string_view version = Of(components, Attribute::kVersion);
    const std::string_view update = Of(components, Attribute::kUpdate);
    if (std::max({version.size(), update.size(), criterion.start.size(), criterion.end.size()}) > kMaxVersionBytes) {
        range.is_undetermined = true;
        return;
    }
    if (!criterion.start.empty() || !criterion.end.empty()) {
        range.kind = !criterion.start.empty() && !criterion.end.empty() ? RangeKind::kBetween : RangeKind::kOpenEnded;
        SetEnds(range, criterion);
        attributes.components[1] = update;
    } else if (version == "-") {
        range.kind = RangeKind::kNoVersion;
        attributes.components[1] = update;
    } else if (version == "*") {
        attributes.components[1] = update;
    } else if (cpe::HasWildcard(version)) {
        range.kind = RangeKind::kPattern;
        attributes.components[0] = version;
        attributes.components[1] = update;
    } else {
        SetExactVersion(range, version, update, attributes);
    }
}

/// Most names are canonical as NVD writes them, and are used as they stand.
class CanonicalComponents {
  public:
    explicit CanonicalComponents(const std::string& text) {
        const bool is_plain = std::ranges::none_of(text, [](char c) { return c == '\\' || (c >= 'A' && c <= 'Z'); });
        if (is_plain) {
            components_ = cpe::SplitFormattedString(text);
            return;
        }
        auto name = cpe::Name::Parse(text);
        if (!name || !text.starts_with("cpe:2.3:")) return;
        canonical_ = name->FormattedString();
        components_ = cpe::SplitFormattedString(canonical_);
    }
    const std::optional<cpe::Components>& operator*() const { return components_; }

  private:
    std::string canonical_;
    std::optional<cpe::Components> components_;
};

std::uint32_t PartBit(std::string_view part) {
    if (part == "a") return LeafEntry::kApplication;
    if (part == "o") return LeafEntry::kOperatingSystem;
    if (part == "h") return LeafEntry::kHardware;
    return LeafEntry::kUntold;
}

class Deriver {
  public:
    explicit Deriver(const Vulnerability& record) : record_(record) {}

    Applicability Run() {
        for (const Configuration& configuration : record_.configurations) {
            if (IsPlain(configuration)) {
                AddPlain(configuration);
            } else {
                AddExpression(configuration);
            }
        }
        for (const AffectedPackage& package : record_.packages) AddPackage(package);
        return std::move(result_);
    }

  private:
    /// Each of its criteria decides alone.
    static bool IsPlain(const Configuration& configuration) {
        if (configuration.is_negated || (configuration.needs_all && configuration.nodes.size() > 1)) return false;
        return std::ranges::none_of(configuration.nodes, [](const Node& node) { return node.is_negated || (node.needs_all && node.criteria.size() > 1); });
    }

    void AddPlain(const Configuration& configuration) {
        for (const Node& node : configuration.nodes) {
            for (const Criterion& criterion : node.criteria) {
                // Where nothing else is needed, what is not vulnerable says nothing.
                if (criterion.is_vulnerable) AddCriterion(criterion, std::nullopt);
            }
        }
    }

    void AddExpression(const Configuration& configuration) {
        const auto number = static_cast<std::uint32_t>(result_.configurations.size());
        const std::uint32_t flags =
            (configuration.needs_all ? ConfigurationEntry::kNeedsAll : 0U) | (configuration.is_negated ? ConfigurationEntry::kNegated : 0U);
        result_.configurations.push_back(
            {0, static_cast<std::uint32_t>(result_.nodes.size()), static_cast<std::uint32_t>(configuration.nodes.size()), flags});
        for (const Node& node : configuration.nodes) AddNode(node, number);
    }

    void AddNode(const Node& node, std::uint32_t configuration) {
        const auto number = static_cast<std::uint32_t>(result_.nodes.size());
        const auto first_leaf = static_cast<std::uint32_t>(result_.leaves.size());
        const bool has_leaf_for_each = node.needs_all && !node.criteria.empty();
        const auto leaves = has_leaf_for_each ? static_cast<std::uint32_t>(node.criteria.size()) : 1U;
        result_.nodes.push_back({first_leaf, leaves, node.is_negated ? ConfigurationEntry::kNegated : 0U});
        result_.leaves.insert(result_.leaves.end(), leaves, LeafEntry{number, configuration, 0});
        if (node.criteria.empty()) result_.leaves.back().parts = LeafEntry::kUntold;
        std::uint32_t leaf = first_leaf;
        for (const Criterion& criterion : node.criteria) {
            AddCriterion(criterion, leaf);
            if (has_leaf_for_each) ++leaf;
        }
    }

    void AddCriterion(const Criterion& criterion, std::optional<std::uint32_t> leaf) {
        const CanonicalComponents canonical(criterion.cpe);
        if (!*canonical) {
            ++result_.odd_criteria;
            if (leaf) result_.leaves[*leaf].parts |= LeafEntry::kUntold;
            return;
        }
        const cpe::Components& components = **canonical;
        const std::string_view part = Of(components, Attribute::kPart);
        if (leaf) result_.leaves[*leaf].parts |= PartBit(part);
        ProductRange range;
        range.product = KeyOfProduct(part, Of(components, Attribute::kVendor), Of(components, Attribute::kProduct));
        AttributeSet attributes;
        for (std::size_t i = 2; i < AttributeSet::kAttributes.size(); ++i) attributes.components[i] = Of(components, AttributeSet::kAttributes[i]);
        SetVersions(range, criterion, components, attributes);
        range.is_vulnerable = criterion.is_vulnerable;
        range.attributes = attributes.Text();
        range.has_leaf = leaf.has_value();
        range.leaf = leaf.value_or(0);
        result_.ranges.push_back(std::move(range));
    }

    void AddPackage(const AffectedPackage& package) {
        ProductRange range;
        range.product = KeyOfPackage(package.ecosystem, package.name);
        range.scheme = SchemeOfEcosystem(package.ecosystem);
        range.is_undetermined = package.is_undetermined;
        if (std::max(package.start.size(), package.end.size()) > kMaxVersionBytes) {
            range.is_undetermined = true;
        } else {
            range.low = StartOf(range.scheme, package.start, false);
            range.high = EndOf(range.scheme, package.end, package.excludes_end);
            const bool is_exact = range.low.is_given && package.start == package.end && !package.excludes_end;
            range.kind = is_exact                                        ? RangeKind::kExact
                         : range.low.is_given && range.high.is_given     ? RangeKind::kBetween
                         : range.low.is_given || range.high.is_given     ? RangeKind::kOpenEnded
                                                                         : RangeKind::kAnyVersion;
        }
        result_.ranges.push_back(std::move(range));
    }

    const Vulnerability& record_;
    Applicability result_;
};

}  // namespace

Applicability ApplicabilityOf(const Vulnerability& record) { return Deriver(record).Run(); }

bool IsVersionText(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_hex = [&](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
    if (text.find('/') != std::string_view::npos || std::ranges::none_of(text, is_digit)) return text == "-";
    constexpr std::size_t kCommitDigits = 12;  // git's own abbreviation of kernel commits, and all 40
    return text.size() < kCommitDigits || !std::ranges::all_of(text, is_hex) || std::ranges::all_of(text, is_digit);
}

std::string KeyOfProduct(std::string_view part, std::string_view vendor, std::string_view product) {
    std::string key;
    key.reserve(part.size() + vendor.size() + product.size() + 2);
    key += part;
    key += ':';
    key += vendor;
    key += ':';
    key += product;
    return key;
}

std::string KeyOfPackage(std::string_view ecosystem, std::string_view name) {
    std::string key = "pkg\n";
    key += ecosystem;
    key += '\n';
    key += name;
    return key;
}

Scheme SchemeOfEcosystem(std::string_view ecosystem) {
    const std::string_view system = ecosystem.substr(0, ecosystem.find(':'));
    for (const std::string_view name : {"Debian", "Ubuntu"}) {
        if (system == name) return Scheme::kDpkg;
    }
    for (const std::string_view name : {"Rocky Linux", "AlmaLinux", "Red Hat", "SUSE", "openSUSE", "Mageia", "Photon OS", "openEuler", "Azure Linux"}) {
        if (system == name) return Scheme::kRpm;
    }
    return Scheme::kGeneric;
}

}  // namespace opsteward::vuln
