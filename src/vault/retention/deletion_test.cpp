// Deleting whole segments from a real vault: everything else can be proved as before, and a deletion that was cut short is finished, never repeated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/json.hpp"
#include "vault/last_record.hpp"
#include "vault/retention/deletion_record.hpp"
#include "vault/scan.hpp"
#include "vault/store/gone_file.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/tree/proof.hpp"
#include "vault/vault_writer.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SegmentDeletion : public ::testing::Test {
  protected:
    SegmentDeletion() { Open(); }

    static VaultIdentity Identity() { return {"test/vault", crypto::Ed25519SigningKey::FromSeed({3})}; }
    void Open() {
        writer_.reset();
        auto writer = VaultWriter::Open(folder_.path(), Identity());
        ASSERT_TRUE(writer.ok()) << writer.error().operator_text;
        writer_ = *std::move(writer);
    }
    VaultReader Reader() { return VaultReader::Open(folder_.path()).value(); }
    /// A segment of so many records, all sealed.
    void AddSegment(std::size_t count) {
        std::vector<std::string> messages;
        for (std::size_t i = 0; i < count; ++i) messages.push_back("event " + std::to_string(writer_->size() + i));
        std::vector<RecordView> records;
        for (std::size_t i = 0; i < count; ++i) records.push_back({now_, Transport::kTcp, i % 3 == 2 ? "db" : "fw", "os", "", messages[i]});
        ASSERT_TRUE(writer_->Append(records).ok());
        ASSERT_TRUE(writer_->WriteSegments().ok());
        Seal();
    }
    void Seal() { sealed_.push_back(writer_->Seal().value()); }
    GoneRange Delete(std::uint64_t first) {
        auto range = writer_->DeleteSegment(first, rules_, now_);
        EXPECT_TRUE(range.ok()) << range.error().operator_text;
        return range.value_or(GoneRange{});
    }
    std::vector<std::uint64_t> Numbers(std::string_view suffix) {
        std::vector<std::uint64_t> numbers;
        const auto files = ListNumbered(Segments(), suffix).value();
        for (const NumberedFile& file : files) numbers.push_back(file.first);
        return numbers;
    }
    std::vector<std::uint64_t> Sequences() {
        std::vector<std::uint64_t> sequences;
        EXPECT_TRUE(ForEach(Reader(), {}, [&](std::uint64_t sequence, const RecordView& record) {
                        sequences.push_back(sequence);
                        EXPECT_TRUE(record.transport != Transport::kTcp || record.message == "event " + std::to_string(sequence));
                        return true;
                    }).ok());
        return sequences;
    }
    /// Every record that is there, under the last checkpoint; and from every earlier checkpoint that ends at no deleted record to it.
    void ExpectThatTheRestIsProved() {
        const VaultReader reader = Reader();
        const Checkpoint last = sealed_.back();
        for (const std::uint64_t sequence : Sequences()) {
            if (sequence >= last.size) continue;
            const auto proof = reader.Prove(sequence);
            ASSERT_TRUE(proof.ok()) << sequence << ": " << proof.error().operator_text;
            const std::string record(proof->extra.begin(), proof->extra.end());
            EXPECT_TRUE(VerifyProof(*proof, record, Identity().public_key()).ok()) << sequence;
        }
        for (const Checkpoint& earlier : sealed_) {
            const auto root = reader.Root(earlier.size);
            ASSERT_TRUE(root.ok()) << earlier.size << ": " << root.error().operator_text;
            EXPECT_EQ(*root, earlier.root);
            const auto proof = reader.ProveConsistency(earlier.size, last.size).value();
            EXPECT_TRUE(VerifyConsistency(earlier.size, earlier.root, last.size, last.root, proof)) << earlier.size;
        }
    }
    std::filesystem::path Segments() const { return folder_.path() / "segments"; }
    std::filesystem::path SegmentFile(std::uint64_t first) const { return Segments() / NumberedName(first, kSegmentSuffix); }
    std::filesystem::path GoneFile(std::uint64_t first) const { return Segments() / NumberedName(first, kGoneSuffix); }
    static std::vector<std::uint64_t> Deletions(const VaultReader& vault) {
        std::vector<std::uint64_t> events;
        EXPECT_TRUE(ForEach(vault, {}, [&](std::uint64_t sequence, const RecordView& record) {
                        if (record.kind == kDeletionRecords.kind) events.push_back(sequence);
                        return true;
                    }).ok());
        return events;
    }

    ScratchFolder folder_;
    std::unique_ptr<VaultWriter> writer_;
    std::vector<Checkpoint> sealed_;
    RetentionRules rules_ = ParseRetentionRules("days = 190\n[[rule]]\nsource = 'db'\ndays = 365\n", "r").value();
    Instant now_ = ParseRfc3339("2026-11-24T12:00:00Z").value();
};

