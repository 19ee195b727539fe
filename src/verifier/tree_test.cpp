// The tree against its definition in RFC 6962 section 2.1, and the verifier against the server over vaults made at random.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "verifier/checkpoint.hpp"
#include "verifier/proof.hpp"
#include "verifier/proof_check.hpp"
#include "verifier/testing/test_vault.hpp"
#include "verifier/tree.hpp"

namespace opsteward::verifier {
namespace {

using ::testing::IsEmpty;
using testing::Failures;
using testing::TestVault;

/// The definition.
Hash PlainRoot(Sha256& sha256, std::span<const Hash> leaves) {
    if (leaves.empty()) return sha256({});
    if (leaves.size() == 1) return leaves.front();
    const std::size_t left = std::bit_floor(leaves.size() - 1);
    return sha256.Node(PlainRoot(sha256, leaves.first(left)), PlainRoot(sha256, leaves.subspan(left)));
}

TEST(Tree, HasTheRootOfItsLeavesAtEverySizeAskedFor) {
    constexpr std::uint64_t kLeaves = 1100;
    Sha256 sha256;
    std::vector<Hash> leaves;
    for (std::uint64_t i = 0; i < kLeaves; ++i) leaves.push_back(sha256.Leaf(std::to_string(i)));
    const std::set<std::uint64_t> sizes = {0, 1, 2, 3, 255, 256, 257, 511, 700, 768, 1023, 1024, 1100};
    TreeFiles none;
    Tree tree(none, sizes);
    while (tree.size() < kLeaves) {
        const auto at = static_cast<std::ptrdiff_t>(tree.size());
        if (kLeaves - tree.size() >= kGroup && tree.can_add_group()) {
            std::vector<Hash> group(leaves.begin() + at, leaves.begin() + at + kGroup);
            tree.AddGroup(Node::Of(sha256.RootOf(group)));
        } else {
            tree.AddLeaf(Node::Of(leaves[tree.size()]));
        }
    }
    ASSERT_EQ(tree.roots().size(), sizes.size());
    for (const auto& [size, roots] : tree.roots()) {
        EXPECT_TRUE(roots.own.Is(PlainRoot(sha256, std::span(leaves).first(size)))) << size;
        EXPECT_TRUE(roots.stored.Is(roots.own.hash)) << size;
    }
}

TEST(Tree, IsUnknownFromAnUnreadableRecordOn) {
    TreeFiles none;
    Sha256 sha256;
    Tree tree(none, {2, 3, 4});
    for (int i = 0; i < 2; ++i) tree.AddLeaf(Node::Of(sha256.Leaf("x")));
    tree.AddLeaf(Node());
    tree.AddLeaf(Node::Of(sha256.Leaf("x")));
    EXPECT_TRUE(tree.roots().at(2).own.is_known);
    EXPECT_FALSE(tree.roots().at(3).own.is_known);
    EXPECT_FALSE(tree.roots().at(4).own.is_known);
}

TEST(Inclusion, IsProvenForEveryLeafOfEverySmallTreeAndForNoOther) {
    Sha256 sha256;
    const std::function<std::vector<Hash>(std::uint64_t, std::span<const Hash>)> path = [&](std::uint64_t index, std::span<const Hash> leaves) {
        if (leaves.size() == 1) return std::vector<Hash>();
        const std::size_t left = std::bit_floor(leaves.size() - 1);
        std::vector<Hash> hashes = index < left ? path(index, leaves.first(left)) : path(index - left, leaves.subspan(left));
        hashes.push_back(PlainRoot(sha256, index < left ? leaves.subspan(left) : leaves.first(left)));
        return hashes;
    };
    std::vector<Hash> leaves;
    for (std::uint64_t size = 1; size <= 20; ++size) {
        leaves.push_back(sha256.Leaf(std::to_string(size)));
        const Checkpoint tree{size, PlainRoot(sha256, leaves)};
        for (std::uint64_t index = 0; index < size; ++index) {
            Proof proof;
            proof.index = index;
            proof.hashes = path(index, leaves);
            EXPECT_TRUE(IsIncluded(leaves[index], proof, tree));
            for (std::uint64_t other = 0; other <= size; ++other) {
                Proof moved = proof;
                moved.index = other;
                EXPECT_EQ(IsIncluded(leaves[index], moved, tree), other == index);
            }
            proof.hashes.push_back(tree.root);
            EXPECT_FALSE(IsIncluded(leaves[index], proof, tree));
        }
    }
}

TEST(Differential, TheVerifierFindsTheServersRootInVaultsMadeAtRandom) {
    for (unsigned seed = 0; seed < 12; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        const auto below = [&random](std::uint32_t bound) { return random() % bound; };
        TestVault vault({.log = {.file_bytes = below(2) == 0 ? 1U : 5000U}});
        std::vector<KeptCheckpoint> kept;
        for (unsigned step = below(12) + 1; step > 0; --step) {
            vault.Append(below(3) == 0 ? below(2000) + 1 : below(40) + 1, below(200));
            if (below(3) == 0) vault.WriteSegments();
            if (below(3) == 0) kept.push_back({"kept " + std::to_string(vault.size()), vault.Seal()});
            if (below(4) == 0) vault.Stop();
        }
        const std::string last = vault.Seal();
        const Checkpoint sealed = OpenCheckpoint(last, vault.key());
        const VaultReport report = vault.Check(kept, 1 + seed % 3);
        EXPECT_THAT(Failures(report), IsEmpty());
        EXPECT_EQ(report.root, sealed.root);
        EXPECT_EQ(report.records, sealed.size);
        EXPECT_EQ(report.sealed, sealed.size);
        ASSERT_EQ(report.checkpoints.size(), kept.size() + 1);
        for (const CheckedCheckpoint& checkpoint : report.checkpoints) EXPECT_TRUE(checkpoint.is_ok) << checkpoint.file;
        const auto reader = vault::VaultReader::Open(vault.folder()).value();
        for (int i = 0; i < 5; ++i) {
            const std::uint64_t record = random() % sealed.size;
            const ProofReport proof = CheckProof("proof", reader.Prove(record).value().ToText(), vault.key());
            EXPECT_TRUE(proof.is_ok());
            EXPECT_EQ(proof.index, record);
        }
    }
}

}  // namespace
}  // namespace opsteward::verifier
