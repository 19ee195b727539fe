#include "features/vulnerabilities/scan_reports/read_report.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/host_identity.hpp"
#include "features/vulnerabilities/scan_reports/input_text.hpp"
#include "features/vulnerabilities/scan_reports/port_ranges.hpp"

namespace opsteward::scans {
namespace {

Error UnknownFormat(std::string_view found) {
    return Error::Of(
        ErrorCode::kInvalidInput,
        fmt::format("看不出這是哪一種掃描報告：{}。可讀取 Nessus（NessusClientData_v2）、OpenVAS/GVM（report；或含「NVT OID」欄的 CSV）、nmap（nmaprun）、"
                    "XCCDF（TestResult、Benchmark 或 ARF）、CycloneDX（bom 或 bomFormat）、SARIF（runs）、SPDX（spdxVersion 或 SPDXVersion:）、"
                    "Trivy（SchemaVersion）與 Grype（matches）。",
                    found),
        fmt::format("This is no scan report of a known format: {}. Looked for: Nessus (NessusClientData_v2), OpenVAS/GVM (report; or a CSV with a column "
                    "NVT OID), nmap (nmaprun), XCCDF (TestResult, Benchmark or an ARF), CycloneDX (bom or bomFormat), SARIF (runs), SPDX (spdxVersion or "
                    "SPDXVersion:), Trivy (SchemaVersion), Grype (matches).",
                    found));
}

Result<Report> Finish(ReportBuilder& builder) {
    Report report = builder.Take();
    if (report.check_sets.empty()) report.check_sets.emplace_back();
    if (report.port_choices.empty()) report.port_choices.emplace_back();
    for (Target& target : report.targets) {
        if (target.kind == TargetKind::kHost) EnsureHostIdentity(target);
        JoinRanges(target.unanswered);
    }
    return report;
}

template <typename Value>
struct Reader {
    Format format;
    Result<void> (*read)(Value, ReportBuilder&);
};

template <typename Value, std::size_t kCount>
Result<Report> ReadWith(const Reader<Value> (&readers)[kCount], Format format, Value value, std::optional<std::size_t> damage) {
    ReportBuilder builder(format);
    if (damage) {
        builder.NoteUnread(fmt::format("@ {}", *damage), {"不是 UTF-8 的位元組以 U+FFFD 代替；文字可能不完整。",
                                                          "Bytes that are no UTF-8 were replaced by U+FFFD; texts may have lost something."});
    }
    for (const auto& reader : readers) {
        if (reader.format != format) continue;
        OPS_CHECK(reader.read(value, builder));
        return Finish(builder);
    }
    return Error::Hidden(ErrorCode::kInternal, "a format without a reader");
}

Result<Report> ReadXml(InputText input) {
    static constexpr Reader<pugi::xml_node> kReaders[] = {{Format::kNessus, ReadNessus},
                                                          {Format::kOpenVasXml, ReadOpenVasXml},
                                                          {Format::kNmap, ReadNmap},
                                                          {Format::kXccdf, ReadXccdf},
                                                          {Format::kCycloneDxXml, ReadCycloneDxXml}};
    OPS_TRY(const auto document, XmlDocument::Parse(std::move(input.utf8)));
    const auto format = FormatOfXml(document->root());
    if (!format) return UnknownFormat(fmt::format("<{}>", Shorten(document->root().name(), 60)));
    return ReadWith(kReaders, *format, document->root(), input.damage);
}

Result<Report> ReadJson(InputText input) {
    static constexpr Reader<JsonValue> kReaders[] = {{Format::kSarif, ReadSarif},
                                                     {Format::kCycloneDxJson, ReadCycloneDxJson},
                                                     {Format::kSpdxJson, ReadSpdxJson},
                                                     {Format::kTrivy, ReadTrivy},
                                                     {Format::kGrype, ReadGrype}};
    OPS_TRY(const auto document, JsonDocument::Parse(std::move(input.utf8)));
    const auto format = FormatOfJson(document->root());
    if (!format) return UnknownFormat("JSON");
    return ReadWith(kReaders, *format, document->root(), input.damage);
}

Result<Report> ReadText(const InputText& input) {
    static constexpr Reader<std::string_view> kReaders[] = {{Format::kOpenVasCsv, ReadOpenVasCsv}, {Format::kSpdxTagValue, ReadSpdxTagValue}};
    const auto format = FormatOfText(input.utf8);
    if (!format) return UnknownFormat(input.utf8.empty() ? "(0 B)" : "text");
    return ReadWith(kReaders, *format, std::string_view(input.utf8), input.damage);
}

}  // namespace

Result<Report> ReadReport(std::string bytes, std::size_t max_bytes) {
    if (bytes.size() > max_bytes) {
        return Error::Of(
            ErrorCode::kTooLarge, fmt::format("報告有 {}，超過上限 {}；請分成較小的報告。", FormatBytes(bytes.size()), FormatBytes(max_bytes)),
            fmt::format("The report of {} is above the limit of {}; export it in smaller parts.", FormatBytes(bytes.size()), FormatBytes(max_bytes)));
    }
    OPS_TRY(InputText input, ReadInputText(std::move(bytes)));
    const std::size_t first = input.utf8.find_first_not_of(" \t\r\n");
    const char mark = first == std::string::npos ? '\0' : input.utf8[first];
    if (mark == '<') return ReadXml(std::move(input));
    if (mark == '{' || mark == '[') return ReadJson(std::move(input));
    return ReadText(input);
}

}  // namespace opsteward::scans