TEST_F(SegmentDeletion, IsSaidInARecordThatNamesWhatIsGoneAndWhatStaysOfIt) {
    for (const std::size_t count : {5U, 7U, 4U}) AddSegment(count);
    const std::string file = ReadFile(SegmentFile(5)).value();
    const GoneRange range = Delete(5);
    EXPECT_EQ(range.event, 16U);
    EXPECT_THAT(Numbers(kSegmentSuffix), ElementsAre(0, 12));
    EXPECT_EQ(ReadGoneFile(GoneFile(5)).value(), range);

    const std::string canonical = Reader().Canonical(16).value();
    const RecordView event = ParseRecord(canonical).value();
    EXPECT_EQ(event.transport, Transport::kInternal);
    EXPECT_EQ(event.received, now_);
    EXPECT_TRUE(event.message.starts_with(DeletionClaim(range)));
    const json::object said = ParseJson(event.message).value().as_object();
    EXPECT_EQ(said.at("first"), 5);
    EXPECT_EQ(said.at("count"), 7);
    EXPECT_EQ(said.at("hashes").as_array().size(), 3U) << "5, 6 and 7, 8 to 11";
    EXPECT_EQ(said.at("sha256"), json::value(crypto::Sha256Hex(file)));
    EXPECT_EQ(said.at("from"), json::value("2026-11-24"));
    EXPECT_EQ(said.at("of"), (json::array{{{"source", "db"}, {"kind", "os"}, {"records", 2}, {"days", 365}},
                                          {{"source", "fw"}, {"kind", "os"}, {"records", 5}, {"days", 190}}}));
}

TEST_F(SegmentDeletion, LeavesNumbersRootAndProofsOfAllOthersAsTheyWere) {
    std::mt19937 random(5);
    for (int i = 0; i < 14; ++i) {
        if (i % 3 == 0) now_ += std::chrono::days(1);
        AddSegment(i == 6 ? 300 : 1 + random() % 40);
    }
    auto firsts = Numbers(kSegmentSuffix);
    std::ranges::shuffle(firsts, random);
    for (const std::uint64_t first : std::vector<std::uint64_t>(firsts.begin(), firsts.begin() + 9)) {
        Delete(first);
        Seal();
        if (first % 2 == 0) Open();
    }
    const std::uint64_t deleted = Reader().segments().gone().records();
    EXPECT_EQ(Sequences().size(), writer_->size() - deleted);
    ExpectThatTheRestIsProved();
    std::filesystem::remove_all(folder_.path() / "tree");
    ExpectThatTheRestIsProved();
    ASSERT_TRUE(writer_->Compact().ok());
    AddSegment(3);
    Open();
    ExpectThatTheRestIsProved();
}

TEST_F(SegmentDeletion, MayTakeTheBeginningTheEndAndSeveralInARow) {
    for (int i = 0; i < 6; ++i) AddSegment(5);
    for (const std::uint64_t first : {0U, 25U, 10U, 15U, 20U}) Delete(first);
    Seal();
    Open();
    EXPECT_THAT(Sequences(), ElementsAre(5, 6, 7, 8, 9, 30, 31, 32, 33, 34));
    ExpectThatTheRestIsProved();
    Delete(5);
    ASSERT_TRUE(writer_->WriteSegments().ok());
    Seal();
    Open();
    EXPECT_THAT(Sequences(), ElementsAre(30, 31, 32, 33, 34, 35));
    ExpectThatTheRestIsProved();
}

