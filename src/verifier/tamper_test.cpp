// Everything that somebody with all rights on the machine could try, and what the verifier says to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "vault/index/grams.hpp"
#include "verifier/fault.hpp"
#include "verifier/gone_file.hpp"
#include "verifier/testing/test_vault.hpp"

namespace opsteward::verifier {
namespace {

namespace server = opsteward::vault;

using ::testing::UnorderedElementsAre;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using testing::Failures;
using testing::Notes;
using testing::TestVault;

constexpr std::size_t kSegmentHeader = 8;
constexpr std::size_t kTrailer = 24;
constexpr std::size_t kEntry = 44;  ///< of a block in the footer, behind 8 bytes

/// Three segments of 600 events, sealed after each; 100 more in the write-ahead log, which holds these alone.
class Tamper : public ::testing::Test {
  protected:
    Tamper() {
        for (int i = 0; i < 3; ++i) {
            vault_.Append(600);
            vault_.WriteSegments();
            kept_.push_back({"witness " + std::to_string(vault_.size()), vault_.Seal()});
        }
        vault_.Append(60);
        vault_.Append(40);
        kept_.push_back({"witness", vault_.Seal()});
        vault_.Stop();
        vault_.Remove("log/00000000000000001200.wal");
    }

    static void SetLetter(TestVault::OwnedRecord& record) { record.message[0] = 'E'; }

    TestVault vault_;
    std::vector<KeptCheckpoint> kept_;
    const std::string first_ = "segments/00000000000000000000.seg";
    const std::string second_ = "segments/00000000000000000600.seg";
    const std::string third_ = "segments/00000000000000001200.seg";
};

TEST_F(Tamper, AnUntouchedVaultIsIntact) {
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), IsEmpty());
    EXPECT_THAT(Notes(report), IsEmpty());
    EXPECT_EQ(report.records, 1900U);
    EXPECT_EQ(report.sealed, 1900U);
    EXPECT_EQ(report.segments, 3U);
    ASSERT_EQ(report.checkpoints.size(), 5U);
    for (const CheckedCheckpoint& checkpoint : report.checkpoints) EXPECT_TRUE(checkpoint.is_ok);
}

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

TEST_F(Tamper, AnAlteredRecordUnderMendedChecksumsIsNamedByItsGroup) {
    vault_.Remake(second_, [](auto& records) { SetLetter(records[250]); });  // record 850
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), ElementsAre("records-altered " + second_ + " block 0 record 768 to 1023"));
    EXPECT_THAT(Notes(report), ElementsAre("rest-proven checkpoint"));
    EXPECT_TRUE(report.checkpoints[1].is_ok) << "of the first 600";
    EXPECT_FALSE(report.checkpoints[2].is_ok);
}

TEST_F(Tamper, AnAlteredRecordIsNamedAsNearAsCheckpointsAllowWhenTheStoredHashesAreGone) {
    vault_.Remake(second_, [](auto& records) { SetLetter(records[250]); });
    vault_.Remove("tree");
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), ElementsAreArray(std::vector<std::string>(4, "root " + second_ + " record 600 to 1199")));
    EXPECT_THAT(Notes(report), ElementsAre("tree-short tree/08"));
}

TEST_F(Tamper, SwappedRecordsAreNamed) {
    vault_.Remake(first_, [](auto& records) { std::swap(records[300], records[301]); });
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("records-altered " + first_ + " block 0 record 256 to 511"));
}

TEST_F(Tamper, ADuplicatedRecordInThePlaceOfAnotherIsNamed) {
    vault_.Remake(third_, [](auto& records) { records[200] = records[199]; });
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("records-altered " + third_ + " block 0 record 1280 to 1535"));
}

TEST_F(Tamper, AChangedTimeSourceOrTransportIsNamed) {
    const std::function<void(TestVault::OwnedRecord&)> kChanges[] = {
        [](auto& record) { record.view.received += std::chrono::milliseconds(1); },
        [](auto& record) { record.view.source = "fx"; },
        [](auto& record) { record.view.kind = "web"; },
        [](auto& record) { record.view.peer = ""; },
        [](auto& record) { record.view.transport = vault::Transport::kTls; },
        [](auto& record) { record.message += '\0'; },
    };
    const std::string whole = vault_.Read(first_);
    for (const auto& change : kChanges) {
        vault_.Remake(first_, [&](auto& records) { change(records[300]); });
        EXPECT_THAT(Failures(vault_.Check()), ElementsAre("records-altered " + first_ + " block 0 record 256 to 511"));
        vault_.Write(first_, whole);
    }
}

