#include "features/firewall/canonical/text_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

constexpr std::size_t kMaxEdits = 512;           // of one part between lines held fast
constexpr std::size_t kMaxWork = 200'000'000;    // steps of all parts together

/// Lines as numbers, equal for equal lines.
using Ids = std::vector<std::uint32_t>;

struct Span {
    std::size_t begin;
    std::size_t end;
    std::size_t size() const { return end - begin; }
};

class Differ {
  public:
    Differ(Ids before, Ids after) : before_(std::move(before)), after_(std::move(after)), keeps_(before_.size(), false), kept_(after_.size(), false) {}

    /// Which lines of each stay; they are the same in both, in order.
    void Run() {
        Span a{0, before_.size()};
        Span b{0, after_.size()};
        TrimSame(a, b);
        std::vector<std::pair<std::size_t, std::size_t>> fast = HeldFast(a, b);
        fast.emplace_back(a.end, b.end);
        Span part_a = a;
        Span part_b = b;
        for (const auto& [at_a, at_b] : fast) {
            part_a.end = at_a;
            part_b.end = at_b;
            Part(part_a, part_b);
            if (at_a < a.end || at_b < b.end) Keep(at_a, at_b);
            part_a.begin = std::min(at_a + 1, a.end);
            part_b.begin = std::min(at_b + 1, b.end);
        }
    }

    const std::vector<bool>& keeps() const { return keeps_; }
    const std::vector<bool>& kept() const { return kept_; }

  private:
    void Keep(std::size_t a, std::size_t b) { keeps_[a] = kept_[b] = true; }

    void TrimSame(Span& a, Span& b) {
        while (a.size() > 0 && b.size() > 0 && before_[a.begin] == after_[b.begin]) Keep(a.begin++, b.begin++);
        while (a.size() > 0 && b.size() > 0 && before_[a.end - 1] == after_[b.end - 1]) Keep(--a.end, --b.end);
    }

    /// The longest rising chain of lines that each text has once.
    std::vector<std::pair<std::size_t, std::size_t>> HeldFast(const Span& a, const Span& b) const {
        struct Places {
            std::size_t in_after = 0;
            std::size_t count_before = 0;
            std::size_t count_after = 0;
        };
        std::unordered_map<std::uint32_t, Places> places;
        for (const std::uint32_t id : before_) ++places[id].count_before;
        for (std::size_t i = 0; i < after_.size(); ++i) {
            Places& place = places[after_[i]];
            place.in_after = i;
            ++place.count_after;
        }
        std::vector<std::pair<std::size_t, std::size_t>> unique;
        for (std::size_t i = a.begin; i < a.end; ++i) {
            const Places& place = places.at(before_[i]);
            const bool is_within = place.in_after >= b.begin && place.in_after < b.end;
            if (place.count_before == 1 && place.count_after == 1 && is_within) unique.emplace_back(i, place.in_after);
        }
        return LongestRising(unique);
    }

