#include "verifier/message_columns.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "verifier/fault.hpp"
#include "verifier/record.hpp"

namespace opsteward::verifier {

namespace {

constexpr char kTokenMark = 'a';
constexpr std::uint64_t kMaxShapes = 4096;
constexpr std::ptrdiff_t kMaxTokens = 512;

Malformed BadShapes() { return Malformed(Say("區塊的訊息形狀不符。", "the shapes of the block's messages do not fit.")); }
Malformed BadLengths() { return Malformed(Say("區塊的訊息長度不符。", "the lengths of the block's messages do not fit.")); }

template <class T>
T Require(const std::optional<T>& value) {
    if (!value) throw Malformed(Say("區塊的欄位提早結束，或數字不是最短寫法。", "the block's columns end early, or a number is not in its shortest form."));
    return *value;
}

/// Delimiters, and one mark for each token between them.
bool IsShape(std::string_view text) {
    const bool are_known = std::ranges::all_of(text, [](char c) { return c == kTokenMark || !IsTokenByte(c); });
    const auto both = [](char one, char other) { return one == kTokenMark && other == kTokenMark; };
    return are_known && std::ranges::adjacent_find(text, both) == text.end() && std::ranges::count(text, kTokenMark) <= kMaxTokens;
}

}  // namespace

void MessageColumns::Open(std::string_view columns, std::uint32_t count, std::uint32_t bytes, BlockGrams& grams) {
    pack_.Open(columns);
    ReadShapes(pack_.Next());
    ReadOrder(pack_.Next(), count);
    CheckShapes(bytes);
    const std::string_view lengths = pack_.Next();
    ReadWhole(lengths, pack_.Next(), grams);
    columns_.Begin(pack_, pack_.Next(), grams, bytes);
    pieces_.clear();
    for (Shape& shape : shapes_) ReadPieces(shape);
    if (!columns_.is_at_end() || !pack_.is_at_end()) throw Malformed(Say("區塊有多餘的欄位。", "the block has columns that are of no message."));
    next_ = 0;
    next_whole_ = 0;
    left_ = bytes;
    room_ = std::min<std::size_t>(kMaxMessage, bytes);
    if (message_.size() < room_ + kStep) message_.resize(room_ + kStep);
}

void MessageColumns::ReadShapes(std::string_view string) {
    Cursor rest(string);
    const std::uint64_t count = Require(rest.Varint());
    if (count > kMaxShapes) throw BadShapes();
    shapes_.clear();
    std::set<std::string_view> known;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string_view text = Require(rest.Take(Require(rest.Varint())));
        if (!IsShape(text) || !known.insert(text).second) throw BadShapes();
        shapes_.push_back({text});
    }
    if (!rest.rest().empty()) throw BadShapes();
}

void MessageColumns::ReadOrder(std::string_view string, std::uint32_t count) {
    Cursor rest(string);
    order_.clear();
    whole_count_ = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t number = Require(rest.Varint());
        if (number > shapes_.size()) throw BadShapes();
        ++(number == 0 ? whole_count_ : shapes_[number - 1].count);
        order_.push_back(static_cast<std::uint16_t>(number));
    }
    if (!rest.rest().empty()) throw BadShapes();
}

/// A token has a byte at least: what promises more tokens than there are bytes is refused before its columns take memory.
void MessageColumns::CheckShapes(std::uint32_t bytes) const {
    std::uint64_t least = 0;
    for (const Shape& shape : shapes_) {
        if (shape.count == 0) throw BadShapes();
        least += std::uint64_t{shape.count} * shape.text.size();
    }
    if (least > bytes) throw BadLengths();
}

void MessageColumns::ReadWhole(std::string_view lengths, std::string_view bytes, BlockGrams& grams) {
    Cursor length(lengths);
    Cursor rest(bytes);
    whole_.clear();
    for (std::uint32_t i = 0; i < whole_count_; ++i) {
        whole_.push_back(Require(rest.Take(Require(length.Varint()))));
        grams.AddTokensOf(whole_.back());
    }
    if (!length.rest().empty() || !rest.rest().empty()) throw BadLengths();
}

void MessageColumns::ReadPieces(Shape& shape) {
    shape.first_piece = pieces_.size();
    std::string literal;
    for (const char c : shape.text) {
        if (c == kTokenMark) {
            columns_.Read(shape.count, literal, pieces_);
        } else {
            literal += c;
        }
    }
    columns_.ReadEnd(literal, pieces_);
    shape.end_piece = pieces_.size();
}

std::string_view MessageColumns::Next() {
    const std::uint16_t number = order_[next_++];
    const std::string_view message = number == 0 ? whole_[next_whole_++] : Write(shapes_[number - 1]);
    if (message.size() > std::min(room_, left_)) throw BadLengths();
    left_ -= message.size();
    if (next_ == order_.size() && left_ > 0) throw BadLengths();
    return message;
}

std::string_view MessageColumns::Write(const Shape& shape) {
    char* out = message_.data();
    const char* const end = out + room_;
    for (std::size_t i = shape.first_piece; i < shape.end_piece; ++i) {
        out = columns_.Write(pieces_[i], out, end);
        if (out == nullptr) throw BadLengths();
    }
    return {message_.data(), out};
}

}  // namespace opsteward::verifier
