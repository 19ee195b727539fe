// The vault as a whole: what was acknowledged is there, in its place in the tree, whatever happens in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/civil_time.hpp"
#include "vault/scan.hpp"
#include "vault/store/numbered_file.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/tree/proof.hpp"
#include "vault/vault_reader.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kOrigin = "ops.example.gov.tw/vault";

class Vault : public ::testing::Test {
  protected:
    static VaultIdentity Identity() { return {std::string(kOrigin), crypto::Ed25519SigningKey::FromSeed({9})}; }
    Result<std::unique_ptr<VaultWriter>> Open(VaultOptions options = {}) { return VaultWriter::Open(folder_.path(), Identity(), options); }
    std::unique_ptr<VaultWriter> Writer(VaultOptions options = {}) {
        auto writer = Open(options);
        EXPECT_TRUE(writer.ok()) << writer.error().operator_text;
        return std::move(writer).value();
    }
    VaultReader Reader() { return VaultReader::Open(folder_.path()).value(); }

    /// Appends `count` records with the numbers of their places.
    void Fill(VaultWriter& writer, std::uint64_t count) {
        std::vector<std::string> messages;
        for (std::uint64_t i = 0; i < count; ++i) messages.push_back("event " + std::to_string(writer.size() + i));
        std::vector<RecordView> records;
        for (const std::string& message : messages) records.push_back(RecordOf(message));
        const std::uint64_t before = writer.size();
        EXPECT_EQ(writer.Append(records).value(), before);
    }
    RecordView RecordOf(std::string_view message) const { return {now_, Transport::kImport, "test", "os", "", message}; }
    std::vector<std::string> Messages() {
        std::vector<std::string> messages;
        EXPECT_TRUE(ForEach(Reader(), {}, [&](std::uint64_t sequence, const RecordView& record) {
                        EXPECT_EQ(sequence, messages.size());
                        messages.emplace_back(record.message);
                        return true;
                    }).ok());
        return messages;
    }
    Hash PlainRoot(std::uint64_t size) {
        LeafHasher hasher;
        std::vector<Hash> leaves;
        for (std::uint64_t i = 0; i < size; ++i) {
            const std::string message = "event " + std::to_string(i);
            std::string canonical;
            EXPECT_TRUE(AppendRecord(canonical, RecordOf(message)).ok());
            leaves.push_back(hasher(canonical));
        }
        return RootOf(leaves);
    }
    std::filesystem::path Part(std::string_view name) const { return folder_.path() / name; }

    ScratchFolder folder_;
    Instant now_ = ParseRfc3339("2026-11-24T12:00:00Z").value();
};

TEST_F(Vault, GivesBackWhatWasAcknowledgedFromTheLogAndFromSegments) {
    auto writer = Writer();
    Fill(*writer, 3);
    ASSERT_TRUE(writer->WriteSegments().ok());
    Fill(*writer, 2);
    EXPECT_THAT(Messages(), ElementsAre("event 0", "event 1", "event 2", "event 3", "event 4"));
    EXPECT_EQ(Reader().segment_count(), 1U);
    EXPECT_EQ(Reader().message_bytes(), 5U * 7);
}

