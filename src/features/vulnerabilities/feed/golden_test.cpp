#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "features/vulnerabilities/feed/feed_file.hpp"
#include "features/vulnerabilities/feed/testing/describe_record.hpp"

namespace opsteward::vuln {
namespace {

using testing::Collected;
using testing::TestFile;

using Reader = Result<FeedCount> (*)(std::string&, const RecordSink&);

Result<FeedCount> Cve5(std::string& text, const RecordSink& sink) { return ReadCve5(text, sink); }
Result<FeedCount> Osv(std::string& text, const RecordSink& sink) { return ReadOsv(text, sink); }

struct Feed {
    const char* file;
    Reader read;
    std::uint64_t records;
    std::uint64_t odd_parts;
};

const Feed kFeeds[] = {
    {"nvd.json", ReadNvd, 8, 0}, {"cve5.jsonl", Cve5, 9, 0}, {"kev.json", ReadKev, 2, 0}, {"epss.csv", ReadEpss, 4, 0}, {"osv.jsonl", Osv, 3, 0},
    {"debian.json", ReadDebianTracker, 7, 1},  // the releases of one are an empty array
};

std::string ExpectedOf(const Feed& feed) { return TestFile(std::filesystem::path(feed.file).stem().string() + ".expected"); }

TEST(Feeds, AreReadAsWrittenBesideThem) {
    for (const Feed& feed : kFeeds) {
        std::string text = TestFile(feed.file);
        Collected collected;
        const auto count = feed.read(text, collected.Sink());
        ASSERT_TRUE(count.ok()) << feed.file << ": " << count.error().operator_text;
        EXPECT_EQ(count->records, feed.records) << feed.file;
        EXPECT_EQ(count->odd_parts, feed.odd_parts) << feed.file;
        EXPECT_EQ(collected.Text(), ExpectedOf(feed)) << feed.file;
    }
}

TEST(Feeds, AreLeftAsTheyWere) {
    for (const Feed& feed : kFeeds) {
        std::string text = TestFile(feed.file);
        ASSERT_TRUE(feed.read(text, [](Vulnerability&&) {}).ok());
        EXPECT_EQ(text, TestFile(feed.file));
    }
}

TEST(Feeds, MayBeginWithAByteOrderMarkAndEndWithBlanks) {
    for (const Feed& feed : kFeeds) {
        std::string text = "\xef\xbb\xbf" + TestFile(feed.file) + " \r\n\t\n";
        if (feed.read == ReadEpss) text = "\xef\xbb\xbf" + TestFile(feed.file) + "\r\n\n";
        Collected collected;
        ASSERT_TRUE(feed.read(text, collected.Sink()).ok()) << feed.file;
        EXPECT_EQ(collected.Text(), ExpectedOf(feed)) << feed.file;
    }
}

TEST(Feeds, ThatAreCutShortAreRefusedWhereverTheyEnd) {
    for (const Feed& feed : kFeeds) {
        const std::string whole = TestFile(feed.file);
        const std::string expected = ExpectedOf(feed);
        for (std::size_t part = 0; part < 200; ++part) {
            std::string cut = whole.substr(0, whole.size() * part / 200);
            Collected collected;
            const auto count = feed.read(cut, collected.Sink());
            // With a record a line, a cut between two of them leaves nothing to be seen.
            const bool is_between_lines = !cut.empty() && (cut.back() == '\n' || whole[cut.size()] == '\n') && feed.read != ReadNvd && feed.read != ReadKev;
            EXPECT_TRUE(is_between_lines || !count.ok()) << feed.file << " cut to " << cut.size();
            EXPECT_TRUE(count.ok() || count.error().code == ErrorCode::kInvalidInput) << feed.file << " cut to " << cut.size();
            EXPECT_EQ(expected.find(collected.Text()), 0U) << feed.file << ": what was given before the damage is what was there";
        }
    }
}

TEST(Feeds, WithSomethingBehindTheirEndAreRefused) {
    for (const Feed& feed : kFeeds) {
        for (const std::string& rest : std::vector<std::string>{"x", "}", "]", ",", "{}x", "\"", "\x01", std::string(1, '\0')}) {
            std::string text = TestFile(feed.file) + rest;
            EXPECT_FALSE(feed.read(text, [](Vulnerability&&) {}).ok()) << feed.file << " with " << rest;
        }
    }
}

TEST(Feeds, ThatAreNotUtf8AreRefused) {
    for (const Feed& feed : kFeeds) {
        std::string text = TestFile(feed.file);
        if (feed.read == ReadEpss) continue;  // nothing but ASCII is taken from it
        text[text.find("CVE-") + 20] = '\xff';
        EXPECT_FALSE(feed.read(text, [](Vulnerability&&) {}).ok()) << feed.file;
    }
}

TEST(Feeds, OfOtherShapesAreRefused) {
    for (const Feed& feed : kFeeds) {
        for (const std::string other : {"", " \n", "null", "1", "\"CVE-2024-3094\"", "[1]", "[[]]", "{\"vulnerabilities\": {}}", "{\"vulnerabilities\": [1]}",
                                        "{\"CVE-2024-3094\": 1", "<html></html>", "[{}]", "[nul]", "[truth]", "[1x]", "{\"a\": nil}", "{\"a\": tru}", "{\"a\": -}",
                                        "{\"a\": \"\\x\"}", "{\"a\" 1}", "{\"a\": [1}", "{\"vulnerabilities\": nil}", "{a: 1}"}) {
            std::string text = other;
            const auto count = feed.read(text, [](Vulnerability&&) {});
            EXPECT_FALSE(count.ok()) << feed.file << " as " << other;
        }
    }
}

std::filesystem::path Shared(const std::string& name) { return std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "../shared/data/vulnerabilities" / name; }

#define SKIP_WITHOUT_SHARED() \
    if (!std::filesystem::exists(Shared(""))) GTEST_SKIP() << "the whole feeds are not here (../shared/data/vulnerabilities)"

TEST(WholeFeeds, OfTheNvdHaveAllOfTheirRecords) {
    SKIP_WITHOUT_SHARED();
    for (const std::string year : {"2003.from-1.1", "2025.composite"}) {
        auto text = ReadFeedFile(Shared("nvd20/nvdcve-2.0-" + year + ".json.xz"));
        ASSERT_TRUE(text.ok()) << text.error().operator_text;
        // A record, and a match string, each written once: counted without a parser.
        std::size_t written = 0;
        std::size_t criteria = 0;
        for (std::size_t at = text->find("{\"cve\":{"); at != std::string::npos; at = text->find("{\"cve\":{", at + 1)) ++written;
        for (std::size_t at = text->find("\"criteria\":"); at != std::string::npos; at = text->find("\"criteria\":", at + 1)) ++criteria;
        std::size_t read = 0;
        const auto count = ReadNvd(*text, [&](Vulnerability&& record) {
            for (const auto& configuration : record.configurations) {
                for (const auto& node : configuration.nodes) read += node.criteria.size();
            }
        });
        ASSERT_TRUE(count.ok()) << count.error().operator_text;
        EXPECT_EQ(count->records, written) << year;
        EXPECT_EQ(count->odd_parts, 0U);
        EXPECT_EQ(read, criteria) << year;
    }
}

TEST(WholeFeeds, OfCisaAndFirstHaveAllOfTheirRecords) {
    SKIP_WITHOUT_SHARED();
    for (const auto& [file, records] : {std::pair{"kev/known_exploited_vulnerabilities-2025.08.25.json.xz", 1404U},
                                        std::pair{"kev/known_exploited_vulnerabilities-2026.08.07.json.xz", 1662U}}) {
        auto text = ReadFeedFile(Shared(file));
        ASSERT_TRUE(text.ok());
        const auto count = ReadKev(*text, [](Vulnerability&&) {});
        ASSERT_TRUE(count.ok());
        EXPECT_EQ(count->records, records);
        EXPECT_EQ(count->odd_parts, 0U) << "as many as the catalog says itself";
    }
    auto text = ReadFeedFile(Shared("epss/epss_scores-2026-08-16.csv.xz"));
    ASSERT_TRUE(text.ok());
    const auto count = ReadEpss(*text, [](Vulnerability&&) {});
    ASSERT_TRUE(count.ok());
    EXPECT_EQ(count->records + 2, static_cast<std::uint64_t>(std::ranges::count(*text, '\n'))) << "a comment and the names of the columns";
    EXPECT_EQ(count->odd_parts, 0U);
}

TEST(WholeFeeds, GoldenAnswersOfTheNvdAreRead) {
    SKIP_WITHOUT_SHARED();
    std::size_t files = 0;
    for (const char* folder : {"osv.dev", "vunnel", "dependency-track-4.14", "dependency-track-5", "vuls-data-update/api/cve"}) {
        const auto found = FeedFilesIn(Shared(std::string("nvd20-golden/") + folder));
        ASSERT_TRUE(found.ok());
        for (const auto& file : *found) {
            auto text = ReadFeedFile(file);
            ASSERT_TRUE(text.ok());
            const auto count = ReadNvd(*text, [](Vulnerability&&) {});
            ASSERT_TRUE(count.ok()) << file << count.error().operator_text;
            EXPECT_EQ(count->odd_parts, 0U) << file;
            ++files;
        }
    }
    EXPECT_GT(files, 40U);
}

}  // namespace
}  // namespace opsteward::vuln