TEST_F(Tamper, ADroppedRecordLeavesAGapBeforeTheNextSegment) {
    vault_.Remake(first_, [](auto& records) { records.erase(records.begin() + 300); });
    EXPECT_THAT(Failures(vault_.Check()), Contains("segment-missing segments/00000000000000000599.seg record 599"));
}

TEST_F(Tamper, AnInsertedRecordOverlapsTheNextSegment) {
    vault_.Remake(first_, [](auto& records) { records.insert(records.begin() + 300, records[0]); });
    EXPECT_THAT(Failures(vault_.Check()), Contains("segment-overlap " + second_ + " record 600"));
}

TEST_F(Tamper, ASegmentThatWasMergedIntoTheOneBeforeItIsNotedWhileItIsSound) {
    const std::string old = vault_.Read(second_);
    vault_.Remake(second_, [&](auto& later) {  // its records are there during the call
        vault_.Remake(first_, [&](auto& records) { records.insert(records.end(), later.begin(), later.end()); });
    });
    vault_.Remove(second_);
    EXPECT_THAT(Failures(vault_.Check(kept_)), IsEmpty());
    vault_.Write(second_, old);
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), IsEmpty());
    EXPECT_THAT(Notes(report), ElementsAre("left-over-segment " + second_));
    vault_.Write(second_, old.substr(1));
    EXPECT_THAT(Failures(vault_.Check(kept_)), ElementsAre("segment-overlap " + second_ + " record 600"));
}

TEST_F(Tamper, FurtherCheckpointsInTheFolderAreHeldAgainstTheVault) {
    const std::string own = vault_.Read("checkpoint");
    std::filesystem::create_directory(vault_.Part("checkpoints"));
    vault_.Write("witnessed", own);
    vault_.Write("checkpoints/00000000000000001900", own);
    EXPECT_THAT(Failures(vault_.Check(kept_)), IsEmpty());
    vault_.Write("witnessed", own + "x");
    vault_.Write("checkpoints/1900", own);
    vault_.Write("checkpoints/00000000000000001901.new", "half");
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), UnorderedElementsAre("checkpoint-malformed witnessed", "foreign-file checkpoints/1900"));
    EXPECT_THAT(Notes(report), ElementsAre("unfinished-file checkpoints/00000000000000001901.new"));
}

TEST_F(Tamper, AnotherPublicKeyInTheFolderIsTold) {
    vault_.Write("vault.pub", "x\n");
    EXPECT_THAT(Failures(vault_.Check(kept_)), ElementsAre("public-key vault.pub"));
}

TEST_F(Tamper, ADroppedRecordAtTheEndIsMissed) {
    vault_.Remake(third_, [](auto& records) { records.erase(records.begin() + 590); });
    EXPECT_THAT(Failures(vault_.Check()), Contains("segment-missing segments/00000000000000001799.seg record 1799"));
    vault_.Remove("log");
    EXPECT_THAT(Failures(vault_.Check()), Contains("records-missing checkpoint record 1799 to 1899"));
}

TEST_F(Tamper, ATruncatedLogFailsByTheCheckpoint) {
    const std::string log = vault_.Names("log").back();
    const std::string whole = vault_.Read(log);
    vault_.Write(log, whole.substr(0, whole.size() - 1));
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("log-malformed " + log + " record 1860", "records-missing checkpoint record 1860 to 1899"));
    vault_.Remove(log);
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("records-missing checkpoint record 1860 to 1899"));
}

