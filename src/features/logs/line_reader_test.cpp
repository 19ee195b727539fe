#include "features/logs/line_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "features/logs/testing/log_cases.hpp"
#include "features/logs/testing/verbatim_fields.hpp"

namespace opsteward::logs {
namespace {

const Instant kReceived = ParseRfc3339("2026-11-24T02:00:00Z").value();

ParsedLine Read(std::string_view bytes, const ReadOptions& options = {}) {
    ParsedLine line;
    ReadLine(bytes, kReceived, options, line);
    return line;
}

bool Lies(std::string_view inner, std::string_view outer) {
    return inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size();
}

std::string Lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + '\n';
    return text;
}

TEST(LineReader, ReadsEveryKeptLineAsWrittenBesideIt) {
    const auto cases = testing::ReadLogCases();
    ASSERT_GE(cases.size(), 60U);
    ParsedLine line;
    for (const auto& a_case : cases) {
        ReadLine(a_case.bytes, a_case.received, a_case.options, line);
        EXPECT_EQ(Lines(testing::Describe(line)), Lines(a_case.expected)) << a_case.place;
    }
}

TEST(LineReader, KeepsEveryEndOfAKeptLineThatWasCutOffReadable) {
    ParsedLine line;
    for (const auto& a_case : testing::ReadLogCases()) {
        if (a_case.bytes.size() > 2000) continue;
        for (std::size_t size = 0; size < a_case.bytes.size(); ++size) {
            // A copy of its own size, so that reading beyond the end is seen by the sanitizers.
            const std::string cut = a_case.bytes.substr(0, size);
            ReadLine(cut, a_case.received, a_case.options, line);
            EXPECT_TRUE(line.message.empty() || Lies(line.message, cut)) << a_case.place << " cut at " << size;
        }
    }
}

TEST(LineReader, GivesTheSameInAUsedLineAsInANewOne) {
    ParsedLine used;
    for (const auto& a_case : testing::ReadLogCases()) {
        ReadLine(a_case.bytes, a_case.received, a_case.options, used);
        ParsedLine fresh;
        ReadLine(a_case.bytes, a_case.received, a_case.options, fresh);
        EXPECT_EQ(testing::Describe(used), testing::Describe(fresh)) << a_case.place;
    }
}

TEST(LineReader, ReadsNoValueThatASearchByFieldWouldMiss) {
    ParsedLine line;
    for (const auto& a_case : testing::ReadLogCases()) {
        if (a_case.bytes.size() > 2000) continue;
        for (std::string_view rest = a_case.bytes; !rest.empty(); rest.remove_suffix(std::min<std::size_t>(rest.size(), 11))) {
            ReadLine(rest, a_case.received, a_case.options, line);
            EXPECT_EQ(testing::FieldThatWouldBeMissed(line, rest), "") << a_case.place << " cut at " << rest.size();
        }
    }
}

TEST(LineReader, AUsedLineReadsOnInTheMemoryItHas) {
    const std::string bytes = R"({"a":{"b":"text with \"escapes\""},"c":1})";
    ParsedLine line = Read(bytes);
    const Field* const fields = line.fields.data();
    const char* const owned = line.fields.front().value.data();
    for (int i = 0; i < 3; ++i) {
        ReadLine(bytes, kReceived, {}, line);
        EXPECT_EQ(line.fields.data(), fields);
        EXPECT_EQ(line.fields.front().value.data(), owned);
    }
}

TEST(LineReader, CountsNoMoreFieldsThanItsLimitAndSaysSo) {
    std::string bytes;
    for (std::size_t i = 0; i < ParsedLine::kMaxFields; ++i) bytes += "k=v ";
    EXPECT_FALSE(Read(bytes).is_cut);
    const ParsedLine line = Read(bytes + "k=v");
    EXPECT_TRUE(line.is_cut);
    EXPECT_EQ(line.fields.size(), ParsedLine::kMaxFields);
}

