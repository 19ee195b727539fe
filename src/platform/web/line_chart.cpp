#include "platform/web/charts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "platform/web/chart_geometry.hpp"

namespace opsteward::web {

using html::Format;
using html::Markup;

namespace {

/// The plot of a LineChart, in the units of its view box.
struct Plot {
    static constexpr double kLeft = 52;
    static constexpr double kRight = 708;
    static constexpr double kTop = 12;
    static constexpr double kBottom = 188;

    Instant from;
    Instant to;
    double low;
    double high;

    double X(Instant at) const { return kLeft + PositionIn(at, from, to) * (kRight - kLeft); }
    double Y(double value) const { return kBottom - ShareOf(value - low, high - low) * (kBottom - kTop); }
};

/// The smallest of 1, 2, 5 times a power of ten that cuts `range` into at most `steps`.
double NiceStep(double range, int steps) {
    const double rough = range / steps;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= rough * (1 - 1e-9)) return factor * power;
    }
    return 10 * power;
}

Plot MakePlot(std::span<const ChartPoint> points, const LineChartOptions& options, double& step) {
    Plot plot{.from = points.front().at, .to = points.back().at, .low = options.min, .high = options.min};
    for (const auto& list : {points, options.forecast}) {
        for (const ChartPoint& point : list) {
            plot.from = std::min(plot.from, point.at);
            plot.to = std::max(plot.to, point.at);
            if (std::isfinite(point.value)) plot.high = std::max(plot.high, point.value);
        }
    }
    if (options.threshold) plot.high = std::max(plot.high, *options.threshold);
    if (options.max) plot.high = *options.max;
    // A range that numbers of this size can't tell apart, or beyond anything measured, gets an axis that says nothing.
    constexpr double kLeastRange = 1e-9;
    constexpr double kLargestRange = 1e15;
    const double range = plot.high - plot.low;
    const double magnitude = std::max(std::abs(plot.low), std::abs(plot.high));
    if (!(range >= kLeastRange * std::max(1.0, magnitude)) || !(range <= kLargestRange)) {
        if (!(magnitude <= kLargestRange * kLeastRange)) plot.low = 0;
        plot.high = plot.low + 1;
    }
    constexpr int kSteps = 5;
    step = NiceStep(plot.high - plot.low, kSteps);
    if (!options.max) plot.high = plot.low + std::ceil((plot.high - plot.low) / step * (1 - 1e-9)) * step;
    return plot;
}

Markup ValueAxis(const Plot& plot, double step, std::string_view unit) {
    Markup lines;
    const int count = static_cast<int>(std::floor((plot.high - plot.low) / step + 1e-9));
    for (int i = 0; i <= count; ++i) {
        const double value = plot.low + step * i;
        const double y = plot.Y(value);
        lines += Format(R"(<line class="ops-chart-grid" x1="{}" x2="{}" y1="{}" y2="{}"/>)"
                        R"(<text class="ops-chart-tick" x="{}" y="{}" text-anchor="end">{}</text>)",
                        Coordinate(Plot::kLeft), Coordinate(Plot::kRight), Coordinate(y), Coordinate(y),
                        Coordinate(Plot::kLeft - 8), Coordinate(y + 4), fmt::format("{:g}{}", value, unit));
    }
    return lines;
}

Markup TimeAxis(const Plot& plot, Language language) {
    constexpr int kTicks = 4;
    const bool is_short = plot.to - plot.from < std::chrono::hours(48);
    Markup ticks;
    for (int i = 0; i <= kTicks; ++i) {
        const Instant at = plot.from + (plot.to - plot.from) * i / kTicks;
        const LocalTime local = ToTaipei(at);
        const std::string text =
            is_short ? fmt::format("{:02}:{:02}", local.hour, local.minute) : FormatDateShort(local.date, language);
        const std::string_view anchor = i == 0 ? "start" : i == kTicks ? "end" : "middle";
        ticks += Format(R"(<text class="ops-chart-tick" x="{}" y="210" text-anchor="{}">{}</text>)",
                        Coordinate(plot.X(at)), anchor, text);
    }
    return ticks;
}

std::string LineThrough(const Plot& plot, std::span<const ChartPoint> points) {
    PathData path;
    for (const ChartPoint& point : points) {
        if (std::isfinite(point.value)) {
            path.Add(plot.X(point.at), plot.Y(point.value));
        } else {
            path.Break();
        }
    }
    return path.text();
}

Markup ThresholdLine(const Plot& plot, const LineChartOptions& options) {
    if (!options.threshold) return {};
    const double y = plot.Y(*options.threshold);
    return Format(R"(<line class="ops-chart-threshold" x1="{}" x2="{}" y1="{}" y2="{}"/>)"
                  R"(<text class="ops-chart-threshold-label" x="{}" y="{}" text-anchor="end">{}</text>)",
                  Coordinate(Plot::kLeft), Coordinate(Plot::kRight), Coordinate(y), Coordinate(y),
                  Coordinate(Plot::kRight), Coordinate(y - 5), options.threshold_label);
}

}  // namespace

Markup LineChart(std::span<const ChartPoint> points, std::string_view label, Language language,
                 const LineChartOptions& options) {
    constexpr Phrase kNothing = {"尚無資料", "No data yet"};
    if (points.empty()) return Format(R"(<p class="ops-chart-empty">{}</p>)", kNothing.In(language));

    double step = 1;
    const Plot plot = MakePlot(points, options, step);
    const ChartPoint& last = points.back();
    const std::string words = fmt::format("{} → {}: {:g}{}", FormatTime(plot.from, language),
                                          FormatTime(last.at, language), last.value, options.unit);
    const Markup forecast = options.forecast.empty() ? Markup()
                                                     : Format(R"(<path class="ops-chart-forecast" d="{}"/>)",
                                                              LineThrough(plot, options.forecast));
    return Format(
        R"(<figure class="ops-line-chart"><svg viewBox="0 0 720 220" role="img" aria-label="{}"><title>{}</title>)"
        R"(<desc>{}</desc>{}{}{}<path class="ops-chart-line" d="{}"/>{}</svg></figure>)",
        label, label, words, ValueAxis(plot, step, options.unit), TimeAxis(plot, language),
        ThresholdLine(plot, options), LineThrough(plot, points), forecast);
}

}  // namespace opsteward::web
