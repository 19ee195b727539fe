#include "platform/web/charts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "platform/web/chart_geometry.hpp"
#include "platform/web/components.hpp"

namespace opsteward::web {

using html::Format;
using html::Join;
using html::Markup;

namespace {

int Percent(double share) {
    return static_cast<int>(std::lround(share * 100));
}

}  // namespace

Markup Sparkline(std::span<const double> values, std::string_view label) {
    constexpr double kWidth = 96;
    constexpr double kHeight = 24;
    constexpr double kMargin = 2;

    double low = INFINITY;
    double high = -INFINITY;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    const bool is_flat = !(high > low);
    const double step = values.size() > 1 ? (kWidth - 2 * kMargin) / static_cast<double>(values.size() - 1) : 0;
    PathData path;
    double last_x = kMargin;
    double last_y = kHeight / 2;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            path.Break();
            continue;
        }
        const double share = is_flat ? 0.5 : values[i] / (high - low) - low / (high - low);
        last_x = kMargin + step * static_cast<double>(i);
        last_y = kHeight - kMargin - share * (kHeight - 2 * kMargin);
        path.Add(last_x, last_y);
    }
    const Markup dot = path.text().empty() ? Markup()
                                           : Format(R"(<circle class="ops-chart-dot" cx="{}" cy="{}" r="2"/>)",
                                                    Coordinate(last_x), Coordinate(last_y));
    return Format(R"(<svg class="ops-sparkline" viewBox="0 0 96 24" width="96" height="24" role="img" aria-label="{}">)"
                  R"(<title>{}</title><path class="ops-chart-line" d="{}"/>{}</svg>)",
                  label, label, path.text(), dot);
}

Markup Gauge(double ratio, std::string_view label, Tone tone) {
    const double share = std::isfinite(ratio) ? std::clamp(ratio, 0.0, 1.0) : 0.0;
    const std::string figure =
        std::isfinite(ratio) ? fmt::format("{}%", std::lround(std::clamp(ratio, -9.99, 9.99) * 100)) : "—";
    const std::string words = fmt::format("{} {}", label, figure);
    // The arc is a half circle whose length counts as 100.
    return Format(
        R"(<figure class="ops-gauge {}"><svg viewBox="0 0 120 68" width="120" height="68" role="img" )"
        R"(aria-label="{}"><title>{}</title><path class="ops-gauge-track" d="M10 60A50 50 0 0 1 110 60"/>)"
        R"(<path class="ops-gauge-value" d="M10 60A50 50 0 0 1 110 60" pathLength="100" stroke-dasharray="{} 200"/>)"
        R"(<text class="ops-gauge-figure" x="60" y="58" text-anchor="middle">{}</text></svg>)"
        R"(<figcaption>{}</figcaption></figure>)",
        ToneClass(tone), words, words, Percent(share), figure, label);
}

// --- State over time

namespace {

/// The worse, the taller; so that the strip reads without its colours as well.
double StripHeight(Tone tone) {
    switch (tone) {
        case Tone::kNotMet:
            return 28;
        case Tone::kAttention:
            return 20;
        case Tone::kNotSetUp:
            return 14;
        case Tone::kMet:
            return 9;
        default:
            return 4;
    }
}

}  // namespace

Markup StateStrip(std::span<const StateSpan> history, Instant from, Instant to, std::string_view label,
                  Language language) {
    constexpr double kWidth = 480;
    constexpr double kHeight = 28;
    Markup bars;
    std::string words;
    for (std::size_t i = 0; i < history.size(); ++i) {
        const Instant end = i + 1 < history.size() ? history[i + 1].from : to;
        if (end <= from || history[i].from >= to || end <= history[i].from) continue;
        const double begin_x = PositionIn(history[i].from, from, to) * kWidth;
        const double end_x = PositionIn(end, from, to) * kWidth;
        const double height = StripHeight(history[i].tone);
        const std::string when = fmt::format("{} {}", FormatTime(std::max(history[i].from, from), language),
                                             ToneTitle(history[i].tone).In(language));
        bars += Format(R"(<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>)",
                       ToneClass(history[i].tone), Coordinate(begin_x), Coordinate(kHeight - height),
                       Coordinate(std::max(end_x - begin_x, 1.0)), Coordinate(height), when);
        if (!words.empty()) words += language == Language::kEnglish ? "; " : "；";
        words += when;
    }
    return Format(
        R"(<figure class="ops-strip"><svg viewBox="0 0 480 28" preserveAspectRatio="none" height="28" role="img" )"
        R"(aria-label="{}"><title>{}</title><desc>{}</desc>{}</svg>)"
        R"(<figcaption><span>{}</span><span>{}</span></figcaption></figure>)",
        label, label, words, bars, FormatDateShort(TaipeiDate(from), language),
        FormatDateShort(TaipeiDate(to), language));
}

