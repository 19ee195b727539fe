#include "verifier/seen_tokens.hpp"

#include <algorithm>
#include <cstring>
#include <random>

namespace opsteward::verifier {

namespace {

constexpr std::size_t kFirstSlots = 1U << 14;

__extension__ using Wide = unsigned __int128;

}  // namespace

SeenTokens::SeenTokens() : key_(std::uint64_t{std::random_device()()} << 32 | std::random_device()() | 1U), slots_(kFirstSlots) {}

/// The whole product is folded: the upper half of it alone depends on all of the secret key, whichever bits of a word differ.
std::uint64_t SeenTokens::HashOf(std::string_view token) const {
    std::uint64_t hash = token.size();
    for (std::size_t at = 0; at < token.size(); at += sizeof hash) {
        std::uint64_t word = 0;
        std::memcpy(&word, token.data() + at, std::min(sizeof word, token.size() - at));
        const Wide product = Wide{hash ^ word} * key_;
        hash = static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    return hash;
}

bool SeenTokens::Insert(std::string_view token) {
    std::size_t slot = HashOf(token) & (slots_.size() - 1);
    while (!slots_[slot].empty()) {
        if (slots_[slot] == token) return false;
        slot = (slot + 1) & (slots_.size() - 1);
    }
    slots_[slot] = token;
    if (2 * ++count_ > slots_.size()) Grow();
    return true;
}

void SeenTokens::Clear() {
    // One block of many tokens must not make all that follow it slow.
    if (slots_.size() > 16 * std::max(count_, kFirstSlots)) slots_.resize(kFirstSlots);
    std::ranges::fill(slots_, std::string_view());
    count_ = 0;
}

void SeenTokens::Grow() {
    std::vector<std::string_view> tokens(2 * slots_.size());
    tokens.swap(slots_);
    count_ = 0;
    for (const std::string_view token : tokens) {
        if (!token.empty()) Insert(token);
    }
}

}  // namespace opsteward::verifier
