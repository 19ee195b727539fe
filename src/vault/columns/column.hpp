// Reading a column: the tokens that stand at one place of all messages of one shape. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/columns/column_layout.hpp"
#include "vault/columns/number_form.hpp"
#include "vault/columns/number_list.hpp"
#include "vault/columns/pack.hpp"
#include "vault/columns/token_matcher.hpp"

namespace opsteward::vault {

/// Its strings stay packed until its values are needed.
class Column {
  public:
    /// Takes its head off `heads` and its strings off `strings`. kCorrupt when the head does not fit.
    static Result<Column> Read(std::string_view& heads, std::span<const PackedString>& strings, std::size_t count);

    /// Of a constant column: its one value.
    const std::string* constant() const { return layout_ == ColumnLayout::kConstant ? &text_ : nullptr; }
    /// Keeps of `rows`, which are below `count`, those whose values fulfil it. kCorrupt as Unpack.
    Result<void> Keep(const TokenMatcher& matcher, std::vector<std::uint32_t>& rows);
    /// kCorrupt when there are not `count` values in its strings.
    Result<void> Unpack();
    /// Precondition: unpacked; row < count.
    void Append(ByteSink& out, std::size_t row) const;

  private:
    Result<void> ReadHead(std::string_view& heads, std::span<const PackedString>& strings);
    Result<void> UnpackText();
    Result<void> UnpackDictionary();
    Result<void> UnpackSteps();
    Result<void> KeepByDictionary(const TokenMatcher& matcher, std::vector<std::uint32_t>& rows);

    bool HasDictionary() const { return dictionary_size_ > 0; }
    bool IsNumeric() const { return layout_ >= ColumnLayout::kNumbers; }
    std::string_view Text(std::size_t number) const { return std::string_view(text_).substr(starts_[number], starts_[number + 1] - starts_[number] - 1); }
    std::vector<bool> Fulfilling(const TokenMatcher& matcher) const;

    ColumnLayout layout_ = ColumnLayout::kConstant;
    NumberForm form_ = kDecimal;
    bool is_unpacked_ = false;
    std::size_t count_ = 0;
    std::uint64_t base_ = 0;                 ///< what the numbers are counted from, or the first of steps
    std::size_t dictionary_size_ = 0;
    std::span<const PackedString> planes_;   ///< of the values, or of their places in the dictionary
    std::span<const PackedString> strings_;  ///< a text, or the planes of a dictionary's steps

    std::string text_;                       ///< the constant; or values, each ended by kValueEnd, and once they are counted kPadding bytes more
    std::vector<std::uint32_t> starts_;      ///< of the values in text_, and one more for the end
    NumberList numbers_;                     ///< the values, or their places in the dictionary
    std::vector<std::uint64_t> dictionary_;
};

}  // namespace opsteward::vault
