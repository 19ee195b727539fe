#include "vault/columns/token_matcher.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace opsteward::vault {

namespace {

constexpr std::size_t kParts = 4;  // of an IPv4 address
constexpr std::size_t kMaxDigits = 18;  // so that the next power of ten is below 2^63
/// The longest number: 20 digits and a point.
constexpr std::size_t kMaxNumber = 32;

bool StandsIn(std::string_view text, TokenPlace place, std::string_view in) {
    if (place.at_beginning && place.at_end) return in == text;
    if (place.at_beginning) return in.starts_with(text);
    if (place.at_end) return in.ends_with(text);
    return in.find(text) != std::string_view::npos;
}

}  // namespace

TokenMatcher::TokenMatcher(std::string_view text, TokenPlace place)
    : folded_(ToLowerAscii(text)), place_(place), needle_(text), points_(static_cast<std::size_t>(std::ranges::count(text, '.'))),
      is_numeric_(std::ranges::all_of(text, [](char c) { return c == '.' || (c >= '0' && c <= '9'); })) {
    if (IsPossibleIn(kAddress)) address_ = PiecesOf(folded_, place);
    if (!IsPossibleIn(kDecimal) || text.size() > kMaxDigits) return;
    power_ = 1;
    for (const char digit : folded_) {
        value_ = 10 * value_ + static_cast<std::uint64_t>(digit - '0');
        power_ *= 10;
    }
}

bool TokenMatcher::Holds(std::string_view token) const {
    if (token.size() < folded_.size()) return false;
    if (place_.at_beginning) return StartsWithFolded(token, folded_) && (!place_.at_end || token.size() == folded_.size());
    if (place_.at_end) return StartsWithFolded(token.substr(token.size() - folded_.size()), folded_);
    return needle_.IsIn(token);
}

bool TokenMatcher::IsPossibleIn(NumberForm form) const {
    if (!is_numeric_) return false;
    if (form == kDecimal) return points_ == 0;
    return points_ < (form == kAddress ? kParts : 2);
}

bool TokenMatcher::Holds(std::uint64_t number, NumberForm form) const {
    if (!IsPossibleIn(form)) return false;
    if (form == kAddress) return HoldsForAddress(number);
    return form == kDecimal && power_ != 0 ? HoldsForDecimal(number) : HoldsWritten(number, form);
}

bool TokenMatcher::HoldsWritten(std::uint64_t number, NumberForm form) const {
    std::array<char, kMaxNumber> room;
    ByteSink written(room.data(), room.size());
    AppendForm(written, number, form);
    return StandsIn(folded_, place_, {room.data(), room.size() - written.room()});
}

bool TokenMatcher::HoldsForDecimal(std::uint64_t number) const {
    if (number == 0) return folded_ == "0";
    // No number begins with a zero: where the text does, another digit stands before it.
    const bool goes_on_before = folded_.front() == '0';
    const auto ends_with_text = [&](std::uint64_t digits) { return digits % power_ == value_ && (digits >= power_ || !goes_on_before); };
    if (place_.at_beginning) {
        if (goes_on_before || (place_.at_end && number >= power_)) return false;
        while (number >= power_) number /= 10;
        return number == value_;
    }
    if (place_.at_end) return ends_with_text(number);
    for (; number >= value_ && number > 0; number /= 10) {
        if (ends_with_text(number)) return true;
    }
    return false;
}

TokenMatcher::AddressPieces TokenMatcher::PiecesOf(std::string_view text, TokenPlace place) {
    std::vector<std::string_view> pieces;
    for (std::size_t point = text.find('.'); point != std::string_view::npos; point = text.find('.')) {
        pieces.push_back(text.substr(0, point));
        text.remove_prefix(point + 1);
    }
    pieces.push_back(text);
    AddressPieces result;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        // Between two points stands all of a part.
        const TokenPlace piece_place{i > 0 || place.at_beginning, i + 1 < pieces.size() || place.at_end};
        std::array<bool, 256>& parts = result.parts.emplace_back();
        for (std::size_t part = 0; part < parts.size(); ++part) parts[part] = StandsIn(pieces[i], piece_place, std::to_string(part));
    }
    result.first = place.at_end ? kParts - pieces.size() : 0;
    result.last = place.at_beginning ? 0 : kParts - pieces.size();
    return result;
}

bool TokenMatcher::HoldsForAddress(std::uint64_t address) const {
    const auto part = [address](std::size_t i) { return address >> (8 * (kParts - 1 - i)) & 0xFFU; };
    for (std::size_t begin = address_.first; begin <= address_.last; ++begin) {
        std::size_t i = 0;
        while (i < address_.parts.size() && address_.parts[i][part(begin + i)]) ++i;
        if (i == address_.parts.size()) return true;
    }
    return false;
}

}  // namespace opsteward::vault
