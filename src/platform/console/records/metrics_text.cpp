#include "platform/console/records/metrics_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace opsteward::console::records {

namespace {

/// In HELP a backslash and a line feed are escaped, in label values a quotation mark as well.
std::string Escaped(std::string_view text, bool is_label) {
    std::string out;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"' && is_label) {
            out += "\\\"";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

void MetricsText::Begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, Escaped(help, false), name, type);
}

void MetricsText::Sample(double value, Labels labels) {
    if (std::isnan(value)) return Add(labels, "NaN");
    if (std::isinf(value)) return Add(labels, value > 0 ? "+Inf" : "-Inf");
    Add(labels, fmt::format("{}", value));
}

void MetricsText::Add(Labels labels, std::string_view value) {
    std::string inside;
    for (const auto& [key, text] : labels) {
        inside += fmt::format("{}{}=\"{}\"", inside.empty() ? "" : ",", key, Escaped(text, true));
    }
    text_ += inside.empty() ? fmt::format("{} {}\n", name_, value) : fmt::format("{}{{{}}} {}\n", name_, inside, value);
}

}  // namespace opsteward::console::records