TEST_F(Vault, HasTheRootOfItsRecordsWhereverTheyLieAndHoweverOftenItIsOpened) {
    constexpr std::uint64_t kSteps[] = {1, 2, 253, 1, 300, 70'000};
    std::uint64_t size = 0;
    for (const std::uint64_t step : kSteps) {
        auto writer = Writer();
        EXPECT_EQ(writer->size(), size);
        Fill(*writer, step);
        size += step;
        EXPECT_EQ(writer->Seal().value().root, PlainRoot(size));
        EXPECT_EQ(Reader().Root().value(), PlainRoot(size));
        if (size % 2 == 0) {
            ASSERT_TRUE(writer->WriteSegments().ok());
            EXPECT_EQ(Reader().Root().value(), PlainRoot(size));
        }
    }
    auto writer = Writer();
    ASSERT_TRUE(writer->WriteSegments().ok());
    std::filesystem::remove_all(Part("tree"));
    EXPECT_EQ(Reader().Root().value(), PlainRoot(size)) << "the upper hashes are made anew from the records";
}

TEST_F(Vault, ProvesEachRecordToSomeoneWhoHasThePublicKeyAlone) {
    {
        auto writer = Writer();
        Fill(*writer, 600);
        ASSERT_TRUE(writer->WriteSegments().ok());
        Fill(*writer, 100);
        ASSERT_TRUE(writer->Seal().ok());
        Fill(*writer, 1);
    }
    const VaultReader reader = Reader();
    for (const std::uint64_t sequence : {0U, 255U, 256U, 599U, 600U, 699U}) {
        const ProofFile proof = ProofFile::Parse(reader.Prove(sequence).value().ToText()).value();
        const std::string record(proof.extra.begin(), proof.extra.end());
        EXPECT_EQ(ParseRecord(record).value().message, "event " + std::to_string(sequence));
        EXPECT_EQ(VerifyProof(proof, record, Identity().public_key()).value().size, 700U);
    }
    EXPECT_THAT(reader.Prove(700).error().caller_text.en, HasSubstr("not sealed yet"));
    EXPECT_EQ(reader.Prove(701).error().code, ErrorCode::kNotFound);
}

TEST_F(Vault, CutsSegmentsByTheDayOfTheReceiverAlsoWhenTheClockJumps) {
    auto writer = Writer();
    Fill(*writer, 2);
    now_ += std::chrono::days(1);
    Fill(*writer, 2);
    now_ -= std::chrono::days(2);
    Fill(*writer, 1);
    ASSERT_TRUE(writer->WriteSegments().ok());
    const auto files = ListNumbered(Part("segments"), kSegmentSuffix).value();
    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[1].first, 2U);
    EXPECT_EQ(files[2].first, 4U);
    EXPECT_EQ(Messages().size(), 5U);
    writer.reset();
    EXPECT_EQ(Writer()->size(), 5U);
}

TEST_F(Vault, ShortensTheLogOnceItsRecordsAreInSegments) {
    auto writer = Writer({.log = {.file_bytes = 1}});
    for (int i = 0; i < 5; ++i) Fill(*writer, 1);
    EXPECT_EQ(ListNumbered(Part("log"), ".wal").value().size(), 5U);
    ASSERT_TRUE(writer->WriteSegments().ok());
    EXPECT_EQ(ListNumbered(Part("log"), ".wal").value().size(), 1U);
    writer.reset();
    EXPECT_EQ(Writer()->size(), 5U);
    EXPECT_EQ(Messages().size(), 5U);
}

TEST_F(Vault, WritesSegmentsByItselfWhenEnoughHasGathered) {
    auto writer = Writer({.segment_bytes = 20});
    for (int i = 0; i < 10; ++i) Fill(*writer, 1);
    writer.reset();
    EXPECT_GE(Reader().segment_count(), 1U) << "as many as it had time for beside";
    EXPECT_EQ(Messages().size(), 10U);
    EXPECT_EQ(Writer()->size(), 10U);
}

TEST_F(Vault, KeepsInItsLogWhatCouldNotBeMovedToSegments) {
    auto writer = Writer({.segment_bytes = 20});
    std::filesystem::remove(Part("segments"));
    for (int i = 0; i < 10; ++i) Fill(*writer, 1);
    EXPECT_FALSE(writer->WriteSegments().ok());
    std::filesystem::create_directory(Part("segments"));
    EXPECT_EQ(Messages().size(), 10U);
    Fill(*writer, 1);
    ASSERT_TRUE(writer->WriteSegments().ok());
    EXPECT_EQ(Messages().size(), 11U);
    EXPECT_EQ(Reader().segment_count(), 1U);
    EXPECT_EQ(Reader().Root().value(), PlainRoot(11));
}

