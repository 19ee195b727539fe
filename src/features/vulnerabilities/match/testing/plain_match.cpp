#include "features/vulnerabilities/match/testing/plain_match.hpp"

#include <algorithm>
#include <compare>
#include <map>
#include <optional>

#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/match/matcher.hpp"
#include "features/vulnerabilities/snapshot/applicability.hpp"

namespace opsteward::vuln::testing {

namespace {

using cpe::Attribute;
using versions::Scheme;

enum class Truth : std::uint8_t { kFalse, kUnknown, kTrue };
Truth And(Truth a, Truth b) { return std::min(a, b); }
Truth Or(Truth a, Truth b) { return std::max(a, b); }
Truth Not(Truth a) { return a == Truth::kTrue ? Truth::kFalse : a == Truth::kFalse ? Truth::kTrue : Truth::kUnknown; }

bool Takes(const std::string& source, const std::string& target) {
    const auto relation = cpe::CompareComponents(source, target);
    return relation == cpe::Relation::kEqual || relation == cpe::Relation::kSuperset;
}

bool IsPattern(const std::string& component) {
    return component != "*" && cpe::CompareComponents(component, component) == cpe::Relation::kUndefined;
}

struct Verdict {
    Truth truth = Truth::kFalse;
    std::uint8_t confidence = 0;
};

Truth AttributeTruth(Attribute attribute, const std::string& source, const Item& item, const std::string& own) {
    if (source == "*") return Truth::kTrue;
    if (attribute == Attribute::kTargetHw && own == "*" && source == "x64") return Truth::kTrue;
    if (attribute == Attribute::kTargetSw && own == "*" && !item.target_sw.empty()) {
        for (const auto word : item.target_sw) {
            if (Takes(source, std::string(word))) return Truth::kTrue;
        }
        static const std::vector<std::string> kSystems{"windows", "linux",  "linux_kernel", "macos",  "mac_os_x", "mac_os",
                                                       "mac",     "android", "iphone_os",   "ipados", "unix",     "solaris"};
        return std::ranges::find(kSystems, source) != kSystems.end() ? Truth::kFalse : Truth::kUnknown;
    }
    if (own == "*") return Truth::kUnknown;
    return Takes(source, own) ? Truth::kTrue : Truth::kFalse;
}

/// By the keys of both, compared one by one.
bool IsInRange(const Criterion& criterion, const std::string& key) {
    if (!criterion.start.empty() && IsVersionText(criterion.start)) {
        const auto keys = versions::KeysOf(Scheme::kGeneric, criterion.start);
        if (criterion.excludes_start ? key <= keys.highest : key < keys.lowest) return false;
    }
    if (!criterion.end.empty() && IsVersionText(criterion.end)) {
        if (criterion.excludes_end ? key >= versions::Key(Scheme::kGeneric, criterion.end) : key > versions::KeysOf(Scheme::kGeneric, criterion.end).highest) {
            return false;
        }
    }
    return true;
}

bool IsExact(const std::string& version, const std::string& update, const std::string& key) {
    const std::string text = cpe::Unquote(version);
    if (update == "*" || IsPattern(update)) {
        const auto keys = versions::KeysOf(Scheme::kGeneric, text);
        return keys.lowest <= key && key <= keys.highest;
    }
    return key == versions::Key(Scheme::kGeneric, text, cpe::Unquote(update));
}

using ParsedCriterion = PlainRecord::ParsedCriterion;

Verdict VerdictOf(const ParsedCriterion& parsed, const Item& item) {
    if (item.product != parsed.product) return {};
    const Criterion& criterion = *parsed.criterion;
    const cpe::Name& source = *parsed.name;
    const std::string& version = source[Attribute::kVersion];
    const std::string& update = source[Attribute::kUpdate];
    const bool has_range = !criterion.start.empty() || !criterion.end.empty();
    const bool is_known = item.version == Item::Version::kKnown;
    const std::uint8_t unknown_confidence = 10;
    Verdict verdict;
    bool update_counts = true;
    if (!has_range && version == "*") {
        verdict = {Truth::kTrue, 80};
    } else if (!has_range && version == "-") {
        verdict = item.version == Item::Version::kNone ? Verdict{Truth::kTrue, 100} : is_known ? Verdict{} : Verdict{Truth::kUnknown, unknown_confidence};
    } else if (item.version == Item::Version::kNone) {
        return {};
    } else if (!is_known) {
        verdict = {Truth::kUnknown, unknown_confidence};
        update_counts = has_range || IsPattern(version) || IsPattern(update);
    } else if (has_range) {
        const bool has_both = !criterion.start.empty() && !criterion.end.empty();
        verdict = {IsInRange(criterion, item.key) ? Truth::kTrue : Truth::kFalse, static_cast<std::uint8_t>(has_both ? 90 : 85)};
        const bool are_versions = (criterion.start.empty() || IsVersionText(criterion.start)) && (criterion.end.empty() || IsVersionText(criterion.end));
        if (!are_versions) verdict.truth = And(verdict.truth, Truth::kUnknown);
    } else if (IsPattern(version)) {
        verdict = {Takes(version, item.attributes[0]) ? Truth::kTrue : Truth::kFalse, 90};
    } else {
        verdict = {IsExact(version, update, item.key) ? Truth::kTrue : Truth::kFalse, 100};
        update_counts = IsPattern(update);  // else it is part of the key
    }
    for (std::size_t i = 1; i < AttributeSet::kAttributes.size(); ++i) {
        const Attribute attribute = AttributeSet::kAttributes[i];
        if (attribute == Attribute::kUpdate && !update_counts) continue;
        verdict.truth = And(verdict.truth, AttributeTruth(attribute, source[attribute], item, item.attributes[i]));
    }
    if (item.is_release_only && criterion.is_vulnerable) verdict.truth = And(verdict.truth, Truth::kUnknown);
    verdict.confidence = std::min(verdict.confidence, item.max_confidence);
    return verdict;
}


Truth PartTruth(const cpe::Name& name, const PlainHost& host) {
    const std::string& part = name[Attribute::kPart];
    if (part == "o") return host.knows_system ? Truth::kFalse : Truth::kUnknown;
    if (part == "h") return host.knows_hardware ? Truth::kFalse : Truth::kUnknown;
    return part == "a" ? Truth::kFalse : Truth::kUnknown;
}

/// What the host has of a criterion: the best of its items, or that it may have it unseen.
Truth CriterionTruth(const ParsedCriterion& parsed, const PlainHost& host) {
    if (!parsed.name) return Truth::kUnknown;
    Truth truth = Truth::kFalse;
    bool is_seen = false;
    for (const PlainUnit& unit : host.units) {
        for (const Item& item : unit.items) {
            const Verdict verdict = VerdictOf(parsed, item);
            is_seen = is_seen || verdict.truth != Truth::kFalse;
            truth = Or(truth, verdict.truth);
        }
    }
    return is_seen ? truth : PartTruth(*parsed.name, host);
}

bool IsSeen(const ParsedCriterion& parsed, const PlainHost& host) {
    if (!parsed.name) return false;
    return std::ranges::any_of(host.units, [&](const PlainUnit& unit) {
        return std::ranges::any_of(unit.items, [&](const Item& item) { return VerdictOf(parsed, item).truth != Truth::kFalse; });
    });
}

/// Of a node that needs one of its criteria, what is seen counts before what may be there unseen.
Truth NodeTruth(const Node& node, const std::vector<ParsedCriterion>& criteria, const PlainHost& host) {
    if (criteria.empty()) return node.is_negated ? Not(Truth::kUnknown) : Truth::kUnknown;
    Truth truth = node.needs_all ? Truth::kTrue : Truth::kFalse;
    const bool any_seen = std::ranges::any_of(criteria, [&host](const ParsedCriterion& parsed) { return IsSeen(parsed, host); });
    for (const ParsedCriterion& parsed : criteria) {
        if (!node.needs_all && any_seen && !IsSeen(parsed, host)) continue;
        const Truth one = CriterionTruth(parsed, host);
        truth = node.needs_all ? And(truth, one) : Or(truth, one);
    }
    return node.is_negated ? Not(truth) : truth;
}

bool DecidesAlone(const Configuration& configuration) {
    if (configuration.is_negated || (configuration.needs_all && configuration.nodes.size() > 1)) return false;
    return std::ranges::none_of(configuration.nodes, [](const Node& node) { return node.is_negated || (node.needs_all && node.criteria.size() > 1); });
}

}  // namespace

PlainRecord::PlainRecord(const Vulnerability& record) : record_(record) {
    for (const Configuration& configuration : record.configurations) {
        auto& nodes = configurations_.emplace_back();
        for (const Node& node : configuration.nodes) {
            auto& criteria = nodes.emplace_back();
            for (const Criterion& criterion : node.criteria) {
                const auto name = cpe::Name::Parse(criterion.cpe);
                if (name.ok()) {
                    criteria.push_back({&criterion, *name, KeyOfProduct((*name)[Attribute::kPart], (*name)[Attribute::kVendor], (*name)[Attribute::kProduct])});
                } else {
                    criteria.push_back({&criterion, std::nullopt, ""});
                }
            }
        }
    }
}

void PlainRecord::Match(const PlainHost& host, std::vector<PlainFinding>& findings) const {
    if (record_.status == Status::kRejected) return;
    // By package: the best that was found.
    std::map<std::uint32_t, std::pair<Truth, std::uint8_t>> best;
    for (std::size_t number = 0; number < configurations_.size(); ++number) {
        const Configuration& configuration = record_.configurations[number];
        const auto& nodes = configurations_[number];
        Truth whole = Truth::kTrue;
        if (!DecidesAlone(configuration)) {
            whole = configuration.needs_all ? Truth::kTrue : Truth::kFalse;
            for (std::size_t i = 0; i < nodes.size(); ++i) {
                const Truth one = NodeTruth(configuration.nodes[i], nodes[i], host);
                whole = configuration.needs_all ? And(whole, one) : Or(whole, one);
            }
            if (configuration.is_negated) whole = Not(whole);
        }
        if (whole == Truth::kFalse || configuration.is_negated) continue;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            if (configuration.nodes[i].is_negated) continue;
            for (const ParsedCriterion& parsed : nodes[i]) {
                if (!parsed.criterion->is_vulnerable || !parsed.name) continue;
                for (const PlainUnit& unit : host.units) {
                    for (const Item& item : unit.items) {
                        if (item.is_platform) continue;
                        const Verdict verdict = VerdictOf(parsed, item);
                        if (verdict.truth == Truth::kFalse) continue;
                        auto& known = best[unit.package];
                        known = std::max(known, std::pair(And(verdict.truth, whole), verdict.confidence));
                    }
                }
            }
        }
    }
    for (const auto& [package, found] : best) findings.emplace_back(package, record_.id, found.second, found.first != Truth::kTrue);
}

}  // namespace opsteward::vuln::testing
