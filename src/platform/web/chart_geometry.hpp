// What the charts share: shares, positions in time, and path data for SVG (SVG 2 section 9.3).
#pragma once

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/clock.hpp"

namespace opsteward::web {

/// A tenth of a unit is finer than any screen shows.
inline std::string Coordinate(double value) { return fmt::format("{:.1f}", value); }

inline double ShareOf(double part, double whole) { return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0.0; }

/// Where `at` lies between `from` and `to`: 0 to 1.
inline double PositionIn(Instant at, Instant from, Instant to) {
    return ShareOf(static_cast<double>((at - from).count()), static_cast<double>((to - from).count()));
}

/// Path data for points, broken where there is none.
class PathData {
  public:
    void Add(double x, double y) {
        text_ += fmt::format("{}{:.1f} {:.1f}", is_down_ ? "L" : "M", x, y);
        is_down_ = true;
    }
    void Break() { is_down_ = false; }
    const std::string& text() const { return text_; }

  private:
    std::string text_;
    bool is_down_ = false;
};

}  // namespace opsteward::web
