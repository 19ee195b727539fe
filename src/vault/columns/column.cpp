#include "vault/columns/column.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vault/columns/planes.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

Error Corrupt(std::string_view why) { return Error::Hidden(ErrorCode::kCorrupt, fmt::format("columns: {}", why)); }

Result<std::uint64_t> TakeNumber(std::string_view& heads) {
    const auto number = TakeVarint(heads);
    if (!number) return Corrupt("the heads end early");
    return *number;
}

Result<std::uint8_t> TakeByte(std::string_view& heads) {
    if (heads.empty()) return Corrupt("the heads end early");
    const auto byte = static_cast<std::uint8_t>(heads[0]);
    heads.remove_prefix(1);
    return byte;
}

Result<unsigned> TakeWidth(std::string_view& heads) {
    OPS_TRY(const std::uint8_t width, TakeByte(heads));
    if (width > 8) return Corrupt("a number is wider than 8 bytes");
    return unsigned{width};
}

Result<std::span<const PackedString>> TakeStrings(std::span<const PackedString>& strings, std::size_t count) {
    if (strings.size() < count) return Corrupt("a column's string is missing");
    const auto taken = strings.first(count);
    strings = strings.subspan(count);
    return taken;
}

/// Precondition: less than 4 GiB.
Result<std::vector<std::uint32_t>> LineStarts(std::string_view lines, std::size_t count) {
    std::vector<std::uint32_t> starts{0};
    starts.reserve(count + 1);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t end = lines.find(kValueEnd, starts.back());
        if (end == std::string_view::npos) return Corrupt("a column has fewer values than it should");
        starts.push_back(static_cast<std::uint32_t>(end + 1));
    }
    if (starts.back() != lines.size()) return Corrupt("a column has more values than it should");
    return starts;
}

bool AreBelow(const NumberList& numbers, std::size_t limit) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (numbers[i] >= limit) return false;
    }
    return true;
}

}  // namespace

Result<Column> Column::Read(std::string_view& heads, std::span<const PackedString>& strings, std::size_t count) {
    Column column;
    column.count_ = count;
    OPS_TRY(const std::uint8_t layout, TakeByte(heads));
    if (layout > static_cast<std::uint8_t>(ColumnLayout::kNumberDictionary)) return Corrupt("a column's layout is unknown");
    column.layout_ = static_cast<ColumnLayout>(layout);
    OPS_CHECK(column.ReadHead(heads, strings));
    return column;
}

Result<void> Column::ReadHead(std::string_view& heads, std::span<const PackedString>& strings) {
    switch (layout_) {
        case ColumnLayout::kConstant: {
            OPS_TRY(const std::uint64_t length, TakeNumber(heads));
            if (length > heads.size()) return Corrupt("the heads end early");
            text_ = heads.substr(0, length);
            heads.remove_prefix(length);
            return Ok();
        }
        case ColumnLayout::kText: {
            OPS_TRY(strings_, TakeStrings(strings, 1));
            return Ok();
        }
        case ColumnLayout::kTextDictionary: {
            OPS_TRY(dictionary_size_, TakeNumber(heads));
            if (dictionary_size_ == 0 || dictionary_size_ > count_) return Corrupt("a dictionary's size does not fit");
            OPS_TRY(strings_, TakeStrings(strings, 1));
            OPS_TRY(planes_, TakeStrings(strings, WidthOf(dictionary_size_ - 1)));
            return Ok();
        }
        case ColumnLayout::kNumbers:
        case ColumnLayout::kNumberSteps:
        case ColumnLayout::kNumberDictionary: break;
    }
    OPS_TRY(form_, TakeByte(heads));
    OPS_TRY(base_, TakeNumber(heads));
    OPS_TRY(const unsigned width, TakeWidth(heads));
    if (form_ > kMaxForm) return Corrupt("a number's form is unknown");
    if (layout_ != ColumnLayout::kNumberDictionary) {
        OPS_TRY(planes_, TakeStrings(strings, width));
        return Ok();
    }
    OPS_TRY(const std::uint64_t steps, TakeNumber(heads));
    if (steps >= count_) return Corrupt("a dictionary's size does not fit");
    dictionary_size_ = steps + 1;
    OPS_TRY(strings_, TakeStrings(strings, width));
    OPS_TRY(planes_, TakeStrings(strings, WidthOf(steps)));
    return Ok();
}

/// Its bytes, not yet told apart as values.
Result<void> Column::UnpackText() {
    if (!text_.empty()) return Ok();
    OPS_TRY(text_, strings_[0].Unpack());
    return Ok();
}

