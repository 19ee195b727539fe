// OSV: https://ossf.github.io/osv-schema/ (1.7).
#include <algorithm>
#include <deque>
#include <iterator>

#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/json_parts.hpp"
#include "features/vulnerabilities/feed/json_text.hpp"
#include "features/vulnerabilities/feed/record_parts.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kMaxIds = 500;           // an advisory of a whole kernel names some hundred
constexpr std::size_t kMaxPackages = 100'000;  // of a record, over all of its ids
constexpr std::size_t kMaxIdBytes = 100;
constexpr std::size_t kMaxNameBytes = 500;
constexpr std::uint64_t kMaxCopiedBytes = std::uint64_t{256} << 20;  // of a record, over all of its ids

struct Draft {
    Vulnerability record;
    std::string id;  ///< of OSV
    std::vector<std::string> cves;
    std::string summary;
    bool is_withdrawn = false;
    FeedCount& count;
};

void AddCve(std::string_view text, Draft& draft) {
    if (!IsCveId(text) || std::ranges::find(draft.cves, text) != draft.cves.end()) return;
    if (draft.cves.size() < kMaxIds) {
        draft.cves.emplace_back(text);
    } else {
        ++draft.count.odd_parts;
    }
}

std::uint8_t CvssVersion(std::string_view type, std::string_view vector) {
    if (type == "CVSS_V2") return 20;
    if (type == "CVSS_V3" && vector.starts_with("CVSS:3.0/")) return 30;
    if (type == "CVSS_V3" && vector.starts_with("CVSS:3.1/")) return 31;
    if (type == "CVSS_V4" && vector.starts_with("CVSS:4.0/")) return 40;
    return 0;
}

/// What a distribution calls its own grades ("Ubuntu") is no score.
void ReadSeverity(Json list, Draft& draft) {
    std::uint64_t& odd = draft.count.odd_parts;
    ForElements(list, odd, [&](Json element) {
        std::string_view type;
        Metric metric;
        metric.origin = Origin::kOsv;
        ForMembers(element, odd, [&](std::string_view key, Json member) {
            if (key == "type") type = AsText(member, odd).value_or("");
            if (key == "score") TakeText(member, metric.vector, odd);
        });
        if (!type.starts_with("CVSS_")) return;
        metric.version = CvssVersion(type, metric.vector);
        if (metric.version == 0 || metric.vector.empty()) {
            ++odd;
        } else if (std::ranges::find(draft.record.metrics, metric) == draft.record.metrics.end() && draft.record.metrics.size() < 100) {
            draft.record.metrics.push_back(std::move(metric));
        }
    });
}

struct Affected {
    AffectedPackage package;  ///< without versions
    std::vector<AffectedPackage> ranges;
    std::vector<std::string> versions;
    bool has_ranges = false;
};

struct Range {
    std::deque<std::string> starts;
    std::vector<AffectedPackage> pieces;
    bool ends_open = false;  ///< the last event is an introduction
};

void End(std::string_view text, bool excludes_end, const AffectedPackage& package, Range& range, std::uint64_t& odd) {
    range.ends_open = false;
    if (range.starts.empty()) {
        ++odd;
        return;
    }
    AffectedPackage& piece = range.pieces.emplace_back(package);
    piece.start = std::move(range.starts.front());
    range.starts.pop_front();
    piece.end = CleanText(text);
    piece.excludes_end = excludes_end;
}

/// Events stand in the order of their versions, or the introductions before the ends, of which each belongs to the one before, or to that of the same place.
void ReadEvents(Json list, const AffectedPackage& package, Range& range, std::uint64_t& odd) {
    ForElements(list, odd, [&](Json element) {
        ForMembers(element, odd, [&](std::string_view key, Json member) {
            const auto text = AsText(member, odd);
            if (!text || text->empty()) return;
            if (key == "introduced") {
                range.starts.push_back(*text == "0" ? std::string() : CleanText(*text));
                range.ends_open = true;
            } else if (key == "fixed" || key == "limit") {
                if (*text != "*") End(*text, true, package, range, odd);
            } else if (key == "last_affected") {
                End(*text, false, package, range, odd);
            } else {
                ++odd;
            }
        });
    });
    if (!range.ends_open || range.starts.empty()) return;
    range.pieces.push_back(package);
    range.pieces.back().start = std::move(range.starts.back());
}