TEST(LineReader, TakesALineOfOneMebibyteOfAnyKind) {
    constexpr std::size_t kSize = 1U << 20U;
    static constexpr auto kParts = std::to_array<std::string_view>(
        {"a", " ", "a=", "\"", "\\", "{\"a\":", "{\"\":{},", "[", "[\"x\",", ",", "|", "=", "x=\"y\" ", "<13>", "IN= OUT=",
         " port 1 from ", "CEF:0|", "a b=", std::string_view("\0", 1), "\xA5\x5C"});
    static constexpr auto kHeads = std::to_array<std::string_view>(
        {"", "<13>Nov 24 10:00:00 h sshd[1]: Failed password for ", "CEF:0|a|b|c|d|e|1|", "{\"a\":"});
    for (const std::string_view part : kParts) {
        std::string bytes;
        while (bytes.size() < kSize) bytes += part;
        for (const std::string_view head : kHeads) {
            const ParsedLine line = Read(std::string(head) + bytes);
            EXPECT_LE(line.fields.size(), ParsedLine::kMaxFields) << head << part;
        }
    }
}

TEST(LineReader, ValuesThatNeedNoUnescapingAreViewsOfTheLine) {
    const std::string bytes = R"(<189>date=2026-11-24 time=10:00:00 devname="fg" devid="FG1" srcip=10.1.1.1 msg="a \"b\"")";
    const ParsedLine line = Read(bytes);
    EXPECT_TRUE(Lies(line.Value(FieldId::kSrcIp), bytes));
    EXPECT_FALSE(Lies(line.Value(FieldId::kText), bytes));
    EXPECT_TRUE(line.owned.Contains(line.Value(FieldId::kText)));
    EXPECT_EQ(line.Value(FieldId::kText), "a \"b\"");
}

TEST(LineReader, AHintReadsWhatTheContentAloneWouldNotTell) {
    EXPECT_EQ(Read("only=one").content, ContentFormat::kPlain);
    EXPECT_EQ(Read("only=one", {.expected = ContentFormat::kKeyValue}).content, ContentFormat::kKeyValue);
}

TEST(LineReader, AHintReadsAMakersKeysInALineWithoutItsMarks) {
    constexpr std::string_view kShort = "date=2026-11-24 srcip=10.1.2.3 sentbyte=1200";
    EXPECT_EQ(Read(kShort).content, ContentFormat::kKeyValue);
    EXPECT_EQ(Read(kShort, {.expected = ContentFormat::kFortiGate}).Value(FieldId::kBytesOut), "1200");
    const ReadOptions check_point{.expected = ContentFormat::kCheckPoint};
    EXPECT_EQ(Read(R"(action="Drop" s_port="4711")", check_point).Value(FieldId::kSrcPort), "4711");
}

TEST(LineReader, AHintThatIsWrongHidesNothing) {
    const ParsedLine line = Read("<166>%ASA-6-302016: Teardown UDP", {.expected = ContentFormat::kJson});
    EXPECT_EQ(line.content, ContentFormat::kCiscoAsa);
}

TEST(LineReader, ASourceSaidToBePlainIsNotSearchedForFields) {
    EXPECT_EQ(Read("a=1 b=2", {.expected = ContentFormat::kPlain}).content, ContentFormat::kPlain);
    EXPECT_EQ(Read("a=1 b=2").content, ContentFormat::kKeyValue);
}

TEST(ParsedLine, EveryFormatIsFoundByItsName) {
    for (int i = 0; i <= static_cast<int>(ContentFormat::kSshd); ++i) {
        const auto format = static_cast<ContentFormat>(i);
        EXPECT_EQ(FindContentFormat(NameOf(format)), format);
    }
    EXPECT_EQ(FindContentFormat("firewall"), std::nullopt);
}

TEST(ParsedLine, NamesAFieldAsTheDictionaryOrTheMakerDoes) {
    EXPECT_EQ((Field{FieldId::kSrcIp, {}, "10.1.1.1"}).FullName(), "src_ip");
    EXPECT_EQ((Field{FieldId::kVendor, "policytype", "policy"}).FullName(), "vendor.policytype");
}

TEST(TextStore, GivesBackTheMemoryOfUnusualLines) {
    TextStore store;
    const std::string big(1U << 20U, 'x');
    const std::string_view kept = store.Join({"a", "b"});
    EXPECT_EQ(store.Join({big, "y"}).size(), big.size() + 1);
    EXPECT_EQ(kept, "ab");
    EXPECT_TRUE(store.Contains(kept));
    EXPECT_FALSE(store.Contains(big));
    const char* const place = kept.data();
    store.Clear();
    EXPECT_EQ(store.Join({"c"}).data(), place);
}

}  // namespace
}  // namespace opsteward::logs
