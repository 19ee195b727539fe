// The text format of Prometheus, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace opsteward::console::records {

inline constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

class MetricsText {
  public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// Begins a metric; its samples follow, before the next one begins. `type` is "counter" or "gauge". Each name once.
    void Begin(std::string_view name, std::string_view type, std::string_view help);
    template <std::integral T>
    void Sample(T value, Labels labels = {}) {
        Add(labels, std::to_string(value));
    }
    void Sample(double value, Labels labels = {});

    std::string text() && { return std::move(text_); }

  private:
    void Add(Labels labels, std::string_view value);

    std::string text_;
    std::string name_;
};

}  // namespace opsteward::console::records