TEST_F(SegmentDeletion, IsNamedToWhoeverAsksForARecordThatIsGoneOrARootThatEndsThere) {
    for (const std::size_t count : {5U, 6U, 5U}) AddSegment(count);
    Delete(5);
    Seal();
    const VaultReader reader = Reader();
    const auto proof = reader.Prove(7);
    ASSERT_FALSE(proof.ok());
    EXPECT_EQ(proof.error().code, ErrorCode::kNotFound);
    EXPECT_THAT(proof.error().caller_text.en, HasSubstr("deleted under retention on 24 Nov 2026; record 16 says so"));
    EXPECT_THAT(proof.error().caller_text.zh, HasSubstr("民國115年11月24日"));
    EXPECT_THAT(reader.Root(7).error().caller_text.en, HasSubstr("Records 5 to 10 were deleted under retention (record 16 says so)"));
    EXPECT_FALSE(reader.ProveConsistency(7, 16).ok());
    EXPECT_TRUE(reader.Root(8).ok()) << "a subtree that was kept ends there";
}

TEST_F(SegmentDeletion, KeepsTheUpperHashesOfTheTreeAlsoOfCheckpointsThatEndedWithinIt) {
    for (int i = 0; i < 3; ++i) {
        AddSegment(256);
        if (i == 0) AddSegment(1);
    }
    ASSERT_TRUE(writer_->Compact().ok());
    ASSERT_THAT(Numbers(kSegmentSuffix), ElementsAre(0));
    now_ += std::chrono::days(1);
    AddSegment(4);
    const Hash before = Reader().Root(512).value();
    Delete(0);
    EXPECT_EQ(Reader().Root(512).value(), before);
    EXPECT_EQ(Reader().Root(256).value(), sealed_.front().root);
    EXPECT_FALSE(Reader().Root(257).ok());
}

TEST_F(SegmentDeletion, OfWhatIsUnsealedOrEvidenceOrNowhereIsRefused) {
    AddSegment(3);
    std::filesystem::remove(folder_.path() / "checkpoint");
    EXPECT_EQ(writer_->DeleteSegment(0, rules_, now_).error().code, ErrorCode::kConflict);
    Seal();
    EXPECT_EQ(writer_->DeleteSegment(1, rules_, now_).error().code, ErrorCode::kNotFound);
    Delete(0);
    ASSERT_TRUE(writer_->WriteSegments().ok());
    EXPECT_EQ(writer_->DeleteSegment(3, rules_, now_).error().code, ErrorCode::kConflict);
    EXPECT_EQ(writer_->size(), 4U);
}

TEST_F(SegmentDeletion, OfADamagedSegmentIsRefusedAndNothingIsSaid) {
    AddSegment(300);
    std::string bytes = ReadFile(SegmentFile(0)).value();
    bytes[100] = static_cast<char>(bytes[100] ^ 1);
    ScratchFolder::Write(SegmentFile(0), bytes);
    EXPECT_EQ(writer_->DeleteSegment(0, rules_, now_).error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(writer_->size(), 300U);
    EXPECT_THAT(Numbers(kGoneSuffix), IsEmpty());
}

TEST_F(SegmentDeletion, WithUpperHashesThatDoNotFitIsRefusedAndNothingIsSaid) {
    AddSegment(300);
    AddSegment(300);
    std::string tile = ReadFile(folder_.path() / "tree" / "08").value();
    tile[40] = static_cast<char>(tile[40] ^ 1);
    ScratchFolder::Write(folder_.path() / "tree" / "08", tile);
    const auto refused = writer_->DeleteSegment(0, rules_, now_);
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().caller_text.en, HasSubstr("do not fit the tree"));
    EXPECT_EQ(writer_->size(), 600U);
    EXPECT_THAT(Numbers(kSegmentSuffix), ElementsAre(0, 300));
}

