// What can be altered in the write-ahead log, and what a crash leaves there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "verifier/testing/tamper.hpp"

namespace opsteward::verifier {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Failures;
using testing::Notes;
using testing::Tamper;
using testing::TestVault;

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

}  // namespace
}  // namespace opsteward::verifier
