#include "vault/tree/hash.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace opsteward::vault {

Hash NodeHash(const Hash& left, const Hash& right) {
    std::array<char, 1 + 2 * sizeof(Hash)> bytes{};
    bytes[0] = '\x01';
    std::ranges::copy(left, bytes.begin() + 1);
    std::ranges::copy(right, bytes.begin() + 1 + sizeof(Hash));
    return crypto::Sha256({bytes.data(), bytes.size()});
}

Hash EmptyRoot() { return crypto::Sha256({}); }

Hash RootOf(std::span<const Hash> leaves) {
    if (leaves.empty()) return EmptyRoot();
    if (leaves.size() == 1) return leaves.front();
    const std::size_t left = SplitPoint(leaves.size());
    return NodeHash(RootOf(leaves.first(left)), RootOf(leaves.subspan(left)));
}

Hash LeafHasher::operator()(std::string_view record) {
    stream_.Begin();
    stream_.Add(std::string_view("\0", 1));
    stream_.Add(record);
    return stream_.Finish();
}

std::uint64_t SplitPoint(std::uint64_t size) { return std::bit_floor(size - 1); }

}  // namespace opsteward::vault
