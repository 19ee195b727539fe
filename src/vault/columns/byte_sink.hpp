// Room for a known number of bytes that is filled from its beginning, many small pieces at a time.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace opsteward::vault {

/// A part of an IPv4 address, and the point behind it.
struct Octet {
    std::array<char, 4> text{};
    std::size_t digits = 0;
};

inline constexpr std::array<Octet, 256> kOctets = [] {
    std::array<Octet, 256> octets{};
    for (std::size_t i = 0; i < octets.size(); ++i) {
        Octet& octet = octets[i];
        if (i >= 100) octet.text[octet.digits++] = static_cast<char>('0' + i / 100);
        if (i >= 10) octet.text[octet.digits++] = static_cast<char>('0' + i / 10 % 10);
        octet.text[octet.digits++] = static_cast<char>('0' + i % 10);
        octet.text[octet.digits] = '.';
    }
    return octets;
}();

/// Takes what fits. What would go beyond the room is left out, and is_full_up() says so from then on.
class ByteSink {
  public:
    static constexpr std::size_t kPadding = 16;
    static constexpr std::size_t kMaxDigits = 20;  ///< of 64 bits

    ByteSink(char* room, std::size_t size) : at_(room), end_(room + size) {}

    void Append(std::string_view bytes) {
        if (char* to = Take(bytes.size())) Copy(to, bytes.data(), bytes.size());
    }
    void Append(char byte) {
        if (char* to = Take(1)) *to = byte;
    }
    /// As Append. Precondition: kPadding readable bytes follow the piece; they let a short one be copied as a whole.
    void AppendPadded(std::string_view piece) {
        if (piece.size() > kPadding || room() < kPadding) return Append(piece);
        std::memcpy(at_, piece.data(), kPadding);
        at_ += piece.size();
    }
    void AppendDecimal(std::uint64_t number) {
        if (room() >= kMaxDigits) {
            at_ = std::to_chars(at_, end_, number).ptr;
        } else {
            AppendDecimal(number, 1);
        }
    }
    /// With leading zeros up to `least_digits`, at most kMaxDigits.
    void AppendDecimal(std::uint64_t number, std::size_t least_digits) {
        std::array<char, 2 * kMaxDigits> digits;
        digits.fill('0');
        char* const begin = digits.data() + kMaxDigits;
        const char* const end = std::to_chars(begin, digits.data() + digits.size(), number).ptr;
        const auto size = std::max(static_cast<std::size_t>(end - begin), least_digits);
        Append({end - size, size});
    }
    /// Four decimals with points between them, of the lowest 32 bits.
    void AppendAddress(std::uint64_t address) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            const Octet& octet = kOctets[address >> shift & 0xFFU];
            const std::size_t size = octet.digits + (shift > 0 ? 1U : 0U);
            if (room() >= octet.text.size()) {
                std::memcpy(at_, octet.text.data(), octet.text.size());
                at_ += size;
            } else {
                Append({octet.text.data(), size});
            }
        }
    }

    std::size_t room() const { return static_cast<std::size_t>(end_ - at_); }
    bool is_full_up() const { return is_full_up_; }

  private:
    char* Take(std::size_t size) {
        if (size > room()) {
            is_full_up_ = true;
            return nullptr;
        }
        char* to = at_;
        at_ += size;
        return to;
    }
    /// Most pieces are a few bytes: two copies of a fixed size that overlap cost less than a call.
    static void Copy(char* to, const char* from, std::size_t size) {
        if (size > 16) {
            std::memcpy(to, from, size);
        } else if (size >= 8) {
            CopyEnds<8>(to, from, size);
        } else if (size >= 4) {
            CopyEnds<4>(to, from, size);
        } else if (size >= 2) {
            CopyEnds<2>(to, from, size);
        } else if (size == 1) {
            *to = *from;
        }
    }
    template <std::size_t kEnd>
    static void CopyEnds(char* to, const char* from, std::size_t size) {
        std::array<char, kEnd> first;
        std::array<char, kEnd> last;
        std::memcpy(first.data(), from, kEnd);
        std::memcpy(last.data(), from + size - kEnd, kEnd);
        std::memcpy(to, first.data(), kEnd);
        std::memcpy(to + size - kEnd, last.data(), kEnd);
    }

    char* at_;
    char* end_;
    bool is_full_up_ = false;
};

}  // namespace opsteward::vault
