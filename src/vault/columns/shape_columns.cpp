#include "vault/columns/shape_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "vault/columns/tokens.hpp"

namespace opsteward::vault {

namespace {

Error Corrupt(std::string_view why) { return Error::Hidden(ErrorCode::kCorrupt, fmt::format("columns: {}", why)); }

}  // namespace

SearchedText::SearchedText(std::string_view text) : needle(text) {
    CutText cut;
    cut.Cut(text);
    shape = cut.shape;
    for (std::size_t i = 0; i < cut.tokens.size(); ++i) {
        // Where a delimiter stands beside it the token ends; at the ends of the text it may go on.
        const TokenPlace place{i > 0 || shape.front() != kTokenMark, i + 1 < cut.tokens.size() || shape.back() != kTokenMark};
        matchers.emplace_back(cut.tokens[i], place);
    }
}

Result<ShapeColumns> ShapeColumns::Read(std::string_view text, std::string_view& heads, std::span<const PackedString>& strings, std::size_t count) {
    ShapeColumns shape;
    shape.text_ = text;
    for (const char c : text) {
        if (c != kTokenMark) {
            if (IsTokenByte(c)) return Corrupt("a shape holds a token");
            shape.literals_ += c;
            continue;
        }
        OPS_TRY(Column column, Column::Read(heads, strings, count));
        if (column.constant() != nullptr) {
            shape.literals_ += *column.constant();
        } else {
            shape.parts_.push_back({shape.literals_.size(), shape.columns_.size()});
        }
        shape.columns_.push_back(std::move(column));
    }
    shape.literals_end_ = shape.literals_.size();
    shape.literals_.append(ByteSink::kPadding, '\0');
    return shape;
}

Result<void> ShapeColumns::KeepAligned(std::span<const TokenMatcher> matchers, std::size_t first_column, std::vector<std::uint32_t>& rows) {
    // What decides without unpacking anything first.
    for (const bool of_constants : {true, false}) {
        for (std::size_t i = 0; i < matchers.size() && !rows.empty(); ++i) {
            Column& column = columns_[first_column + i];
            if ((column.constant() != nullptr) == of_constants) OPS_CHECK(column.Keep(matchers[i], rows));
        }
    }
    return Ok();
}

Result<void> ShapeColumns::Keep(const SearchedText& searched, std::vector<std::uint32_t>& rows) {
    std::vector<std::uint32_t> found;
    std::size_t passed = 0;  // bytes of the shape whose tokens are counted
    std::size_t column = 0;  // tokens before them
    for (std::size_t at = text_.find(searched.shape); at != std::string::npos && !rows.empty(); at = text_.find(searched.shape, at + 1)) {
        column += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(passed), text_.begin() + static_cast<std::ptrdiff_t>(at), kTokenMark));
        passed = at;
        std::vector<std::uint32_t> aligned = rows;
        OPS_CHECK(KeepAligned(searched.matchers, column, aligned));
        if (aligned.empty()) continue;
        std::vector<std::uint32_t> rest;
        std::ranges::set_difference(rows, aligned, std::back_inserter(rest));
        rows = std::move(rest);
        std::vector<std::uint32_t> both;
        std::ranges::merge(found, aligned, std::back_inserter(both));
        found = std::move(both);
    }
    rows = std::move(found);
    return Ok();
}

Result<void> ShapeColumns::Unpack() {
    if (is_unpacked_) return Ok();
    for (Column& column : columns_) OPS_CHECK(column.Unpack());
    is_unpacked_ = true;
    return Ok();
}

void ShapeColumns::Append(ByteSink& out, std::size_t row) const {
    const std::string_view literals = literals_;
    std::size_t at = 0;
    for (const Part& part : parts_) {
        out.AppendPadded(literals.substr(at, part.literal_end - at));
        columns_[part.column].Append(out, row);
        at = part.literal_end;
    }
    out.AppendPadded(literals.substr(at, literals_end_ - at));
}

}  // namespace opsteward::vault
