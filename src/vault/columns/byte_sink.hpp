// Room for a known number of bytes that is filled from its beginning, many small pieces at a time.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace opsteward::vault {

/// Takes what fits. What would go beyond the room is left out, and is_full_up() says so from then on.
class ByteSink {
  public:
    ByteSink(char* room, std::size_t size) : at_(room), end_(room + size) {}

    void Append(std::string_view bytes) {
        if (char* to = Take(bytes.size())) Copy(to, bytes.data(), bytes.size());
    }
    void Append(char byte) {
        if (char* to = Take(1)) *to = byte;
    }
    /// Decimal, with leading zeros up to `least_digits` (at most 20).
    void AppendDecimal(std::uint64_t number, std::size_t least_digits = 1) {
        std::array<char, 20> digits;
        std::size_t begin = digits.size();
        while (number >= 100) {
            begin -= 2;
            std::memcpy(digits.data() + begin, &kPairs[2 * (number % 100)], 2);
            number /= 100;
        }
        if (number >= 10) {
            begin -= 2;
            std::memcpy(digits.data() + begin, &kPairs[2 * number], 2);
        } else {
            digits[--begin] = static_cast<char>('0' + number);
        }
        while (digits.size() - begin < least_digits) digits[--begin] = '0';
        Append({digits.data() + begin, digits.size() - begin});
    }

    std::size_t room() const { return static_cast<std::size_t>(end_ - at_); }
    bool is_full_up() const { return is_full_up_; }

  private:
    static constexpr std::array<char, 200> kPairs = [] {
        std::array<char, 200> pairs{};
        for (std::size_t i = 0; i < 100; ++i) {
            pairs[2 * i] = static_cast<char>('0' + i / 10);
            pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
        }
        return pairs;
    }();

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