TEST_F(Tamper, ATruncatedSegmentIsNamedAndItsNeighboursAreChecked) {
    const std::string whole = vault_.Read(second_);
    for (const std::size_t length : {whole.size() - 1, whole.size() - kTrailer, kSegmentHeader + 20, kSegmentHeader, std::size_t{3}, std::size_t{0}}) {
        vault_.Write(second_, whole.substr(0, length));
        const VaultReport report = vault_.Check();
        EXPECT_THAT(Failures(report), Contains(StartsWith("segment-malformed " + second_))) << length;
        if (length < whole.size() - kTrailer - kEntry) {
            EXPECT_THAT(Failures(report), Contains("records-unreadable " + second_ + " block 0 record 600 to 1199")) << length;
        }
        EXPECT_THAT(Failures(report), ::testing::Not(Contains(StartsWith("block-malformed " + third_))));
    }
}

TEST_F(Tamper, ADroppedMiddleSegmentIsNamed) {
    vault_.Remove(second_);
    EXPECT_THAT(Failures(vault_.Check()), Contains("segment-missing " + second_ + " record 600 to 1199"));
}

TEST_F(Tamper, ADroppedFirstSegmentIsNamed) {
    vault_.Remove(first_);
    EXPECT_THAT(Failures(vault_.Check()), Contains("segment-missing " + first_ + " record 0 to 599"));
}

TEST_F(Tamper, ADroppedLastSegmentIsNamedThoughTheLogGoesOnBehindIt) {
    vault_.Remove(third_);
    EXPECT_THAT(Failures(vault_.Check()), Contains("segment-missing " + third_ + " record 1200 to 1799"));
}

TEST_F(Tamper, ADroppedLastSegmentWithoutALogIsMissed) {
    vault_.Remove(third_);
    vault_.Remove("log");
    EXPECT_THAT(Failures(vault_.Check()), Contains("records-missing checkpoint record 1200 to 1899"));
}

TEST_F(Tamper, ASegmentUnderAnotherNumberIsNamed) {
    vault_.Write(first_, vault_.Read(second_));
    EXPECT_THAT(Failures(vault_.Check()), Contains("segment-malformed " + first_));
}

TEST_F(Tamper, AReplayedOldCheckpointLeavesUnsealedRecords) {
    vault_.Write("checkpoint", kept_[1].note);
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("unsealed " + third_ + " block 0 record 1200 to 1899"));
}

TEST_F(Tamper, AVaultPutBackToAnOlderStateFailsByTheWitnessAlone) {
    vault_.Write("checkpoint", kept_[1].note);
    vault_.Remove(third_);
    vault_.Remove("log");
    std::string hashes = vault_.Read("tree/08");
    vault_.Write("tree/08", hashes.substr(0, 32 * (1200 / 256)));
    EXPECT_THAT(Failures(vault_.Check()), IsEmpty());
    EXPECT_THAT(Failures(vault_.Check(kept_)),
                ElementsAre("checkpoint-older checkpoint record 1200 to 1799", "records-missing witness 1800 record 1200 to 1799",
                            "checkpoint-older checkpoint record 1200 to 1899", "records-missing witness record 1200 to 1899"));
}

TEST_F(Tamper, ATailThatWasSignedAnewWithAStolenKeyFailsByTheWitnessAlone) {
    vault_.Remake(third_, [](auto& records) { SetLetter(records[100]); });
    vault_.Remove("tree");
    vault_.SignAnew();
    EXPECT_THAT(Failures(vault_.Check()), IsEmpty());
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), ElementsAre("forked witness 1800 record 1200 to 1799", "forked witness record 1200 to 1799"));
    EXPECT_TRUE(report.checkpoints[1].is_ok);
    EXPECT_TRUE(report.checkpoints[2].is_ok) << "the first 1200 are as they were";
    EXPECT_FALSE(report.checkpoints[3].is_ok);
}

TEST_F(Tamper, ACheckpointOfAnotherKeyIsNotTrusted) {
    const vault::Checkpoint forged{"ops.example.gov.tw/vault", 1900, {}};
    vault_.Write("checkpoint", SignCheckpoint(forged, crypto::Ed25519SigningKey::Generate()).ToText());
    const VaultReport report = vault_.Check();
    EXPECT_THAT(Failures(report), ElementsAre("checkpoint-malformed checkpoint"));
    EXPECT_EQ(report.sealed, 0U);
    EXPECT_EQ(report.unsealed, 1900U);
}

