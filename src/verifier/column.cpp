#include "verifier/column.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <span>

#include "verifier/fault.hpp"

namespace opsteward::verifier {

namespace {

enum Layout : std::uint8_t { kConstant, kText, kTextDictionary, kNumbers, kNumberSteps, kNumberDictionary };

constexpr char kTokenEnd = '\n';
constexpr std::uint8_t kMaxWidth = 8;

Malformed NoToken() { return Malformed(Say("區塊的欄位有不是詞的值。", "a value in the block's columns is no token.")); }
Malformed WrongCount() { return Malformed(Say("區塊的欄位筆數不符。", "a column of the block has another number of values.")); }
Malformed NoNumber() { return Malformed(Say("區塊的欄位有超出範圍的數字。", "a number in the block's columns is out of bounds.")); }
Malformed NotShortest() { return Malformed(Say("區塊的欄位不是最短寫法。", "a column of the block is not in its shortest form.")); }
Malformed TooLong() { return Malformed(Say("區塊的欄位比訊息還長。", "the block's columns are longer than its messages.")); }

template <class T>
T Require(const std::optional<T>& value) {
    if (!value) throw Malformed(Say("區塊的欄位提早結束，或數字不是最短寫法。", "the block's columns end early, or a number is not in its shortest form."));
    return *value;
}

std::string_view TakeLine(std::string_view& lines) {
    const std::size_t end = lines.find(kTokenEnd);
    if (end == std::string_view::npos) throw WrongCount();
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 1);
    return line;
}

std::uint8_t WidthOf(std::uint64_t number) { return static_cast<std::uint8_t>((std::bit_width(number) + 7) / 8); }

void RequireSum(std::uint64_t number, std::uint64_t more, NumberForm form) {
    const std::uint64_t largest = LargestOf(form);
    if (number > largest || more > largest - number) throw NoNumber();
}

}  // namespace

void ColumnReader::Begin(Pack& pack, std::string_view heads, BlockGrams& grams, std::size_t message_bytes) {
    pack_ = &pack;
    grams_ = &grams;
    heads_ = Cursor(heads);
    // A number is written before it is known to fit, and texts are copied by whole steps.
    const std::size_t need = GramRows::kLookBack + message_bytes + kMaxNumberBytes + kStep;
    if (kept_.size() < need) kept_.resize(need);
    kept_end_ = GramRows::kLookBack;
    kept_room_ = GramRows::kLookBack + message_bytes;
    bounds_.clear();
    places_.clear();
}

inline void ColumnReader::EndText(const char* end) {
    kept_end_ = static_cast<std::size_t>(end - kept_.data());
    if (kept_end_ > kept_room_) throw TooLong();
    bounds_[++bound_] = static_cast<std::uint32_t>(kept_end_);
}

inline void ColumnReader::KeepText(std::string_view literal, std::string_view token) {
    if (literal.size() + token.size() > kept_room_ - kept_end_) throw TooLong();
    EndText(CopyInSteps(CopyInSteps(kept_.data() + kept_end_, literal.data(), literal.size()), token.data(), token.size()));
}

inline void ColumnReader::KeepNumber(std::string_view literal, std::uint64_t number, NumberForm form) {
    if (literal.size() > kept_room_ - kept_end_) throw TooLong();
    EndText(WriteNumber(CopyInSteps(kept_.data() + kept_end_, literal.data(), literal.size()), number, form));
}

void ColumnReader::Read(std::uint32_t count, std::string& literal, std::vector<Piece>& pieces) {
    const std::uint8_t layout = TakeByte();
    if (layout == kConstant) return ReadConstant(literal);
    const std::size_t size = literal.size();
    literal.resize(size + kStep);
    const std::string_view before = std::string_view(literal).substr(0, size);
    Piece piece{Piece::Kind::kTexts, bounds_.size()};
    if (layout == kTextDictionary || layout == kNumberDictionary) {
        piece.kind = Piece::Kind::kDictionary;
        piece.next = places_.size();
    }
    switch (layout) {
        case kText: ReadTexts(count, before); break;
        case kTextDictionary: ReadTextDictionary(count, before); break;
        case kNumbers: ReadNumbers(count, before); break;
        case kNumberSteps: ReadNumberSteps(count, before); break;
        case kNumberDictionary: ReadNumberDictionary(count, before); break;
        default: throw Malformed(Say("區塊的欄位格式不明。", "the layout of a column of the block is unknown."));
    }
    pieces.push_back(piece);
    literal.clear();
}

void ColumnReader::ReadEnd(const std::string& literal, std::vector<Piece>& pieces) {
    pieces.push_back({Piece::Kind::kConstant, bounds_.size()});
    BeginTexts(1);
    if (literal.size() > kept_room_ - kept_end_) throw TooLong();
    EndText(std::ranges::copy(literal, kept_.data() + kept_end_).out);
}

void ColumnReader::ReadConstant(std::string& literal) {
    const std::string_view token = Require(heads_.Take(TakeNumber()));
    if (!grams_->AddFrequent(token)) throw NoToken();
    literal.append(token);
    if (literal.size() > kept_room_ - kept_end_) throw TooLong();
}

