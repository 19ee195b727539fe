// NISTIR 7696: how two names stand to each other.
#include <algorithm>
#include <limits>

#include "features/vulnerabilities/cpe/characters.hpp"
#include "features/vulnerabilities/cpe/name.hpp"

namespace opsteward::cpe {
namespace {

constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();

/// A value without its wildcards, and how many characters each end's wildcard takes at most.
struct Pattern {
    std::string_view core;
    std::size_t before = 0;
    std::size_t behind = 0;
};

bool IsWildcard(char c) { return KindOf(c) == Kind::kWildcard; }

/// Whether the last character is a wildcard: behind an odd number of backslashes it is quoted.
bool EndsWithWildcard(std::string_view value) {
    if (value.empty() || !IsWildcard(value.back())) return false;
    const std::size_t last_other = value.substr(0, value.size() - 1).find_last_not_of('\\');
    const std::size_t backslashes = value.size() - 1 - (last_other == std::string_view::npos ? 0 : last_other + 1);
    return backslashes % 2 == 0;
}

Pattern Dissect(std::string_view value) {
    Pattern pattern{value};
    std::string_view& core = pattern.core;
    if (core.starts_with('*')) {
        pattern.before = kUnlimited;
        core.remove_prefix(1);
    }
    for (; core.starts_with('?') && pattern.before != kUnlimited; core.remove_prefix(1)) ++pattern.before;
    if (EndsWithWildcard(core) && core.back() == '*') {
        pattern.behind = kUnlimited;
        core.remove_suffix(1);
    }
    for (; EndsWithWildcard(core) && pattern.behind != kUnlimited; core.remove_suffix(1)) ++pattern.behind;
    return pattern;
}

/// Characters of a value, a quoted one as one.
std::size_t CountCharacters(std::string_view value) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < value.size(); ++i, ++count) {
        if (value[i] == '\\') ++i;
    }
    return count;
}

/// compareStrings of section 7.3, counting a quoted character as one everywhere: the core anywhere in the target with no more before and behind than the
/// wildcards take.
bool Covers(std::string_view source, std::string_view target) {
    const Pattern pattern = Dissect(source);
    const std::size_t all = CountCharacters(target);
    const std::size_t wanted = CountCharacters(pattern.core);
    std::size_t at = 0;
    for (std::size_t before = 0; before <= pattern.before && before + wanted <= all; ++before) {
        const std::size_t behind = all - before - wanted;
        if (behind <= pattern.behind && target.substr(at).starts_with(pattern.core)) return true;
        if (before < all) at += target[at] == '\\' ? 2 : 1;
    }
    return false;
}

}  // namespace

bool HasWildcard(std::string_view component) { return !component.empty() && (IsWildcard(component.front()) || EndsWithWildcard(component)); }

Relation CompareComponents(std::string_view source, std::string_view target) {
    if (target != kAny && HasWildcard(target)) return Relation::kUndefined;
    if (source == target) return Relation::kEqual;
    if (source == kAny) return Relation::kSuperset;
    if (target == kAny) return Relation::kSubset;
    if (source == kNa || target == kNa || !HasWildcard(source)) return Relation::kDisjoint;
    return Covers(source, target) ? Relation::kSuperset : Relation::kDisjoint;
}

Relation CompareNames(const Name& source, const Name& target) {
    bool has_subset = false;
    bool has_superset = false;
    bool has_undefined = false;
    for (std::size_t i = 0; i < kAttributes; ++i) {
        const auto attribute = static_cast<Attribute>(i);
        const Relation relation = CompareComponents(source[attribute], target[attribute]);
        if (relation == Relation::kDisjoint) return relation;
        has_subset |= relation == Relation::kSubset;
        has_superset |= relation == Relation::kSuperset;
        has_undefined |= relation == Relation::kUndefined;
    }
    if (has_undefined || (has_subset && has_superset)) return Relation::kUndefined;
    if (has_subset) return Relation::kSubset;
    return has_superset ? Relation::kSuperset : Relation::kEqual;
}

bool IsMatch(const Name& source, const Name& target) {
    const Relation relation = CompareNames(source, target);
    return relation == Relation::kEqual || relation == Relation::kSuperset;
}

}  // namespace opsteward::cpe
