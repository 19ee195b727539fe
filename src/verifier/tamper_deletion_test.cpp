// What can be said falsely of records that were deleted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "verifier/testing/tamper.hpp"

namespace opsteward::verifier {
namespace {

namespace server = opsteward::vault;

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Failures;
using testing::Notes;
using testing::Tamper;
using testing::TestVault;

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
