// docs/formats/vault.md holds an example of every format, byte by byte. They are read back here, and written again where one form is right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "vault/retention/deletion_record.hpp"
#include "vault/seal/checkpoint.hpp"
#include "vault/seal/proof_file.hpp"
#include "vault/store/block.hpp"
#include "vault/store/gone_file.hpp"
#include "vault/store/log_frame.hpp"
#include "vault/store/segment.hpp"
#include "vault/testing/document_examples.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/tree/hash.hpp"
#include "vault/witness/cosignature.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using testing::Bytes;
using testing::Example;

RecordView TheRecord() {
    return {FromMillis(1'795'521'600'000), Transport::kTcp, "fw", "firewall", "192.0.2.1", "deny"};
}

std::string RecordBytes() {
    std::string bytes;
    EXPECT_TRUE(AppendRecord(bytes, TheRecord()).ok());
    return bytes;
}

Hash TheLeaf() { return LeafHasher()(RecordBytes()); }

crypto::Ed25519SigningKey TheKey() { return crypto::Ed25519SigningKey::FromSeed({1, 2, 3, 4}); }

Checkpoint TheCheckpoint() { return {"ops.example.gov.tw/vault", 1, TheLeaf()}; }

NoteKey ThePublicKey() { return {TheCheckpoint().origin, SignatureType::kEd25519, TheKey().public_key()}; }

ProofFile TheProof() {
    ProofFile proof;
    const std::string record = RecordBytes();
    proof.extra = {record.begin(), record.end()};
    proof.checkpoint = SignCheckpoint(TheCheckpoint(), TheKey()).ToText();
    return proof;
}

TEST(VaultFormats, TheExampleOfAWitnessedCheckpoint) {
    const SigningIdentity witness{"witness.example.gov.tw/w1", crypto::Ed25519SigningKey::FromSeed({4, 5, 6}), SignatureType::kCosignature};
    EXPECT_EQ(Example("text witness key"), witness.public_key().ToText() + "\n");
    Note note = SignCheckpoint(TheCheckpoint(), TheKey());
    note.signatures.push_back(Cosign(note, witness, TheRecord().received));
    EXPECT_EQ(Example("text witnessed"), note.ToText());
    EXPECT_EQ(VerifyCosignature(note, witness.public_key()).value(), TheRecord().received);
}

TEST(VaultFormats, TheExampleOfARecordAndItsLeaf) {
    EXPECT_EQ(Bytes("hex record"), RecordBytes());
    EXPECT_EQ(ParseRecord(Bytes("hex record")).value(), TheRecord());
    const Hash leaf = TheLeaf();
    EXPECT_EQ(Bytes("hex leaf"), std::string(leaf.begin(), leaf.end()));
}

TEST(VaultFormats, TheExamplesOfAKeyACheckpointAndAProof) {
    EXPECT_EQ(Example("text key"), ThePublicKey().ToText() + "\n");
    EXPECT_EQ(Example("text checkpoint"), SignCheckpoint(TheCheckpoint(), TheKey()).ToText());
    EXPECT_EQ(Example("text proof"), TheProof().ToText());
    const auto proof = ProofFile::Parse(Example("text proof")).value();
    EXPECT_TRUE(VerifyProof(proof, RecordBytes(), NoteKey::Parse(Example("text key")).value()).ok());
}

TEST(VaultFormats, TheExampleOfAWriteAheadLog) {
    constexpr std::uint32_t kSalt = 0x04030201;
    const std::string bytes = Bytes("hex wal");
    const auto header = LogFileHeader::Parse(bytes);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->first, 7U);
    EXPECT_EQ(header->salt, kSalt);
    EXPECT_EQ(bytes.substr(0, LogFileHeader::kBytes), (LogFileHeader{7, kSalt}.ToBytes()));
    const auto frame = ParseFrame(std::string_view(bytes).substr(LogFileHeader::kBytes), kSalt);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->first, 7U);
    EXPECT_EQ(frame->bytes, bytes.size() - LogFileHeader::kBytes);
    std::string_view records = frame->records;
    EXPECT_EQ(TakeRecord(records), RecordBytes());
}

TEST(VaultFormats, TheExamplesOfABlockAndASegment) {
    const auto block = Block::Parse(Bytes("hex block"));
    ASSERT_TRUE(block.ok()) << block.error().operator_text;
    EXPECT_EQ(block->facts().first, 7U);
    EXPECT_THAT(block->records(), ElementsAre(TheRecord()));

    ScratchFolder folder;
    const std::filesystem::path path = folder.path() / "00000000000000000007.seg";
    ScratchFolder::Write(path, Bytes("hex segment"));
    const auto segment = Segment::Open(path);
    ASSERT_TRUE(segment.ok()) << segment.error().operator_text;
    ASSERT_EQ(segment->blocks().size(), 1U);
    EXPECT_THAT(segment->Read(segment->blocks().front()).value().records(), ElementsAre(TheRecord()));
}

TEST(VaultFormats, TheExamplesOfADeletedSegmentAndOfTheRecordThatSaysSo) {
    const GoneRange range{7, 1, 8, {TheLeaf()}};
    EXPECT_EQ(Bytes("hex gone"), GoneFileBytes(range));
    EXPECT_EQ(ParseGoneFile(Bytes("hex gone")).value(), range);

    ScratchFolder folder;
    const std::filesystem::path path = folder.path() / "00000000000000000007.seg";
    ScratchFolder::Write(path, Bytes("hex segment"));
    const Deletion deletion = DescribeDeletion(Segment::Open(path).value()).value();
    EXPECT_EQ(deletion.range.hashes, range.hashes);
    EXPECT_EQ(Example("json deletion"), DeletionMessage(deletion, ParseRetentionRules("days = 190", "").value()) + "\n");
    EXPECT_TRUE(Example("json deletion").starts_with(DeletionClaim(range)));
}

}  // namespace
}  // namespace opsteward::vault
