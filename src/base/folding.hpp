// Comparing bytes without regard to ASCII case. Bytes from 0x80 on are compared as they are: they are no letters here, whatever
// their encoding.
#pragma once

#include <string>
#include <string_view>

namespace opsteward {

constexpr char FoldByte(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// `folded` is already in lower case.
bool StartsWithFolded(std::string_view text, std::string_view folded);
inline bool EqualsFolded(std::string_view text, std::string_view folded) {
    return text.size() == folded.size() && StartsWithFolded(text, folded);
}

/// A text to look for in many others. Thread-safe for const use.
class FoldedNeedle {
  public:
    explicit FoldedNeedle(std::string_view text);

    /// The empty needle is in every text.
    bool IsIn(std::string_view haystack) const;

  private:
    std::string folded_;
};

}  // namespace opsteward