TEST_F(Tamper, AVaultWithoutACheckpointIsNotIntact) {
    vault_.Remove("checkpoint");
    EXPECT_THAT(Failures(vault_.Check(kept_)), ElementsAre("no-checkpoint checkpoint"));
}

TEST_F(Tamper, RecordsAfterTheLastCheckpointAreUnsealed) {
    vault_.Append(7);
    vault_.WriteSegments();
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("unsealed segments/00000000000000001800.seg block 0 record 1900 to 1906"));
}

TEST_F(Tamper, AForgedSegmentBehindTheEndIsUnsealed) {
    vault_.WriteSegments();
    vault_.Stop();
    vault_.WriteForeignSegment(1900, {{{}, vault::Transport::kImport, "fw", "", "", "forged"}});
    EXPECT_THAT(Failures(vault_.Check()), Contains("unsealed segments/00000000000000001900.seg block 0 record 1900"));
}

TEST_F(Tamper, FilesThatDoNotBelongAreNamed) {
    const std::string kNames[] = {"note.txt",
                                  ".hidden",
                                  "checkpoint.old",
                                  "log/00000000000000001860.wal.new",
                                  "log/1.wal",
                                  "segments/x",
                                  "segments/1800.seg",
                                  "segments/99999999999999999999.seg",
                                  "tree/08.new",
                                  "tree/09",
                                  "tree/64"};
    for (const std::string& name : kNames) {
        vault_.Write(name, "x");
        EXPECT_THAT(Failures(vault_.Check()), ElementsAre("foreign-file " + name));
        vault_.Remove(name);
    }
    std::filesystem::create_directory(vault_.Part("more"));
    std::filesystem::create_symlink("/dev/null", vault_.Part("segments") / "00000000000000001800.seg");
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("foreign-file segments/00000000000000001800.seg", "foreign-file more"));
}

TEST_F(Tamper, BytesHiddenInTheLockAreNamed) {
    vault_.Write("lock", "123\n");
    EXPECT_THAT(Failures(vault_.Check()), IsEmpty());
    vault_.Write("lock", "123\nsomething else");
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("foreign-file lock"));
}

TEST_F(Tamper, WhatACrashLeavesIsNotedAndDoesNotFail) {
    const std::string log = vault_.Names("log").back();
    vault_.Write("segments/00000000000000001800.seg.new", "OPSSEG1\n");
    vault_.Write("checkpoint.new", "ops.exa");
    const std::string whole = vault_.Read(log);
    const std::string frame = whole.substr(24);
    for (const std::size_t length : {std::size_t{1}, std::size_t{19}, std::size_t{20}, frame.size() - 1}) {
        vault_.Write(log, whole + frame.substr(0, length));
        const VaultReport report = vault_.Check(kept_);
        EXPECT_THAT(Failures(report), IsEmpty());
        EXPECT_THAT(Notes(report), ElementsAre("unfinished-file segments/00000000000000001800.seg.new", "torn-group " + log, "unfinished-file checkpoint.new"));
    }
}

TEST_F(Tamper, ALogFileWithoutAWholeHeaderIsNoted) {
    vault_.Write("log/00000000000000001900.wal", "OPSWAL1\n");
    EXPECT_THAT(Failures(vault_.Check()), IsEmpty());
    vault_.Write("log/00000000000000001900.wal", std::string(24, '\0'));
    EXPECT_THAT(Failures(vault_.Check()), IsEmpty());
    vault_.Write("log/00000000000000001900.wal", std::string(24, 'x'));
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("log-malformed log/00000000000000001900.wal"));
}

TEST_F(Tamper, AWholeGroupThatIsRepeatedIsNamed) {
    const std::string log = vault_.Names("log").back();
    const std::string whole = vault_.Read(log);
    vault_.Write(log, whole + whole.substr(24));
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("log-malformed " + log + " record 1900"));
}

TEST_F(Tamper, ADamagedGroupWithWholeOnesBehindItIsNamed) {
    TestVault vault{vault::VaultOptions{}};
    for (int i = 0; i < 5; ++i) vault.Append(3);
    vault.Seal();
    vault.Stop();
    const std::string log = vault.Names("log").back();
    const std::size_t frame = (vault.Read(log).size() - 24) / 5;
    vault.Flip(log, 24 + 2 * frame + 30);
    const VaultReport report = vault.Check();
    EXPECT_THAT(Failures(report), ElementsAre("log-malformed " + log + " record 6", "not-proven checkpoint record 0 to 14"));
    EXPECT_EQ(report.records, 15U);
    EXPECT_EQ(report.unreadable, 3U);
}