void ReadRange(Json value, Affected& affected, FeedCount& count) {
    std::string_view type;
    Json events;
    bool has_events = false;
    ForMembers(value, count.odd_parts, [&](std::string_view key, Json member) {
        if (key == "type") type = AsText(member, count.odd_parts).value_or("");
        if (key == "events") {
            events = member;
            has_events = true;
        }
    });
    if (type == "GIT") {
        ++count.passed_over;
    } else if (type != "ECOSYSTEM" && type != "SEMVER") {
        ++count.odd_parts;
    } else if (has_events) {
        affected.has_ranges = true;
        Range range;
        ReadEvents(events, affected.package, range, count.odd_parts);
        std::ranges::move(range.pieces, std::back_inserter(affected.ranges));
    }
}

void ReadPackage(Json value, AffectedPackage& package, std::uint64_t& odd) {
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "ecosystem") TakeText(member, package.ecosystem, odd);
        if (key == "name") TakeText(member, package.name, odd);
    });
}

void ReadUrgency(Json value, AffectedPackage& package, std::uint64_t& odd) {
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "urgency") TakeText(member, package.note, odd);
    });
}

/// They are copied into each range.
bool IsTooLong(const AffectedPackage& package) {
    return package.name.size() > kMaxNameBytes || package.ecosystem.size() > kMaxNameBytes || package.note.size() > kMaxNameBytes;
}

void ReadAffected(Json value, Draft& draft) {
    FeedCount& count = draft.count;
    Affected affected;
    affected.package.origin = Origin::kOsv;
    Json part;
    // Before the ranges, which are of it.
    if (value["package"].get(part) == simdjson::SUCCESS) ReadPackage(part, affected.package, count.odd_parts);
    if (value["ecosystem_specific"].get(part) == simdjson::SUCCESS) ReadUrgency(part, affected.package, count.odd_parts);
    if (IsTooLong(affected.package)) {
        ++count.odd_parts;
        return;
    }
    ForMembers(value, count.odd_parts, [&](std::string_view key, Json member) {
        if (key == "ranges") {
            ForElements(member, count.odd_parts, [&](Json range) { ReadRange(range, affected, count); });
        } else if (key == "versions") {
            ForElements(member, count.odd_parts, [&](Json version) {
                if (const auto text = AsText(version, count.odd_parts)) affected.versions.push_back(CleanText(*text));
            });
        } else if (key == "severity") {
            ReadSeverity(member, draft);
        }
    });
    if (affected.package.name.empty() || affected.package.ecosystem.empty()) return;
    auto& packages = draft.record.packages;
    if (!affected.has_ranges) {
        for (std::string& version : affected.versions) {
            AffectedPackage& one = affected.ranges.emplace_back(affected.package);
            one.end = version;
            one.start = std::move(version);
            one.excludes_end = false;
        }
    }
    if (packages.size() + affected.ranges.size() > kMaxPackages) {
        ++count.odd_parts;
        return;
    }
    std::ranges::move(affected.ranges, std::back_inserter(packages));
}

void ReadReferences(Json list, Draft& draft) {
    std::uint64_t& odd = draft.count.odd_parts;
    std::vector<std::string> others;
    ForElements(list, odd, [&](Json element) {
        std::string_view type;
        std::string_view address;
        ForMembers(element, odd, [&](std::string_view key, Json member) {
            if (key == "type") type = AsText(member, odd).value_or("");
            if (key == "url") address = AsText(member, odd).value_or("");
        });
        if (type == "ADVISORY" || type == "FIX") {
            AddReference(address, Origin::kOsv, draft.record.references);
        } else {
            others.emplace_back(address);
        }
    });
    for (const std::string& address : others) AddReference(address, Origin::kOsv, draft.record.references);
}

