// What is kept of deleted leaves is just what the tree over all leaves needs: held against a plain tree that has all of them.
#include "vault/tree/gone_ranges.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "vault/tree/node_files.hpp"
#include "vault/tree/proof.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kLeaves = 70;

const std::vector<Hash>& AllLeaves() {
    static const std::vector<Hash> leaves = [] {
        LeafHasher hasher;
        std::vector<Hash> made;
        for (std::uint64_t i = 0; i < kLeaves; ++i) made.push_back(hasher("leaf " + std::to_string(i)));
        return made;
    }();
    return leaves;
}

Result<Hash> PlainNode(unsigned level, std::uint64_t index) {
    return RootOf(std::span(AllLeaves()).subspan(index << level, std::uint64_t{1} << level));
}

GoneRange RangeOf(std::uint64_t first, std::uint64_t count) {
    GoneRange range{first, count, kLeaves, {}};
    for (const Subtree& subtree : SubtreesOf(first, count)) range.hashes.push_back(PlainNode(subtree.level, subtree.index).value());
    return range;
}

/// Nodes of a tree that has no leaves of these ranges.
NodeReader NodesWithout(const GoneRanges& gone) {
    return [&gone, files = std::make_shared<NodeFiles>("/nonexistent")](unsigned level, std::uint64_t index) {
        const LeafReader leaves = [&gone](std::uint64_t first, std::uint64_t count) -> Result<std::vector<Hash>> {
            if (gone.Touch(first, first + count)) return Error::Hidden(ErrorCode::kNotFound, "deleted");
            const auto found = std::span(AllLeaves()).subspan(first, count);
            return std::vector<Hash>(found.begin(), found.end());
        };
        return files->Node(level, index, leaves, gone);
    };
}

TEST(SubtreesOfARange, AreTheFewestThatHoldJustItsLeavesInOrder) {
    for (std::uint64_t first = 0; first < kLeaves; ++first) {
        for (std::uint64_t count = 0; first + count <= kLeaves; ++count) {
            const auto subtrees = SubtreesOf(first, count);
            std::uint64_t next = first;
            for (std::size_t i = 0; i < subtrees.size(); ++i) {
                EXPECT_EQ(subtrees[i].first(), next);
                next += std::uint64_t{1} << subtrees[i].level;
                const bool are_halves = i > 0 && subtrees[i - 1].level == subtrees[i].level && subtrees[i].index % 2 == 1;
                EXPECT_FALSE(are_halves) << "the two make one of twice the size";
            }
            EXPECT_EQ(next, first + count) << first << '+' << count;
        }
    }
}

TEST(SubtreesOfARange, ReachAsFarAsNumbersDo) {
    constexpr std::uint64_t kMost = ~std::uint64_t{0};
    EXPECT_EQ(SubtreesOf(0, kMost).size(), 64U);
    EXPECT_EQ(SubtreesOf(1, kMost - 1).size(), 126U) << "two of each level but the highest";
    EXPECT_THAT(SubtreesOf(kMost - 1, 1), ElementsAre(Subtree{0, kMost - 1}));
    EXPECT_THAT(SubtreesOf(5, 0), IsEmpty());
}

TEST(GoneRanges, KnowWhichRecordsAreGoneInWhateverOrderTheyWereAdded) {
    GoneRanges gone;
    for (const auto& [first, count] : {std::pair{20U, 5U}, {3U, 4U}, {7U, 1U}}) gone.Add(RangeOf(first, count));
    EXPECT_EQ(gone.records(), 10U);
    for (std::uint64_t i = 0; i < kLeaves; ++i) {
        const bool is_gone = (i >= 3 && i < 8) || (i >= 20 && i < 25);
        EXPECT_EQ(gone.Find(i) != nullptr, is_gone) << i;
        EXPECT_EQ(gone.Touch(i, i + 1), is_gone) << i;
    }
    EXPECT_TRUE(gone.Touch(0, 4));
    EXPECT_TRUE(gone.Touch(24, 70));
    EXPECT_FALSE(gone.Touch(8, 20));
    EXPECT_EQ(gone.Kept({2, 1}), std::nullopt) << "half of it is in another range";
    EXPECT_EQ(gone.Kept({2, 5}), PlainNode(2, 5).value());
}

TEST(GoneRanges, LeaveTheProofsOfAllOtherLeavesAndTheRootsOutsideAsTheyWere) {
    std::mt19937 random(7);
    for (int round = 0; round < 60; ++round) {
        GoneRanges gone;
        std::uint64_t at = round % 4 == 0 ? 0 : random() % 9;
        while (at < kLeaves) {
            const std::uint64_t count = std::min<std::uint64_t>(1 + random() % 20, kLeaves - at);
            gone.Add(RangeOf(at, count));
            at += count + (random() % 3 == 0 ? 0 : random() % 17);
        }
        const NodeReader nodes = NodesWithout(gone);
        for (std::uint64_t size = 1; size <= kLeaves; ++size) {
            const Hash plain = RootOf(std::span(AllLeaves()).first(size));
            const auto root = RootAt(size, nodes);
            const GoneRange* last = gone.Find(size - 1);
            if (last == nullptr || last->end() == size) {
                ASSERT_TRUE(root.ok()) << round << ' ' << size;
            }
            if (!root.ok()) continue;
            EXPECT_EQ(*root, plain);
            for (std::uint64_t index = 0; index < size; ++index) {
                if (gone.Find(index) != nullptr) continue;
                const auto proof = InclusionProof(index, size, nodes);
                ASSERT_TRUE(proof.ok()) << round << ' ' << index << '/' << size;
                EXPECT_TRUE(VerifyInclusion(AllLeaves()[index], index, size, *proof, plain)) << round << ' ' << index << '/' << size;
            }
            const auto proof = ConsistencyProof(size, kLeaves, nodes);
            ASSERT_TRUE(proof.ok()) << round << ' ' << size;
            EXPECT_TRUE(VerifyConsistency(size, plain, kLeaves, RootOf(AllLeaves()), *proof)) << round << ' ' << size;
        }
    }
}

TEST(GoneRanges, HaveNoRootOfATreeThatEndsWithinThemUnlessAKeptSubtreeEndsThere) {
    GoneRanges gone;
    gone.Add(RangeOf(4, 7));  // 4 to 7, 8 and 9, 10
    EXPECT_TRUE(RootAt(8, NodesWithout(gone)).ok());
    EXPECT_TRUE(RootAt(10, NodesWithout(gone)).ok());
    for (const std::uint64_t size : {5U, 6U, 7U, 9U}) EXPECT_EQ(RootAt(size, NodesWithout(gone)).error().code, ErrorCode::kNotFound) << size;
}

}  // namespace
}  // namespace opsteward::vault
