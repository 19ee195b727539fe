// The messages of one shape: what stands at each place of them, in their order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/folding.hpp"
#include "base/result.hpp"
#include "vault/columns/column.hpp"

namespace opsteward::vault {

/// A text that is looked for in messages, without regard to ASCII case: cut as they are, with what each of its tokens demands of one of theirs. Made once for many
/// blocks; thread-safe for const use.
struct SearchedText {
    FoldedNeedle needle;  ///< for messages that are not cut
    std::string shape;    ///< as CutText::shape
    std::vector<TokenMatcher> matchers;

    explicit SearchedText(std::string_view text);
    bool IsEmpty() const { return shape.empty(); }
};

class ShapeColumns {
  public:
    /// `text` is the shape; takes the heads and strings of its columns off those that are left. kCorrupt when they do not fit.
    static Result<ShapeColumns> Read(std::string_view text, std::string_view& heads, std::span<const PackedString>& strings, std::size_t count);

    /// Keeps of `rows`, which are below `count` and in rising order, those whose messages contain the text. Looks at the columns it could stand in alone.
    Result<void> Keep(const SearchedText& searched, std::vector<std::uint32_t>& rows);
    /// Once before Append; then it does nothing. kCorrupt when there are not as many values as messages.
    Result<void> Unpack();
    void Append(ByteSink& out, std::size_t row) const;

  private:
    Result<void> KeepAligned(std::span<const TokenMatcher> matchers, std::size_t first_column, std::vector<std::uint32_t>& rows);

    /// What stands before a column that is no constant: literals_ from where the part before ended.
    struct Part {
        std::size_t literal_end = 0;
        std::size_t column = 0;
    };

    std::string text_;
    std::vector<Column> columns_;  ///< for each token, constants too
    std::vector<Part> parts_;
    std::string literals_;         ///< delimiters and constants, all of them; kPadding bytes more
    std::size_t literals_end_ = 0;
    bool is_unpacked_ = false;
};

}  // namespace opsteward::vault
