// Puts a report together while it is read: the same finding reported twice becomes one, and what is not understood is kept with its place.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans {

/// Bounds of what is kept, in characters and counts; text is cut with "…". A report above a count is refused.
inline constexpr std::size_t kMaxEvidence = 4000;
inline constexpr std::size_t kMaxSolution = 2000;
inline constexpr std::size_t kMaxTitle = 500;
inline constexpr std::size_t kMaxWord = 1000;  ///< ids, names, versions, paths
inline constexpr std::size_t kMaxFindings = 2'000'000;
inline constexpr std::size_t kMaxTargets = 1'000'000;
inline constexpr std::size_t kMaxNotes = 500;  ///< different ones; more are counted in a last note
inline constexpr std::size_t kMaxCves = 2000;  ///< of one finding
/// Of what is listed beside the findings: checks, rules, components, files; a report above it is refused.
inline constexpr std::size_t kMaxListed = 1'000'000;
inline constexpr std::size_t kMaxParts = 10'000;       ///< of one vulnerability or package: ratings, references; more are not read
inline constexpr std::size_t kMaxListText = 1U << 20;  ///< bytes of a text that is taken apart into words or lines; more are not read

/// kTooLarge: `what` names the things, in both languages.
Error TooManyListed(Phrase what, std::size_t max = kMaxListed);

/// `text` without white space at its ends, at most `max` characters.
std::string Bounded(std::string_view text, std::size_t max);

/// The beginning of UTF-8 text, at most so many bytes, without a part of a character at its end.
std::string_view FrontOf(std::string_view text, std::size_t bytes);

class ReportBuilder {
  public:
    explicit ReportBuilder(Format format) { report_.format = format; }

    Report& report() { return report_; }

    /// Its index. A target of the same kind and name that is there already is given again.
    Result<std::size_t> AddTarget(TargetKind kind, std::string_view name);
    std::size_t AddCheckSet(CheckSet checks);
    /// Every target that says nothing else has the first one.
    void AddPortChoice(PortChoice ports);

    /// Bounds the texts and keeps the finding, or puts it into the one that has the same target, check (where it has none: CVEs), port, component and
    /// line: evidence that is not there yet is added, CVEs are joined, the higher severity and the better score stand, and open stands before any
    /// other state.
    Result<void> Add(Finding finding);

    /// Notes with the same text are one, with the place of the first.
    void NoteUnread(std::string_view place, Text what);

    Report Take();

  private:
    Report report_;
    std::unordered_map<std::string, std::size_t> targets_;
    std::unordered_map<std::string, std::size_t> findings_;
    std::unordered_map<std::string, std::size_t> notes_;
    std::uint64_t notes_left_out_ = 0;
};

}  // namespace opsteward::scans
