// What can be altered within a segment: its blocks, its index, its footer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vault/index/grams.hpp"
#include "verifier/testing/tamper.hpp"

namespace opsteward::verifier {
namespace {

namespace server = opsteward::vault;

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::Failures;
using testing::Notes;
using testing::Tamper;
using testing::TestVault;

constexpr std::size_t kSegmentHeader = 8;
constexpr std::size_t kTrailer = 24;
constexpr std::size_t kEntry = 44;  ///< of a block in the footer, behind 8 bytes

TEST_F(Tamper, AFlippedBitInABlockIsNamedByItsBlockAndAllElseIsProven) {
    vault_.Flip(second_, kSegmentHeader + 100);
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), ElementsAre("block-malformed " + second_ + " block 0 record 600 to 1199", "not-proven checkpoint record 512 to 1279",
                                              "not-proven witness 1200 record 600 to 1199"));
    EXPECT_THAT(Notes(report), ElementsAre("rest-proven checkpoint"));
    EXPECT_EQ(report.unreadable, 600U);
    EXPECT_FALSE(report.root);
}

TEST_F(Tamper, AFlippedBitInAFooterLeavesTheRecordsReadable) {
    vault_.Flip(first_, vault_.Read(first_).size() - kTrailer - 5);
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), ElementsAre("segment-malformed " + first_));
    EXPECT_EQ(report.unreadable, 0U);
}

TEST_F(Tamper, AnIndexThatHidesRecordsFromSearchesIsNamedByRowAndBlock) {
    vault_.AlterIndex(second_, [](std::string& page) { page[page.find('\x01')] = '\0'; });
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), ElementsAre("index " + second_ + " block 0 record 600 to 1199"));
    EXPECT_THAT(report.failures.front().message.en, ::testing::MatchesRegex("Row [0-9]+ of the index does not name this block.*rows: 1.*"));
    EXPECT_TRUE(report.checkpoints.front().is_ok) << "every record is as it was signed";
}

TEST_F(Tamper, AnIndexThatHidesEscapesIsNamedSoThatNoSearchByFieldIsMissed) {
    vault_.AppendForged(R"({"user":"\u0061dmin"})");
    vault_.WriteSegments();
    vault_.Seal();
    const std::string segment = vault_.Segments().back();
    EXPECT_THAT(Failures(vault_.Check()), IsEmpty());
    std::uint32_t rows = 0;
    vault_.AlterFooter(segment, [&](const std::string& footer) { rows = server::NumberAt<std::uint32_t>(footer, 4); });
    for (const std::string_view escape : {R"(\u)", R"(\u00)"}) {
        const std::uint64_t gram = server::GramsOf(escape).back();
        const std::size_t row = (gram >> 10) * rows >> 22;
        vault_.AlterIndex(segment, [&](std::string& page) { page[row] = static_cast<char>(page[row] ^ 1); });
        EXPECT_THAT(Failures(vault_.Check()), ElementsAre(StartsWith("index " + segment + " block 0"))) << escape;
        vault_.AlterIndex(segment, [&](std::string& page) { page[row] = static_cast<char>(page[row] ^ 1); });
    }
}

TEST_F(Tamper, AnIndexWithABitTooManyIsNamed) {
    vault_.AlterIndex(third_, [](std::string& page) { page[page.find('\0')] = '\x01'; });
    const VaultReport report = vault_.Check();
    EXPECT_THAT(Failures(report), ElementsAre("index " + third_ + " block 0 record 1200 to 1799"));
    EXPECT_THAT(report.failures.front().message.en, HasSubstr("holds nothing of the kind"));
}

TEST_F(Tamper, BitsInTheIndexThatBelongToNoBlockOrNoRowAreNamed) {
    const std::string whole = vault_.Read(first_);
    vault_.AlterIndex(first_, [](std::string& page) { page[0] = static_cast<char>(page[0] | 2); });
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("index " + first_));
    vault_.Write(first_, whole);
    vault_.AlterIndex(first_, [](std::string& page) { page.back() = '\x01'; });
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("index " + first_));
}