// --- Shares

Markup Donut(std::span<const std::pair<Tone, std::int64_t>> counts, std::string_view label, Language language,
             std::span<const std::string> hrefs) {
    std::int64_t total = 0;
    for (const auto& [tone, count] : counts) total += std::max<std::int64_t>(count, 0);

    Markup arcs;
    Markup legend;
    std::string words;
    double begin = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const auto& [tone, count] = counts[i];
        const std::string_view name = ToneTitle(tone).In(language);
        if (count > 0) {
            const double share = ShareOf(static_cast<double>(count), static_cast<double>(total)) * 100;
            // Of a circle whose length counts as 100; a small gap parts the arcs.
            const double drawn = share > 99.9 ? 100 : std::max(share - 0.8, 0.4);
            arcs += Format(R"(<circle class="{}" cx="50" cy="50" r="40" pathLength="100" stroke-dasharray="{} 200" )"
                           R"(stroke-dashoffset="{}"/>)",
                           ToneClass(tone), Coordinate(drawn), Coordinate(-begin));
            begin += share;
        }
        if (!words.empty()) words += language == Language::kEnglish ? ", " : "、";
        words += fmt::format("{} {}", name, count);
        const Markup text = Format(R"({}<span>{}</span><strong>{}</strong>)", Icon(ToneIcon(tone)), name, count);
        legend += i < hrefs.size()
                      ? Format(R"(<li class="{}"><a href="{}">{}</a></li>)", ToneClass(tone), hrefs[i], text)
                      : Format(R"(<li class="{}">{}</li>)", ToneClass(tone), text);
    }
    return Format(
        R"(<figure class="ops-donut"><svg viewBox="0 0 100 100" width="148" height="148" role="img" aria-label="{}">)"
        R"(<title>{}</title><desc>{}</desc><circle class="ops-donut-track" cx="50" cy="50" r="40"/>)"
        R"svg(<g transform="rotate(-90 50 50)">{}</g>)svg"
        R"(<text class="ops-donut-figure" x="50" y="51" text-anchor="middle" dominant-baseline="middle">{}</text>)"
        R"(</svg><ul class="ops-legend">{}</ul></figure>)",
        label, label, words, arcs, total, legend);
}

Markup BarList(std::span<const Bar> bars, std::string_view label) {
    double largest = 0;
    for (const Bar& bar : bars) largest = std::isfinite(bar.value) ? std::max(largest, bar.value) : largest;
    const Markup items = Join(bars, [&](const Bar& bar) {
        const Markup name = bar.href.empty() ? html::Escape(bar.label) : Link(bar.label, bar.href);
        return Format(
            R"(<li class="{}"><span class="ops-bar-label">{}</span><svg viewBox="0 0 100 10" )"
            R"(preserveAspectRatio="none" height="10" aria-hidden="true"><rect class="ops-bar-track" width="100" )"
            R"(height="10"/><rect class="ops-bar-value" width="{}" height="10"/></svg><strong>{}</strong></li>)",
            ToneClass(bar.tone), name, Coordinate(ShareOf(bar.value, largest) * 100), fmt::format("{:g}", bar.value));
    });
    return Format(R"(<ul class="ops-bars" aria-label="{}">{}</ul>)", label, items);
}

}  // namespace opsteward::web
