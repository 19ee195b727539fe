#include "features/vulnerabilities/cvss/read.hpp"

#include "features/vulnerabilities/cvss/metrics.hpp"

namespace opsteward::cvss {
namespace {

constexpr std::string_view kMark = "CVSS:";

/// Takes "CVSS:x.y/" off the front.
bool TakeVersion(std::string_view& text, Version& version, std::string_view& named) {
    version = Version::k20;
    if (!text.starts_with(kMark)) return true;
    const std::size_t slash = text.find('/');
    named = text.substr(0, slash);
    const std::string_view number = named.substr(kMark.size());
    for (const Version known : {Version::k31, Version::k30, Version::k40, Version::k20}) {
        if (number != NameOf(known)) continue;
        version = known;
        text.remove_prefix(slash == std::string_view::npos ? text.size() : slash + 1);
        return true;
    }
    return false;
}

/// The place of a metric. Most vectors keep to the order, so the one that comes next is tried first. `metrics.size()` when there is none.
std::size_t FindMetric(std::span<const Metric> metrics, std::string_view name, std::size_t next) {
    if (next < metrics.size() && metrics[next].name == name) return next;
    std::size_t place = 0;
    while (place < metrics.size() && metrics[place].name != name) ++place;
    return place;
}

/// 0 when it is none of them.
std::uint8_t FindValue(const Metric& metric, std::string_view value) {
    for (std::uint8_t place = 0; place < metric.values.size() && !metric.values[place].empty(); ++place) {
        if (metric.values[place] == value) return place + 1;
    }
    return 0;
}

/// The metrics that were read, of one vector.
struct Reading {
    const MetricList& list;
    Vector& vector;
    std::uint32_t seen = 0;
    std::size_t next = 0;

    Finding TakePart(std::string_view part) {
        const std::size_t colon = part.find(':');
        if (colon == std::string_view::npos || colon == 0 || colon + 1 == part.size()) return {Fault::kNoPair, part, {}};
        const std::string_view name = part.substr(0, colon);
        const std::string_view value = part.substr(colon + 1);
        const std::size_t place = FindMetric(list.metrics, name, next);
        if (place == list.metrics.size()) return {Fault::kUnknownMetric, name, {}};
        const Metric& metric = list.metrics[place];
        const std::uint8_t found = FindValue(metric, value);
        const bool is_undefined = place >= list.first_threat && value == list.undefined;
        if (found == 0 && !is_undefined) return {Fault::kUnknownValue, value, metric.name};
        const std::uint32_t bit = std::uint32_t{1} << place;
        if ((seen & bit) != 0) return {Fault::kDoubled, part, metric.name};
        if (list.is_ordered && place < next) return {Fault::kOutOfOrder, part, metric.name};
        seen |= bit;
        next = place + 1;
        vector.values[place] = found;
        return {};
    }

    Finding FindMissing() const {
        for (std::size_t place = 0; place < list.first_threat; ++place) {
            if ((seen & (std::uint32_t{1} << place)) == 0) return {Fault::kMissing, {}, list.metrics[place].name};
        }
        return {};
    }
};

}  // namespace

Finding Read(std::string_view text, Vector& vector) {
    if (text.size() > kMaxVectorBytes) return {Fault::kTooLong, {}, {}};
    vector = {};
    if (text.size() >= 2 && text.front() == '(' && text.back() == ')') {
        const std::string_view inner = text.substr(1, text.size() - 2);
        if (!inner.starts_with(kMark) || inner.starts_with("CVSS:2.0/")) text = inner;
    }
    std::string_view named;
    if (!TakeVersion(text, vector.version, named)) return {Fault::kUnknownVersion, named, {}};
    Reading reading{MetricsOf(vector.version), vector};
    bool is_last = text.empty();
    while (!is_last) {
        const std::size_t slash = text.find('/');
        is_last = slash == std::string_view::npos;
        const Finding finding = reading.TakePart(text.substr(0, slash));
        if (finding.fault != Fault::kNone) return finding;
        if (!is_last) text.remove_prefix(slash + 1);
    }
    return reading.FindMissing();
}

}  // namespace opsteward::cvss