TEST_F(Tamper, AMissingLogFileIsNamed) {
    vault_.Append(5);
    vault_.Seal();
    vault_.Stop();
    const std::string middle = vault_.Read("log/00000000000000001860.wal");
    vault_.Remove("log/00000000000000001860.wal");
    EXPECT_THAT(Failures(vault_.Check()), Contains("log-gap log/00000000000000001900.wal record 1860"));
    vault_.Write("log/00000000000000001860.wal", middle);
    vault_.Remove("log/00000000000000001800.wal");
    EXPECT_THAT(Failures(vault_.Check()), Contains("segment-missing segments/00000000000000001800.seg record 1800 to 1859"));
}

TEST(TamperWithALongLog, ARecordThatDiffersFromItsSegmentIsNamed) {
    TestVault vault{vault::VaultOptions{}};
    vault.Append(300);
    vault.WriteSegmentsAndCrash();
    vault.Append(10);
    vault.Seal();
    const std::string segment = vault.Segments().front();
    vault.Remake(segment, [](auto& records) { records[123].message[0] = 'E'; });
    EXPECT_THAT(Failures(vault.Check()), ElementsAre("log-differs log/00000000000000000000.wal record 123",
                                                     "records-altered " + segment + " block 0 record 0 to 255"));
}

TEST(TamperWithALongLog, StandsInForADamagedBlock) {
    TestVault vault{vault::VaultOptions{}};
    vault.Append(300);
    vault.WriteSegmentsAndCrash();
    vault.Seal();
    vault.Stop();
    const std::string segment = vault.Segments().front();
    vault.Flip(segment, 100);
    const VaultReport report = vault.Check();
    EXPECT_THAT(Failures(report), ElementsAre("block-malformed " + segment + " block 0 record 0 to 299"));
    EXPECT_TRUE(report.checkpoints.front().is_ok) << "the log has the records";
}

TEST(TamperWithALongLog, IsNotShorterThanTheSegments) {
    TestVault vault{vault::VaultOptions{}};
    vault.Append(3);
    vault.Append(3);
    vault.WriteSegmentsAndCrash();
    vault.Seal();
    vault.Stop();
    const std::string log = vault.Names("log").front();
    const std::string whole = vault.Read(log);
    vault.Write(log, whole.substr(0, whole.size() - 1));
    EXPECT_THAT(Failures(vault.Check()), ElementsAre("log-malformed " + log + " record 3"));
    vault.Write(log, whole.substr(0, 24 + (whole.size() - 24) / 2));
    EXPECT_THAT(Failures(vault.Check()), ElementsAre("log-short " + log + " record 3 to 5"));
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

TEST_F(Tamper, AStoredHashThatIsNotThatOfItsRecordsIsNamed) {
    vault_.Flip("tree/08", 32 * 3 + 5);
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("tree-hash tree/08 record 768 to 1023"));
}

TEST_F(Tamper, MoreStoredHashesThanSubtreesFail) {
    vault_.Write("tree/08", vault_.Read("tree/08") + std::string(32, 'x'));
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("tree-long tree/08"));
}

TEST_F(Tamper, FewerStoredHashesThanSubtreesAreNoted) {
    const std::string whole = vault_.Read("tree/08");
    vault_.Write("tree/08", whole.substr(0, 40));
    const VaultReport report = vault_.Check();
    EXPECT_THAT(Failures(report), IsEmpty());
    EXPECT_THAT(Notes(report), ElementsAre("tree-short tree/08"));
    vault_.Flip("tree/08", 39);
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("tree-hash tree/08 record 256 to 511")) << "what is there must be right";
}

