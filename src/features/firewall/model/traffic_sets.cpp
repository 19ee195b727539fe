#include "features/firewall/model/traffic_sets.hpp"

#include <string>
#include <unordered_map>

namespace opsteward::firewall {
namespace {

/// Calls `visit` with each dimension that counts for the family, of both products; ends at the first that gives false.
template <typename A, typename B, typename Visit>
bool AllDimensions(A& a, B& b, Visit&& visit) {
    if (!visit(a.in, b.in) || !visit(a.out, b.out)) return false;
    if (a.family == Family::kIpv4) {
        if (!visit(a.source4, b.source4) || !visit(a.destination4, b.destination4)) return false;
    } else {
        if (!visit(a.source6, b.source6) || !visit(a.destination6, b.destination6)) return false;
    }
    return visit(a.services, b.services) && visit(a.source_ports, b.source_ports) && visit(a.states, b.states);
}

template <typename T>
void AppendKey(std::string& key, const RangeSet<T>& set) {
    for (const Range<T>& range : set.ranges()) key.append(reinterpret_cast<const char*>(&range), sizeof range);
    key += '|';
}

/// What all dimensions but number `left_out` are.
std::string KeyWithout(const Traffic& traffic, int left_out) {
    std::string key(1, traffic.family == Family::kIpv4 ? '4' : '6');
    int number = 0;
    AllDimensions(traffic, traffic, [&](const auto& set, const auto&) {
        if (number++ != left_out) AppendKey(key, set);
        return true;
    });
    return key;
}

constexpr int kDimensions = 7;

template <typename T>
void Gather(std::vector<Range<T>>& ranges, const RangeSet<T>& set) {
    ranges.insert(ranges.end(), set.ranges().begin(), set.ranges().end());
}

/// The union of one dimension over products that are alike in all others.
void JoinDimension(Traffic& into, const std::vector<const Traffic*>& parts, int dimension) {
    const auto join = [&](auto member) {
        auto& set = into.*member;
        std::vector<std::decay_t<decltype(set.ranges()[0])>> ranges;
        for (const Traffic* part : parts) Gather(ranges, part->*member);
        set = std::decay_t<decltype(set)>(std::move(ranges));
    };
    const bool is_ipv4 = into.family == Family::kIpv4;
    switch (dimension) {
        case 0: return join(&Traffic::in);
        case 1: return join(&Traffic::out);
        case 2: return is_ipv4 ? join(&Traffic::source4) : join(&Traffic::source6);
        case 3: return is_ipv4 ? join(&Traffic::destination4) : join(&Traffic::destination6);
        case 4: return join(&Traffic::services);
        case 5: return join(&Traffic::source_ports);
        default: return join(&Traffic::states);
    }
}

void MergeAlong(std::vector<Traffic>& products, int dimension) {
    std::unordered_map<std::string, std::size_t> groups;
    std::vector<std::vector<const Traffic*>> parts;
    for (const Traffic& product : products) {
        const auto [group, is_new] = groups.try_emplace(KeyWithout(product, dimension), parts.size());
        if (is_new) parts.emplace_back();
        parts[group->second].push_back(&product);
    }
    if (parts.size() == products.size()) return;
    std::vector<Traffic> merged;
    merged.reserve(parts.size());
    for (const auto& group : parts) {
        merged.push_back(*group.front());
        if (group.size() > 1) JoinDimension(merged.back(), group, dimension);
    }
    products = std::move(merged);
}

}  // namespace

Traffic AnyTraffic(Family family, const NumberSet& all_zones) {
    Traffic any;
    any.family = family;
    any.in = all_zones;
    any.out = all_zones;
    if (family == Family::kIpv4) {
        any.source4 = any.destination4 = Ipv4Set::All();
    } else {
        any.source6 = any.destination6 = Ipv6Set::All();
    }
    return any;
}

std::optional<Traffic> Intersection(const Traffic& a, const Traffic& b) {
    if (a.family != b.family) return std::nullopt;
    Traffic both = a;
    const bool is_left = AllDimensions(both, b, [](auto& set, const auto& other) {
        set = set.Intersection(other);
        return !set.empty();
    });
    if (!is_left) return std::nullopt;
    return both;
}

std::vector<Traffic> Intersection(std::span<const Traffic> a, std::span<const Traffic> b) {
    std::vector<Traffic> both;
    for (const Traffic& one : a) {
        for (const Traffic& other : b) {
            if (!Intersects(one, other)) continue;
            if (auto part = Intersection(one, other)) both.push_back(*std::move(part));
        }
    }
    return both;
}

bool Intersects(const Traffic& a, const Traffic& b) {
    return a.family == b.family && AllDimensions(a, b, [](const auto& set, const auto& other) { return set.Intersects(other); });
}

bool Covers(const Traffic& a, const Traffic& b) {
    return a.family == b.family && AllDimensions(a, b, [](const auto& set, const auto& other) { return set.Covers(other); });
}

bool Subtract(std::vector<Traffic>& from, const Traffic& what, std::size_t most) {
    std::vector<Traffic> left;
    for (const Traffic& product : from) {
        if (!Intersects(product, what)) {
            left.push_back(product);
        } else {
            Traffic inside = product;
            AllDimensions(inside, what, [&](auto& set, const auto& other) {
                auto outside = set.Difference(other);
                auto common = set.Intersection(other);
                if (!outside.empty()) {
                    set = std::move(outside);
                    left.push_back(inside);
                }
                set = std::move(common);
                return true;
            });
        }
        if (left.size() > most) return false;
    }
    from = std::move(left);
    return true;
}

void Merge(std::vector<Traffic>& products) {
    for (int dimension = 0; dimension < kDimensions && products.size() > 1; ++dimension) MergeAlong(products, dimension);
}

std::size_t RangesOf(const Traffic& traffic) {
    std::size_t count = 0;
    AllDimensions(traffic, traffic, [&count](const auto& set, const auto&) {
        count += set.ranges().size();
        return true;
    });
    return count;
}

}  // namespace opsteward::firewall
