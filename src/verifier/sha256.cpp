#include "verifier/sha256.hpp"

// The calls that do nothing but SHA-256: those that OpenSSL would rather have used take half as long again for an event, twice as long for a node.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>

#include "verifier/fault.hpp"

namespace opsteward::verifier {

namespace {

void Require(int worked) {
    if (worked != 1) throw CannotCheck(Say("OpenSSL 無法計算 SHA-256。", "OpenSSL can't compute SHA-256."));
}

}  // namespace

Hash Sha256::operator()(std::initializer_list<std::string_view> parts) const {
    Hash hash{};
    SHA256_CTX context;
    Require(SHA256_Init(&context));
    for (const std::string_view part : parts) Require(SHA256_Update(&context, part.data(), part.size()));
    Require(SHA256_Final(hash.data(), &context));
    return hash;
}

Hash Sha256::Node(const Hash& left, const Hash& right) const {
    std::array<char, 1 + 2 * sizeof(Hash)> bytes{'\x01'};
    std::ranges::copy(left, bytes.begin() + 1);
    std::ranges::copy(right, bytes.begin() + 1 + sizeof(Hash));
    return (*this)({std::string_view(bytes.data(), bytes.size())});
}

Hash Sha256::RootOf(std::span<Hash> leaves) const {
    for (std::size_t width = leaves.size(); width > 1; width /= 2) {
        for (std::size_t i = 0; i < width / 2; ++i) leaves[i] = Node(leaves[2 * i], leaves[2 * i + 1]);
    }
    return leaves.front();
}

}  // namespace opsteward::verifier
