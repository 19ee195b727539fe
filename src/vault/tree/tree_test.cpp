// The tree against the definition of RFC 6962 section 2.1, spelled out plainly here, and its proofs against tampering.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vault/tree/frontier.hpp"
#include "vault/tree/proof.hpp"

namespace opsteward::vault {
namespace {

constexpr std::uint64_t kLargest = 70;

std::vector<Hash> Leaves(std::uint64_t count) {
    LeafHasher hasher;
    std::vector<Hash> leaves;
    for (std::uint64_t i = 0; i < count; ++i) leaves.push_back(hasher("leaf " + std::to_string(i)));
    return leaves;
}

const std::vector<Hash>& AllLeaves() {
    static const std::vector<Hash> leaves = Leaves(kLargest);
    return leaves;
}

Hash PlainRoot(std::uint64_t size) { return RootOf(std::span(AllLeaves()).first(size)); }

Result<Hash> PlainNode(unsigned level, std::uint64_t index) {
    const std::uint64_t width = std::uint64_t{1} << level;
    if ((index + 1) * width > kLargest) return Error::Hidden(ErrorCode::kNotFound, "no such node");
    return RootOf(std::span(AllLeaves()).subspan(index * width, width));
}

Hash Flipped(const Hash& hash) {
    Hash other = hash;
    other[7] ^= 1;
    return other;
}

TEST(MerkleTree, HasTheRootsThatOtherImplementationsOfRfc6962Give) {
    // The leaves and roots that certificate transparency's implementations are tried with.
    const std::string inputs[] = {std::string(),
                                  std::string("\x00", 1),
                                  "\x10",
                                  "\x20\x21",
                                  "\x30\x31",
                                  "\x40\x41\x42\x43",
                                  "\x50\x51\x52\x53\x54\x55\x56\x57",
                                  "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
    constexpr std::string_view kRoots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                           "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                           "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                           "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                           "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                           "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                           "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                           "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    LeafHasher hasher;
    Frontier tree;
    EXPECT_EQ(crypto::ToHex(tree.Root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (std::size_t i = 0; i < std::size(inputs); ++i) {
        tree.Append(hasher(inputs[i]));
        EXPECT_EQ(crypto::ToHex(tree.Root()), kRoots[i]) << i + 1;
    }
}

TEST(MerkleTree, GrowsLeafByLeafToTheRootOfTheDefinition) {
    Frontier tree;
    for (std::uint64_t size = 0; size < kLargest; ++size) {
        EXPECT_EQ(tree.Root(), PlainRoot(size)) << size;
        EXPECT_EQ(RootAt(size, PlainNode).value(), PlainRoot(size)) << size;
        tree.Append(AllLeaves()[size], [&](unsigned level, std::uint64_t index, const Hash& hash) {
            EXPECT_EQ(hash, PlainNode(level, index).value()) << level << '/' << index;
        });
    }
}

TEST(MerkleTree, GoesOnGrowingFromALoadedFrontier) {
    for (std::uint64_t size = 0; size < kLargest; ++size) {
        auto tree = Frontier::Load(size, PlainNode);
        ASSERT_TRUE(tree.ok());
        EXPECT_EQ(tree->Root(), PlainRoot(size));
        tree->Append(AllLeaves()[size]);
        EXPECT_EQ(tree->Root(), PlainRoot(size + 1));
    }
}

TEST(InclusionProof, ProvesEveryLeafOfEveryTreeAndNoOther) {
    for (std::uint64_t size = 1; size <= kLargest; ++size) {
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = InclusionProof(index, size, PlainNode);
            ASSERT_TRUE(proof.ok());
            const Hash root = PlainRoot(size);
            EXPECT_TRUE(VerifyInclusion(AllLeaves()[index], index, size, *proof, root)) << index << '/' << size;
            EXPECT_FALSE(VerifyInclusion(Flipped(AllLeaves()[index]), index, size, *proof, root));
            EXPECT_FALSE(VerifyInclusion(AllLeaves()[index], index, size, *proof, Flipped(root)));
            EXPECT_FALSE(VerifyInclusion(AllLeaves()[index], (index + 1) % (size + 1), size, *proof, root));
            EXPECT_FALSE(VerifyInclusion(AllLeaves()[index], index, 2 * size + 1, *proof, root));
        }
    }
}

TEST(InclusionProof, FailsWhenAHashIsMissingAddedOrAltered) {
    const auto proof = InclusionProof(11, 21, PlainNode).value();
    const auto holds = [](const std::vector<Hash>& hashes) { return VerifyInclusion(AllLeaves()[11], 11, 21, hashes, PlainRoot(21)); };
    ASSERT_TRUE(holds(proof));
    for (std::size_t i = 0; i < proof.size(); ++i) {
        auto altered = proof;
        altered[i] = Flipped(altered[i]);
        EXPECT_FALSE(holds(altered));
        auto missing = proof;
        missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(holds(missing));
        auto added = proof;
        added.insert(added.begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
        EXPECT_FALSE(holds(added));
    }
    EXPECT_FALSE(holds({}));
}

TEST(InclusionProof, OfALeafOutsideTheTreeIsRefused) {
    EXPECT_EQ(InclusionProof(5, 5, PlainNode).error().code, ErrorCode::kInvalidInput);
    EXPECT_FALSE(VerifyInclusion(AllLeaves()[0], 0, 0, {}, EmptyRoot()));
}

TEST(ConsistencyProof, ProvesThatEveryTreeBeginsWithEverySmallerOne) {
    for (std::uint64_t second = 0; second <= kLargest; ++second) {
        for (std::uint64_t first = 0; first <= second; ++first) {
            const auto proof = ConsistencyProof(first, second, PlainNode);
            ASSERT_TRUE(proof.ok());
            EXPECT_TRUE(VerifyConsistency(first, PlainRoot(first), second, PlainRoot(second), *proof)) << first << '/' << second;
            EXPECT_FALSE(VerifyConsistency(first, Flipped(PlainRoot(first)), second, PlainRoot(second), *proof)) << first << '/' << second;
            const bool holds_of_another = VerifyConsistency(first, PlainRoot(first), second, Flipped(PlainRoot(second)), *proof);
            EXPECT_EQ(holds_of_another, first == 0 && second != 0) << first << '/' << second;
        }
    }
}

TEST(ConsistencyProof, FailsForATreeThatWasRewritten) {
    auto leaves = AllLeaves();
    leaves[3] = Flipped(leaves[3]);
    const Hash rewritten = RootOf(leaves);
    for (std::uint64_t first = 4; first < kLargest; ++first) {
        const auto proof = ConsistencyProof(first, kLargest, [&](unsigned level, std::uint64_t index) -> Result<Hash> {
            const std::uint64_t width = std::uint64_t{1} << level;
            return RootOf(std::span(leaves).subspan(index * width, width));
        });
        EXPECT_FALSE(VerifyConsistency(first, PlainRoot(first), kLargest, rewritten, proof.value())) << first;
    }
}

TEST(ConsistencyProof, FailsWhenAHashIsMissingAddedOrAltered) {
    for (const std::uint64_t first : {std::uint64_t{8}, std::uint64_t{13}, std::uint64_t{20}}) {
        const auto proof = ConsistencyProof(first, 21, PlainNode).value();
        const auto holds = [&](const std::vector<Hash>& hashes) { return VerifyConsistency(first, PlainRoot(first), 21, PlainRoot(21), hashes); };
        ASSERT_TRUE(holds(proof));
        for (std::size_t i = 0; i < proof.size(); ++i) {
            auto altered = proof;
            altered[i] = Flipped(altered[i]);
            EXPECT_FALSE(holds(altered)) << first << ' ' << i;
            auto missing = proof;
            missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(i));
            EXPECT_FALSE(holds(missing)) << first << ' ' << i;
        }
        EXPECT_FALSE(holds({}));
    }
}

TEST(ConsistencyProof, OfALargerTreeIsRefused) {
    EXPECT_EQ(ConsistencyProof(6, 5, PlainNode).error().code, ErrorCode::kInvalidInput);
    EXPECT_FALSE(VerifyConsistency(6, PlainRoot(6), 5, PlainRoot(5), {}));
}

}  // namespace
}  // namespace opsteward::vault
