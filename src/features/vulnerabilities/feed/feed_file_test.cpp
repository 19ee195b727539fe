#include "features/vulnerabilities/feed/feed_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <functional>

#include "features/vulnerabilities/feed/record_file.hpp"
#include "features/vulnerabilities/feed/testing/packing.hpp"
#include "features/vulnerabilities/feed/testing/scratch_folder.hpp"

namespace opsteward::vuln {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Gzip;
using testing::Xz;
using testing::Zstd;

class Files : public testing::ScratchFolder {};
using FeedFiles = Files;

struct Packing {
    const char* name;
    std::function<std::string(std::string_view)> pack;
};

const std::vector<Packing>& Packings() {
    static const std::vector<Packing> kPackings{{"gzip", Gzip}, {"xz", Xz}, {"zstd", Zstd}};
    return kPackings;
}

/// Not the same again and again, so that every format has several blocks of it.
std::string SomeText(std::size_t size) {
    std::string text;
    std::uint32_t state = 1;
    while (text.size() < size) {
        state = state * 1664525 + 1013904223;
        text += std::to_string(state) + (state % 7 == 0 ? "\n" : ",");
    }
    return text;
}

TEST_F(Files, AreUnpackedWhateverTheirNames) {
    for (const std::string& text : {std::string(), std::string("{}"), SomeText(3'000'000)}) {
        EXPECT_EQ(ReadFeedFile(Write("plain", text)).value(), text);
        for (const Packing& packing : Packings()) {
            const auto read = ReadFeedFile(Write("packed", packing.pack(text)));
            ASSERT_TRUE(read.ok()) << packing.name << read.error().operator_text;
            EXPECT_EQ(*read, text) << packing.name;
            EXPECT_GE(read->capacity(), read->size() + kFeedPadding) << packing.name;
        }
    }
}

TEST_F(Files, SeveralStreamsAreOneText) {
    const std::string a = SomeText(400'000);
    for (const Packing& packing : Packings()) EXPECT_EQ(ReadFeedFile(Write("x", packing.pack(a) + packing.pack("") + packing.pack("b"))).value(), a + "b") << packing.name;
    EXPECT_EQ(ReadFeedFile(Write("x", Gzip("a") + std::string(1000, '\0') + Gzip("b"))).value(), "ab");
    EXPECT_EQ(ReadFeedFile(Write("x", Xz("a") + std::string(8, '\0') + Xz("b"))).value(), "ab");
}

TEST_F(Files, ThatAreCutAreRefusedWhereverTheyEnd) {
    const std::string text = SomeText(100'000);
    for (const Packing& packing : Packings()) {
        const std::string whole = packing.pack(text);
        for (std::size_t part = 1; part < 50; ++part) {
            const auto read = ReadFeedFile(Write("cut.gz", whole.substr(0, 4 + (whole.size() - 4) * part / 51)));
            ASSERT_FALSE(read.ok()) << packing.name << part;
            EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput);
            EXPECT_THAT(read.error().caller_text.en, HasSubstr("cut.gz cannot be read to its end")) << packing.name;
        }
        for (std::size_t less = 1; less <= 12; ++less) EXPECT_FALSE(ReadFeedFile(Write("cut.gz", whole.substr(0, whole.size() - less))).ok()) << packing.name << less;
    }
}

TEST_F(Files, ThatAreDamagedAreRefused) {
    const std::string text = SomeText(100'000);
    for (const Packing& packing : Packings()) {
        const std::string whole = packing.pack(text);
        for (std::size_t part = 1; part < 50; ++part) {
            std::string damaged = whole;
            damaged[12 + (whole.size() - 12) * part / 51] ^= 0x10;
            const auto read = ReadFeedFile(Write("x", damaged));
            EXPECT_TRUE(!read.ok() || *read == text) << packing.name << part << ": never another text";
        }
    }
    std::string checksum = Xz("hello");
    checksum[checksum.size() - 32] ^= 1;
    EXPECT_FALSE(ReadFeedFile(Write("x", checksum)).ok());
    for (const Packing& packing : Packings()) EXPECT_FALSE(ReadFeedFile(Write("x", packing.pack("a") + "garbage")).ok()) << packing.name;
}

TEST_F(Files, ThatUnpackToTooMuchAreRefusedBeforeMemoryIsFull) {
    const std::string zeros(20'000'000, '0');
    for (const Packing& packing : Packings()) {
        const auto path = Write("bomb.zst", packing.pack(zeros));
        const auto read = ReadFeedFile(path, 1'000'000);
        ASSERT_FALSE(read.ok()) << packing.name;
        EXPECT_EQ(read.error().code, ErrorCode::kTooLarge);
        EXPECT_THAT(read.error().caller_text.en, HasSubstr("bomb.zst comes to more than"));
        EXPECT_EQ(ReadFeedFile(path, zeros.size())->size(), zeros.size());
    }
    EXPECT_EQ(ReadFeedFile(Write("plain", zeros), 1'000'000).error().code, ErrorCode::kTooLarge);
}

TEST_F(Files, ThatNeedTooMuchMemoryAreRefused) {
    // The head of a frame that asks for a window of 2 GiB (RFC 8878 section 3.1.1.1.2).
    const std::string head("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00", 9);
    EXPECT_EQ(ReadFeedFile(Write("x", head)).error().code, ErrorCode::kInvalidInput);
}

TEST_F(Files, PartsOfAFileAreReadAlone) {
    const std::string packed = Xz("the text");
    const auto path = Write("bundle.tar", "before" + packed + "behind");
    EXPECT_EQ(ReadFeedFile({path, "nvd/x.json.xz", 6, packed.size()}).value(), "the text");
    EXPECT_THAT(ReadFeedFile({path, "nvd/x.json.xz", 6, packed.size() - 1}).error().caller_text.en, HasSubstr("bundle.tar (nvd/x.json.xz) cannot be read"));
    EXPECT_EQ(ReadFeedFile({path, "x", 1000, 5}).value(), "");
}

TEST_F(Files, WhatIsNoFileIsRefused) {
    EXPECT_EQ(ReadFeedFile(folder_ / "missing").error().code, ErrorCode::kNotFound);
    EXPECT_EQ(ReadFeedFile(folder_).error().code, ErrorCode::kInvalidInput);
    ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(ReadFeedFile(folder_ / "pipe").error().code, ErrorCode::kInvalidInput);
}

TEST_F(FeedFiles, OfAFolderAreFoundInOrderAndTheOthersAreTold) {
    for (const char* name : {"b.json", "a.JSON.XZ", "c/d.csv.gz", "c/e.jsonl.zst", "README.md", ".state", ".git/f.json", "g.ndjson", "h.xz", "json"}) Write(name, "x");
    std::vector<std::filesystem::path> ignored;
    const auto found = FeedFilesIn(folder_, &ignored);
    ASSERT_TRUE(found.ok());
    EXPECT_THAT(*found, ElementsAre(folder_ / "a.JSON.XZ", folder_ / "b.json", folder_ / "c/d.csv.gz", folder_ / "c/e.jsonl.zst", folder_ / "g.ndjson"));
    EXPECT_THAT(ignored, ElementsAre(folder_ / "README.md", folder_ / "h.xz", folder_ / "json"));
    EXPECT_THAT(FeedFilesIn(folder_ / "README.md").value(), ElementsAre(folder_ / "README.md")) << "whatever was named itself";
}

TEST_F(FeedFiles, NoneIsAnError) {
    EXPECT_EQ(FeedFilesIn(folder_).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(FeedFilesIn(folder_ / "missing").error().code, ErrorCode::kNotFound);
}

std::string Lines(std::size_t count, std::string_view more = "") {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += R"({"cveMetadata":{"cveId":"CVE-2024-)" + std::to_string(10'000 + i) + R"("},"more":")" + std::string(more) + "\"}\n";
    }
    return text;
}

TEST_F(Files, WithARecordALineAreReadInBlocks) {
    const std::string more(2000, 'x');
    const auto path = Write("cve5.jsonl.gz", Gzip(Lines(20'000, more)));  // five blocks
    std::size_t number = 0;
    const auto count = ReadCve5File(path, [&](Vulnerability&& record) { EXPECT_EQ(record.id, "CVE-2024-" + std::to_string(10'000 + number++)); });
    ASSERT_TRUE(count.ok()) << count.error().operator_text;
    EXPECT_EQ(count->records, 20'000U);
    EXPECT_EQ(ReadCve5File(Write("x.jsonl", Lines(3) + "\n  \n" + Lines(2) + R"({"cveMetadata":{"cveId":"CVE-2024-1000"}})"), [](Vulnerability&&) {})->records, 6U);
}

TEST_F(Files, WithARecordALineSayWhereTheyAreWrong) {
    const std::string more(2000, 'x');
    const std::string before = Lines(9'000, more);
    const auto error = ReadCve5File(Write("cve5.jsonl", before + "{\"cveMetadata\":}\n" + Lines(3)), [](Vulnerability&&) {}).error();
    EXPECT_THAT(error.caller_text.en, HasSubstr("cve5.jsonl: CVE JSON 5, record 9001 (byte " + std::to_string(before.size()) + ")"));
    EXPECT_FALSE(ReadCve5File(Write("x", Lines(3) + "{\"cveMetadata\":{\"cveId\":"), [](Vulnerability&&) {}).ok());
}

TEST_F(Files, WithALineThatIsLongerThanABlockAreRead) {
    const auto path = Write("cve5.jsonl", Lines(2) + Lines(1, std::string(20'000'000, 'x')) + Lines(2));
    EXPECT_EQ(ReadCve5File(path, [](Vulnerability&&) {}).value().records, 5U);
    const auto error = ReadCve5File(Write("x", Lines(1) + "{" + std::string(70'000'000, ' ')), [](Vulnerability&&) {}).error();
    EXPECT_EQ(error.code, ErrorCode::kTooLarge) << error.operator_text;
}

TEST_F(Files, OfOneRecordOrAnArrayAreReadWhole) {
    const std::string one = "{\n \"cveMetadata\":\n  {\"cveId\": \"CVE-2024-1000\"}\n}\n";
    EXPECT_EQ(ReadCve5File(Write("one.json", one), [](Vulnerability&&) {}).value().records, 1U);
    EXPECT_EQ(ReadCve5File(Write("list.json", "[" + one + "," + one + "]"), [](Vulnerability&&) {}).value().records, 2U);
    std::string many = "[" + one;
    while (many.size() < 10'000'000) many += "," + one;
    EXPECT_GT(ReadCve5File(Write("list.json.xz", Xz(many + "]")), [](Vulnerability&&) {}).value().records, 100'000U);
    EXPECT_EQ(ReadOsvFile(Write("osv.json", R"({"id":"X-1"})"), [](Vulnerability&&) {}).value().records, 1U);
}

}  // namespace
}  // namespace opsteward::vuln
