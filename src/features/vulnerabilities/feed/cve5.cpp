// CVE JSON 5: https://github.com/CVEProject/cve-schema, CVE_Record_Format 5.1.
#include <algorithm>

#include "features/vulnerabilities/feed/cve5_affected.hpp"
#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/json_parts.hpp"
#include "features/vulnerabilities/feed/json_text.hpp"
#include "features/vulnerabilities/feed/nvd_configuration.hpp"
#include "features/vulnerabilities/feed/record_parts.hpp"

namespace opsteward::vuln {

namespace {

struct Reference {
    Told told;
    bool is_first = false;  ///< the maker's word, or the remedy
};

struct Draft {
    Vulnerability record;
    std::vector<Reference> references;
    bool is_disputed = false;
    bool is_of_microsoft = false;
};

void ReadEnglish(Json list, Vulnerability& record, std::uint64_t& odd) {
    ForElements(list, odd, [&](Json element) {
        std::string_view language;
        std::string_view text;
        ForMembers(element, odd, [&](std::string_view key, Json member) {
            if (key == "lang") language = AsText(member, odd).value_or("");
            if (key == "value") text = AsText(member, odd).value_or("");
        });
        const bool is_english = language == "en" || language == "eng" || language.starts_with("en-") || language.starts_with("en_");
        if (is_english && !text.empty() && !record.description) record.description = Told{Origin::kCna, CleanText(text)};
    });
}

void ReadMetrics(Json list, Origin origin, const std::string& source, Vulnerability& record, std::uint64_t& odd) {
    ForElements(list, odd, [&](Json element) {
        ForMembers(element, odd, [&](std::string_view key, Json member) {
            if (!key.starts_with("cvss")) return;
            Metric metric;
            metric.origin = origin;
            metric.source = source;
            if (key == "cvssV2_0") metric.version = 20;
            if (key == "cvssV3_0") metric.version = 30;
            if (key == "cvssV3_1") metric.version = 31;
            if (key == "cvssV4_0") metric.version = 40;
            if (metric.version != 0 && ReadCvss(member, metric, odd)) {
                record.metrics.push_back(std::move(metric));
            } else {
                ++odd;
            }
        });
    });
}

void ReadProblems(Json list, Origin origin, Vulnerability& record, std::uint64_t& odd) {
    ForElements(list, odd, [&](Json problem) {
        ForMembers(problem, odd, [&](std::string_view key, Json descriptions) {
            if (key != "descriptions") return;
            ForElements(descriptions, odd, [&](Json element) {
                ForMembers(element, odd, [&](std::string_view name, Json member) {
                    if (name == "cweId") AddWeakness(AsText(member, odd).value_or(""), origin, record.weaknesses);
                });
            });
        });
    });
}

void ReadReferences(Json list, Origin origin, std::vector<Reference>& references, std::uint64_t& odd) {
    ForElements(list, odd, [&](Json element) {
        Reference reference;
        reference.told.origin = origin;
        ForMembers(element, odd, [&](std::string_view key, Json member) {
            if (key == "url") TakeText(member, reference.told.text, odd);
            if (key != "tags") return;
            ForElements(member, odd, [&](Json tag) {
                const std::string_view text = AsText(tag, odd).value_or("");
                reference.is_first |= text == "vendor-advisory" || text == "patch";
            });
        });
        references.push_back(std::move(reference));
    });
}

std::string SourceOf(Json container, std::uint64_t& odd) {
    std::string source;
    ForMembers(container, odd, [&](std::string_view key, Json member) {
        if (key != "providerMetadata") return;
        ForMembers(member, odd, [&](std::string_view name, Json text) {
            if (name == "shortName") TakeText(text, source, odd);
        });
    });
    return source;
}

/// The configurations that a container states itself count more than what is made of its products.
void ReadConfigurations(Json container, Origin origin, Vulnerability& record, std::uint64_t& odd) {
    Json applicability;
    const std::size_t before = record.configurations.size();
    if (container["cpeApplicability"].get(applicability) == simdjson::SUCCESS) {
        ForElements(applicability, odd, [&](Json element) { ReadConfiguration(element, origin, record.configurations, odd); });
    }
    Json affected;
    if (record.configurations.size() == before && container["affected"].get(affected) == simdjson::SUCCESS) ReadAffected(affected, origin, record, odd);
}

void ReadContainer(Json container, Origin origin, Draft& draft, std::uint64_t& odd) {
    const std::string source = SourceOf(container, odd);
    ForMembers(container, odd, [&](std::string_view key, Json member) {
        if (key == "metrics") {
            ReadMetrics(member, origin, source, draft.record, odd);
        } else if (key == "problemTypes") {
            ReadProblems(member, origin, draft.record, odd);
        } else if (key == "references") {
            ReadReferences(member, origin, draft.references, odd);
        } else if (origin == Origin::kCna && (key == "descriptions" || key == "rejectedReasons")) {
            ReadEnglish(member, draft.record, odd);
        } else if (origin == Origin::kCna && key == "tags") {
            ForElements(member, odd, [&](Json tag) { draft.is_disputed |= AsText(tag, odd).value_or("") == "disputed"; });
        }
    });
    if (origin == Origin::kCna) draft.is_of_microsoft = source == "microsoft";
    ReadConfigurations(container, origin, draft.record, odd);
}

void ReadMetadata(Json metadata, Vulnerability& record, std::uint64_t& odd) {
    ForMembers(metadata, odd, [&](std::string_view key, Json member) {
        if (key == "cveId") {
            TakeText(member, record.id, odd);
        } else if (key == "state") {
            TakeText(member, record.status_text, odd);
        } else if (key == "datePublished") {
            TakeText(member, record.published, odd);
        } else if (key == "dateUpdated") {
            TakeText(member, record.modified, odd);
        }
    });
}

Vulnerability Finish(Draft draft) {
    Vulnerability& record = draft.record;
    if (record.status_text == "REJECTED") {
        record.status = Status::kRejected;
    } else if (draft.is_disputed) {
        record.status = Status::kDisputed;
    }
    std::ranges::stable_partition(draft.references, &Reference::is_first);
    for (const Reference& reference : draft.references) AddReference(reference.told.text, reference.told.origin, record.references);
    AddFixingPatches(draft.is_of_microsoft, Origin::kCna, record);
    return std::move(draft.record);
}

Vulnerability ReadRecord(Json value, std::uint64_t& odd) {
    Draft draft;
    draft.record.status_origin = Origin::kCna;
    draft.record.modified_origin = Origin::kCna;
    Json part;
    if (value["cveMetadata"].get(part) == simdjson::SUCCESS) ReadMetadata(part, draft.record, odd);
    Json containers;
    if (value["containers"].get(containers) == simdjson::SUCCESS) {
        if (containers["cna"].get(part) == simdjson::SUCCESS) ReadContainer(part, Origin::kCna, draft, odd);
        if (containers["adp"].get(part) == simdjson::SUCCESS) {
            ForElements(part, odd, [&](Json container) { ReadContainer(container, Origin::kAdp, draft, odd); });
        }
    }
    return Finish(std::move(draft));
}

}  // namespace

Result<FeedCount> ReadCve5(std::string& text, const RecordSink& sink, TextPlace before) {
    FeedCount count;
    OPS_CHECK(VisitRecords(text, "CVE JSON 5", before, [&](const JsonPart& part) -> Result<void> {
        Vulnerability record = ReadRecord(part.value, count.odd_parts);
        if (!IsCveId(record.id)) return BadPart(part, "沒有 CVE 編號", "it has no CVE number");
        ++count.records;
        sink(std::move(record));
        return Ok();
    }));
    return count;
}

}  // namespace opsteward::vuln
