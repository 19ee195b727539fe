// Everything that somebody with all rights on the machine could try with records, files, checkpoints and keys, and what the verifier says to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "verifier/fault.hpp"
#include "verifier/testing/tamper.hpp"

namespace opsteward::verifier {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;
using testing::Failures;
using testing::Notes;
using testing::Tamper;
using testing::TestVault;

constexpr std::size_t kSegmentHeader = 8;
constexpr std::size_t kTrailer = 24;
constexpr std::size_t kEntry = 44;  ///< of a block in the footer, behind 8 bytes

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

}  // namespace
}  // namespace opsteward::verifier