TEST_F(Tamper, AFlippedBitInAnIndexIsNamedByItsPage) {
    vault_.Flip(first_, vault::Segment::Open(vault_.Part(first_)).value().index_offset() + 4095);
    const VaultReport report = vault_.Check();
    EXPECT_THAT(Failures(report), ElementsAre("index " + first_));
    EXPECT_THAT(report.failures.front().message.en, HasSubstr("checksum of page 0"));
}

TEST_F(Tamper, AnIndexOfAnotherNumberOfRowsIsNamed) {
    vault_.AlterFooter(third_, [](std::string& footer) { vault::PutNumber(footer, 4, std::uint32_t{2}); });
    EXPECT_THAT(Failures(vault_.Check()), Contains(StartsWith("index " + third_)));
    vault_.AlterFooter(third_, [](std::string& footer) { vault::PutNumber(footer, 4, std::uint32_t{5000}); });
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("segment-malformed " + third_));
}

TEST_F(Tamper, ASourceHiddenInTheFooterIsNamed) {
    vault_.AlterFooter(second_, [](std::string& footer) { footer.erase(8 + kEntry, 3 + 3 + 8); });
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), ElementsAre("sources " + second_ + " block 0 record 600 to 1199"));
    EXPECT_THAT(report.failures.front().message.en, HasSubstr("does not name source db of kind os"));
}

TEST_F(Tamper, ASourceWithoutRecordsInTheFooterIsNamed) {
    vault_.AlterFooter(second_, [](std::string& footer) { footer.append("\x02zz\x02os\x01", 7).append(7, '\0'); });
    const VaultReport report = vault_.Check();
    EXPECT_THAT(Failures(report), ElementsAre("sources " + second_ + " block 0 record 600 to 1199"));
    EXPECT_THAT(report.failures.front().message.en, HasSubstr("which has no record of it"));
}

TEST_F(Tamper, AFooterThatIsNotInItsFormIsNamed) {
    const std::function<void(std::string&)> kChanges[] = {
        [](auto& footer) { footer.append(footer.substr(8 + kEntry, 3 + 3 + 8)); },              // a source twice, out of order
        [](auto& footer) { footer.append("\x02zz\x02os", 6).append(8, '\0'); },                 // in no block
        [](auto& footer) { footer.append("\x02zz\x02os\x02", 7).append(7, '\0'); },             // in a block that is not there
        [](auto& footer) { footer += '\x02'; },
        [](auto& footer) { footer.resize(8); },
        [](auto& footer) { vault::PutNumber(footer, 0, std::uint32_t{0}); },
        [](auto& footer) { vault::PutNumber(footer, 0, std::uint32_t{65}); },
        [](auto& footer) { vault::PutNumber(footer, 4, std::uint32_t{0}); },
        [](auto& footer) { vault::PutNumber(footer, 4, ~std::uint32_t{0}); },
    };
    const std::string whole = vault_.Read(second_);
    for (const auto& change : kChanges) {
        vault_.AlterFooter(second_, change);
        EXPECT_THAT(Failures(vault_.Check()), ElementsAre("segment-malformed " + second_));
        vault_.Write(second_, whole);
    }
}

TEST_F(Tamper, AFooterThatSaysOtherThingsOfABlockIsNamed) {
    const std::string whole = vault_.Read(second_);
    for (const std::size_t at : {24U, 28U, 36U}) {  // length of the messages, earliest, latest
        vault_.AlterFooter(second_, [at](std::string& footer) { footer[8 + at] = static_cast<char>(footer[8 + at] ^ 1); });
        EXPECT_THAT(Failures(vault_.Check()), Contains("block-malformed " + second_ + " block 0 record 600 to 1199"));
        vault_.Write(second_, whole);
    }
}

