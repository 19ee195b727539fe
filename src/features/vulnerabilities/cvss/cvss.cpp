#include "features/vulnerabilities/cvss/cvss.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "features/vulnerabilities/cvss/metrics.hpp"
#include "features/vulnerabilities/cvss/read.hpp"
#include "features/vulnerabilities/cvss/scoring.hpp"

namespace opsteward::cvss {
namespace {

/// A piece of what was given, fit to be shown.
std::string Shown(std::string_view part) {
    constexpr std::size_t kShownCharacters = 40;
    std::string shown = Shorten(ReplaceInvalidUtf8(part), kShownCharacters);
    std::ranges::replace_if(shown, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
    return shown;
}

/// {0} is the part of the text, {1} the metric.
Error Refusal(Phrase text, std::string_view part, std::string_view metric) {
    const auto fill = [&](std::string_view pattern) { return fmt::vformat(pattern, fmt::make_format_args(part, metric)); };
    return Error::Of(ErrorCode::kInvalidInput, "CVSS 向量有誤：" + fill(text.zh), "The CVSS vector is wrong: " + fill(text.en));
}

Phrase TextOf(Fault fault) {
    switch (fault) {
        case Fault::kNone: break;
        case Fault::kTooLong: return {"超過 1024 位元組。", "it is longer than 1024 bytes."};
        case Fault::kUnknownVersion: return {"沒有「{0}」這個版本；請用 CVSS:2.0、3.0、3.1 或 4.0。", "there is no version \"{0}\"; use CVSS:2.0, 3.0, 3.1 or 4.0."};
        case Fault::kNoPair: return {"「{0}」不是「指標:值」。", "\"{0}\" is no METRIC:VALUE."};
        case Fault::kUnknownMetric:
            return {"這個版本沒有指標「{0}」（3.x 與 4.0 的向量以 CVSS:3.1/ 之類開頭，否則視為 2.0）。",
                    "its version has no metric \"{0}\" (vectors of 3.x and 4.0 begin with CVSS:3.1/ and the like, else they count as 2.0)."};
        case Fault::kUnknownValue: return {"指標 {1} 沒有值「{0}」。", "metric {1} has no value \"{0}\"."};
        case Fault::kDoubled: return {"指標 {1} 出現兩次。", "metric {1} is there twice."};
        case Fault::kOutOfOrder: return {"指標 {1} 不在規格所定的位置。", "metric {1} does not stand where the specification has it."};
        case Fault::kMissing: return {"缺少指標 {1}。", "metric {1} is missing."};
    }
    return {"沒有錯誤。", "there is no fault."};
}
static_assert(kMaxVectorBytes == 1024, "TextOf says it");

/// Whether one of the metrics from `first` to before `last` is defined.
bool HasAny(const Vector& vector, std::uint8_t first, std::uint8_t last) {
    return std::any_of(vector.values.begin() + first, vector.values.begin() + last, [](std::uint8_t value) { return value != 0; });
}

int BaseScore(const Vector& vector) {
    switch (vector.version) {
        case Version::k20: return BaseScore2(vector);
        case Version::k30:
        case Version::k31: return BaseScore3(vector);
        case Version::k40: return Score4(vector, {});
    }
    return 0;
}

int ThreatScore(const Vector& vector) {
    switch (vector.version) {
        case Version::k20: return TemporalScore2(vector);
        case Version::k30:
        case Version::k31: return TemporalScore3(vector);
        case Version::k40: return Score4(vector, {.threat = true, .environment = false});
    }
    return 0;
}

int EnvironmentalScore(const Vector& vector) {
    switch (vector.version) {
        case Version::k20: return EnvironmentalScore2(vector);
        case Version::k30:
        case Version::k31: return EnvironmentalScore3(vector);
        case Version::k40: return Score4(vector, {.threat = true, .environment = true});
    }
    return 0;
}

}  // namespace

std::string_view NameOf(Version version) {
    switch (version) {
        case Version::k20: return "2.0";
        case Version::k30: return "3.0";
        case Version::k31: return "3.1";
        case Version::k40: return "4.0";
    }
    return "";
}

Result<Vector> Parse(std::string_view text) {
    Vector vector;
    const Finding finding = Read(text, vector);
    if (finding.fault != Fault::kNone) return Refusal(TextOf(finding.fault), Shown(finding.part), finding.metric);
    return vector;
}

Scores Score(const Vector& vector) {
    const MetricList& list = MetricsOf(vector.version);
    Scores scores{BaseScore(vector), {}, {}};
    if (HasAny(vector, list.first_threat, list.first_environmental)) scores.temporal_tenths = ThreatScore(vector);
    if (HasAny(vector, list.first_environmental, list.first_supplemental)) scores.environmental_tenths = EnvironmentalScore(vector);
    return scores;
}

std::optional<int> BaseScoreTenths(std::string_view text) {
    Vector vector;
    if (Read(text, vector).fault != Fault::kNone) return std::nullopt;
    return BaseScore(vector);
}

Severity SeverityOf(Version version, int tenths) {
    const bool is_old = version == Version::k20;
    if (tenths <= 0 && !is_old) return Severity::kNone;
    if (tenths < 40) return Severity::kLow;
    if (tenths < 70) return Severity::kMedium;
    return tenths < 90 || is_old ? Severity::kHigh : Severity::kCritical;
}

std::string_view NameOf(Severity severity) {
    switch (severity) {
        case Severity::kNone: return "NONE";
        case Severity::kLow: return "LOW";
        case Severity::kMedium: return "MEDIUM";
        case Severity::kHigh: return "HIGH";
        case Severity::kCritical: return "CRITICAL";
    }
    return "";
}

Phrase WordsOf(Severity severity) {
    switch (severity) {
        case Severity::kNone: return {"無", "none"};
        case Severity::kLow: return {"低", "low"};
        case Severity::kMedium: return {"中", "medium"};
        case Severity::kHigh: return {"高", "high"};
        case Severity::kCritical: return {"重大", "critical"};
    }
    return {};
}

}  // namespace opsteward::cvss
