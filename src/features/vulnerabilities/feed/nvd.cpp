// NVD 2.0: https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/json_parts.hpp"
#include "features/vulnerabilities/feed/json_text.hpp"
#include "features/vulnerabilities/feed/nvd_configuration.hpp"
#include "features/vulnerabilities/feed/record_parts.hpp"

namespace opsteward::vuln {

namespace {

void ReadDescriptions(Json value, Vulnerability& record, std::uint64_t& odd) {
    ForElements(value, odd, [&](Json element) {
        std::string_view language;
        std::string_view text;
        ForMembers(element, odd, [&](std::string_view key, Json member) {
            if (key == "lang") language = AsText(member, odd).value_or("");
            if (key == "value") text = AsText(member, odd).value_or("");
        });
        const bool is_english = language == "en" || language.starts_with("en-");
        if (is_english && !text.empty() && !record.description) record.description = Told{Origin::kNvd, CleanText(text)};
    });
}

/// What is none of CVSS (SSVC) gives no score.
void ReadMetrics(Json value, Vulnerability& record, std::uint64_t& odd) {
    ForMembers(value, odd, [&](std::string_view key, Json list) {
        if (!key.starts_with("cvss")) return;
        Metric metric;
        if (key == "cvssMetricV2") metric.version = 20;
        if (key == "cvssMetricV30") metric.version = 30;
        if (key == "cvssMetricV31") metric.version = 31;
        if (key == "cvssMetricV40") metric.version = 40;
        if (metric.version == 0) {
            ++odd;
            return;
        }
        ForElements(list, odd, [&](Json element) {
            Metric one = metric;
            bool has_score = false;
            ForMembers(element, odd, [&](std::string_view name, Json member) {
                if (name == "source") TakeText(member, one.source, odd);
                if (name == "cvssData") has_score = ReadCvss(member, one, odd);
            });
            if (has_score) {
                record.metrics.push_back(std::move(one));
            } else {
                ++odd;
            }
        });
    });
}

void ReadWeaknesses(Json value, Vulnerability& record, std::uint64_t& odd) {
    ForElements(value, odd, [&](Json weakness) {
        ForMembers(weakness, odd, [&](std::string_view key, Json list) {
            if (key != "description") return;
            ForElements(list, odd, [&](Json element) {
                ForMembers(element, odd, [&](std::string_view name, Json member) {
                    if (name == "value") AddWeakness(AsText(member, odd).value_or(""), Origin::kNvd, record.weaknesses);
                });
            });
        });
    });
}

void ReadReferences(Json value, Vulnerability& record, std::uint64_t& odd) {
    ForElements(value, odd, [&](Json reference) {
        ForMembers(reference, odd, [&](std::string_view key, Json member) {
            if (key == "url") AddReference(AsText(member, odd).value_or(""), Origin::kNvd, record.references);
        });
    });
}

bool SaysDisputed(Json tags_by_source, std::uint64_t& odd) {
    bool is_disputed = false;
    ForElements(tags_by_source, odd, [&](Json element) {
        ForMembers(element, odd, [&](std::string_view key, Json tags) {
            if (key != "tags") return;
            ForElements(tags, odd, [&](Json tag) { is_disputed |= AsText(tag, odd).value_or("") == "disputed"; });
        });
    });
    return is_disputed;
}

struct Surroundings {
    bool is_disputed = false;
    bool is_of_microsoft = false;
};

void ReadMember(std::string_view key, Json member, Vulnerability& record, Surroundings& more, std::uint64_t& odd) {
    if (key == "id") {
        TakeText(member, record.id, odd);
    } else if (key == "sourceIdentifier") {
        const std::string_view source = AsText(member, odd).value_or("");
        more.is_of_microsoft = source == "secure@microsoft.com" || source == "microsoft";
    } else if (key == "published") {
        TakeText(member, record.published, odd);
    } else if (key == "lastModified") {
        TakeText(member, record.modified, odd);
    } else if (key == "vulnStatus") {
        TakeText(member, record.status_text, odd);
    } else if (key == "cveTags") {
        more.is_disputed = SaysDisputed(member, odd);
    } else if (key == "descriptions") {
        ReadDescriptions(member, record, odd);
    } else if (key == "metrics") {
        ReadMetrics(member, record, odd);
    } else if (key == "weaknesses") {
        ReadWeaknesses(member, record, odd);
    } else if (key == "references") {
        ReadReferences(member, record, odd);
    } else if (key == "configurations") {
        ForElements(member, odd, [&](Json element) { ReadConfiguration(element, Origin::kNvd, record.configurations, odd); });
    }
}

Vulnerability ReadRecord(Json cve, std::uint64_t& odd) {
    Vulnerability record;
    Surroundings more;
    ForMembers(cve, odd, [&](std::string_view key, Json member) { ReadMember(key, member, record, more, odd); });
    if (ToLowerAscii(record.status_text) == "rejected") {
        record.status = Status::kRejected;
    } else if (more.is_disputed) {
        record.status = Status::kDisputed;
    }
    AddFixingPatches(more.is_of_microsoft, Origin::kNvd, record);
    return record;
}

class Reader {
  public:
    explicit Reader(const RecordSink& sink) : sink_(sink) {}

    Result<void> Visit(const JsonPart& part) {
        if (part.is_element) {
            Json cve;
            if (part.value["cve"].get(cve) != simdjson::SUCCESS) return BadPart(part, "沒有「cve」", "it has no \"cve\"");
            return Take(part, cve);
        }
        if (part.key == "cve") return Take(part, part.value);
        std::int64_t total = -1;
        if (part.key == "totalResults" && part.value.get(total) == simdjson::SUCCESS) says_none_ = total == 0;
        return Ok();
    }

    Result<FeedCount> Finish(bool has_list) const {
        if (count_.records == 0 && !has_list && !says_none_) {
            return Error::Of(ErrorCode::kInvalidInput, "這不是 NVD 2.0 的資料：其中沒有「vulnerabilities」。",
                             "This is no text of NVD 2.0: it has no \"vulnerabilities\".");
        }
        return count_;
    }

  private:
    Result<void> Take(const JsonPart& part, Json cve) {
        Vulnerability record = ReadRecord(cve, count_.odd_parts);
        if (!IsCveId(record.id)) return BadPart(part, "沒有 CVE 編號", "it has no CVE number");
        ++count_.records;
        sink_(std::move(record));
        return Ok();
    }

    const RecordSink& sink_;
    FeedCount count_;
    bool says_none_ = false;
};

}  // namespace

Result<FeedCount> ReadNvd(std::string& text, const RecordSink& sink) {
    Reader reader(sink);
    OPS_TRY(const bool has_list, VisitObject(text, "NVD", "vulnerabilities", [&](const JsonPart& part) { return reader.Visit(part); }));
    return reader.Finish(has_list);
}

}  // namespace opsteward::vuln