TEST_F(Vault, HasOneWriterAtATime) {
    const auto writer = Writer();
    EXPECT_EQ(Open().error().code, ErrorCode::kConflict);
}

TEST_F(Vault, DoesNotStartOnALogThatIsShorterThanItsCheckpoint) {
    {
        auto writer = Writer();
        Fill(*writer, 3);
        Fill(*writer, 1);
        ASSERT_TRUE(writer->Seal().ok());
    }
    const std::filesystem::path log = ListNumbered(Part("log"), ".wal").value().front().path;
    const std::string whole = ReadFile(log).value();
    ScratchFolder::Write(log, whole.substr(0, whole.size() - 1));
    const auto refused = Open();
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(refused.error().caller_text.en, HasSubstr("should hold 4 records, and holds 3"));
}

TEST_F(Vault, DoesNotStartOnRecordsOtherThanThoseItSigned) {
    {
        auto writer = Writer();
        Fill(*writer, 4);
        ASSERT_TRUE(writer->WriteSegments().ok());
        ASSERT_TRUE(writer->Seal().ok());
    }
    // Somebody who knows the format writes a sound segment with another event in it.
    const std::filesystem::path path = ListNumbered(Part("segments"), kSegmentSuffix).value().front().path;
    std::filesystem::remove(path);
    std::filesystem::remove_all(Part("tree"));
    BlockBuilder forged(0);
    for (const std::string_view message : {"event 0", "event 1", "event X", "event 3"}) forged.Add(RecordOf(message));
    auto segment = SegmentWriter::Create(Part("segments"), 0).value();
    ASSERT_TRUE(segment.Add(forged.Finish({})).ok());
    ASSERT_TRUE(segment.Finish().ok());
    EXPECT_THAT(Open().error().caller_text.en, HasSubstr("its first 4 records were altered"));
}

TEST_F(Vault, DoesNotStartUnderAnotherKey) {
    {
        auto writer = Writer();
        Fill(*writer, 1);
        ASSERT_TRUE(writer->Seal().ok());
    }
    const auto refused = VaultWriter::Open(folder_.path(), {std::string(kOrigin), crypto::Ed25519SigningKey::FromSeed({8})});
    EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
}

TEST_F(Vault, NamesASegmentThatIsMissing) {
    {
        auto writer = Writer({.log = {.file_bytes = 1}});
        for (int i = 0; i < 3; ++i) {
            Fill(*writer, 2);
            ASSERT_TRUE(writer->WriteSegments().ok());
        }
    }
    const auto files = ListNumbered(Part("segments"), kSegmentSuffix).value();
    ASSERT_EQ(files.size(), 3U);
    const std::string first = ReadFile(files[0].path).value();
    std::filesystem::remove(files[0].path);
    EXPECT_THAT(Open().error().caller_text.en, HasSubstr("records 0 to 1 is missing"));
    ScratchFolder::Write(files[0].path, first);
    std::filesystem::remove(files[1].path);
    EXPECT_THAT(Open().error().caller_text.en, HasSubstr("records 2 to 3 is missing"));
    EXPECT_FALSE(VaultReader::Open(folder_.path()).ok());
    std::filesystem::remove(files[2].path);
    EXPECT_THAT(Open().error().caller_text.en, HasSubstr("does not go on from there")) << "the last segment is missing";
}

TEST_F(Vault, KeepsNothingOfABatchThatHasOneRecordOutOfBounds) {
    auto writer = Writer();
    RecordView nameless = RecordOf("x");
    nameless.source = "";
    const std::vector<RecordView> batch = {RecordOf("event 0"), nameless};
    EXPECT_EQ(writer->Append(batch).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(writer->size(), 0U);
    Fill(*writer, 1);
    EXPECT_THAT(Messages(), ElementsAre("event 0"));
}

TEST_F(Vault, IsNotThereBeforeItsFirstWriter) { EXPECT_EQ(VaultReader::Open(Part("none")).error().code, ErrorCode::kNotFound); }

}  // namespace
}  // namespace opsteward::vault