    static std::vector<std::pair<std::size_t, std::size_t>> LongestRising(const std::vector<std::pair<std::size_t, std::size_t>>& pairs) {
        std::vector<std::size_t> ends;  // of the chains found so far, by their length
        std::vector<std::size_t> previous(pairs.size(), pairs.size());
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const auto place = std::ranges::lower_bound(ends, pairs[i].second, {}, [&pairs](std::size_t end) { return pairs[end].second; });
            if (place != ends.begin()) previous[i] = *std::prev(place);
            if (place == ends.end()) {
                ends.push_back(i);
            } else {
                *place = i;
            }
        }
        std::vector<std::pair<std::size_t, std::size_t>> chain;
        for (std::size_t i = ends.empty() ? pairs.size() : ends.back(); i < pairs.size(); i = previous[i]) chain.push_back(pairs[i]);
        std::ranges::reverse(chain);
        return chain;
    }

    void Part(Span a, Span b) {
        TrimSame(a, b);
        if (a.size() > 0 && b.size() > 0) Myers(a, b);
    }

    /// Forward greedy search; `rows` keeps the furthest reach of each diagonal for every number of edits, to walk back.
    void Myers(const Span& a, const Span& b) {
        const auto n = static_cast<std::ptrdiff_t>(a.size());
        const auto m = static_cast<std::ptrdiff_t>(b.size());
        const auto most = static_cast<std::ptrdiff_t>(std::min(kMaxEdits, a.size() + b.size()));
        std::vector<std::vector<std::ptrdiff_t>> rows;
        for (std::ptrdiff_t edits = 0; edits <= most; ++edits) {
            rows.emplace_back(static_cast<std::size_t>(2 * edits + 1), -1);
            for (std::ptrdiff_t diagonal = -edits; diagonal <= edits; diagonal += 2) {
                std::ptrdiff_t x = Start(rows, edits, diagonal, n, m);
                if (x < 0) continue;
                std::ptrdiff_t y = x - diagonal;
                while (x < n && y < m && before_[a.begin + static_cast<std::size_t>(x)] == after_[b.begin + static_cast<std::size_t>(y)]) {
                    ++x;
                    ++y;
                    ++work_;
                }
                rows.back()[static_cast<std::size_t>(diagonal + edits)] = x;
                if (x == n && y == m) {
                    WalkBack(rows, a, b);
                    return;
                }
            }
            work_ += static_cast<std::size_t>(edits) + 1;
            if (work_ > kMaxWork) return;
        }
    }

    static std::ptrdiff_t Reach(const std::vector<std::vector<std::ptrdiff_t>>& rows, std::ptrdiff_t edits, std::ptrdiff_t diagonal) {
        if (edits < 0 || diagonal < -edits || diagonal > edits) return -1;
        return rows[static_cast<std::size_t>(edits)][static_cast<std::size_t>(diagonal + edits)];
    }
    /// Where the last of `edits` edits ends on the diagonal: one line removed from the diagonal below, or one added from the diagonal above, whichever reaches
    /// further within both parts. -1: neither does.
    static std::ptrdiff_t Start(const std::vector<std::vector<std::ptrdiff_t>>& rows, std::ptrdiff_t edits, std::ptrdiff_t diagonal, std::ptrdiff_t n,
                                std::ptrdiff_t m) {
        if (edits == 0) return 0;
        const std::ptrdiff_t below = Reach(rows, edits - 1, diagonal - 1);
        const std::ptrdiff_t removed = below < 0 || below + 1 > n || below + 1 - diagonal > m ? -1 : below + 1;
        const std::ptrdiff_t above = Reach(rows, edits - 1, diagonal + 1);
        const std::ptrdiff_t added = above < 0 || above - diagonal > m ? -1 : above;
        return std::max(removed, added);
    }

    void WalkBack(const std::vector<std::vector<std::ptrdiff_t>>& rows, const Span& a, const Span& b) {
        auto x = static_cast<std::ptrdiff_t>(a.size());
        auto y = static_cast<std::ptrdiff_t>(b.size());
        for (auto edits = static_cast<std::ptrdiff_t>(rows.size()) - 1; edits >= 0; --edits) {
            const std::ptrdiff_t diagonal = x - y;
            const std::ptrdiff_t start = Start(rows, edits, diagonal, static_cast<std::ptrdiff_t>(a.size()), static_cast<std::ptrdiff_t>(b.size()));
            for (; x > start; --x, --y) Keep(a.begin + static_cast<std::size_t>(x - 1), b.begin + static_cast<std::size_t>(y - 1));
            if (edits == 0) break;
            const std::ptrdiff_t removed = Reach(rows, edits - 1, diagonal - 1);
            const bool is_removal = removed >= 0 && removed + 1 == start;
            (is_removal ? x : y) -= 1;
        }
    }

    Ids before_;
    Ids after_;
    std::vector<bool> keeps_;
    std::vector<bool> kept_;
    std::size_t work_ = 0;
};

