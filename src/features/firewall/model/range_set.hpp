// Sets of numbers as ranges: addresses, ports, services, zones.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace opsteward::firewall {

/// IPv6 addresses, most significant bit first.
__extension__ using Uint128 = unsigned __int128;

/// Both ends belong to it. Invariant: first <= last.
template <typename T>
struct Range {
    T first;
    T last;

    bool operator==(const Range&) const = default;
};

/// Sorted ranges that neither overlap nor touch, so that two sets are the same when they are equal. Value semantics; all operations are linear in the
/// number of ranges but Contains, which is logarithmic.
template <typename T>
class RangeSet {
  public:
    static constexpr T kMin = 0;
    static constexpr T kMax = static_cast<T>(~T{0});

    RangeSet() = default;
    /// Precondition: first <= last.
    RangeSet(T first, T last) : ranges_{{first, last}} {}
    explicit RangeSet(T value) : RangeSet(value, value) {}
    /// In any order, overlapping or not.
    explicit RangeSet(std::vector<Range<T>> ranges) : ranges_(std::move(ranges)) { Normalize(); }
    /// Every number of the type.
    static RangeSet All() { return RangeSet(kMin, kMax); }

    bool empty() const { return ranges_.empty(); }
    std::span<const Range<T>> ranges() const { return ranges_; }
    bool IsAll() const { return ranges_.size() == 1 && ranges_[0].first == kMin && ranges_[0].last == kMax; }
    bool Contains(T value) const {
        const auto after = std::ranges::upper_bound(ranges_, value, {}, &Range<T>::first);
        return after != ranges_.begin() && value <= std::prev(after)->last;
    }

    RangeSet Union(const RangeSet& other) const {
        std::vector<Range<T>> all(ranges_);
        all.insert(all.end(), other.ranges_.begin(), other.ranges_.end());
        return RangeSet(std::move(all));
    }
    RangeSet Intersection(const RangeSet& other) const {
        RangeSet result;
        for (std::size_t i = 0, k = 0; i < ranges_.size() && k < other.ranges_.size();) {
            const T first = std::max(ranges_[i].first, other.ranges_[k].first);
            const T last = std::min(ranges_[i].last, other.ranges_[k].last);
            if (first <= last) result.ranges_.push_back({first, last});
            if (ranges_[i].last < other.ranges_[k].last) {
                ++i;
            } else {
                ++k;
            }
        }
        return result;
    }
    /// Within kMin … `last`.
    RangeSet Complement(T last = kMax) const {
        RangeSet result;
        T next = kMin;
        for (const Range<T>& range : ranges_) {
            if (range.first > next) result.ranges_.push_back({next, static_cast<T>(range.first - 1)});
            if (range.last >= last) return result;
            next = static_cast<T>(range.last + 1);
        }
        if (next <= last) result.ranges_.push_back({next, last});
        return result;
    }
    RangeSet Difference(const RangeSet& other) const { return Intersection(other.Complement()); }
    bool Intersects(const RangeSet& other) const {
        for (std::size_t i = 0, k = 0; i < ranges_.size() && k < other.ranges_.size();) {
            if (std::max(ranges_[i].first, other.ranges_[k].first) <= std::min(ranges_[i].last, other.ranges_[k].last)) return true;
            if (ranges_[i].last < other.ranges_[k].last) {
                ++i;
            } else {
                ++k;
            }
        }
        return false;
    }
    bool Covers(const RangeSet& other) const {
        std::size_t i = 0;
        for (const Range<T>& range : other.ranges_) {
            while (i < ranges_.size() && ranges_[i].last < range.first) ++i;
            if (i == ranges_.size() || ranges_[i].first > range.first || ranges_[i].last < range.last) return false;
        }
        return true;
    }
    /// How many numbers, as far as a double tells.
    double Size() const {
        double size = 0;
        for (const Range<T>& range : ranges_) size += static_cast<double>(range.last - range.first) + 1;
        return size;
    }

    bool operator==(const RangeSet&) const = default;

  private:
    void Normalize() {
        std::ranges::sort(ranges_, {}, &Range<T>::first);
        std::size_t kept = 0;
        for (std::size_t i = 0; i < ranges_.size(); ++i) {
            const bool touches = kept > 0 && (ranges_[kept - 1].last == kMax || ranges_[i].first <= ranges_[kept - 1].last + 1);
            if (touches) {
                ranges_[kept - 1].last = std::max(ranges_[kept - 1].last, ranges_[i].last);
            } else {
                ranges_[kept++] = ranges_[i];
            }
        }
        ranges_.resize(kept);
    }

    std::vector<Range<T>> ranges_;
};

using Ipv4Set = RangeSet<std::uint32_t>;
using Ipv6Set = RangeSet<Uint128>;
using NumberSet = RangeSet<std::uint32_t>;

}  // namespace opsteward::firewall
