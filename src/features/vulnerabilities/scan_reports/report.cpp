#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans {

std::string_view NameOf(Format format) {
    switch (format) {
        case Format::kNessus:
            return "nessus";
        case Format::kOpenVasXml:
            return "openvas_xml";
        case Format::kOpenVasCsv:
            return "openvas_csv";
        case Format::kNmap:
            return "nmap";
        case Format::kSarif:
            return "sarif";
        case Format::kCycloneDxJson:
            return "cyclonedx_json";
        case Format::kCycloneDxXml:
            return "cyclonedx_xml";
        case Format::kSpdxJson:
            return "spdx_json";
        case Format::kSpdxTagValue:
            return "spdx_tag_value";
        case Format::kTrivy:
            return "trivy";
        case Format::kGrype:
            return "grype";
        case Format::kXccdf:
            return "xccdf";
    }
    return "";
}

std::string_view TitleOf(Format format) {
    switch (format) {
        case Format::kNessus:
            return "Nessus v2 (XML)";
        case Format::kOpenVasXml:
            return "OpenVAS/GVM (XML)";
        case Format::kOpenVasCsv:
            return "OpenVAS/GVM (CSV)";
        case Format::kNmap:
            return "nmap (XML)";
        case Format::kSarif:
            return "SARIF 2.1.0";
        case Format::kCycloneDxJson:
            return "CycloneDX (JSON)";
        case Format::kCycloneDxXml:
            return "CycloneDX (XML)";
        case Format::kSpdxJson:
            return "SPDX 2 (JSON)";
        case Format::kSpdxTagValue:
            return "SPDX 2 (tag-value)";
        case Format::kTrivy:
            return "Trivy (JSON)";
        case Format::kGrype:
            return "Grype (JSON)";
        case Format::kXccdf:
            return "XCCDF TestResult (XML)";
    }
    return "";
}

std::string_view NameOf(Severity severity) {
    switch (severity) {
        case Severity::kUnknown:
            return "unknown";
        case Severity::kNone:
            return "none";
        case Severity::kInfo:
            return "info";
        case Severity::kLow:
            return "low";
        case Severity::kMedium:
            return "medium";
        case Severity::kHigh:
            return "high";
        case Severity::kCritical:
            return "critical";
    }
    return "";
}

std::string_view NameOf(State state) {
    switch (state) {
        case State::kOpen:
            return "open";
        case State::kPassed:
            return "passed";
        case State::kSuppressed:
            return "suppressed";
        case State::kNotApplicable:
            return "not_applicable";
        case State::kNoAnswer:
            return "no_answer";
    }
    return "";
}

std::string_view NameOf(TargetKind kind) {
    switch (kind) {
        case TargetKind::kHost:
            return "host";
        case TargetKind::kImage:
            return "image";
        case TargetKind::kFiles:
            return "files";
        case TargetKind::kDocument:
            return "document";
    }
    return "";
}

}  // namespace opsteward::scans
