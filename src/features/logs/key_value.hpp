// Pairs of key and value as they stand in a line one after the other.
#pragma once

#include <string_view>

#include "features/logs/parsed_line.hpp"
#include "features/logs/text_encoding.hpp"

namespace opsteward::logs {

struct Pair {
    std::string_view key;
    std::string_view value;
};

/// key=value and key="value": a key is letters, digits and _ - . / @, at the beginning or after a byte that can't be part of one;
/// a bare value goes up to a blank or one of `ends`. What is no pair is passed over.
class KeyValueScanner {
  public:
    /// `ends`: beside the blank, at most two bytes.
    KeyValueScanner(std::string_view text, std::string_view ends, Encoding encoding, TextStore& owned)
        : text_(text), ends_(ends), encoding_(encoding), owned_(owned) {}

    /// False at the end of the text.
    bool Next(Pair& pair);

  private:
    bool EndsValue(char c) const {
        return c == ' ' || c == '\t' || (!ends_.empty() && c == ends_[0]) || (ends_.size() > 1 && c == ends_[1]);
    }
    std::string_view TakeValue();

    std::string_view text_;
    std::string_view ends_;
    Encoding encoding_;
    TextStore& owned_;
    std::size_t at_ = 0;
};

}  // namespace opsteward::logs
