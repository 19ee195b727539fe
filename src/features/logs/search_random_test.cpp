// The specification of searching: what Search hands over is what reading every record and asking each would hand over, always.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <deque>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "features/logs/line_fields.hpp"
#include "features/logs/line_reader.hpp"
#include "features/logs/search.hpp"
#include "features/logs/segment_evidence.hpp"
#include "vault/query/matcher.hpp"
#include "vault/query/testing/random_queries.hpp"
#include "vault/testing/random_messages.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/testing/small_vault.hpp"

namespace opsteward::logs {
namespace {

using vault::query::Query;
using vault::query::TextTest;
using vault::query::testing::QueryWords;
using vault::query::testing::RandomQueries;
using vault::testing::RandomMessages;

constexpr std::size_t kBlock = 20;
constexpr std::size_t kTail = 30;
const vault::testing::BlockSizes kSegments = {std::vector<std::size_t>(8, kBlock), {kBlock}, std::vector<std::size_t>(9, kBlock)};
constexpr std::size_t kRecords = 18 * kBlock + kTail;

/// Who and what a stretch of records is about: most of it is in no other, so that there is something to pass over.
struct Scene {
    std::string user;
    std::string host;
    std::string address;
    std::string source;
    std::string kind;
    bool writes_numbers = false;  ///< in JSON, for characters
};

/// Records as they come in over a day: of several formats, in Chinese, of any bytes, the clock jumping back once.
class Corpus {
  public:
    explicit Corpus(std::uint64_t seed) : random_(seed) {
        for (std::size_t i = 0; i < kRecords; ++i) {
            if (i % kBlock == 0) MeetNew();
            const Scene& scene = scenes_[scenes_.size() - 1 - random_.Below(3)];
            const Instant received = start_ + std::chrono::minutes(i < 200 ? 3 * i : 2 * i) + std::chrono::seconds(random_.Below(300));
            messages_.push_back(Line(scene));
            records_.push_back({received, vault::Transport::kTcp, scene.source, scene.kind, scene.address, messages_.back()});
        }
    }

    const std::vector<vault::RecordView>& records() const { return records_; }
    const std::deque<Scene>& scenes() const { return scenes_; }

    std::string AnyUser() { return scenes_[random_.Below(scenes_.size())].user; }
    std::string AnyAddress() { return scenes_[random_.Below(scenes_.size())].address; }
    const vault::RecordView& AnyRecord() { return records_[random_.Below(records_.size())]; }
    Instant AnyTime() { return records_[random_.Below(records_.size())].received; }
    /// A part of some record, in any case of letters: of a word, or over words and what stands between them.
    std::string AnyPart(std::size_t longest) {
        const std::string& message = messages_[random_.Below(messages_.size())];
        return random_.InAnyCase(message.substr(random_.Below(message.size() + 1), 1 + random_.Below(longest)));
    }

  private:
    void MeetNew() {
        static constexpr std::string_view kSources[] = {"fw-01", "FW-01", "fw-02", "web-01", "web-02", "資料庫"};
        static constexpr std::string_view kKinds[] = {"fortigate", "sshd", "web", "os", ""};
        for (int i = 0; i < 3; ++i) {
            scenes_.push_back({random_.Word(7), random_.Word(4) + "-" + std::to_string(random_.Below(90)),
                               fmt::format("10.{}.{}.{}", random_.Below(4), random_.Below(256), random_.Below(256)),
                               std::string(kSources[random_.Below(std::size(kSources))]), std::string(kKinds[random_.Below(std::size(kKinds))]),
                               random_.Below(12) == 0});
        }
    }

