// The tokens that stand at one place of all messages of one shape. Format: docs/formats/vault.md, "Columns".
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/columns/number_form.hpp"
#include "vault/columns/pack.hpp"

namespace opsteward::vault {

/// How a column is written. The numbers are part of the format.
enum class ColumnLayout : std::uint8_t {
    kConstant = 0,
    kText = 1,
    kTextDictionary = 2,
    kNumbers = 3,
    kNumberSteps = 4,
    kNumberDictionary = 5,
};

using OnToken = std::function<void(std::string_view token)>;

/// Appends the column's head to `heads` and its strings to `pack`, in the layout that promises to be the smallest, and calls `on_token` with each
/// different value, with few of them more than once. Precondition: at least one value.
void WriteColumn(std::span<const std::string_view> values, std::string& heads, PackWriter& pack, const OnToken& on_token);

/// Gives the values back one after the other.
class Column {
  public:
    /// Takes its head off `heads` and its strings off `strings`. kCorrupt when there are not `count` values in them.
    static Result<Column> Read(std::string_view& heads, std::span<std::string>& strings, std::size_t count);

    /// Of a constant column: its one value.
    const std::string* constant() const { return layout_ == ColumnLayout::kConstant ? &text_ : nullptr; }
    /// Precondition: called at most `count` times.
    void AppendNext(ByteSink& out);

  private:
    Result<void> ReadTextDictionary(std::string_view& heads, std::span<std::string>& strings, std::size_t count);
    Result<void> ReadNumbers(std::string_view& heads, std::span<std::string>& strings, std::size_t count);
    Result<void> ReadNumberDictionary(std::string_view& heads, std::span<std::string>& strings, std::size_t count);

    ColumnLayout layout_ = ColumnLayout::kConstant;
    NumberForm form_ = kDecimal;
    std::size_t next_ = 0;
    std::string text_;                    ///< values, each but a constant ended by a line feed
    std::vector<std::size_t> starts_;     ///< of the dictionary's values in text_, and one more for the end
    std::vector<std::uint64_t> numbers_;  ///< the values, or which of the dictionary
};

}  // namespace opsteward::vault
