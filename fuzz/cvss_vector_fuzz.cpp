// A text as a CVSS vector: what Parse takes has scores from 0.0 to 10.0, what it refuses is refused with words that can be shown; the entry for feeds agrees;
// and written anew, backwards where the order is free, it is the same vector.
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "features/vulnerabilities/cvss/cvss.hpp"
#include "features/vulnerabilities/cvss/metrics.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::cvss;

namespace {

bool IsScore(int tenths) { return tenths >= 0 && tenths <= 100; }

/// The vector written anew; backwards where the order is free.
std::string Written(const Vector& vector, bool is_backwards) {
    const MetricList& list = MetricsOf(vector.version);
    std::string text;
    for (std::size_t i = 0; i < list.metrics.size(); ++i) {
        const std::size_t at = is_backwards ? list.metrics.size() - 1 - i : i;
        if (vector.values[at] == 0) continue;
        Require(vector.values[at] <= list.metrics[at].values.size());
        const std::string_view value = list.metrics[at].values[vector.values[at] - 1U];
        Require(!value.empty());
        text += "/" + std::string(list.metrics[at].name) + ":" + std::string(value);
    }
    return "CVSS:" + std::string(NameOf(vector.version)) + text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto vector = Parse(text);
    const auto base = BaseScoreTenths(text);
    Require(vector.ok() == base.has_value());
    if (!vector.ok()) {
        Require(IsValidUtf8(vector.error().caller_text.zh) && IsValidUtf8(vector.error().caller_text.en));
        return 0;
    }
    Require(size <= kMaxVectorBytes);
    const Scores scores = Score(*vector);
    Require(scores.base_tenths == *base && IsScore(*base));
    Require(IsScore(scores.temporal_tenths.value_or(0)) && IsScore(scores.environmental_tenths.value_or(0)));
    Require(!scores.temporal_tenths || *scores.temporal_tenths <= scores.base_tenths);
    Require(!NameOf(SeverityOf(vector->version, scores.overall_tenths())).empty());
    Require(Parse(Written(*vector, !MetricsOf(vector->version).is_ordered)).value() == *vector);
    return 0;
}