Ids IdsOf(const std::vector<std::string_view>& lines, std::unordered_map<std::string_view, std::uint32_t>& known) {
    Ids ids;
    ids.reserve(lines.size());
    for (const std::string_view line : lines) ids.push_back(known.try_emplace(line, static_cast<std::uint32_t>(known.size())).first->second);
    return ids;
}

/// "@@ -1,4 +1,5 @@" and the lines of `hunk`.
void AppendHunk(const std::vector<DiffLine>& lines, std::size_t begin, std::size_t end, std::string& out) {
    std::size_t first_before = 0;
    std::size_t first_after = 0;
    std::size_t count_before = 0;
    std::size_t count_after = 0;
    for (std::size_t i = begin; i < end; ++i) {
        if (lines[i].before != 0 && count_before++ == 0) first_before = lines[i].before;
        if (lines[i].after != 0 && count_after++ == 0) first_after = lines[i].after;
    }
    // A side without lines is named by the line before it.
    const auto line_before = [&lines, begin](std::size_t DiffLine::*side) {
        for (std::size_t i = begin; i-- > 0;) {
            if (lines[i].*side != 0) return lines[i].*side;
        }
        return std::size_t{0};
    };
    if (count_before == 0) first_before = line_before(&DiffLine::before);
    if (count_after == 0) first_after = line_before(&DiffLine::after);
    out += fmt::format("@@ -{},{} +{},{} @@\n", first_before, count_before, first_after, count_after);
    for (std::size_t i = begin; i < end; ++i) {
        out.push_back(static_cast<char>(lines[i].edit));
        out.append(lines[i].text);
        out.push_back('\n');
    }
}

}  // namespace

std::vector<DiffLine> DiffLines(std::string_view before, std::string_view after) {
    const std::vector<std::string_view> a = SplitLines(before);
    const std::vector<std::string_view> b = SplitLines(after);
    std::unordered_map<std::string_view, std::uint32_t> known;
    Ids ids_a = IdsOf(a, known);
    Ids ids_b = IdsOf(b, known);
    Differ differ(std::move(ids_a), std::move(ids_b));
    differ.Run();
    std::vector<DiffLine> lines;
    lines.reserve(std::max(a.size(), b.size()));
    std::size_t i = 0;
    std::size_t k = 0;
    while (i < a.size() || k < b.size()) {
        if (i < a.size() && !differ.keeps()[i]) {
            lines.push_back({LineEdit::kRemoved, i + 1, 0, a[i]});
            ++i;
        } else if (k < b.size() && !differ.kept()[k]) {
            lines.push_back({LineEdit::kAdded, 0, k + 1, b[k]});
            ++k;
        } else {
            lines.push_back({LineEdit::kSame, i + 1, k + 1, b[k]});
            ++i;
            ++k;
        }
    }
    return lines;
}

std::string UnifiedDiff(std::string_view before, std::string_view after, const UnifiedOptions& options) {
    const std::vector<DiffLine> lines = DiffLines(before, after);
    std::string out;
    for (std::size_t i = 0; i < lines.size();) {
        if (lines[i].edit == LineEdit::kSame) {
            ++i;
            continue;
        }
        const std::size_t begin = i - std::min(i, options.context);
        std::size_t last_change = i;
        std::size_t end = i + 1;
        for (; end < lines.size() && end - last_change <= 2 * options.context + 1; ++end) {
            if (lines[end].edit != LineEdit::kSame) last_change = end;
        }
        end = std::min(last_change + options.context + 1, lines.size());
        if (out.empty()) out = "--- " + options.before_name + "\n+++ " + options.after_name + "\n";
        AppendHunk(lines, begin, end, out);
        i = end;
    }
    return out;
}

}  // namespace opsteward::firewall
