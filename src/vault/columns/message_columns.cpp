#include "vault/columns/message_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "vault/columns/tokens.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

/// Everything unpacked: the messages' own bytes, their numbers as planes of up to 8 bytes for a token of 2.
constexpr std::size_t kMaxUnpacked = 128U << 20;

Error Corrupt(std::string_view why) { return Error::Hidden(ErrorCode::kCorrupt, fmt::format("columns: {}", why)); }

Result<std::vector<std::string_view>> ReadShapeTexts(std::string_view bytes) {
    const auto count = TakeVarint(bytes);
    if (!count || *count > kMaxShapes) return Corrupt("the number of shapes is out of bounds");
    std::vector<std::string_view> texts;
    for (std::uint64_t i = 0; i < *count; ++i) {
        const auto length = TakeVarint(bytes);
        if (!length || *length > bytes.size()) return Corrupt("the shapes end early");
        texts.push_back(bytes.substr(0, *length));
        bytes.remove_prefix(*length);
    }
    if (!bytes.empty()) return Corrupt("something follows the shapes");
    return texts;
}

Result<void> CheckShape(std::string_view text) {
    if (static_cast<std::size_t>(std::ranges::count(text, kTokenMark)) > kMaxTokens) return Corrupt("a shape has more tokens than it may");
    if (text.find("aa") != std::string_view::npos) return Corrupt("a shape has two tokens without a delimiter");
    return Ok();
}

}  // namespace

Result<MessageColumns> MessageColumns::Open(std::string_view columns, std::uint32_t count, std::uint32_t bytes) {
    MessageColumns messages;
    messages.bytes_ = bytes;
    OPS_TRY(messages.pack_, Pack::Open(columns, kMaxUnpacked));
    auto strings = std::span(messages.pack_.strings());
    if (strings.size() < kLeadingStrings) return Corrupt("strings are missing");
    OPS_TRY(const std::string shape_bytes, strings[kShapes].Unpack());
    OPS_TRY(const auto texts, ReadShapeTexts(shape_bytes));
    OPS_CHECK(messages.ReadOrder(texts.size(), count));
    OPS_CHECK(messages.ReadWhole());
    OPS_TRY(const std::string head_bytes, strings[kHeads].Unpack());
    std::string_view heads = head_bytes;
    strings = strings.subspan(kLeadingStrings);
    // A shape stands for at least as many bytes of each of its messages: what promises more than there are is refused before its columns take any memory.
    std::uint64_t least = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::size_t of_shape = messages.shapes_[i].rows.size();
        if (of_shape == 0) return Corrupt("a shape has no message");
        OPS_CHECK(CheckShape(texts[i]));
        least += std::uint64_t{of_shape} * texts[i].size();
        if (least > bytes) return Corrupt("the shapes are longer than the messages");
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        OPS_TRY(messages.shapes_[i].columns, ShapeColumns::Read(texts[i], heads, strings, messages.shapes_[i].rows.size()));
    }
    if (!heads.empty() || !strings.empty()) return Corrupt("there are more columns than places");
    return messages;
}

Result<void> MessageColumns::ReadOrder(std::size_t shapes, std::uint32_t count) {
    static_assert(kMaxShapes <= std::numeric_limits<std::uint16_t>::max());
    OPS_TRY(const std::string bytes, pack_.strings()[kOrder].Unpack());
    std::string_view rest = bytes;
    shapes_.resize(shapes);
    order_.reserve(count);
    places_.reserve(count);
    for (std::uint32_t row = 0; row < count; ++row) {
        const auto number = TakeVarint(rest);
        if (!number) return Corrupt("the order ends early");
        if (*number > shapes) return Corrupt("a message is of no shape");
        std::vector<std::uint32_t>& rows = *number == 0 ? whole_rows_ : shapes_[*number - 1].rows;
        order_.push_back(static_cast<std::uint16_t>(*number));
        places_.push_back(static_cast<std::uint32_t>(rows.size()));
        rows.push_back(row);
    }
    return rest.empty() ? Ok() : Corrupt("the order has more messages than it should");
}

Result<void> MessageColumns::ReadWhole() {
    OPS_TRY(const std::string lengths, pack_.strings()[kWholeLengths].Unpack());
    OPS_TRY(whole_bytes_, pack_.strings()[kWholeBytes].Unpack());
    std::string_view rest = lengths;
    whole_starts_.reserve(whole_rows_.size() + 1);
    whole_starts_.push_back(0);
    for (std::size_t i = 0; i < whole_rows_.size(); ++i) {
        const auto length = TakeVarint(rest);
        if (!length || *length > whole_bytes_.size() - whole_starts_.back()) return Corrupt("the whole messages end early");
        whole_starts_.push_back(whole_starts_.back() + *length);
    }
    return rest.empty() && whole_starts_.back() == whole_bytes_.size() ? Ok() : Corrupt("the whole messages are not what they should be");
}

std::string_view MessageColumns::Whole(std::size_t place) const {
    return std::string_view(whole_bytes_).substr(whole_starts_[place], whole_starts_[place + 1] - whole_starts_[place]);
}

/// Of the messages that are these rows: the places of those that are among others too.
std::vector<std::uint32_t> MessageColumns::PlacesAmong(const std::vector<std::uint32_t>& rows, const RowSet& among) const {
    std::vector<std::uint32_t> places;
    for (const std::uint32_t row : rows) {
        if (among.Has(row)) places.push_back(places_[row]);
    }
    return places;
}

Result<RowSet> MessageColumns::RowsWith(const SearchedText& searched, const RowSet& among) {
    if (searched.IsEmpty()) return among;
    RowSet found(count());
    for (const std::uint32_t place : PlacesAmong(whole_rows_, among)) {
        if (searched.needle.IsIn(Whole(place))) found.Add(whole_rows_[place]);
    }
    for (ShapeMessages& shape : shapes_) {
        std::vector<std::uint32_t> places = PlacesAmong(shape.rows, among);
        OPS_CHECK(shape.columns.Keep(searched, places));
        for (const std::uint32_t place : places) found.Add(shape.rows[place]);
    }
    return found;
}

Result<JoinedMessages> MessageColumns::Join(std::span<const std::uint32_t> rows) {
    JoinedMessages messages(bytes_);
    ByteSink sink(messages.room(), bytes_);
    for (const std::uint32_t row : rows) {
        const std::size_t before = sink.room();
        if (order_[row] == 0) {
            sink.Append(Whole(places_[row]));
        } else {
            ShapeColumns& columns = shapes_[order_[row] - 1U].columns;
            OPS_CHECK(columns.Unpack());
            columns.Append(sink, places_[row]);
        }
        // Few packed bytes may stand for very many: stop as soon as it is too much.
        if (sink.is_full_up()) return Corrupt("the messages are longer than they should be");
        messages.Add(static_cast<std::uint32_t>(before - sink.room()));
    }
    if (sink.room() != 0 && rows.size() == count()) return Corrupt("the messages are shorter than they should be");
    return messages;
}

}  // namespace opsteward::vault
