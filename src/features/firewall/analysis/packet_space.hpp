// Packets of one family as points of seven dimensions of 32-bit numbers, and products of sets over them: what the exact analysis works on.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

enum Dimension : std::uint8_t { kIn, kOut, kSource, kDestination, kService, kSourcePort, kState, kDimensions };

using Interval = Range<std::int32_t>;
/// Sorted intervals that neither overlap nor touch, kept elsewhere.
using Intervals = std::span<const Interval>;

/// An interval in each dimension. The eighth lane is always 0 … 0, so that boxes are compared by whole registers.
struct alignas(32) Box {
    std::array<std::int32_t, 8> first{};
    std::array<std::int32_t, 8> last{};

    bool operator==(const Box&) const = default;
};

inline bool AreDisjoint(const Box& a, const Box& b) {
    std::int32_t is_apart = 0;
    for (std::size_t i = 0; i < 8; ++i) is_apart |= static_cast<std::int32_t>(a.first[i] > b.last[i]) | static_cast<std::int32_t>(b.first[i] > a.last[i]);
    return is_apart != 0;
}

inline bool Covers(const Box& outer, const Box& inner) {
    std::int32_t sticks_out = 0;
    for (std::size_t i = 0; i < 8; ++i)
        sticks_out |= static_cast<std::int32_t>(outer.first[i] > inner.first[i]) | static_cast<std::int32_t>(inner.last[i] > outer.last[i]);
    return sticks_out == 0;
}

/// A product of sets, none of them empty: its hull, and in the dimensions marked in `several` the intervals, of which there are two or more.
struct Product {
    Box hull;
    std::uint8_t several = 0;
    std::array<Intervals, kDimensions> sets{};

    bool HasSeveral(std::size_t dimension) const { return (several >> dimension & 1U) != 0; }
    void SetInterval(std::size_t dimension, Interval interval) {
        several &= static_cast<std::uint8_t>(~(1U << dimension));
        hull.first[dimension] = interval.first;
        hull.last[dimension] = interval.last;
    }
    /// Precondition: not empty; the intervals outlive the product.
    void SetIntervals(std::size_t dimension, Intervals intervals) {
        SetInterval(dimension, {intervals.front().first, intervals.back().last});
        if (intervals.size() == 1) return;
        several |= static_cast<std::uint8_t>(1U << dimension);
        sets[dimension] = intervals;
    }
    /// `room` holds the interval where there is but one.
    Intervals At(std::size_t dimension, Interval& room) const {
        if (HasSeveral(dimension)) return sets[dimension];
        room = {hull.first[dimension], hull.last[dimension]};
        return {&room, 1};
    }
};

bool AreDisjoint(const Product& a, const Product& b);
bool Covers(const Product& outer, const Product& inner);
/// What both have, and what `a` has alone, is written to `room`, which has room for as many intervals as both have; how many it is.
std::size_t Intersect(Intervals a, Intervals b, Interval* room);
std::size_t Subtract(Intervals a, Intervals b, Interval* room);

/// Memory for intervals, given back in the reverse order of taking it.
class IntervalStore {
  public:
    struct Mark {
        std::size_t chunk = 0;
        std::size_t used = 0;
    };

    Mark mark() const { return {chunk_, used_}; }
    void Release(Mark mark) {
        chunk_ = mark.chunk;
        used_ = mark.used;
    }
    /// Room for `count` intervals, of which Keep says how many are used.
    Interval* Reserve(std::size_t count);
    Intervals Keep(const Interval* begin, std::size_t count) {
        used_ += count;
        return {begin, count};
    }

  private:
    struct Chunk {
        std::unique_ptr<Interval[]> intervals;
        std::size_t size = 0;
    };

    std::vector<Chunk> chunks_;
    std::size_t chunk_ = 0;
    std::size_t used_ = 0;
};

/// What both have.
std::optional<Product> Intersection(const Product& a, const Product& b, IntervalStore& store);

/// What is left of a product when it was divided, and how many intervals were looked at for it.
struct Division {
    Product inside;
    std::size_t steps = 0;
};

/// Calls `take_part` for disjoint products that together are all of `whole` that `pivot` does not have. Precondition: they are not disjoint.
template <typename TakePart>
Division Divide(const Product& whole, const Product& pivot, IntervalStore& store, const TakePart& take_part) {
    Division division{whole, kDimensions};
    Product& rest = division.inside;
    for (std::size_t i = 0; i < kDimensions; ++i) {
        Product part = rest;
        if (!rest.HasSeveral(i) && !pivot.HasSeveral(i)) {
            const Interval own{rest.hull.first[i], rest.hull.last[i]};
            const Interval cut{pivot.hull.first[i], pivot.hull.last[i]};
            if (cut.first > own.first) {
                part.SetInterval(i, {own.first, cut.first - 1});
                take_part(part);
            }
            if (cut.last < own.last) {
                part.SetInterval(i, {cut.last + 1, own.last});
                take_part(part);
            }
            rest.SetInterval(i, {std::max(own.first, cut.first), std::min(own.last, cut.last)});
            continue;
        }
        Interval own_room;
        Interval cut_room;
        const Intervals own = rest.At(i, own_room);
        const Intervals cut = pivot.At(i, cut_room);
        const std::size_t most = own.size() + cut.size();
        division.steps += most;
        Interval* room = store.Reserve(most);
        if (const std::size_t count = Subtract(own, cut, room); count > 0) {
            part.SetIntervals(i, store.Keep(room, count));
            take_part(part);
            room = store.Reserve(most);
        }
        const std::size_t count = Intersect(own, cut, room);
        rest.SetIntervals(i, store.Keep(room, count));
    }
    return division;
}

/// How the packets of a family become points: numbers as they are, IPv4 addresses moved so that they are signed, IPv6 addresses by their rank among the ends of
/// all ranges that the space was made for.
class PacketSpace {
  public:
    /// `traffic`: everything that will be asked of the space; what is not of its family is passed over.
    PacketSpace(Family family, std::span<const Traffic* const> traffic);

    Family family() const { return family_; }
    /// Nothing when it is of the other family or one of its sets is empty. Precondition: it was among those that the space was made for, or is made of parts of
    /// them.
    std::optional<Product> ProductOf(const Traffic& traffic, IntervalStore& store) const;
    Traffic TrafficOf(const Product& product) const;
    /// A packet of the product: one that people can make something of, where there is a choice.
    Packet PacketIn(const Product& product) const;
    /// A packet of the product by chance; `random` moves on.
    Packet AnyPacketIn(const Product& product, std::uint64_t& random) const;
    Box PointOf(const Packet& packet) const;
    /// How many values.
    double SizeOf(std::size_t dimension, Interval interval) const {
        if (family_ == Family::kIpv6 && (dimension == kSource || dimension == kDestination)) return SizeOfRanks(interval);
        return static_cast<double>(static_cast<std::int64_t>(interval.last) - interval.first + 1);
    }
    /// Of what both have.
    double OverlapOf(const Product& a, const Product& b) const;

  private:
    double SizeOfRanks(Interval ranks) const;
    std::int32_t RankOf(Uint128 address) const;
    Uint128 LastOfRank(std::int32_t rank) const;

    Family family_;
    std::vector<Uint128> starts_;  ///< of each rank, ascending; the first is 0
};

}  // namespace opsteward::firewall
