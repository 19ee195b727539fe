// What a scanner reported, in one shape for every format: what was looked at, with which checks, and what was found. docs/formats/scan-reports.md
// says what is read of each format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/language.hpp"

namespace opsteward::scans {

enum class Format {
    kNessus,         ///< NessusClientData_v2
    kOpenVasXml,     ///< GMP report
    kOpenVasCsv,     ///< GVM's "CSV Results"
    kNmap,           ///< nmap -oX
    kSarif,          ///< OASIS SARIF 2.1.0
    kCycloneDxJson,  ///< ECMA-424, with vulnerabilities
    kCycloneDxXml,
    kSpdxJson,  ///< SPDX 2.x
    kSpdxTagValue,
    kTrivy,
    kGrype,
    kXccdf,  ///< XCCDF TestResult, alone, in its benchmark or in an ARF (NISTIR 7275, 7694)
};

/// In the order of seriousness. kUnknown: the report names none that is understood; it is never taken for a low one.
enum class Severity : std::uint8_t { kUnknown, kNone, kInfo, kLow, kMedium, kHigh, kCritical };

enum class State : std::uint8_t {
    kOpen,
    kPassed,         ///< the check ran and found nothing amiss
    kSuppressed,     ///< found, and put aside by somebody
    kNotApplicable,  ///< the check, or the vulnerability, does not concern the target
    kNoAnswer,       ///< the check was begun and could not tell
};

/// snake_case, as in JSON: "openvas_xml", "critical", "not_applicable".
std::string_view NameOf(Format format);
std::string_view NameOf(Severity severity);
std::string_view NameOf(State state);
/// As people know it: "OpenVAS/GVM (XML)".
std::string_view TitleOf(Format format);

struct Score {
    double value = 0;    ///< 0 to 10
    std::string system;  ///< "CVSS:2.0", "CVSS:3.0", "CVSS:3.1", "CVSS:4.0"; "CVSS" where the report leaves the version out
    std::string vector;  ///< as written; empty when not given

    bool operator==(const Score&) const = default;
};

/// What is affected on or in the target; each part is empty where the report has none.
struct Component {
    std::string name;
    std::string version;
    std::string purl;
    std::string cpe;
    std::string location;  ///< file, path or part of the target

    bool operator==(const Component&) const = default;
};

struct PortRange {
    std::string protocol;  ///< "tcp", "udp", "sctp"; "" for any
    std::uint16_t first = 0;
    std::uint16_t last = 0;

    bool operator==(const PortRange&) const = default;
};

/// Which ports a scan tried.
struct PortChoice {
    std::string choice;             ///< as the report writes it: "1-1024", "default"
    bool is_limited = false;        ///< the report says which ports: others were not looked at
    std::vector<PortRange> ranges;  ///< sorted and joined (JoinRanges); empty where `choice` is a name whose ports are not in the report
};

/// The checks that a scan ran, as far as the report shows it.
struct CheckSet {
    enum class Basis {
        kUnknown,   ///< the report does not say
        kListed,    ///< those in `listed`
        kFamilies,  ///< those of `families`, but for `switched_off`
        kAll,       ///< every one the tool has
    };

    Basis basis = Basis::kUnknown;
    std::vector<std::string> listed;        ///< sorted
    std::vector<std::string> families;      ///< sorted
    std::vector<std::string> switched_off;  ///< sorted
    /// Names the choice of checks where it can't be seen itself: two reports of the same tool with the same name ran the same ones. Empty: no name.
    std::string configuration;
    std::string evidence;  ///< the place in the report that shows it
};

enum class TargetKind { kHost, kImage, kFiles, kDocument };
std::string_view NameOf(TargetKind kind);

struct Target {
    TargetKind kind = TargetKind::kHost;
    std::string name;                     ///< as the report names it
    std::vector<std::string> host_names;  ///< without those that every machine has
    std::vector<std::string> addresses;
    std::optional<Instant> start;
    std::optional<Instant> end;
    Text interruption;                       ///< why the target was not scanned to its end; empty: it was
    std::optional<bool> has_login;           ///< whether checks that need to log in could; nothing: not said
    std::size_t check_set = 0;               ///< index into Report::check_sets
    std::vector<std::string> failed_checks;  ///< that ended in an error on this target
    std::size_t port_choice = 0;             ///< index into Report::port_choices
    std::vector<PortRange> unanswered;       ///< ports on which nothing answered, so that no check of a service could run; sorted and joined
    bool others_may_be_unanswered = false;   ///< among the ports that are not listed one by one are unanswered ones
};

struct Finding {
    std::size_t target = 0;  ///< index into Report::targets
    std::string check;       ///< plugin id, NVT oid, rule id, or the vulnerability's own id
    std::string family;      ///< of the check, as CheckSet::families has it
    std::string title;
    std::vector<std::string> cves;  ///< upper case, each once, in the report's order
    std::uint16_t port = 0;         ///< 0: of the target as a whole
    std::string protocol;
    std::string service;
    Component component;
    std::uint32_t line = 0;   ///< in the file Component::location; 0: not given
    std::string fingerprint;  ///< the tool's own name for the same finding in later scans
    Severity severity = Severity::kUnknown;
    std::string severity_word;  ///< the tool's own word or number
    std::optional<Score> score;
    std::string evidence;  ///< what the check saw, bounded
    std::string solution;
    State state = State::kOpen;
    std::string reason;  ///< the tool's, for a state other than open
    bool needs_login = false;
    std::uint32_t times_reported = 1;
};

/// Something in the report that was not understood, or was taken with an assumption.
struct Note {
    std::string place;  ///< first place: line, byte, element path or JSON path
    Text what;
    std::uint64_t count = 1;
};

struct Report {
    Format format = Format::kNessus;
    std::string tool;
    std::string tool_version;
    std::string title;  ///< of the scan, as the report names it
    std::optional<Instant> start;
    std::optional<Instant> end;
    Text interruption;  ///< why the scan as a whole did not come to its end; empty: it did
    std::vector<Target> targets;
    std::vector<CheckSet> check_sets;      ///< at least one
    std::vector<PortChoice> port_choices;  ///< at least one
    std::vector<Finding> findings;
    std::uint64_t duplicates = 0;  ///< how many findings went into others that say the same
    std::vector<Note> not_understood;

    bool is_complete() const { return interruption.empty(); }
};

}  // namespace opsteward::scans
