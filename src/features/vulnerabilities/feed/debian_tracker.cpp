// The Debian security tracker's data/json: https://security-tracker.debian.org/tracker/data/json
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/json_parts.hpp"
#include "features/vulnerabilities/feed/json_text.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kMaxIdBytes = 100;

struct Release {
    std::string_view name;
    std::string_view ecosystem;
};

// https://www.debian.org/releases/
constexpr std::array<Release, 22> kReleases{{
    {"buzz", "Debian:1.1"},     {"rex", "Debian:1.2"},       {"bo", "Debian:1.3"},     {"hamm", "Debian:2.0"},     {"slink", "Debian:2.1"},
    {"potato", "Debian:2.2"},   {"woody", "Debian:3.0"},     {"sarge", "Debian:3.1"},  {"etch", "Debian:4.0"},     {"lenny", "Debian:5.0"},
    {"squeeze", "Debian:6.0"},  {"wheezy", "Debian:7"},      {"jessie", "Debian:8"},   {"stretch", "Debian:9"},    {"buster", "Debian:10"},
    {"bullseye", "Debian:11"},  {"bookworm", "Debian:12"},   {"trixie", "Debian:13"},  {"forky", "Debian:14"},     {"duke", "Debian:15"},
    {"experimental", "Debian:experimental"},                 {"sid", "Debian:unstable"},
}};

struct Standing {
    std::string status;
    std::string fixed;
    std::string urgency;
    std::string nodsa;
    std::string nodsa_reason;
};

Standing ReadStanding(Json value, std::uint64_t& odd) {
    Standing standing;
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "status") {
            TakeText(member, standing.status, odd);
        } else if (key == "fixed_version") {
            TakeText(member, standing.fixed, odd);
        } else if (key == "urgency") {
            TakeText(member, standing.urgency, odd);
        } else if (key == "nodsa") {
            TakeText(member, standing.nodsa, odd);
        } else if (key == "nodsa_reason") {
            TakeText(member, standing.nodsa_reason, odd);
        }
    });
    return standing;
}

/// "low", "no-dsa (postponed): Minor issue", or both with a semicolon between.
std::string NoteOf(const Standing& standing) {
    std::string note = standing.urgency;
    if (standing.nodsa.empty() && standing.nodsa_reason.empty()) return note;
    if (!note.empty()) note += "; ";
    note += "no-dsa";
    if (!standing.nodsa_reason.empty()) note += fmt::format(" ({})", standing.nodsa_reason);
    if (!standing.nodsa.empty()) note += fmt::format(": {}", standing.nodsa);
    return note;
}

void AddPackage(std::string_view ecosystem, std::string_view name, const Standing& standing, Vulnerability& record, std::uint64_t& odd) {
    AffectedPackage package;
    package.origin = Origin::kDebian;
    package.ecosystem = ecosystem;
    package.name = name;
    package.note = NoteOf(standing);
    if (standing.status == "resolved" && !standing.fixed.empty()) {
        if (standing.fixed == "0") return;  // never had it
        package.end = standing.fixed;
    } else if (standing.status == "undetermined") {
        package.is_undetermined = true;
    } else if (standing.status != "open") {
        ++odd;
        return;
    }
    record.packages.push_back(std::move(package));
}

void ReadReleases(Json value, std::string_view name, Vulnerability& record, std::uint64_t& odd) {
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        const auto release = std::ranges::find(kReleases, key, &Release::name);
        if (release == kReleases.end()) {
            ++odd;
        } else {
            AddPackage(release->ecosystem, name, ReadStanding(member, odd), record, odd);
        }
    });
}

Vulnerability ReadRecord(std::string_view id, std::string_view package, Json value, std::uint64_t& odd) {
    Vulnerability record;
    record.id = id;
    record.status_origin = Origin::kDebian;
    record.modified_origin = Origin::kDebian;
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "description") {
            const auto text = AsText(member, odd);
            if (text && !text->empty()) record.description = Told{Origin::kDebian, CleanText(*text)};
        } else if (key == "releases") {
            ReadReleases(member, package, record, odd);
        }
    });
    return record;
}

}  // namespace

Result<FeedCount> ReadDebianTracker(std::string& text, const RecordSink& sink) {
    FeedCount count;
    OPS_CHECK(VisitObject(text, "Debian", "", [&](const JsonPart& part) -> Result<void> {
        if (!part.value.is_object()) return BadPart(part, "不是套件", "it is no package");
        bool is_id_odd = false;
        ForMembers(part.value, count.odd_parts, [&](std::string_view key, Json member) {
            const bool is_id = (key.starts_with("CVE-") || key.starts_with("TEMP-")) && key.size() <= kMaxIdBytes;
            if (!is_id) {
                is_id_odd = true;
                return;
            }
            ++count.records;
            sink(ReadRecord(CleanText(key), part.key, member, count.odd_parts));
        });
        if (is_id_odd) return BadPart(part, "有一筆沒有 CVE 或 TEMP 編號", "one of its records has no CVE or TEMP number");
        return Ok();
    }));
    if (count.records == 0) {
        return Error::Of(ErrorCode::kInvalidInput, "這不是 Debian 安全追蹤資料：其中沒有任何一筆。", "This is no text of the Debian security tracker: it has no record.");
    }
    return count;
}

}  // namespace opsteward::vuln
