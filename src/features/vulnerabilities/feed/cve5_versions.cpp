#include "features/vulnerabilities/feed/cve5_versions.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "versions/version.hpp"

namespace opsteward::vuln {

namespace {

bool IsBefore(std::string_view a, std::string_view b) { return versions::Compare(versions::Scheme::kGeneric, a, b) < 0; }

/// Words for "whatever version". A single 0 is one too: no product begins and ends there.
bool IsAnyVersion(std::string_view version) {
    constexpr std::array<std::string_view, 11> kWords{"", "*", "-", "0", "n/a", "na", "all", "any", "all versions", "unknown", "unspecified"};
    return std::ranges::find(kWords, ToLowerAscii(version)) != kWords.end();
}

bool IsCommit(std::string_view version) {
    const bool is_length = version.size() == 12 || version.size() == 40;
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'f'; };
    return is_length && std::ranges::all_of(version, is_hex) && std::ranges::any_of(version, is_letter);
}

/// "5.4.*" as an end takes in all of 5.4: it ends before 5.5.
void EndBehindBranch(VersionSpan& span) {
    std::string branch = span.end.substr(0, span.end.size() - 2);
    const std::size_t dot = branch.rfind('.') + 1;  // 0 when there is none
    const auto number = ParseInt(std::string_view(branch).substr(dot));
    span.end = number && *number >= 0 && *number < 1'000'000'000 ? branch.substr(0, dot) + std::to_string(*number + 1) : branch;
    span.excludes_end = number.has_value();
}

VersionSpan SpanOf(const VersionEntry& entry) {
    VersionSpan span;
    if (!IsAnyVersion(entry.version)) span.start = entry.version;
    if (!entry.has_end && entry.changes.empty()) {
        span.end = span.start;
        return span;
    }
    // What Microsoft's records say for "until this was published", and for "see there": the numbers were left out.
    if (entry.end == "publication" || entry.end.find("://") != std::string::npos) return {};
    if (IsAnyVersion(entry.end)) return span;
    span.end = entry.end;
    span.excludes_end = entry.excludes_end;
    if (span.end.ends_with(".*")) EndBehindBranch(span);
    return span;
}

void AddPieces(const VersionEntry& entry, std::vector<VersionSpan>& into) {
    const VersionSpan whole = SpanOf(entry);
    std::vector<VersionChange> changes = entry.changes;
    std::ranges::stable_sort(changes, [](const VersionChange& a, const VersionChange& b) { return IsBefore(a.at, b.at); });
    std::string start = whole.start;
    bool is_affected = true;
    for (const VersionChange& change : changes) {
        if (is_affected && !change.is_affected && !change.at.empty() && change.at != start) into.push_back({start, change.at, false, true});
        if (!is_affected && change.is_affected) start = change.at;
        is_affected = change.is_affected;
    }
    const bool is_empty = !start.empty() && start == whole.end && whole.excludes_end;
    if (is_affected && !is_empty) into.push_back({start, whole.end, false, whole.excludes_end});
}

/// What lies between the unaffected ones, and behind them; but not behind a single version, which stands for the one with the remedy.
std::vector<VersionSpan> Between(std::vector<VersionSpan> unaffected) {
    std::ranges::stable_sort(unaffected, [](const VersionSpan& a, const VersionSpan& b) { return !b.start.empty() && (a.start.empty() || IsBefore(a.start, b.start)); });
    std::vector<VersionSpan> spans;
    VersionSpan open;
    for (const VersionSpan& span : unaffected) {
        if (!span.start.empty() && (open.start.empty() || IsBefore(open.start, span.start))) {
            open.end = span.start;
            open.excludes_end = true;
            spans.push_back(open);
        }
        if (span.end.empty()) return spans;
        if (open.start.empty() || IsBefore(open.start, span.end)) open = {span.end, "", !span.excludes_end, false};
    }
    if (unaffected.back().is_single()) return spans;
    spans.push_back({open.start, "", open.excludes_start, false});
    return spans;
}

}  // namespace

VersionEntry ReadVersionEntry(Json value, std::uint64_t& odd) {
    VersionEntry entry;
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "version") {
            TakeText(member, entry.version, odd);
        } else if (key == "lessThan" || key == "lessThanOrEqual") {
            TakeText(member, entry.end, odd);
            entry.has_end = true;
            entry.excludes_end = key == "lessThan";
        } else if (key == "versionType") {
            TakeText(member, entry.type, odd);
        } else if (key == "status") {
            const std::string_view status = AsText(member, odd).value_or("");
            entry.is_affected = status == "affected";
            entry.is_unaffected = status == "unaffected";
        } else if (key == "changes") {
            ForElements(member, odd, [&](Json element) {
                VersionChange& change = entry.changes.emplace_back();
                ForMembers(element, odd, [&](std::string_view name, Json part) {
                    if (name == "at") TakeText(part, change.at, odd);
                    if (name == "status") change.is_affected = AsText(part, odd).value_or("") == "affected";
                });
            });
        }
    });
    return entry;
}

bool IsTooLong(const VersionEntry& entry) {
    constexpr std::size_t kMaxBytes = 256;
    const auto is_long = [](const VersionChange& change) { return change.at.size() > kMaxBytes; };
    return entry.version.size() > kMaxBytes || entry.end.size() > kMaxBytes || std::ranges::any_of(entry.changes, is_long);
}

bool IsNoNumber(const VersionEntry& entry) {
    return entry.type == "git" || entry.type == "cpe" || IsCommit(entry.version) || IsCommit(entry.end);
}

std::vector<VersionSpan> AffectedSpans(const std::vector<VersionEntry>& entries, bool is_by_default) {
    std::vector<VersionSpan> affected;
    std::vector<VersionSpan> unaffected;
    for (const VersionEntry& entry : entries) {
        if (entry.is_affected) AddPieces(entry, affected);
        // Whatever version is not affected: what is meant by that can't be known.
        if (entry.is_unaffected && (!SpanOf(entry).is_whole() || entry.has_end)) unaffected.push_back(SpanOf(entry));
    }
    if (!is_by_default) return affected;
    if (!unaffected.empty()) return Between(std::move(unaffected));
    return affected.empty() ? std::vector<VersionSpan>{VersionSpan{}} : affected;
}

}  // namespace opsteward::vuln
