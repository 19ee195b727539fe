// The difference of two texts, line by line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::firewall {

enum class LineEdit : char { kSame = ' ', kRemoved = '-', kAdded = '+' };

struct DiffLine {
    LineEdit edit = LineEdit::kSame;
    std::size_t before = 0;  ///< number of the line in the one text, from 1; 0: added
    std::size_t after = 0;   ///< in the other; 0: removed
    std::string_view text;   ///< lies in the text that has it, the later one where both have
};

/// Every line of both texts in order. Lines that both have once are held fast first (patience), and what lies between is compared by Myers' O(ND) algorithm
/// ("An O(ND) Difference Algorithm and Its Variations", Algorithmica 1, 1986) with a bound on edits and on all work: beyond it a part is removed and added
/// whole, which is right though not shortest. Time and memory are linear in the texts' length but for a constant.
std::vector<DiffLine> DiffLines(std::string_view before, std::string_view after);

struct UnifiedOptions {
    std::size_t context = 3;
    std::string before_name = "before";
    std::string after_name = "after";
};
/// As `diff -u` writes it; empty where the texts have the same lines.
std::string UnifiedDiff(std::string_view before, std::string_view after, const UnifiedOptions& options = {});

}  // namespace opsteward::firewall