    std::string Line(const Scene& scene) {
        const std::string action = random_.Below(3) == 0 ? "accept" : "deny";
        switch (random_.Below(11)) {
            case 0:
            case 1:
                return fmt::format(R"(date=2026-11-24 time=09:{:02}:00 devname="{}" type="traffic" srcip={} srcport={} dstip=203.0.113.{} dstport=443 )"
                                   R"(action="{}" user="{}" sentbyte={} rcvdbyte={})",
                                   random_.Below(60), scene.host, scene.address, random_.Below(65'536), random_.Below(256), action, scene.user,
                                   random_.Below(3'000), random_.Below(1'000'000));
            case 2:
                return fmt::format("<86>Nov 24 09:59:58 {} sshd[{}]: {} password for {} from {} port {} ssh2", scene.host, random_.Below(9'999),
                                   random_.Below(3) == 0 ? "Accepted" : "Failed", scene.user, scene.address, random_.Below(65'536));
            case 3:
                return fmt::format(R"({} - {} [24/Nov/2026:09:59:58 +0800] "GET /{}/index.html HTTP/1.1" {} {})", scene.address, scene.user, scene.host,
                                   random_.Below(4) == 0 ? 404 : 200, random_.Below(9'000));
            case 4: return scene.writes_numbers ? JsonWithNumbers(scene, action) : Json(scene, action);
            case 5: return fmt::format("使用者 {} 從 {} {}", scene.user, scene.address, random_.Below(2) == 0 ? "登入失敗" : "登入成功");
            case 6:
                return fmt::format(R"(CEF:0|Maker \| Co|Gate|1.0|100|log in|5|act={} src={} suser={}\={} fname=C:\\{} msg={} \= {})", action, scene.address, scene.host,
                                   scene.user, scene.user, scene.user, random_.InAnyCase(scene.host));
            case 7:
                return fmt::format(R"(1,2026/11/24 09:59:58,0070,CONFIG,0,0,2026/11/24 09:59:58,{},,"set ""{}"",""{}""",{},Web,"{}",path)", scene.address,
                                   scene.host, scene.user, scene.user, action);
            case 8: return fmt::format(R"(<13>Nov 24 09:59:58 {} app: user="{}\"{}" action={} file=C:\temp\{} src={})", scene.host, scene.host, scene.user, action,
                                       scene.user, scene.address);
            case 9: return fmt::format("\xB5n\xA4J\xA6\xA8\xA5\\ {} \xA5\xA2\xB1\xD1 {}", scene.user, random_.Below(100));
            default: return random_.Next();
        }
    }

    static std::string Json(const Scene& scene, std::string_view action) {
        return fmt::format(R"({{"@timestamp":"2026-11-24T01:59:58Z","source":{{"ip":"{}"}},"user":{{"name":"{}\\{}"}},"action":"{}","message":"登入\n\"{}\/{}\""}})",
                           scene.address, scene.host, scene.user, action, scene.user, scene.host);
    }
    static std::string JsonWithNumbers(const Scene& scene, std::string_view action) {
        return fmt::format(R"({{"@timestamp":"2026-11-24T01:59:58Z","source":{{"ip":"{}"}},"user":{{"name":"{}\u005c{}"}},"action":"\u00{:x}{}","message":"\u767b\u5165"}})",
                           scene.address, scene.host, scene.user, static_cast<unsigned char>(action[0]), action.substr(1));
    }

    RandomMessages random_;
    const Instant start_ = ParseRfc3339("2026-11-24T00:00:00Z").value();
    std::deque<Scene> scenes_;
    std::deque<std::string> messages_;
    std::vector<vault::RecordView> records_;
};

QueryWords WordsFor(Corpus& corpus) {
    QueryWords words{.texts = {"deny", "ACCEPT", "password", "failed", "登入失敗", "入成", "index.html HTTP", "\" ", "nowhere", "\xA5\\", "03", "a"},
                     .patterns = {"Failed password for [a-z]+", "(deny|accept)", "(?i)FAILED", "登入(失敗|成功)", "^<86>", "[0-9]{5}$", "10\\.1\\.[0-9]+", "s.*t",
                                  "GET /[a-z]+-[0-9]/", "\\xA5[\\xA0-\\xFF]", "user=\"(a|b|c)", "nowhere|nothing"},
                     .fields = {"user", "action", "src_ip", "source", "kind", "program", "method", "no_such_field"},
                     .values = {"deny", "Accept", "fw-01", "FW", "web", "web-0", "資料庫", "sshd", "GET", "", "10.1", "fortigate", "200"},
                     .number_fields = {"bytes_out", "bytes_in", "src_port", "status", "pid"},
                     .numbers = {"0", "200", "404", "1500", "2999.5", "40000", "-1", "65535"},
                     .address_fields = {"src_ip", "dst_ip"},
                     .addresses = {"203.0.113.64", "10.1.0.0", "192.0.2.1"}};
    for (int i = 0; i < 12; ++i) {
        words.texts.push_back(corpus.AnyUser());
        words.texts.push_back(corpus.AnyPart(8));
        words.texts.push_back(corpus.AnyPart(40));
        words.texts.push_back(corpus.AnyAddress());
        words.patterns.push_back("for " + corpus.AnyUser() + " from");
        words.values.push_back(corpus.AnyUser());
        words.addresses.push_back(corpus.AnyAddress());
    }
    return words;
}

/// About a field of some record: its value, the beginning of it, or a part in a regular expression.
Query AboutAnyField(Corpus& corpus, RandomQueries& random) {
    ParsedLine line;
    while (line.fields.empty()) {
        const vault::RecordView& record = corpus.AnyRecord();
        ReadLine(record.message, record.received, {.expected = FindContentFormat(record.kind)}, line);
    }
    const Field& field = line.fields[random.Below(line.fields.size())];
    const std::string name = ToLowerAscii(field.FullName());
    const std::string value(field.value);
    switch (random.Below(4)) {
        case 0: return vault::query::MakeTerm({name, TextTest{value.substr(0, 1 + random.Below(value.size())), TextTest::Place::kPrefix}});
        case 1: {
            const std::string part = value.substr(random.Below(value.size()), 8);
            const bool is_plain = std::ranges::all_of(part, [](char c) { return c >= ' ' && c < 0x7F && c != '\\'; });
            return vault::query::MakeTerm({name, vault::query::RegexTest{is_plain ? "\\Q" + part + "\\E" : "^.", random.Below(2) == 0}});
        }
        default: return vault::query::MakeTerm({name, TextTest{value, TextTest::Place::kWhole}});
    }
}

SearchRequest RequestOf(Query query, RandomQueries& random, Corpus& corpus) {
    SearchRequest request{.query = std::move(query)};
    if (random.Below(4) == 0) request.from = corpus.AnyTime();
    if (random.Below(4) == 0) request.to = corpus.AnyTime();
    if (random.Below(8) == 0) request.source = random.Pick(corpus.scenes()).source;
    if (random.Below(8) == 0) request.kind = random.Pick(corpus.scenes()).kind;
    return request;
}

/// The other way to the same: every record is asked.
class PlainSearch {
  public:
    explicit PlainSearch(const std::vector<vault::RecordView>& records) : records_(records), fields_(records.size()) {
        for (std::size_t i = 0; i < records.size(); ++i) fields_[i].PointAt(records[i]);
    }

    std::vector<std::uint64_t> operator()(const SearchRequest& request) const {
        std::vector<std::uint64_t> hits;
        for (std::size_t i = 0; i < records_.size(); ++i) {
            const vault::RecordView& record = records_[i];
            if (request.from && record.received < *request.from) continue;
            if (request.to && record.received >= *request.to) continue;
            if (request.source && record.source != *request.source) continue;
            if (request.kind && record.kind != *request.kind) continue;
            if (vault::query::Matches(request.query, record, fields_[i])) hits.push_back(i);
        }
        return hits;
    }

  private:
    const std::vector<vault::RecordView>& records_;
    std::vector<LineFields> fields_;
};

struct Tally {
    std::size_t searches = 0;
    std::size_t with_hits = 0;
    std::size_t hits = 0;
    std::size_t blocks = 0;
    std::size_t passed_over = 0;           ///< on the word of the index and the footer alone
    std::size_t passed_over_by_field = 0;  ///< of as many blocks
};

std::size_t CountPassedOver(const vault::Segment& segment, const Query& query) {
    const vault::BlockSet may_match = vault::query::MayMatch(vault::query::RequirementOf(query, IsVerbatim), SegmentEvidence(segment)).value();
    EXPECT_EQ(may_match & ~segment.all_blocks(), 0U);
    return segment.blocks().size() - static_cast<std::size_t>(std::popcount(may_match));
}

void Compare(const SearchRequest& request, const PlainSearch& plain, const Corpus& corpus, const vault::VaultReader& vault, Tally& tally) {
    SCOPED_TRACE(vault::query::ToText(request.query));
    std::vector<std::uint64_t> hits;
    const auto result = Search(vault, request, [&](std::uint64_t sequence, const vault::RecordView& record) {
        EXPECT_EQ(record, corpus.records()[sequence]);
        hits.push_back(sequence);
        return true;
    });
    ASSERT_TRUE(result.ok()) << result.error().operator_text;
    ASSERT_EQ(hits, plain(request));
    ASSERT_EQ(Count(vault, request).value(), hits.size());
    ++tally.searches;
    tally.with_hits += hits.empty() ? 0 : 1;
    tally.hits += hits.size();
}

void CompareOn(Corpus& corpus, const vault::VaultReader& vault, RandomQueries& random, Tally& tally) {
    const PlainSearch plain(corpus.records());
    for (int round = 0; round < 40; ++round) {
        const Query any = random.Next(static_cast<int>(random.Below(4)));
        const Query about_field = AboutAnyField(corpus, random);
        Compare(RequestOf(any, random, corpus), plain, corpus, vault, tally);
        Compare({.query = about_field}, plain, corpus, vault, tally);
        const Query both = vault::query::Or({vault::query::And({any, about_field}), AboutAnyField(corpus, random)});
        Compare(RequestOf(both, random, corpus), plain, corpus, vault, tally);
        if (::testing::Test::HasFatalFailure()) return;
        for (const vault::Segment& segment : vault.segments().segments()) {
            tally.blocks += segment.blocks().size();
            tally.passed_over += CountPassedOver(segment, any);
            tally.passed_over_by_field += CountPassedOver(segment, about_field);
        }
    }
}

TEST(RandomSearches, GiveTheSameRecordsAsAskingEachOne) {
    Tally tally;
    for (unsigned seed = 1; seed <= 10; ++seed) {
        SCOPED_TRACE(fmt::format("corpus {}", seed));
        Corpus corpus(seed);
        vault::ScratchFolder folder;
        vault::testing::WriteSmallVault(folder.path(), corpus.records(), kSegments);
        RandomQueries random(seed, WordsFor(corpus));
        CompareOn(corpus, vault::VaultReader::Open(folder.path()).value(), random, tally);
        if (HasFatalFailure()) return;
    }
    // Neither side of the comparison is idle.
    EXPECT_GT(tally.with_hits, tally.searches / 3);
    EXPECT_GT(tally.hits, 30 * tally.searches);
    EXPECT_GT(tally.passed_over, tally.blocks / 6);
    EXPECT_LT(tally.passed_over, tally.blocks * 4 / 5);
    EXPECT_GT(tally.passed_over_by_field, tally.blocks / 6);
}

}  // namespace
}  // namespace opsteward::logs