TEST_F(Tamper, AnotherPublicKeyBesideTheVaultIsNamed) {
    const std::string line = vault::ReadFile(vault_.key_file()).value();
    const PublicKey key = vault_.key();
    vault::ScratchFolder::Write(vault_.key_file(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n");
    EXPECT_THAT(Failures(CheckVault({vault_.folder(), key})), ElementsAre("public-key ../vault.pub"));
    std::filesystem::remove(vault_.key_file());
    EXPECT_THAT(Failures(CheckVault({vault_.folder(), key})), IsEmpty());
}

TEST_F(Tamper, FailuresBeyondAHundredAreCounted) {
    for (int i = 0; i < 150; ++i) vault_.Write("segments/x" + std::to_string(i), "");
    const VaultReport report = vault_.Check();
    EXPECT_EQ(report.failures.size(), 100U);
    EXPECT_EQ(report.more_failures, 50U);
}

TEST(VaultInUse, CanBeCheckedBesideItsServerUpToTheCheckpointOfTheMoment) {
    TestVault vault;
    vault.Append(1);
    vault.Seal();
    const PublicKey key = vault.key();
    std::atomic<bool> is_done = false;
    std::jthread server([&] {
        for (int i = 0; i < 60; ++i) {
            vault.Append(100);
            if (i % 2 == 0) vault.WriteSegments();
            vault.Seal();
        }
        is_done = true;
    });
    while (!is_done) {
        try {
            for (const Finding& failure : CheckVault({vault.folder(), key, {}, 1, {}}).failures) EXPECT_EQ(failure.code, "unsealed") << failure.message.en;
        } catch (const CannotCheck&) {  // a file of the log was let go between its listing and its opening
        }
    }
}

TEST(EmptyVault, IsIntactOnceItIsSealed) {
    TestVault vault;
    EXPECT_EQ(vault.size(), 0U);
    EXPECT_THAT(Failures(vault.Check()), ElementsAre("no-checkpoint checkpoint"));
    vault.Seal();
    EXPECT_THAT(Failures(vault.Check()), IsEmpty());
}

TEST(EmptyVault, ThatIsNoneCanNotBeChecked) {
    TestVault vault;
    EXPECT_THROW(CheckVault({vault.folder() / "none", vault.key()}), CannotCheck);
    EXPECT_THROW(CheckVault({vault.folder().parent_path(), vault.key()}), CannotCheck);
}

/// The second of the three segments is deleted, and the record that says so lies in the log.
class Deleted : public Tamper {
  protected:
    Deleted() {
        segment_ = vault_.Read(second_);
        vault_.Delete(600);
        vault_.Stop();
    }
    void AlterGone(const std::function<void(std::string&)>& alter) {
        std::string bytes = vault_.Read(gone_);
        bytes.resize(bytes.size() - 4);
        alter(bytes);
        server::AppendNumber(bytes, server::Crc32c(bytes));
        vault_.Write(gone_, bytes);
    }

    const std::string gone_ = "segments/00000000000000000600.gone";
    std::string segment_;
};

TEST_F(Deleted, RecordsThatAreSaidToBeDeletedLeaveTheVaultIntactAndAllOthersProven) {
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), IsEmpty());
    EXPECT_THAT(Notes(report), ElementsAre("deleted " + gone_));
    EXPECT_EQ(report.deleted, 600U);
    EXPECT_EQ(report.unreadable, 0U);
    EXPECT_EQ(report.records, 1901U);
    EXPECT_TRUE(report.root);
    for (const CheckedCheckpoint& checkpoint : report.checkpoints) EXPECT_TRUE(checkpoint.is_ok) << checkpoint.file;
    EXPECT_THAT(ToText(report, Language::kEnglish), HasSubstr("record 1900 says so"));
}

TEST_F(Deleted, SeveralInARowAndTheFirstOfAllAreSaidEach) {
    vault_.Delete(0);
    vault_.Delete(1200);
    vault_.WriteSegments();
    vault_.Seal();
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), IsEmpty());
    EXPECT_EQ(report.deleted, 1800U);
    vault_.Remove("tree");
    EXPECT_THAT(Failures(vault_.Check(kept_)), IsEmpty());
}

TEST_F(Deleted, ASegmentWithoutAWordIsMissing) {
    vault_.Remove(gone_);
    EXPECT_THAT(Failures(vault_.Check()), Contains("segment-missing " + second_ + " record 600 to 1199"));
}