TEST_F(Tamper, ANumberAlteredInTheColumnsUnderMendedChecksumsIsNamedByItsGroups) {
    vault_.AlterColumns(first_, [](auto& strings) { strings.back()[300] = '\x04'; });  // from there on each number is one more
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("records-altered " + first_ + " block 0 record 256 to 511",
                                                      "records-altered " + first_ + " block 0 record 512 to 767"));
}

TEST_F(Tamper, ColumnsThatAreNotInTheirFormAreNamed) {
    const std::function<void(std::vector<std::string>&)> kChanges[] = {
        [](auto& strings) { strings.pop_back(); },
        [](auto& strings) { strings.emplace_back("more"); },
        [](auto& strings) { strings.back().pop_back(); },
        [](auto& strings) { strings[0] = std::string("\x01\x04" "a-a-", 6); },  // lengths alone would not tell
        [](auto& strings) { strings[1][7] = '\0'; },
        [](auto& strings) { strings[4].back() = '\x09'; },
    };
    const std::string whole = vault_.Read(second_);
    for (const auto& change : kChanges) {
        vault_.AlterColumns(second_, change);
        EXPECT_THAT(Failures(vault_.Check()), Contains(::testing::AnyOf(StartsWith("block-malformed " + second_), StartsWith("records-altered " + second_))));
        vault_.Write(second_, whole);
    }
}

TEST(TamperWithShapes, SwappedOnesAreNamed) {
    TestVault vault;
    std::vector<std::string> messages;
    for (int i = 0; i < 300; ++i) messages.push_back((i % 2 == 0 ? "user=" : "port ") + std::to_string(100 + i));
    std::vector<vault::RecordView> records;
    for (const std::string& message : messages) records.push_back({{}, vault::Transport::kTcp, "fw", "os", "", message});
    ASSERT_TRUE(vault.Writer().Append(records).ok());
    vault.WriteSegments();
    vault.Seal();
    const std::string segment = vault.Segments().front();
    vault.AlterColumns(segment, [](auto& strings) { std::swap(strings[0][3], strings[0][7]); });  // "a=a" and "a a"
    const VaultReport report = vault.Check();
    EXPECT_THAT(Failures(report), Contains("root " + segment + " record 0 to 299"));
    EXPECT_THAT(Failures(report), Contains("tree-hash tree/08 record 0 to 255"));
}

TEST(TamperWithManyBlocks, TheRightOneIsNamed) {
    TestVault vault;
    constexpr std::size_t kMessage = 30'000;  // 280 of them make a block
    vault.Append(500, kMessage);
    vault.Append(500, kMessage);
    vault.WriteSegments();
    vault.Seal();
    vault.Stop();
    vault.Remove("log");
    const std::string segment = vault.Segments().front();
    const std::string whole = vault.Read(segment);
    ASSERT_THAT(Failures(vault.Check()), IsEmpty());

    vault.Remake(segment, [](auto& records) { records[600].message[0] = 'E'; });
    EXPECT_THAT(Failures(vault.Check()), ElementsAre("records-altered " + segment + " block 1 record 512 to 767"));

    vault.Write(segment, whole);
    vault.Flip(segment, whole.size() / 2);
    const VaultReport report = vault.Check();
    ASSERT_FALSE(report.failures.empty());
    EXPECT_EQ(report.failures[0].code, "block-malformed");
    const std::uint64_t block = report.failures[0].place.block.value();
    EXPECT_TRUE(block == 1 || block == 2);
    EXPECT_EQ(report.unreadable, *report.failures[0].place.last_record - *report.failures[0].place.record + 1);

    // Without the footer the blocks are found by their own headers.
    vault.Write(segment, whole.substr(0, whole.size() - kTrailer));
    EXPECT_THAT(Failures(vault.Check()), ElementsAre("segment-malformed " + segment));
}

}  // namespace
}  // namespace opsteward::verifier
