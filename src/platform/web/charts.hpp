// Pictures of numbers as SVG made on the server: they print, need no script, and say in words what they show.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/civil_time.hpp"
#include "base/clock.hpp"
#include "base/language.hpp"
#include "html/markup.hpp"
#include "platform/web/tone.hpp"

namespace opsteward::web {

/// A line as high as a line of text. Values that are not finite leave a gap. `label` says what it shows.
html::Markup Sparkline(std::span<const double> values, std::string_view label);

/// Half a ring filled to `ratio` (0 to 1; more is drawn as full), the percentage in its middle and `label` below.
html::Markup Gauge(double ratio, std::string_view label, Tone tone = Tone::kInfo);

struct StateSpan {
    Instant from;  ///< until the next one begins
    Tone tone = Tone::kNotSetUp;
};
/// The state over a time, as a strip from `from` to `to`: the worse, the taller. `history` is in order of time.
html::Markup StateStrip(std::span<const StateSpan> history, Instant from, Instant to, std::string_view label,
                        Language language);

/// How many of each tone, with a legend. With `hrefs` (as many as `counts`) the legend leads there.
html::Markup Donut(std::span<const std::pair<Tone, std::int64_t>> counts, std::string_view label, Language language,
                   std::span<const std::string> hrefs = {});

struct ChartPoint {
    Instant at;
    double value = 0;
};
struct LineChartOptions {
    std::string_view unit = {};                ///< behind the figures of the axis: "%", "ms"
    std::optional<double> threshold = {};      ///< drawn as a dashed line
    std::string_view threshold_label = {};
    double min = 0;                            ///< where the axis begins
    std::optional<double> max = {};            ///< where it ends; by default at the largest value
    std::span<const ChartPoint> forecast = {}; ///< drawn dashed
};
/// Values over time with both axes; for figures also give a table. Points are in order of time.
html::Markup LineChart(std::span<const ChartPoint> points, std::string_view label, Language language,
                       const LineChartOptions& options = {});

struct Bar {
    std::string label;
    double value = 0;
    Tone tone = Tone::kInfo;
    std::string href = {};
};
/// Lying bars with names and figures, drawn as a list.
html::Markup BarList(std::span<const Bar> bars, std::string_view label);

struct CalendarMark {
    Date date;
    Tone tone = Tone::kNeutral;
    std::string text;
    std::string href = {};
};
/// "January", "1 月".
std::string MonthName(std::chrono::month month, Language language);
/// A month of seven columns beginning on Monday, as a table.
html::Markup MonthCalendar(std::chrono::year_month month, std::span<const CalendarMark> marks, Date today,
                           Language language);

}  // namespace opsteward::web