void ReadMember(std::string_view key, Json member, Draft& draft) {
    std::uint64_t& odd = draft.count.odd_parts;
    Vulnerability& record = draft.record;
    if (key == "id") {
        TakeText(member, draft.id, odd);
    } else if (key == "aliases" || key == "upstream") {
        ForElements(member, odd, [&](Json alias) { AddCve(AsText(alias, odd).value_or(""), draft); });
    } else if (key == "published") {
        TakeText(member, record.published, odd);
    } else if (key == "modified") {
        TakeText(member, record.modified, odd);
    } else if (key == "withdrawn") {
        draft.is_withdrawn = !AsText(member, odd).value_or("").empty();
    } else if (key == "summary") {
        TakeText(member, draft.summary, odd);
    } else if (key == "details") {
        const auto text = AsText(member, odd);
        if (text && !text->empty()) record.description = Told{Origin::kOsv, CleanText(*text)};
    } else if (key == "severity") {
        ReadSeverity(member, draft);
    } else if (key == "references") {
        ReadReferences(member, draft);
    } else if (key == "affected") {
        ForElements(member, odd, [&](Json element) { ReadAffected(element, draft); });
    } else if (key == "database_specific") {
        ForMembers(member, odd, [&](std::string_view name, Json part) {
            if (name != "cwe_ids") return;
            ForElements(part, odd, [&](Json element) { AddWeakness(AsText(element, odd).value_or(""), Origin::kOsv, record.weaknesses); });
        });
    }
}

/// Databases name their own records of a CVE after it ("DEBIAN-CVE-2024-3094"), and the CVE itself may be the id.
void AddOwnCve(Draft& draft) {
    const std::size_t begin = draft.id.find("CVE-");
    if (begin == 0 || (begin != std::string::npos && draft.id[begin - 1] == '-')) AddCve(std::string_view(draft.id).substr(begin), draft);
}

void Finish(Draft& draft, std::uint64_t bytes) {
    Vulnerability& record = draft.record;
    record.status_origin = Origin::kOsv;
    record.modified_origin = Origin::kOsv;
    if (!record.description && !draft.summary.empty()) record.description = Told{Origin::kOsv, std::move(draft.summary)};
    // "GHSA-…", "PYSEC-…": who tells it.
    for (Metric& metric : record.metrics) metric.source = draft.id.substr(0, draft.id.find('-'));
    AddOwnCve(draft);
    if (draft.is_withdrawn) {
        // A database takes back its own record, often as a second one of the same; it does not speak for the CVE.
        record.packages.clear();
        if (draft.cves.empty()) {
            record.status = Status::kRejected;
            record.status_text = "withdrawn";
        }
    }
    if (draft.cves.empty()) draft.cves.push_back(draft.id);
    const std::size_t by_packages = kMaxPackages / std::max<std::size_t>(1, record.packages.size());
    const std::size_t by_bytes = static_cast<std::size_t>(kMaxCopiedBytes / std::max<std::uint64_t>(1, bytes));
    const std::size_t most = std::max<std::size_t>(1, std::min(by_packages, by_bytes));
    if (draft.cves.size() <= most) return;
    draft.count.odd_parts += draft.cves.size() - most;
    draft.cves.resize(most);
}

}  // namespace

Result<FeedCount> ReadOsv(std::string& text, const RecordSink& sink, TextPlace before) {
    FeedCount count;
    OPS_CHECK(VisitRecords(text, "OSV", before, [&](const JsonPart& part) -> Result<void> {
        Draft draft{{}, {}, {}, {}, false, count};
        ForMembers(part.value, count.odd_parts, [&](std::string_view key, Json member) { ReadMember(key, member, draft); });
        if (draft.id.empty() || draft.id.size() > kMaxIdBytes) return BadPart(part, "沒有編號", "it has no id");
        Finish(draft, part.size);
        for (const std::string& id : draft.cves) {
            Vulnerability record = draft.record;
            record.id = id;
            ++count.records;
            sink(std::move(record));
        }
        return Ok();
    }));
    return count;
}

}  // namespace opsteward::vuln
