#include "vault/columns/column_writer.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>

#include "vault/columns/column_layout.hpp"
#include "vault/columns/distinct.hpp"
#include "vault/columns/number_form.hpp"
#include "vault/columns/planes.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

void AppendLayout(std::string& heads, ColumnLayout layout) { heads += static_cast<char>(layout); }

std::string Lines(std::span<const std::string_view> values) {
    std::string lines;
    for (const std::string_view value : values) lines.append(value) += kValueEnd;
    return lines;
}

void WriteText(std::span<const std::string_view> values, std::string& heads, PackWriter& pack, const OnToken& on_token) {
    auto distinct = FindDistinct(values, values.size() / 2);
    if (!distinct) {
        AppendLayout(heads, ColumnLayout::kText);
        pack.Add(Lines(values));
        std::ranges::for_each(values, on_token);
        return;
    }
    std::ranges::for_each(distinct->values, on_token);
    // Frequent values first: their places have small numbers, so that the higher plane says little.
    std::vector<std::uint64_t> counts(distinct->values.size(), 0);
    for (const std::uint64_t place : distinct->places) ++counts[place];
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t at) { return counts[at]; });
    std::vector<std::uint64_t> rank(order.size());
    std::vector<std::string_view> sorted;
    sorted.reserve(order.size());
    for (const std::size_t at : order) {
        rank[at] = sorted.size();
        sorted.push_back(distinct->values[at]);
    }
    for (std::uint64_t& place : distinct->places) place = rank[place];
    AppendLayout(heads, ColumnLayout::kTextDictionary);
    AppendVarint(heads, sorted.size());
    pack.Add(Lines(sorted));
    WritePlanes(distinct->places, WidthOf(sorted.size() - 1), pack);
}

std::vector<std::uint64_t> StepsOf(std::span<const std::uint64_t> numbers) {
    std::vector<std::uint64_t> steps;
    steps.reserve(numbers.size());
    for (std::size_t i = 1; i < numbers.size(); ++i) steps.push_back(ZigZag(static_cast<std::int64_t>(numbers[i] - numbers[i - 1])));
    return steps;
}

/// The sorted values less the one before, and for each number which of them it is.
struct NumberDictionary {
    std::uint64_t first = 0;
    std::vector<std::uint64_t> steps;
    std::vector<std::uint64_t> places;
};

std::optional<NumberDictionary> DictionaryOf(std::span<const std::uint64_t> numbers) {
    auto distinct = FindDistinct(numbers, numbers.size() / 2);
    if (!distinct) return std::nullopt;
    std::vector<std::size_t> order(distinct->values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t at) { return distinct->values[at]; });
    NumberDictionary dictionary{distinct->values[order[0]], {}, std::move(distinct->places)};
    std::vector<std::uint64_t> rank(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        rank[order[i]] = i;
        if (i > 0) dictionary.steps.push_back(distinct->values[order[i]] - distinct->values[order[i - 1]]);
    }
    for (std::uint64_t& place : dictionary.places) place = rank[place];
    return dictionary;
}

unsigned WidthOfAll(std::span<const std::uint64_t> numbers) { return numbers.empty() ? 0 : WidthOf(*std::ranges::max_element(numbers)); }

void AppendNumberHead(std::string& heads, ColumnLayout layout, NumberForm form, std::uint64_t base, unsigned width) {
    AppendLayout(heads, layout);
    heads += static_cast<char>(form);
    AppendVarint(heads, base);
    heads += static_cast<char>(width);
}

void WriteNumbers(std::vector<std::uint64_t> numbers, NumberForm form, std::string& heads, PackWriter& pack) {
    const std::uint64_t least = *std::ranges::min_element(numbers);
    const unsigned width = WidthOf(*std::ranges::max_element(numbers) - least);
    const std::vector<std::uint64_t> steps = StepsOf(numbers);
    const unsigned step_width = WidthOfAll(steps);
    const auto dictionary = width > 1 ? DictionaryOf(numbers) : std::nullopt;
    const std::uint64_t first = numbers[0];
    for (std::uint64_t& number : numbers) number -= least;

    const double cost = PlaneCost(numbers, width);
    const double step_cost = PlaneCost(steps, step_width);
    if (dictionary) {
        const unsigned gap_width = WidthOfAll(dictionary->steps);
        const unsigned place_width = WidthOf(dictionary->steps.size());
        if (PlaneCost(dictionary->steps, gap_width) + PlaneCost(dictionary->places, place_width) < std::min(cost, step_cost)) {
            AppendNumberHead(heads, ColumnLayout::kNumberDictionary, form, dictionary->first, gap_width);
            AppendVarint(heads, dictionary->steps.size());
            WritePlanes(dictionary->steps, gap_width, pack);
            WritePlanes(dictionary->places, place_width, pack);
            return;
        }
    }
    if (step_cost < cost) {
        AppendNumberHead(heads, ColumnLayout::kNumberSteps, form, first, step_width);
        WritePlanes(steps, step_width, pack);
    } else {
        AppendNumberHead(heads, ColumnLayout::kNumbers, form, least, width);
        WritePlanes(numbers, width, pack);
    }
}

std::optional<std::vector<std::uint64_t>> ReadAll(std::span<const std::string_view> values, NumberForm form) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(values.size());
    for (const std::string_view value : values) {
        const auto number = ReadForm(value, form);
        if (!number) return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

/// Numbers that repeat mostly do so soon: what was seen is remembered by its lowest bits alone.
void VisitDistinct(std::span<const std::string_view> values, std::span<const std::uint64_t> numbers, const OnToken& on_token) {
    std::array<std::uint64_t, 1024> seen;
    seen.fill(~std::uint64_t{0});  // no number of any form
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint64_t& place = seen[numbers[i] % seen.size()];
        if (place == numbers[i]) continue;
        place = numbers[i];
        on_token(values[i]);
    }
}

}  // namespace

void WriteColumn(std::span<const std::string_view> values, std::string& heads, PackWriter& pack, const OnToken& on_token) {
    if (std::ranges::all_of(values, [&](std::string_view value) { return value == values[0]; })) {
        AppendLayout(heads, ColumnLayout::kConstant);
        AppendVarint(heads, values[0].size());
        heads.append(values[0]);
        on_token(values[0]);
        return;
    }
    const NumberForm form = LikelyForm(values[0]);
    auto numbers = ReadAll(values, form);
    if (!numbers) return WriteText(values, heads, pack, on_token);
    VisitDistinct(values, *numbers, on_token);
    WriteNumbers(*std::move(numbers), form, heads, pack);
}

}  // namespace opsteward::vault
