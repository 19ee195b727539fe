#include "features/firewall/analysis/packet_space.hpp"

#include <algorithm>

namespace opsteward::firewall {

namespace {

constexpr std::size_t kSmallestChunk = 256;
constexpr std::size_t kLargestChunk = 1U << 14;
constexpr std::uint32_t kSignBit = 0x8000'0000U;

std::int32_t FromIpv4(std::uint32_t address) { return static_cast<std::int32_t>(address ^ kSignBit); }
std::uint32_t ToIpv4(std::int32_t number) { return static_cast<std::uint32_t>(number) ^ kSignBit; }

bool AreDisjoint(Intervals a, Intervals b) {
    if (a.size() > b.size()) std::swap(a, b);
    for (const Interval& one : a) {
        const auto other = std::ranges::lower_bound(b, one.first, {}, &Interval::last);
        if (other != b.end() && other->first <= one.last) return false;
    }
    return true;
}

bool Covers(Intervals outer, Intervals inner) {
    return std::ranges::all_of(inner, [outer](const Interval& one) {
        const auto other = std::ranges::lower_bound(outer, one.first, {}, &Interval::last);
        return other != outer.end() && other->first <= one.first && one.last <= other->last;
    });
}

/// Puts the set into the product; false when it is empty.
template <typename Set, typename Convert>
bool Put(Product& product, Dimension dimension, const Set& set, IntervalStore& store, Convert convert) {
    const auto ranges = set.ranges();
    if (ranges.empty()) return false;
    if (ranges.size() == 1) {
        product.SetInterval(dimension, convert(ranges[0]));
        return true;
    }
    Interval* room = store.Reserve(ranges.size());
    std::ranges::transform(ranges, room, convert);
    product.SetIntervals(dimension, store.Keep(room, ranges.size()));
    return true;
}

Interval FromNumbers(const Range<std::uint32_t>& range) { return {static_cast<std::int32_t>(range.first), static_cast<std::int32_t>(range.last)}; }
Interval FromAddresses(const Range<std::uint32_t>& range) { return {FromIpv4(range.first), FromIpv4(range.last)}; }

NumberSet ToNumbers(Intervals intervals) {
    std::vector<Range<std::uint32_t>> ranges;
    for (const Interval& interval : intervals) ranges.push_back({static_cast<std::uint32_t>(interval.first), static_cast<std::uint32_t>(interval.last)});
    return NumberSet(std::move(ranges));
}

/// One of `wanted` where the set has it, else its first value.
std::int32_t Choose(Intervals intervals, std::initializer_list<std::int32_t> wanted) {
    for (const std::int32_t value : wanted) {
        const auto place = std::ranges::lower_bound(intervals, value, {}, &Interval::last);
        if (place != intervals.end() && place->first <= value) return value;
    }
    return intervals.front().first;
}

/// The address after a network's own, where there are so many.
template <typename T>
T Host(T first, T last) {
    return last - first > 1 ? static_cast<T>(first + 1) : first;
}

}  // namespace

bool AreDisjoint(const Product& a, const Product& b) {
    if (AreDisjoint(a.hull, b.hull)) return true;
    const unsigned several = a.several | b.several;
    if (several == 0) return false;
    Interval room_a;
    Interval room_b;
    for (std::size_t i = 0; i < kDimensions; ++i) {
        if ((several >> i & 1U) != 0 && AreDisjoint(a.At(i, room_a), b.At(i, room_b))) return true;
    }
    return false;
}

bool Covers(const Product& outer, const Product& inner) {
    if (!Covers(outer.hull, inner.hull)) return false;
    Interval room;
    for (std::size_t i = 0; i < kDimensions && outer.several != 0; ++i) {
        if (outer.HasSeveral(i) && !Covers(outer.sets[i], inner.At(i, room))) return false;
    }
    return true;
}

std::size_t Intersect(Intervals a, Intervals b, Interval* room) {
    Interval* end = room;
    for (auto one = a.begin(), other = b.begin(); one != a.end() && other != b.end();) {
        const std::int32_t first = std::max(one->first, other->first);
        const std::int32_t last = std::min(one->last, other->last);
        if (first <= last) *end++ = {first, last};
        if (one->last < other->last) ++one;
        else ++other;
    }
    return static_cast<std::size_t>(end - room);
}

std::size_t Subtract(Intervals a, Intervals b, Interval* room) {
    Interval* end = room;
    auto other = b.begin();
    for (const Interval& one : a) {
        std::int32_t first = one.first;
        while (other != b.end() && other->last < first) ++other;
        bool is_over = false;
        for (auto cut = other; cut != b.end() && cut->first <= one.last; ++cut) {
            if (cut->first > first) *end++ = {first, cut->first - 1};
            is_over = cut->last >= one.last;
            if (is_over) break;
            first = cut->last + 1;
        }
        if (!is_over) *end++ = {first, one.last};
    }
    return static_cast<std::size_t>(end - room);
}

std::optional<Product> Intersection(const Product& a, const Product& b, IntervalStore& store) {
    if (AreDisjoint(a.hull, b.hull)) return std::nullopt;
    Product both;
    Interval room_a;
    Interval room_b;
    for (std::size_t i = 0; i < kDimensions; ++i) {
        if (!a.HasSeveral(i) && !b.HasSeveral(i)) {
            both.SetInterval(i, {std::max(a.hull.first[i], b.hull.first[i]), std::min(a.hull.last[i], b.hull.last[i])});
            continue;
        }
        const Intervals one = a.At(i, room_a);
        const Intervals other = b.At(i, room_b);
        Interval* room = store.Reserve(one.size() + other.size());
        const std::size_t count = Intersect(one, other, room);
        if (count == 0) return std::nullopt;
        both.SetIntervals(i, store.Keep(room, count));
    }
    return both;
}

Interval* IntervalStore::Reserve(std::size_t count) {
    while (chunk_ < chunks_.size() && chunks_[chunk_].size - used_ < count) {
        ++chunk_;
        used_ = 0;
    }
    if (chunk_ == chunks_.size()) {
        const std::size_t size = std::max(count, std::min(kLargestChunk, kSmallestChunk << std::min<std::size_t>(chunks_.size(), 16)));
        chunks_.push_back({std::make_unique_for_overwrite<Interval[]>(size), size});
    }
    return chunks_[chunk_].intervals.get() + used_;
}

PacketSpace::PacketSpace(Family family, std::span<const Traffic* const> traffic) : family_(family) {
    if (family == Family::kIpv4) return;
    starts_.push_back(0);
    for (const Traffic* entry : traffic) {
        if (entry->family != family) continue;
        for (const Ipv6Set* set : {&entry->source6, &entry->destination6}) {
            for (const auto& range : set->ranges()) {
                starts_.push_back(range.first);
                if (range.last != Ipv6Set::kMax) starts_.push_back(range.last + 1);
            }
        }
    }
    std::ranges::sort(starts_);
    const auto rest = std::ranges::unique(starts_);
    starts_.erase(rest.begin(), rest.end());
}

std::int32_t PacketSpace::RankOf(Uint128 address) const {
    return static_cast<std::int32_t>(std::ranges::upper_bound(starts_, address) - starts_.begin()) - 1;
}

Uint128 PacketSpace::LastOfRank(std::int32_t rank) const {
    const auto next = static_cast<std::size_t>(rank) + 1;
    return next == starts_.size() ? Ipv6Set::kMax : starts_[next] - 1;
}

double PacketSpace::SizeOfRanks(Interval ranks) const {
    return static_cast<double>(LastOfRank(ranks.last) - starts_[static_cast<std::size_t>(ranks.first)]) + 1;
}

std::optional<Product> PacketSpace::ProductOf(const Traffic& traffic, IntervalStore& store) const {
    if (traffic.family != family_) return std::nullopt;
    Product product;
    bool has_all = Put(product, kIn, traffic.in, store, FromNumbers) && Put(product, kOut, traffic.out, store, FromNumbers) &&
                   Put(product, kService, traffic.services, store, FromNumbers) && Put(product, kSourcePort, traffic.source_ports, store, FromNumbers) &&
                   Put(product, kState, traffic.states, store, FromNumbers);
    if (family_ == Family::kIpv4) {
        has_all =
            has_all && Put(product, kSource, traffic.source4, store, FromAddresses) && Put(product, kDestination, traffic.destination4, store, FromAddresses);
    } else {
        const auto ranks = [this](const Range<Uint128>& range) { return Interval{RankOf(range.first), RankOf(range.last)}; };
        has_all = has_all && Put(product, kSource, traffic.source6, store, ranks) && Put(product, kDestination, traffic.destination6, store, ranks);
    }
    if (!has_all) return std::nullopt;
    return product;
}

Traffic PacketSpace::TrafficOf(const Product& product) const {
    Traffic traffic;
    traffic.family = family_;
    Interval room;
    traffic.in = ToNumbers(product.At(kIn, room));
    traffic.out = ToNumbers(product.At(kOut, room));
    traffic.services = ToNumbers(product.At(kService, room));
    traffic.source_ports = ToNumbers(product.At(kSourcePort, room));
    traffic.states = ToNumbers(product.At(kState, room));
    for (const Dimension dimension : {kSource, kDestination}) {
        std::vector<Range<std::uint32_t>> ipv4;
        std::vector<Range<Uint128>> ipv6;
        for (const Interval& interval : product.At(dimension, room)) {
            if (family_ == Family::kIpv4) ipv4.push_back({ToIpv4(interval.first), ToIpv4(interval.last)});
            else ipv6.push_back({starts_[static_cast<std::size_t>(interval.first)], LastOfRank(interval.last)});
        }
        (dimension == kSource ? traffic.source4 : traffic.destination4) = Ipv4Set(std::move(ipv4));
        (dimension == kSource ? traffic.source6 : traffic.destination6) = Ipv6Set(std::move(ipv6));
    }
    return traffic;
}

Packet PacketSpace::PacketIn(const Product& product) const {
    static constexpr std::int32_t kHttps = ServiceKey(6, 443);
    static constexpr std::int32_t kFirstTcp = ServiceKey(6, 0);
    constexpr auto kAnySourcePort = static_cast<std::int32_t>(kUsualSourcePort);
    Packet packet;
    packet.family = family_;
    Interval room;
    packet.in = static_cast<std::uint32_t>(Choose(product.At(kIn, room), {}));
    packet.out = static_cast<std::uint32_t>(Choose(product.At(kOut, room), {}));
    packet.service = static_cast<std::uint32_t>(Choose(product.At(kService, room), {kHttps, kFirstTcp}));
    packet.source_port = static_cast<std::uint32_t>(Choose(product.At(kSourcePort, room), {kAnySourcePort}));
    packet.state = static_cast<std::uint32_t>(Choose(product.At(kState, room), {}));
    const Interval source = product.At(kSource, room).front();
    const Interval destination = product.At(kDestination, room).front();
    if (family_ == Family::kIpv4) {
        packet.source4 = Host(ToIpv4(source.first), ToIpv4(source.last));
        packet.destination4 = Host(ToIpv4(destination.first), ToIpv4(destination.last));
    } else {
        packet.source6 = Host(starts_[static_cast<std::size_t>(source.first)], LastOfRank(source.last));
        packet.destination6 = Host(starts_[static_cast<std::size_t>(destination.first)], LastOfRank(destination.last));
    }
    return packet;
}

Packet PacketSpace::AnyPacketIn(const Product& product, std::uint64_t& random) const {
    // Knuth, The Art of Computer Programming 3.3.4: the multiplier of MMIX; of its numbers the upper half is used.
    const auto next = [&random] {
        random = random * 6364136223846793005U + 1442695040888963407U;
        return random >> 32;
    };
    const auto within = [&next](auto first, auto last) {
        const Uint128 size = static_cast<Uint128>(last - first) + 1;  // 0: all addresses of IPv6
        Uint128 number = 0;
        for (int i = 0; i < 4; ++i) number = number << 32 | next();
        return static_cast<decltype(first)>(first + static_cast<decltype(first)>(size == 0 ? number : number % size));
    };
    std::array<Interval, kDimensions> chosen;
    Interval room;
    for (std::size_t i = 0; i < kDimensions; ++i) {
        const Intervals intervals = product.At(i, room);
        chosen[i] = intervals[next() % intervals.size()];
    }
    const auto number = [&](Dimension dimension) {
        return within(static_cast<std::uint32_t>(chosen[dimension].first), static_cast<std::uint32_t>(chosen[dimension].last));
    };
    Packet packet;
    packet.family = family_;
    packet.in = number(kIn);
    packet.out = number(kOut);
    packet.service = number(kService);
    packet.source_port = number(kSourcePort);
    // People ask about connections that begin.
    packet.state = product.At(kState, room)[0].first == 0 ? 0 : number(kState);
    const auto address4 = [&](const Interval& interval) { return within(ToIpv4(interval.first), ToIpv4(interval.last)); };
    const auto address6 = [&](const Interval& interval) { return within(starts_[static_cast<std::size_t>(interval.first)], LastOfRank(interval.last)); };
    if (family_ == Family::kIpv4) {
        packet.source4 = address4(chosen[kSource]);
        packet.destination4 = address4(chosen[kDestination]);
    } else {
        packet.source6 = address6(chosen[kSource]);
        packet.destination6 = address6(chosen[kDestination]);
    }
    return packet;
}

Box PacketSpace::PointOf(const Packet& packet) const {
    Box box;
    const auto put = [&box](Dimension dimension, std::int32_t value) { box.first[dimension] = box.last[dimension] = value; };
    put(kIn, static_cast<std::int32_t>(packet.in));
    put(kOut, static_cast<std::int32_t>(packet.out));
    put(kService, static_cast<std::int32_t>(packet.service));
    put(kSourcePort, static_cast<std::int32_t>(packet.source_port));
    put(kState, static_cast<std::int32_t>(packet.state));
    put(kSource, family_ == Family::kIpv4 ? FromIpv4(packet.source4) : RankOf(packet.source6));
    put(kDestination, family_ == Family::kIpv4 ? FromIpv4(packet.destination4) : RankOf(packet.destination6));
    return box;
}

double PacketSpace::OverlapOf(const Product& a, const Product& b) const {
    double size = 1;
    Interval room_a;
    Interval room_b;
    for (std::size_t i = 0; i < kDimensions && size > 0; ++i) {
        Intervals few = a.At(i, room_a);
        Intervals many = b.At(i, room_b);
        if (few.size() > many.size()) std::swap(few, many);
        double overlap = 0;
        for (const Interval& one : few) {
            for (auto other = std::ranges::lower_bound(many, one.first, {}, &Interval::last); other != many.end() && other->first <= one.last; ++other) {
                overlap += SizeOf(i, {std::max(one.first, other->first), std::min(one.last, other->last)});
            }
        }
        size *= overlap;
    }
    return size;
}

}  // namespace opsteward::firewall