TEST_F(SegmentDeletion, KeepsItsRecordsApartFromThoseThatGoOneDay) {
    for (int i = 0; i < 3; ++i) AddSegment(4);
    Delete(4);
    AddSegment(2);
    Delete(0);
    ASSERT_TRUE(writer_->WriteSegments().ok());
    EXPECT_THAT(Numbers(kSegmentSuffix), ElementsAre(8, 12, 13, 15));
    ASSERT_TRUE(writer_->Compact().ok());
    EXPECT_THAT(Numbers(kSegmentSuffix), ElementsAre(8, 12, 13, 15)) << "records of deletions are merged with none that go";
}

TEST_F(SegmentDeletion, CompactionMergesWhatStaysOnEitherSideAndNothingAcross) {
    for (int i = 0; i < 5; ++i) AddSegment(4);
    Delete(8);
    ASSERT_TRUE(writer_->Compact().ok());
    EXPECT_THAT(Numbers(kSegmentSuffix), ElementsAre(0, 12));
    Seal();
    ExpectThatTheRestIsProved();
}

/// States of the folder in which a machine may stop, by putting back what the steps until then had not done yet.
class CutShort : public SegmentDeletion {
  protected:
    CutShort() {
        for (const std::size_t count : {5U, 7U, 4U}) AddSegment(count);
        before_ = ReadFile(folder_.path() / "checkpoint").value();
        segment_ = ReadFile(SegmentFile(5)).value();
        range_ = Delete(5);
        writer_.reset();
    }
    void PutBackSegment() { ScratchFolder::Write(SegmentFile(5), segment_); }
    void PutBackCheckpoint() { ScratchFolder::Write(folder_.path() / "checkpoint", before_); }
    void RemoveGone() { std::filesystem::remove(GoneFile(5)); }

    void ExpectThatTheNextRunFinishesIt() {
        Open();
        ASSERT_TRUE(writer_->FinishDeletion().ok());
        EXPECT_THAT(Numbers(kSegmentSuffix), ElementsAre(0, 12));
        EXPECT_EQ(ReadGoneFile(GoneFile(5)).value(), range_);
        EXPECT_THAT(Deletions(Reader()), ElementsAre(16)) << "said once";
        EXPECT_EQ(ParseCheckpoint().size, 17U);
        ASSERT_TRUE(writer_->FinishDeletion().ok());
        Delete(0);
        Seal();
        Open();
        ExpectThatTheRestIsProved();
    }
    Checkpoint ParseCheckpoint() {
        return Checkpoint::Parse(Note::Parse(ReadFile(folder_.path() / "checkpoint").value()).value().text).value();
    }

    std::string before_;
    std::string segment_;
    GoneRange range_;
};

TEST_F(CutShort, AfterItWasSaidAndBeforeItWasSigned) {
    PutBackSegment();
    RemoveGone();
    PutBackCheckpoint();
    EXPECT_TRUE(Reader().Canonical(6).ok()) << "nothing is gone yet";
    ExpectThatTheNextRunFinishesIt();
}

TEST_F(CutShort, AfterItWasSigned) {
    PutBackSegment();
    RemoveGone();
    ScratchFolder::Write(GoneFile(5).string() + ".new", "half");
    ExpectThatTheNextRunFinishesIt();
}

TEST_F(CutShort, BeforeTheFileWasRemoved) {
    PutBackSegment();
    EXPECT_EQ(Reader().Canonical(6).error().code, ErrorCode::kNotFound) << "it is gone already";
    EXPECT_EQ(Sequences().size(), 10U);
    ExpectThatTheNextRunFinishesIt();
}

TEST_F(CutShort, AtItsEnd) { ExpectThatTheNextRunFinishesIt(); }

TEST_F(CutShort, IsFinishedBeforeItsSegmentIsMergedWithOthers) {
    PutBackSegment();
    RemoveGone();
    Open();
    ASSERT_TRUE(writer_->Compact().ok());
    EXPECT_THAT(Numbers(kSegmentSuffix), ElementsAre(0, 12));
    EXPECT_THAT(Numbers(kGoneSuffix), ElementsAre(5));
}

