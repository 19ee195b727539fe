#include "verifier/message_columns.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>

#include "verifier/fault.hpp"
#include "verifier/record.hpp"

namespace opsteward::verifier {

namespace {

constexpr char kTokenMark = 'a';
constexpr std::uint64_t kMaxShapes = 4096;
constexpr std::ptrdiff_t kMaxTokens = 512;
/// Messages: enough for long loops, few enough that they are still in the cache when they are hashed.
constexpr std::size_t kWindow = 256;

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
    SortByShape();
    next_whole_ = 0;
    left_ = bytes;
    window_begin_ = 0;
    next_ = 0;
    window_.clear();
    const std::size_t room = bytes + kWindow * kStep;
    if (bytes_.size() < room) bytes_.resize(room);
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

void MessageColumns::SortByShape() {
    std::size_t end = 0;
    for (Shape& shape : shapes_) {
        shape.next_message = end;
        shape.end_message = end;
        end += shape.count;
    }
    by_shape_.resize(end);
    for (std::size_t i = 0; i < order_.size(); ++i) {
        if (order_[i] != 0) by_shape_[shapes_[order_[i] - 1].end_message++] = static_cast<std::uint32_t>(i);
    }
}

std::string_view MessageColumns::Next() {
    if (next_ == window_.size()) FillWindow();
    return window_[next_++];
}

void MessageColumns::FillWindow() {
    window_begin_ += window_.size();
    next_ = 0;
    window_.resize(std::min(kWindow, order_.size() - window_begin_));
    bytes_end_ = 0;
    TakeWhole();
    for (Shape& shape : shapes_) PutTogether(shape);
    if (window_begin_ + window_.size() == order_.size() && left_ > 0) throw BadLengths();
}

void MessageColumns::TakeWhole() {
    for (std::size_t i = 0; i < window_.size(); ++i) {
        if (order_[window_begin_ + i] != 0) continue;
        window_[i] = whole_[next_whole_++];
        TakeBytes(window_[i].size());
    }
}

/// The messages of the shape that are in the window.
void MessageColumns::PutTogether(Shape& shape) {
    const auto begin = by_shape_.begin() + static_cast<std::ptrdiff_t>(shape.next_message);
    const auto end = by_shape_.begin() + static_cast<std::ptrdiff_t>(shape.end_message);
    const std::span messages(begin, std::find_if(begin, end, [this](std::uint32_t number) { return number >= window_begin_ + window_.size(); }));
    if (messages.empty()) return;
    shape.next_message += messages.size();
    const auto pieces = std::span(pieces_).subspan(shape.first_piece, shape.end_piece - shape.first_piece);

    sizes_.assign(messages.size(), 0);
    for (const Piece& piece : pieces) columns_.AddSizes(piece, sizes_);
    ends_.resize(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        TakeBytes(sizes_[i]);
        ends_[i] = bytes_.data() + bytes_end_;
        window_[messages[i] - window_begin_] = {ends_[i], sizes_[i]};
        bytes_end_ += sizes_[i] + kStep;
    }
    for (Piece& piece : pieces) columns_.Write(piece, ends_);
}

void MessageColumns::TakeBytes(std::size_t size) {
    if (size > std::min(kMaxMessage, left_)) throw BadLengths();
    left_ -= size;
}

}  // namespace opsteward::verifier
