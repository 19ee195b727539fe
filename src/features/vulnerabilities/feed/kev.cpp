// CISA's catalog of known exploited vulnerabilities: https://www.cisa.gov/known-exploited-vulnerabilities-catalog
#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/json_parts.hpp"
#include "features/vulnerabilities/feed/json_text.hpp"
#include "features/vulnerabilities/feed/record_parts.hpp"

namespace opsteward::vuln {

namespace {

Vulnerability ReadRecord(Json value, std::uint64_t& odd) {
    Vulnerability record;
    record.status_origin = Origin::kKev;
    record.modified_origin = Origin::kKev;
    KnownExploited& exploited = record.known_exploited.emplace();
    ForMembers(value, odd, [&](std::string_view key, Json member) {
        if (key == "cveID") {
            TakeText(member, record.id, odd);
        } else if (key == "dateAdded") {
            TakeText(member, exploited.added, odd);
        } else if (key == "dueDate") {
            TakeText(member, exploited.due, odd);
        } else if (key == "requiredAction") {
            TakeText(member, exploited.action, odd);
        } else if (key == "knownRansomwareCampaignUse") {
            exploited.is_ransomware = AsText(member, odd).value_or("") == "Known";
        } else if (key == "cwes") {
            ForElements(member, odd, [&](Json element) { AddWeakness(AsText(element, odd).value_or(""), Origin::kKev, record.weaknesses); });
        }
    });
    return record;
}

}  // namespace

Result<FeedCount> ReadKev(std::string& text, const RecordSink& sink) {
    FeedCount count;
    std::int64_t promised = -1;
    OPS_TRY(const bool has_list, VisitObject(text, "KEV", "vulnerabilities", [&](const JsonPart& part) -> Result<void> {
        if (!part.is_element) {
            if (part.key == "count" && part.value.get(promised) != simdjson::SUCCESS) ++count.odd_parts;
            return Ok();
        }
        Vulnerability record = ReadRecord(part.value, count.odd_parts);
        if (!IsCveId(record.id)) return BadPart(part, "沒有 CVE 編號", "it has no CVE number");
        ++count.records;
        sink(std::move(record));
        return Ok();
    }));
    if (!has_list) {
        return Error::Of(ErrorCode::kInvalidInput, "這不是 KEV 目錄：其中沒有「vulnerabilities」。", "This is no KEV catalog: it has no \"vulnerabilities\".");
    }
    // It says how many it has: another number is no shape that is known.
    if (promised >= 0 && static_cast<std::uint64_t>(promised) != count.records) ++count.odd_parts;
    return count;
}

}  // namespace opsteward::vuln