Result<void> Column::UnpackDictionary() {
    if (!starts_.empty() || !dictionary_.empty()) return Ok();
    if (!IsNumeric()) {
        OPS_CHECK(UnpackText());
        OPS_TRY(starts_, LineStarts(text_, dictionary_size_));
        text_.append(ByteSink::kPadding, '\0');
        return Ok();
    }
    OPS_TRY(const NumberList steps, NumberList::FromPlanes(strings_, dictionary_size_ - 1));
    dictionary_.reserve(dictionary_size_);
    dictionary_.push_back(base_);
    for (std::size_t i = 0; i < steps.size(); ++i) dictionary_.push_back(dictionary_.back() + steps[i]);
    return Ok();
}

Result<void> Column::Unpack() {
    if (is_unpacked_) return Ok();
    switch (layout_) {
        case ColumnLayout::kConstant: break;
        case ColumnLayout::kText: {
            OPS_CHECK(UnpackText());
            OPS_TRY(starts_, LineStarts(text_, count_));
            text_.append(ByteSink::kPadding, '\0');
            break;
        }
        case ColumnLayout::kNumbers: {
            OPS_TRY(numbers_, NumberList::FromPlanes(planes_, count_, base_));
            break;
        }
        case ColumnLayout::kNumberSteps: OPS_CHECK(UnpackSteps()); break;
        case ColumnLayout::kTextDictionary:
        case ColumnLayout::kNumberDictionary: {
            OPS_CHECK(UnpackDictionary());
            OPS_TRY(numbers_, NumberList::FromPlanes(planes_, count_));
            if (!AreBelow(numbers_, dictionary_size_)) return Corrupt("a value is beyond its dictionary");
            break;
        }
    }
    is_unpacked_ = true;
    return Ok();
}

Result<void> Column::UnpackSteps() {
    OPS_TRY(const NumberList steps, NumberList::FromPlanes(planes_, count_ - 1));
    std::vector<std::uint64_t> values{base_};
    values.reserve(count_);
    for (std::size_t i = 0; i < steps.size(); ++i) values.push_back(values.back() + static_cast<std::uint64_t>(UnZigZag(steps[i])));
    numbers_ = NumberList::From(values);
    return Ok();
}

/// Which values of the dictionary fulfil it.
std::vector<bool> Column::Fulfilling(const TokenMatcher& matcher) const {
    std::vector<bool> fulfilling(dictionary_size_);
    for (std::size_t i = 0; i < dictionary_size_; ++i) fulfilling[i] = IsNumeric() ? matcher.Holds(dictionary_[i], form_) : matcher.Holds(Text(i));
    return fulfilling;
}

Result<void> Column::KeepByDictionary(const TokenMatcher& matcher, std::vector<std::uint32_t>& rows) {
    OPS_CHECK(UnpackDictionary());
    const std::vector<bool> fulfilling = Fulfilling(matcher);
    if (std::ranges::find(fulfilling, true) == fulfilling.end()) {
        rows.clear();
        return Ok();
    }
    OPS_CHECK(Unpack());
    std::erase_if(rows, [&](std::uint32_t row) { return !fulfilling[numbers_[row]]; });
    return Ok();
}

Result<void> Column::Keep(const TokenMatcher& matcher, std::vector<std::uint32_t>& rows) {
    if (const std::string* value = constant()) {
        if (!matcher.Holds(*value)) rows.clear();
        return Ok();
    }
    if (IsNumeric() && !matcher.IsPossibleIn(form_)) rows.clear();
    // What tells that there is nothing to be found is unpacked first.
    if (!rows.empty() && !IsNumeric()) {
        OPS_CHECK(UnpackText());
        if (matcher.IsInNone(text_)) rows.clear();
    }
    if (rows.empty()) return Ok();
    if (HasDictionary()) return KeepByDictionary(matcher, rows);
    OPS_CHECK(Unpack());
    std::erase_if(rows, [&](std::uint32_t row) { return IsNumeric() ? !matcher.Holds(numbers_[row], form_) : !matcher.Holds(Text(row)); });
    return Ok();
}

void Column::Append(ByteSink& out, std::size_t row) const {
    switch (layout_) {
        case ColumnLayout::kConstant: out.Append(text_); break;
        case ColumnLayout::kText: out.AppendPadded(Text(row)); break;
        case ColumnLayout::kTextDictionary: out.AppendPadded(Text(numbers_[row])); break;
        case ColumnLayout::kNumbers:
        case ColumnLayout::kNumberSteps: AppendForm(out, numbers_[row], form_); break;
        case ColumnLayout::kNumberDictionary: AppendForm(out, dictionary_[numbers_[row]], form_); break;
    }
}

}  // namespace opsteward::vault