TEST_F(Deleted, AFileThatNoRecordSpeaksOfIsNotTakenForADeletion) {
    AlterGone([](std::string& bytes) { server::PutNumber<std::uint64_t>(bytes, 24, 1300); });
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("deletion-unsaid " + gone_ + " record 600 to 1199"));
    AlterGone([](std::string& bytes) { server::PutNumber<std::uint64_t>(bytes, 24, 5000); });
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("deletion-unsaid " + gone_ + " record 600 to 1199"));
}

TEST_F(Deleted, OtherHashesAreNeitherSaidNorSealed) {
    AlterGone([](std::string& bytes) { bytes[40] ^= 1; });
    const auto failures = Failures(vault_.Check());
    EXPECT_THAT(failures, Contains("deletion-unsaid " + gone_ + " record 600 to 1199"));
    EXPECT_THAT(failures, Contains("records-altered " + first_ + " block 0 record 512 to 767")) << "the group that they are part of";
}

TEST_F(Deleted, MoreThanWasSaidIsNotDeleted) {
    // The file speaks of the segment behind it too, which was removed as well.
    vault_.Remove(third_);
    AlterGone([](std::string& bytes) {
        server::PutNumber<std::uint64_t>(bytes, 16, 1200);
        bytes.resize(32 + 32 * SubtreesOf(600, 1200).size(), 'x');
    });
    EXPECT_THAT(Failures(vault_.Check()), Contains("deletion-unsaid " + gone_ + " record 600 to 1799"));
}

TEST_F(Deleted, ARecordThatSaysSoAndIsNotSealedDoesNotCount) {
    vault_.Write("checkpoint", kept_.back().note);
    EXPECT_THAT(Failures(vault_.Check()), Contains("deletion-unsaid " + gone_ + " record 600 to 1199"));
}

TEST_F(Deleted, WhatOthersWriteUnderTheNameOfTheProgramSaysNothing) {
    const std::string said = server::VaultReader::Open(vault_.folder()).value().Canonical(1900).value();
    const std::string message(server::ParseRecord(said).value().message);
    vault_.AppendForged(message);
    vault_.Seal();
    vault_.Stop();
    AlterGone([](std::string& bytes) { server::PutNumber<std::uint64_t>(bytes, 24, 1901); });
    EXPECT_THAT(Failures(vault_.Check()), ElementsAre("deletion-unsaid " + gone_ + " record 600 to 1199"));
}

TEST_F(Deleted, ADamagedFileIsNamedAndItsSegmentMissing) {
    vault_.Flip(gone_, 50);
    const auto failures = Failures(vault_.Check());
    EXPECT_THAT(failures, Contains("deletion-malformed " + gone_));
    EXPECT_THAT(failures, Contains("segment-missing " + second_ + " record 600 to 1199"));
}

TEST_F(Deleted, ASegmentThatIsNotRemovedYetIsNoted) {
    vault_.Write(second_, segment_);
    const VaultReport report = vault_.Check(kept_);
    EXPECT_THAT(Failures(report), IsEmpty());
    EXPECT_THAT(Notes(report), Contains("left-over-segment " + second_));
}

TEST_F(Deleted, ACheckpointThatEndedAmongTheDeletedCantBeHeldAgainstTheVault) {
    TestVault vault;
    vault.Append(5);
    const std::string within = vault.Seal();
    vault.Append(6);
    vault.WriteSegments();
    vault.Seal();
    vault.Append(3);
    vault.Seal();
    vault.Delete(0);
    EXPECT_THAT(Failures(vault.Check({{"within", within}})), ElementsAre("checkpoint-deleted within"));
}

TEST_F(Deleted, AStoredHashOfDeletedRecordsThatWasAlteredIsNamed) {
    TestVault vault;
    vault.Append(1024);
    vault.WriteSegments();
    vault.Append(1);
    vault.Seal();
    vault.Delete(0);
    vault.Stop();
    EXPECT_THAT(Failures(vault.Check()), IsEmpty());
    vault.Flip("tree/08", 40);
    EXPECT_THAT(Failures(vault.Check()), ElementsAre("tree-hash tree/08 record 0"));
}

}  // namespace
}  // namespace opsteward::verifier