TEST_F(CutShort, IsFinishedBeforeTheNextDeletionIsSaid) {
    PutBackSegment();
    RemoveGone();
    Open();
    EXPECT_EQ(Delete(0).event, 17U);
    EXPECT_THAT(Numbers(kSegmentSuffix), ElementsAre(12));
}

TEST_F(CutShort, RemovesNothingThatAnotherRecordIsSaidToSpeakOf) {
    PutBackSegment();
    GoneRange other = range_;
    other.event = 13;
    ScratchFolder::Write(GoneFile(5), GoneFileBytes(other));
    Open();
    EXPECT_EQ(writer_->FinishDeletion().error().code, ErrorCode::kCorrupt);
    EXPECT_TRUE(std::filesystem::exists(SegmentFile(5)));
}

TEST_F(CutShort, WithOtherHashesThanThoseThatWereSignedIsNotOpened) {
    GoneRange other = range_;
    other.hashes[1][3] ^= 1;
    ScratchFolder::Write(GoneFile(5), GoneFileBytes(other));
    const auto refused = VaultWriter::Open(folder_.path(), Identity());
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().caller_text.en, HasSubstr("were altered"));
}

TEST_F(CutShort, WhatNoRecordSaysIsNotTakenForADeletion) {
    GoneRange alone = range_;
    alone.event = 100;
    ScratchFolder::Write(GoneFile(5), GoneFileBytes(alone));
    const auto refused = VaultWriter::Open(folder_.path(), Identity());
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().caller_text.en, HasSubstr("there is no record 100 that should say so"));
    EXPECT_EQ(Reader().Canonical(6).error().code, ErrorCode::kCorrupt);
    RemoveGone();
    EXPECT_THAT(VaultReader::Open(folder_.path()).error().caller_text.en, HasSubstr("records 5 to 11 is missing"));
}

TEST_F(CutShort, AFileThatOverlapsASegmentIsRefused) {
    ScratchFolder::Write(GoneFile(3), GoneFileBytes({3, 2, 16, std::vector<Hash>(SubtreesOf(3, 2).size())}));
    EXPECT_EQ(VaultReader::Open(folder_.path()).error().code, ErrorCode::kCorrupt);
}

TEST(GoneFile, IsReadBackAndRefusedWhenAnythingDoesNotFit) {
    const ScratchFolder folder;
    const std::filesystem::path path = folder.path() / NumberedName(5, kGoneSuffix);
    const GoneRange range{5, 7, 16, {Hash{1}, Hash{2}, Hash{3}}};
    const std::string bytes = GoneFileBytes(range);
    ScratchFolder::Write(path, bytes);
    EXPECT_EQ(ReadGoneFile(path).value(), range);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        std::string flipped = bytes;
        flipped[i] = static_cast<char>(flipped[i] ^ 4);
        EXPECT_FALSE(ParseGoneFile(flipped).ok()) << i;
        EXPECT_FALSE(ParseGoneFile(bytes.substr(0, i)).ok()) << i;
    }
    EXPECT_FALSE(ParseGoneFile(bytes + 'x').ok());
    const auto of = [](GoneRange made) { return ParseGoneFile(GoneFileBytes(made)); };
    EXPECT_FALSE(of({5, 0, 16, {}}).ok());
    EXPECT_FALSE(of({5, 7, 11, range.hashes}).ok()) << "its event lies in it";
    EXPECT_TRUE(of({5, 7, 12, range.hashes}).ok());
    EXPECT_FALSE(of({5, 7, 16, {Hash{1}, Hash{2}}}).ok());
    EXPECT_FALSE(of({~std::uint64_t{0}, 2, ~std::uint64_t{0}, {Hash{1}, Hash{2}}}).ok());
    std::filesystem::rename(path, folder.path() / NumberedName(6, kGoneSuffix));
    EXPECT_THAT(ReadGoneFile(folder.path() / NumberedName(6, kGoneSuffix)).error().operator_text, HasSubstr("renamed"));
}

}  // namespace
}  // namespace opsteward::vault