void ColumnReader::ReadTexts(std::uint32_t count, std::string_view literal) {
    std::string_view lines = pack_->Next();
    BeginTexts(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::string_view token = TakeLine(lines);
        if (!grams_->Add(token)) throw NoToken();
        KeepText(literal, token);
    }
    if (!lines.empty()) throw WrongCount();
}

void ColumnReader::ReadTextDictionary(std::uint32_t count, std::string_view literal) {
    const std::uint64_t size = TakeNumber();
    if (size == 0 || size > count) throw WrongCount();
    std::string_view lines = pack_->Next();
    ReadPlaces(size, count);
    BeginTexts(size);
    for (std::uint64_t i = 0; i < size; ++i) {
        const std::string_view token = TakeLine(lines);
        if (!grams_->AddFrequent(token)) throw NoToken();
        KeepText(literal, token);
    }
    if (!lines.empty()) throw WrongCount();
}

void ColumnReader::ReadNumbers(std::uint32_t count, std::string_view literal) {
    const NumberForm form = TakeForm();
    const std::uint64_t base = TakeNumber();
    RequireSum(base, ReadPlanes(TakeByte(), count), form);
    for (std::uint64_t& number : numbers_) number += base;
    KeepNumbers(form, literal);
}

void ColumnReader::ReadNumberSteps(std::uint32_t count, std::string_view literal) {
    const NumberForm form = TakeForm();
    std::uint64_t number = TakeNumber();
    RequireSum(number, 0, form);
    ReadPlanes(TakeByte(), count - 1);
    numbers_.insert(numbers_.begin(), number);
    for (std::uint64_t& next : std::span(numbers_).subspan(1)) {
        const std::uint64_t distance = (next >> 1) + (next & 1);
        if ((next & 1) != 0) {
            if (distance > number) throw NoNumber();
            number -= distance;
        } else {
            RequireSum(number, distance, form);
            number += distance;
        }
        next = number;
    }
    KeepNumbers(form, literal);
}

void ColumnReader::ReadNumberDictionary(std::uint32_t count, std::string_view literal) {
    const NumberForm form = TakeForm();
    std::uint64_t number = TakeNumber();
    RequireSum(number, 0, form);
    const std::uint8_t width = TakeByte();
    const std::uint64_t steps = TakeNumber();
    if (steps >= count) throw WrongCount();
    ReadPlanes(width, steps);
    numbers_.insert(numbers_.begin(), number);
    for (std::uint64_t& next : std::span(numbers_).subspan(1)) {
        if (next == 0) throw NotShortest();
        RequireSum(number, next, form);
        number += next;
        next = number;
    }
    KeepNumbers(form, literal);
    ReadPlaces(steps + 1, count);
}

std::uint64_t ColumnReader::TakeNumber() { return Require(heads_.Varint()); }

std::uint8_t ColumnReader::TakeByte() { return static_cast<std::uint8_t>(Require(heads_.Take(1)).front()); }

NumberForm ColumnReader::TakeForm() {
    const NumberForm form = TakeByte();
    if (form > kLastNumberForm) throw Malformed(Say("區塊的數字格式不明。", "the form of a number in the block is unknown."));
    return form;
}

/// Into numbers_; returns the largest.
std::uint64_t ColumnReader::ReadPlanes(std::uint8_t width, std::size_t count) {
    if (width > kMaxWidth) throw NoNumber();
    numbers_.assign(count, 0);
    for (std::uint8_t plane = 0; plane < width; ++plane) {
        const std::string_view bytes = pack_->Next();
        if (bytes.size() != count) throw WrongCount();
        std::ranges::transform(numbers_, bytes, numbers_.begin(),
                               [](std::uint64_t number, char byte) { return number << 8 | static_cast<std::uint8_t>(byte); });
    }
    const std::uint64_t largest = count == 0 ? 0 : *std::ranges::max_element(numbers_);
    if (WidthOf(largest) != width) throw NotShortest();
    return largest;
}

/// For each message its text in a dictionary. Each text is one of some message: no other is there.
void ColumnReader::ReadPlaces(std::uint64_t size, std::uint32_t count) {
    if (ReadPlanes(WidthOf(size - 1), count) >= size) throw NoNumber();
    is_used_.assign(size, 0);
    for (const std::uint64_t place : numbers_) is_used_[place] = 1;
    if (std::ranges::find(is_used_, 0) != is_used_.end()) throw NotShortest();
    places_.insert(places_.end(), numbers_.begin(), numbers_.end());
}

void ColumnReader::KeepNumbers(NumberForm form, std::string_view literal) {
    const std::size_t first = bounds_.size();
    BeginTexts(numbers_.size());
    for (const std::uint64_t number : numbers_) KeepNumber(literal, number, form);
    AddNumbers(std::span(bounds_).subspan(first), literal.size());
}

/// A loop of its own: what was written just now, digit by digit, can't be read by whole words yet without waiting for it.
void ColumnReader::AddNumbers(std::span<const std::uint32_t> bounds, std::size_t literal_size) {
    std::string_view before;
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
        const std::size_t begin = bounds[i] + literal_size;
        const std::string_view number(kept_.data() + begin, bounds[i + 1] - begin);
        grams_->AddNumber(number, before);
        before = number;
    }
}

}  // namespace opsteward::verifier
