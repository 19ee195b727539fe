#include "vault/index/gram_set.hpp"

#include <cstring>
#include <random>

#include "vault/index/grams.hpp"

namespace opsteward::vault {

namespace {

/// A set of views that grows. Its hash begins from a number drawn anew in each process, so that no sender can make tokens that fall together.
class SeenTokens {
  public:
    SeenTokens() : slots_(1U << 16) {}

    /// Whether it was not there before.
    bool Insert(std::string_view token) {
        if (2 * ++count_ > slots_.size()) Grow();
        if (PlaceIn(slots_, token)) return true;
        --count_;
        return false;
    }

  private:
    static std::uint64_t HashOf(std::string_view token) {
        static const std::uint64_t seed = std::uint64_t{std::random_device()()} << 32 | std::random_device()();
        std::uint64_t hash = seed ^ token.size() * 0x9E3779B97F4A7C15U;
        for (std::size_t at = 0; at < token.size(); at += sizeof(std::uint64_t)) {
            std::uint64_t word = 0;
            std::memcpy(&word, token.data() + at, std::min(sizeof word, token.size() - at));
            hash = (hash ^ word) * 0xD6E8FEB86659FD93U;
            hash ^= hash >> 32;
        }
        return hash;
    }

    static bool PlaceIn(std::vector<std::string_view>& slots, std::string_view token) {
        std::size_t slot = HashOf(token) & (slots.size() - 1);
        while (!slots[slot].empty()) {
            if (slots[slot] == token) return false;
            slot = (slot + 1) & (slots.size() - 1);
        }
        slots[slot] = token;
        return true;
    }

    void Grow() {
        std::vector<std::string_view> larger(2 * slots_.size());
        for (const std::string_view token : slots_) {
            if (!token.empty()) PlaceIn(larger, token);
        }
        slots_ = std::move(larger);
    }

    std::vector<std::string_view> slots_;  ///< an empty view is a free slot: no token is empty
    std::size_t count_ = 0;
};

}  // namespace

GramSet::GramSet(std::span<const std::string_view> messages) : bits_((std::size_t{1} << kBits) / 64) {
    SeenTokens seen;
    for (const std::string_view message : messages) {
        VisitTokens(message, [&](std::string_view token) {
            if (token.size() < kGramLengths.front() || !seen.Insert(token)) return;
            VisitGrams(token, [&](std::uint32_t gram) { bits_[gram >> (32 - kBits) >> 6] |= std::uint64_t{1} << (gram >> (32 - kBits) & 63U); });
        });
    }
    for (const std::uint64_t word : bits_) count_ += static_cast<std::uint64_t>(std::popcount(word));
}

}  // namespace opsteward::vault
