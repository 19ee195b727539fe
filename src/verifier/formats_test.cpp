// The examples of docs/formats/vault.md, read by the verifier.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include "verifier/base64.hpp"
#include "verifier/block_hasher.hpp"
#include "verifier/checkpoint.hpp"
#include "verifier/fault.hpp"
#include "verifier/file.hpp"
#include "verifier/gone_file.hpp"
#include "verifier/log_file.hpp"
#include "verifier/proof_check.hpp"
#include "verifier/record.hpp"
#include "verifier/segment.hpp"
#include "vault/testing/document_examples.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/tree/gone_ranges.hpp"

namespace opsteward::verifier {
namespace {

using ::testing::ElementsAre;
using vault::ScratchFolder;
using vault::testing::Bytes;
using vault::testing::Example;

Hash LeafOfExample() {
    Hash leaf{};
    std::ranges::copy(Bytes("hex leaf"), leaf.begin());
    return leaf;
}

class VaultFormats : public ::testing::Test {
  protected:
    std::filesystem::path Place(std::string_view name, std::string_view bytes) {
        ScratchFolder::Write(folder_.path() / name, bytes);
        return folder_.path() / name;
    }

    ScratchFolder folder_;
};

TEST_F(VaultFormats, TheExampleOfARecordAndItsLeaf) {
    const std::string bytes = Bytes("hex record");
    EXPECT_EQ(ParseRecord(bytes), (Record{2, 1'795'521'600'000, "fw", "firewall", "192.0.2.1", "deny"}));
    EXPECT_EQ(Sha256().Leaf(bytes), LeafOfExample());
}

TEST_F(VaultFormats, TheExamplesOfAKeyACheckpointAndAProof) {
    const PublicKey key = PublicKey::Parse(Example("text key"));
    EXPECT_EQ(OpenCheckpoint(Example("text checkpoint"), key), (Checkpoint{1, LeafOfExample()}));
    const ProofReport report = CheckProof("proof", Example("text proof"), key);
    ASSERT_TRUE(report.is_ok());
    EXPECT_EQ(report.record, Bytes("hex record"));
}

TEST_F(VaultFormats, TheExampleOfAWriteAheadLog) {
    const File file(Place("00000000000000000007.wal", Bytes("hex wal")));
    const LogFile log = ReadLogFile(file, 7, true);
    EXPECT_TRUE(log.faults.empty());
    ASSERT_EQ(log.runs.size(), 1U);
    EXPECT_EQ(log.runs[0].first, 7U);
    EXPECT_EQ(log.runs[0].leaves, std::vector<Hash>{LeafOfExample()});
}

TEST_F(VaultFormats, TheExampleOfABlock) {
    const std::string bytes = Bytes("hex block");
    BlockReader reader;
    EXPECT_EQ(reader.Open(bytes), (BlockFacts{7, 1, 4, 1'795'521'600'000, 1'795'521'600'000}));
    EXPECT_THAT(reader.envelope().streams, ElementsAre(Envelope::Stream{2, "fw", "firewall", "192.0.2.1"}));
    EXPECT_EQ(reader.NextMessage(), "deny");
    EXPECT_EQ(BlockHasher()(bytes).leaves, std::vector<Hash>{LeafOfExample()});
}

TEST_F(VaultFormats, TheExampleOfASegment) {
    const File file(Place("00000000000000000007.seg", Bytes("hex segment")));
    const SegmentLayout layout = ReadSegmentLayout(file, 7);
    EXPECT_TRUE(layout.faults.empty());
    ASSERT_TRUE(layout.footer);
    ASSERT_EQ(layout.blocks.size(), 1U);
    EXPECT_THAT(layout.footer->sources, ElementsAre(std::pair(SourceAndKind{"fw", "firewall"}, 1U)));
    const HashedBlock block = BlockHasher()(file.ReadAt(layout.blocks[0].offset, layout.blocks[0].length), layout.footer->index.rows);
    EXPECT_EQ(block.facts, layout.blocks[0].facts);
    GramIndex index(layout.footer->index);
    index.Add(0, block.rows);
    EXPECT_TRUE(index.Compare(file).empty());
}

TEST_F(VaultFormats, TheExamplesOfADeletedSegmentAndOfTheRecordThatSaysSo) {
    const GoneRange range = ParseGoneFile(Bytes("hex gone"), 7);
    EXPECT_EQ(range.first, 7U);
    EXPECT_EQ(range.count, 1U);
    EXPECT_EQ(range.event, 8U);
    EXPECT_EQ(range.hashes, std::vector<Hash>{LeafOfExample()});
    EXPECT_TRUE(Example("json deletion").starts_with(range.Claim()));
}

TEST_F(VaultFormats, ADeletedSegmentIsRefusedForEveryFlippedBitAndWhereverItIsCut) {
    const std::string whole = Bytes("hex gone");
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string altered = whole;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_THROW(ParseGoneFile(altered, 7), Malformed) << bit;
    }
    for (std::size_t length = 0; length < whole.size(); ++length) EXPECT_THROW(ParseGoneFile(whole.substr(0, length), 7), Malformed) << length;
    EXPECT_THROW(ParseGoneFile(whole, 8), Malformed) << "renamed";
}

TEST_F(VaultFormats, TheSubtreesOfARangeAreThoseThatTheServerKeeps) {
    for (std::uint64_t first = 0; first < 40; ++first) {
        for (std::uint64_t count = 0; count < 80; ++count) {
            std::vector<Subtree> kept;
            for (const vault::Subtree& subtree : vault::SubtreesOf(first, count)) kept.push_back({subtree.level, subtree.index});
            EXPECT_EQ(SubtreesOf(first, count), kept) << first << '+' << count;
        }
    }
}

TEST_F(VaultFormats, AProofIsRefusedForEveryFlippedBitAndWhereverItIsCut) {
    const PublicKey key = PublicKey::Parse(Example("text key"));
    const std::string whole = Example("text proof");
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string altered = whole;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(CheckProof("proof", altered, key).is_ok()) << bit;
    }
    for (std::size_t length = 0; length < whole.size(); ++length) EXPECT_FALSE(CheckProof("proof", whole.substr(0, length), key).is_ok()) << length;
}

}  // namespace
}  // namespace opsteward::verifier
