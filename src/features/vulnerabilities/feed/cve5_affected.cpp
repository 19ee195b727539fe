#include "features/vulnerabilities/feed/cve5_affected.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/feed/cve5_versions.hpp"
#include "features/vulnerabilities/feed/record_parts.hpp"
#include "versions/version.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kMaxCriteria = 50'000;     // of a container
constexpr std::size_t kMaxComparisons = 500'000;  // likewise; a name with a number of its own is compared with each span
constexpr std::size_t kMaxNameBytes = 1000;
constexpr std::string_view kRedHatPackages = "https://access.redhat.com/";

struct Product {
    std::vector<std::string> cpes;
    std::vector<VersionEntry> versions;
    std::string package;
    std::string collection;
    bool is_affected_by_default = false;
    bool lists_commits = false;
};

Product ReadProduct(Json value, std::uint64_t& odd) {
    Product product;
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "cpes") {
            ForElements(member, odd, [&](Json element) {
                const auto text = AsText(element, odd);
                if (text && text->size() <= kMaxNameBytes) {
                    product.cpes.push_back(CleanText(*text));
                } else if (text) {
                    ++odd;
                }
            });
        } else if (key == "versions") {
            ForElements(member, odd, [&](Json element) {
                VersionEntry entry = ReadVersionEntry(element, odd);
                if (IsTooLong(entry)) {
                    ++odd;
                } else if (IsNoNumber(entry)) {
                    product.lists_commits = true;
                } else {
                    product.versions.push_back(std::move(entry));
                }
            });
        } else if (key == "defaultStatus") {
            product.is_affected_by_default = AsText(member, odd).value_or("") == "affected";
        } else if (key == "packageName") {
            TakeText(member, product.package, odd);
        } else if (key == "collectionURL") {
            TakeText(member, product.collection, odd);
        }
    });
    return product;
}

/// The criteria of one container, each once.
class Criteria {
  public:
    explicit Criteria(std::uint64_t& odd) : odd_(odd) {}

    void Add(const cpe::Name& name, const VersionSpan& span = {}) {
        Criterion criterion{name.FormattedString(), span.start, span.end, span.excludes_start, span.excludes_end, true};
        std::string key = fmt::format("{}\n{}\n{}\n{}{}", criterion.cpe, span.start, span.end, span.excludes_start, span.excludes_end);
        if (!seen_.insert(std::move(key)).second) return;
        node_.criteria.push_back(std::move(criterion));
    }
    /// False, and counted, when the container asks for more work than any real one.
    bool Spend(std::size_t comparisons) {
        if (comparisons > comparisons_left_ || node_.criteria.size() >= kMaxCriteria) {
            ++odd_;
            return false;
        }
        comparisons_left_ -= comparisons;
        return true;
    }
    Node Take() { return std::move(node_); }

  private:
    std::uint64_t& odd_;
    Node node_;
    std::unordered_set<std::string> seen_;
    std::size_t comparisons_left_ = kMaxComparisons;
};

void AddSpan(cpe::Name name, const VersionSpan& span, bool replaces_number, Criteria& criteria) {
    if (replaces_number) name.SetComponent(cpe::Attribute::kUpdate, "*");
    if (span.is_single()) {
        name.SetLiteral(cpe::Attribute::kVersion, span.start);
        criteria.Add(name);
    } else {
        name.SetComponent(cpe::Attribute::kVersion, "*");
        criteria.Add(name, span);
    }
}

/// Whether a number that stands in a CPE name is of the same count as the span's: not the 1809 of "windows_10:1809", whose builds are 10.0.17763.….
bool IsOfSameCount(const std::string& number, const VersionSpan& span) {
    const auto compare = [&](const std::string& end) { return versions::Compare(versions::Scheme::kGeneric, number, end); };
    if (span.is_whole()) return false;
    if (span.start.starts_with(number + ".")) return true;
    return (span.start.empty() || compare(span.start) >= 0) && (span.end.empty() || compare(span.end) <= 0);
}

/// A CPE name of a product stands for its versions: any that are listed when it has none itself; else it may be one of several that list the same versions
/// again, or name a branch that has a count of its own.
void AddName(const cpe::Name& name, const std::vector<VersionSpan>& spans, Criteria& criteria) {
    const std::string& version = name[cpe::Attribute::kVersion];
    const bool has_number = version != "*" && version != "-";
    const bool is_device = version == "-" && name[cpe::Attribute::kPart] == "h";  // the versions are of what runs on it
    const std::string number = has_number ? cpe::Unquote(version) : "";
    const bool is_whole = std::ranges::any_of(spans, &VersionSpan::is_whole);
    const bool is_other_count = has_number && std::ranges::none_of(spans, [&](const VersionSpan& span) { return IsOfSameCount(number, span); });
    if (is_whole || is_device || is_other_count) {
        criteria.Add(name);
        return;
    }
    for (const VersionSpan& span : spans) {
        if (span.is_single() && span.start == number) {
            criteria.Add(name);
        } else {
            AddSpan(name, span, has_number, criteria);
        }
    }
}

void AddProduct(const Product& product, Criteria& criteria, std::uint64_t& odd) {
    if (product.versions.empty() && product.lists_commits) return;
    const auto spans = AffectedSpans(product.versions, product.is_affected_by_default);
    if (spans.empty()) return;
    for (const std::string& text : product.cpes) {
        if (!criteria.Spend(spans.size())) return;
        const auto name = cpe::Name::Parse(text);
        if (name.ok()) {
            AddName(*name, spans, criteria);
        } else {
            ++odd;
        }
    }
}

/// "cpe:/o:redhat:enterprise_linux:9::baseos" is the ecosystem "Red Hat:enterprise_linux:9::baseos" (OSV schema, defined ecosystems).
void AddRedHatPackage(const Product& product, Origin origin, Vulnerability& record, std::uint64_t& odd) {
    const auto spans = AffectedSpans(product.versions, product.is_affected_by_default);
    for (const std::string& text : product.cpes) {
        const bool is_redhats = text.starts_with("cpe:/o:redhat:") || text.starts_with("cpe:/a:redhat:");
        for (const VersionSpan& span : spans) {
            if (!is_redhats || span.excludes_start || record.packages.size() >= kMaxCriteria) {
                ++odd;
                continue;
            }
            record.packages.push_back({origin, "Red Hat:" + text.substr(14), product.package, span.start, span.end, span.end.empty() || span.excludes_end, false, {}});
        }
    }
}

}  // namespace

void ReadAffected(Json list, Origin origin, Vulnerability& record, std::uint64_t& odd) {
    Criteria criteria(odd);
    ForElements(list, odd, [&](Json element) {
        const Product product = ReadProduct(element, odd);
        if (product.package.size() > kMaxNameBytes) {
            ++odd;
        } else if (!product.package.empty() && product.collection.starts_with(kRedHatPackages)) {
            AddRedHatPackage(product, origin, record, odd);
        } else {
            AddProduct(product, criteria, odd);
        }
    });
    Node node = criteria.Take();
    if (node.criteria.empty()) return;
    Configuration& configuration = record.configurations.emplace_back();
    configuration.origin = origin;
    configuration.nodes.push_back(std::move(node));
}

}  // namespace opsteward::vuln
