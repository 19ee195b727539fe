#include "base/folding.hpp"

#include <array>
#include <cstdint>
#include <cstring>

#include "base/text.hpp"

namespace opsteward {
namespace {

constexpr std::size_t kLanes = 16;
using Lanes = unsigned char __attribute__((vector_size(kLanes)));

Lanes Fill(unsigned char byte) { return Lanes{} + byte; }

/// The bytes that are `folded` but for ASCII case: setting bit 0x20 maps exactly both cases of a letter to its lower case, so a
/// letter is compared with that bit set and anything else as it is.
struct Anchor {
    Lanes wanted;
    Lanes case_bit;

    explicit Anchor(char folded)
        : wanted(Fill(static_cast<unsigned char>(folded))), case_bit(Fill(folded >= 'a' && folded <= 'z' ? 0x20 : 0)) {}

    /// 0xff in each of 16 bytes that may be it, 0 in the others.
    auto Compare(const char* bytes) const {
        Lanes read;
        std::memcpy(&read, bytes, kLanes);
        return (read | case_bit) == wanted;
    }
};

}  // namespace

bool StartsWithFolded(std::string_view text, std::string_view folded) {
    if (text.size() < folded.size()) return false;
    for (std::size_t i = 0; i < folded.size(); ++i) {
        if (FoldByte(text[i]) != folded[i]) return false;
    }
    return true;
}

FoldedNeedle::FoldedNeedle(std::string_view text) : folded_(ToLowerAscii(text)) {}

bool FoldedNeedle::IsIn(std::string_view haystack) const {
    if (haystack.size() < folded_.size()) return false;
    if (folded_.empty()) return true;
    const std::size_t last = folded_.size() - 1;
    const std::size_t starts = haystack.size() - last;  // places where it could begin
    const Anchor first_byte(folded_.front());
    const Anchor last_byte(folded_.back());
    std::size_t at = 0;
    // 16 places at a time: the whole is compared only where both its first and its last byte stand.
    for (; at + kLanes <= starts; at += kLanes) {
        const auto hits = first_byte.Compare(haystack.data() + at) & last_byte.Compare(haystack.data() + at + last);
        std::array<std::uint64_t, 2> any;
        std::memcpy(any.data(), &hits, kLanes);
        if ((any[0] | any[1]) == 0) continue;
        for (std::size_t i = 0; i < kLanes; ++i) {
            if (hits[i] && StartsWithFolded(haystack.substr(at + i), folded_)) return true;
        }
    }
    for (; at < starts; ++at) {
        if (StartsWithFolded(haystack.substr(at), folded_)) return true;
    }
    return false;
}

}  // namespace opsteward
