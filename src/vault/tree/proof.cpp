#include "vault/tree/proof.hpp"

#include <bit>

#include <fmt/format.h>

namespace opsteward::vault {

namespace {

/// The root over `size` leaves from `start`. All subtrees that RFC 6962 cuts a tree into begin at a multiple of their width.
Result<Hash> RangeRoot(std::uint64_t start, std::uint64_t size, const NodeReader& nodes) {
    if (std::has_single_bit(size)) {
        const auto level = static_cast<unsigned>(std::countr_zero(size));
        return nodes(level, start >> level);
    }
    const std::uint64_t left = SplitPoint(size);
    OPS_TRY(const Hash left_root, RangeRoot(start, left, nodes));
    OPS_TRY(const Hash right_root, RangeRoot(start + left, size - left, nodes));
    return NodeHash(left_root, right_root);
}

Error OutOfTree(std::uint64_t asked, std::uint64_t size) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("樹只有 {} 筆，沒有第 {} 筆。", size, asked),
                     fmt::format("The tree has {} leaves; {} lies outside.", size, asked));
}

}  // namespace

Result<std::vector<Hash>> InclusionProof(std::uint64_t index, std::uint64_t size, const NodeReader& nodes) {
    if (index >= size) return OutOfTree(index, size);
    std::vector<Hash> from_root;
    std::uint64_t start = 0;
    for (std::uint64_t width = size; width > 1;) {
        const std::uint64_t left = SplitPoint(width);
        const bool is_left = index - start < left;
        OPS_TRY(Hash sibling, is_left ? RangeRoot(start + left, width - left, nodes) : RangeRoot(start, left, nodes));
        from_root.push_back(sibling);
        if (!is_left) start += left;
        width = is_left ? left : width - left;
    }
    return std::vector<Hash>(from_root.rbegin(), from_root.rend());
}

Result<std::vector<Hash>> ConsistencyProof(std::uint64_t first, std::uint64_t second, const NodeReader& nodes) {
    if (first > second) return OutOfTree(first, second);
    if (first == 0 || first == second) return std::vector<Hash>();
    std::vector<Hash> from_root;
    std::uint64_t start = 0;
    std::uint64_t rest = first;
    std::uint64_t width = second;
    while (rest != width) {
        const std::uint64_t left = SplitPoint(width);
        const bool ends_left = rest <= left;
        OPS_TRY(Hash sibling, ends_left ? RangeRoot(start + left, width - left, nodes) : RangeRoot(start, left, nodes));
        from_root.push_back(sibling);
        if (!ends_left) {
            start += left;
            rest -= left;
        }
        width = ends_left ? left : width - left;
    }
    // The subtree both trees share is the first one's root if it begins at leaf 0; then the verifier has it already.
    if (start != 0) {
        OPS_TRY(Hash shared, RangeRoot(start, width, nodes));
        from_root.push_back(shared);
    }
    return std::vector<Hash>(from_root.rbegin(), from_root.rend());
}

Result<Hash> RootAt(std::uint64_t size, const NodeReader& nodes) {
    if (size == 0) return EmptyRoot();
    return RangeRoot(0, size, nodes);
}

bool VerifyInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size, std::span<const Hash> proof, const Hash& root) {
    if (index >= size) return false;
    std::uint64_t fn = index;
    std::uint64_t sn = size - 1;
    Hash hash = leaf;
    for (const Hash& sibling : proof) {
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            hash = NodeHash(sibling, hash);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            hash = NodeHash(hash, sibling);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && hash == root;
}

bool VerifyConsistency(std::uint64_t first, const Hash& first_root, std::uint64_t second, const Hash& second_root, std::span<const Hash> proof) {
    if (first > second) return false;
    if (first == second) return proof.empty() && first_root == second_root;
    if (first == 0) return proof.empty() && first_root == EmptyRoot();
    std::uint64_t fn = first - 1;
    std::uint64_t sn = second - 1;
    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    // A first tree that is a complete subtree of the second needs no proof of itself.
    const bool is_complete = std::has_single_bit(first);
    if (!is_complete && proof.empty()) return false;
    Hash old_root = is_complete ? first_root : proof.front();
    Hash new_root = old_root;
    for (const Hash& sibling : proof.subspan(is_complete ? 0 : 1)) {
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            old_root = NodeHash(sibling, old_root);
            new_root = NodeHash(sibling, new_root);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            new_root = NodeHash(new_root, sibling);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && old_root == first_root && new_root == second_root;
}

}  // namespace opsteward::vault
