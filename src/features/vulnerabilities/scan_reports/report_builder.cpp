#include "features/vulnerabilities/scan_reports/report_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/port_ranges.hpp"
#include "features/vulnerabilities/scan_reports/severity.hpp"

namespace opsteward::scans {
namespace {

constexpr char kBetween = '\x1f';

/// The parts of a key with their lengths' end marked; no two different lists of parts give the same key, since control characters do not come in ids.
std::string KeyOf(const Finding& finding) {
    std::string key = fmt::format("{}{}{}{}{}{}", finding.target, kBetween, finding.port, kBetween, finding.line, kBetween);
    key += finding.check;
    if (finding.check.empty()) key += Join(finding.cves, ",");
    for (const std::string_view part :
         {std::string_view(finding.protocol), std::string_view(finding.component.name), std::string_view(finding.component.version),
          std::string_view(finding.component.purl), std::string_view(finding.component.location)}) {
        key += kBetween;
        key += part;
    }
    return key;
}

void BoundTexts(Finding& finding) {
    const auto bound = [](std::string& text, std::size_t max) {
        if (!text.empty()) text = Bounded(text, max);
    };
    for (std::string* word : {&finding.check, &finding.family, &finding.protocol, &finding.service, &finding.component.name, &finding.component.version,
                              &finding.component.purl, &finding.component.cpe, &finding.component.location, &finding.fingerprint, &finding.severity_word}) {
        bound(*word, kMaxWord);
    }
    bound(finding.title, kMaxTitle);
    bound(finding.evidence, kMaxEvidence);
    bound(finding.solution, kMaxSolution);
    bound(finding.reason, kMaxSolution);
    if (finding.cves.size() > kMaxCves) finding.cves.resize(kMaxCves);
}

void AddEvidence(std::string& evidence, const std::string& more) {
    if (more.empty() || evidence.find(more) != std::string::npos || evidence.size() >= kMaxEvidence) return;
    if (!evidence.empty()) evidence += '\n';
    evidence = Bounded(evidence + more, kMaxEvidence);
}

void Merge(Finding& kept, Finding more) {
    ++kept.times_reported;
    AddEvidence(kept.evidence, more.evidence);
    for (std::string& cve : more.cves) {
        if (kept.cves.size() < kMaxCves && std::ranges::find(kept.cves, cve) == kept.cves.end()) kept.cves.push_back(std::move(cve));
    }
    if (more.severity > kept.severity) {
        kept.severity = more.severity;
        kept.severity_word = std::move(more.severity_word);
    }
    if (more.score) Consider(kept.score, std::move(*more.score));
    if (kept.solution.empty()) kept.solution = std::move(more.solution);
    if (kept.title.empty()) kept.title = std::move(more.title);
    if (more.state == State::kOpen && kept.state != State::kOpen) {
        kept.state = State::kOpen;
        kept.reason.clear();
    }
    kept.needs_login = kept.needs_login && more.needs_login;
}

}  // namespace

Error TooManyListed(Phrase what, std::size_t max) {
    return Error::Of(ErrorCode::kTooLarge, fmt::format("報告中的{}超過 {} 個；請分成較小的報告。", what.zh, max),
                     fmt::format("The report has more than {} {}; export it in smaller parts.", max, what.en));
}

std::string Bounded(std::string_view text, std::size_t max) {
    const std::string_view trimmed = Trim(text);
    return trimmed.size() <= max ? std::string(trimmed) : Shorten(trimmed, max);
}

std::string_view FrontOf(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0U) == 0x80U) --bytes;
    return text.substr(0, bytes);
}

Result<std::size_t> ReportBuilder::AddTarget(TargetKind kind, std::string_view name) {
    const auto [found, is_new] = targets_.try_emplace(fmt::format("{}{}{}", NameOf(kind), kBetween, name), report_.targets.size());
    if (!is_new) return found->second;
    if (report_.targets.size() >= kMaxTargets) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("報告中的掃描對象超過 {} 個。", kMaxTargets),
                         fmt::format("The report has more than {} targets.", kMaxTargets));
    }
    Target target;
    target.kind = kind;
    target.name = Bounded(name, kMaxWord);
    report_.targets.push_back(std::move(target));
    return found->second;
}

std::size_t ReportBuilder::AddCheckSet(CheckSet checks) {
    for (std::vector<std::string>* list : {&checks.listed, &checks.families, &checks.switched_off}) {
        std::ranges::sort(*list);
        list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    report_.check_sets.push_back(std::move(checks));
    return report_.check_sets.size() - 1;
}

void ReportBuilder::AddPortChoice(PortChoice ports) {
    JoinRanges(ports.ranges);
    report_.port_choices.push_back(std::move(ports));
}

Result<void> ReportBuilder::Add(Finding finding) {
    BoundTexts(finding);
    const auto [found, is_new] = findings_.try_emplace(KeyOf(finding), report_.findings.size());
    if (!is_new) {
        ++report_.duplicates;
        Merge(report_.findings[found->second], std::move(finding));
        return Ok();
    }
    if (report_.findings.size() >= kMaxFindings) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("報告中的發現超過 {} 項；請分成較小的報告。", kMaxFindings),
                         fmt::format("The report has more than {} findings; export it in smaller parts.", kMaxFindings));
    }
    report_.findings.push_back(std::move(finding));
    return Ok();
}

void ReportBuilder::NoteUnread(std::string_view place, Text what) {
    std::string key = what.en;
    if (notes_.size() >= kMaxNotes && !notes_.contains(key)) {
        ++notes_left_out_;
        return;
    }
    const auto [found, is_new] = notes_.try_emplace(std::move(key), report_.not_understood.size());
    if (!is_new) {
        ++report_.not_understood[found->second].count;
        return;
    }
    report_.not_understood.push_back({Bounded(place, kMaxWord), std::move(what), 1});
}

Report ReportBuilder::Take() {
    if (notes_left_out_ > 0) {
        report_.not_understood.push_back(
            {"", {"另有其他未能解讀的內容，未逐項列出。", "Other things were not understood either, and are not listed one by one."}, notes_left_out_});
    }
    return std::move(report_);
}

}  // namespace opsteward::scans
