// Messages drawn at random that look like log lines, with what log lines have in the worst case: any encoding, any byte, any length of a run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace opsteward::vault::testing {

class RandomMessages {
  public:
    explicit RandomMessages(std::uint64_t seed) : random_(seed) {}

    std::size_t Below(std::size_t limit) { return random_() % limit; }

    std::string Next() {
        if (Below(20) == 0) return AnyBytes(60);
        static constexpr std::array<std::string_view, 6> kBetween{" ", ", ", "=", "\n", "-", "/ "};
        std::string message;
        for (std::size_t tokens = Below(12); tokens > 0; --tokens) {
            message += Token();
            message += kBetween[Below(kBetween.size())];
        }
        return message;
    }

    std::string AnyBytes(std::size_t longest) {
        std::string bytes(Below(longest + 1), '\0');
        for (char& byte : bytes) byte = static_cast<char>(random_());
        return bytes;
    }

    /// Lower-case letters: long ones occur once.
    std::string Word(std::size_t length) {
        std::string word(length, 'a');
        for (char& letter : word) letter = static_cast<char>('a' + Below(26));
        return word;
    }

    /// ASCII letters in the other case, here and there.
    std::string InAnyCase(std::string text) {
        for (char& c : text) {
            const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (is_letter && Below(2) == 0) c = static_cast<char>(c ^ 0x20);
        }
        return text;
    }

  private:
    std::string Token() {
        static constexpr std::array<std::string_view, 10> kWords{"accept", "DENY",   "user_name", "eth0.100", "登入失敗",
                                                                 "\xA6\xA8\xA5\x5C", "a", "GET", "index.html", "0x1f"};
        switch (Below(6)) {
            case 0: return std::to_string(Below(70'000));
            case 1: return std::to_string(random_());
            case 2: return "10.0." + std::to_string(Below(256)) + '.' + std::to_string(Below(256));
            case 3: return std::to_string(Below(100)) + '.' + std::to_string(100 + Below(900));
            case 4: return Word(1 + Below(14));
            default: return std::string(kWords[Below(kWords.size())]);
        }
    }

    std::mt19937_64 random_;
};

}  // namespace opsteward::vault::testing
