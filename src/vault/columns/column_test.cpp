// A column is written in the layout for what it holds, and gives its values back; a head that does not fit is refused.
#include "vault/columns/column.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "vault/columns/column_writer.hpp"
#include "vault/columns/distinct.hpp"
#include "vault/testing/read_columns.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr std::size_t kValues = 1'000;

struct Written {
    std::string heads;
    std::vector<std::string> strings;
    std::vector<std::string> visited = {};
};

Written Write(const std::vector<std::string>& values) {
    const std::vector<std::string_view> views(values.begin(), values.end());
    Written written;
    PackWriter pack;
    WriteColumn(views, written.heads, pack, [&](std::string_view token) { written.visited.emplace_back(token); });
    written.strings = testing::ReadPack(pack.Finish(1), 16U << 20).value();
    return written;
}

/// Reads the column, and hands it over while its strings are there.
template <typename Use>
auto WithColumn(const Written& written, std::size_t count, const Use& use) -> decltype(use(std::declval<Column&>())) {
    std::string_view heads = written.heads;
    const std::vector<PackedString> packed = testing::AsPacked(written.strings);
    std::span<const PackedString> strings = packed;
    OPS_TRY(Column column, Column::Read(heads, strings, count));
    EXPECT_THAT(heads, IsEmpty());
    EXPECT_TRUE(strings.empty());
    return use(column);
}

Result<std::vector<std::string>> Read(const Written& written, std::size_t count) {
    return WithColumn(written, count, [count](Column& column) -> Result<std::vector<std::string>> {
        OPS_CHECK(column.Unpack());
        std::vector<std::string> values;
        std::string room(1U << 20, '\0');
        for (std::size_t i = 0; i < count; ++i) {
            ByteSink sink(room.data(), room.size());
            column.Append(sink, i);
            values.push_back(room.substr(0, room.size() - sink.room()));
        }
        return values;
    });
}

template <typename Make>
std::vector<std::string> Values(const Make& make) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < kValues; ++i) values.push_back(make(i));
    return values;
}

struct Kind {
    std::string_view name;
    ColumnLayout layout;
    NumberForm form;  ///< of numbers only
    std::vector<std::string> values;
};

std::vector<Kind> Kinds() {
    std::mt19937_64 random(3);
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    const auto drawn = [&](std::uint64_t limit) { return std::to_string(below(limit)); };
    const auto address = [&] { return "10." + drawn(256) + '.' + drawn(256) + '.' + drawn(256); };
    const auto one_of = [&](std::vector<std::string> choices) { return [&below, choices](std::size_t) { return choices[below(choices.size())]; }; };
    std::vector<std::string> sessions;
    std::vector<std::string> hosts;
    for (int i = 0; i < 20; ++i) sessions.push_back(std::to_string(random() >> 1));
    for (int i = 0; i < 20; ++i) hosts.push_back(address());
    std::uint64_t counter = 1'000'000'000'000;
    const auto fraction = [&](std::size_t) { return fmt::format("{}.{:06}", below(60), below(1'000'000)); };

    std::vector<Kind> kinds;
    kinds.push_back({"one word", ColumnLayout::kConstant, 0, Values([](std::size_t) { return "deny"; })});
    kinds.push_back({"one number", ColumnLayout::kConstant, 0, Values([](std::size_t) { return "443"; })});
    kinds.push_back({"a few words", ColumnLayout::kTextDictionary, 0, Values(one_of({"accept", "deny", "close", "登入"}))});
    kinds.push_back({"numbers and a word", ColumnLayout::kTextDictionary, 0, Values(one_of({"80", "443", "any"}))});
    kinds.push_back({"numbers with leading zeros", ColumnLayout::kTextDictionary, 0, Values([](std::size_t i) { return fmt::format("{:02}", i % 60); })});
    kinds.push_back({"words that differ", ColumnLayout::kText, 0, Values([](std::size_t i) { return "host" + std::to_string(i); })});
    kinds.push_back({"addresses and one that is none", ColumnLayout::kText, 0, Values([&](std::size_t i) { return i == 999 ? "1.2.3.256" : address(); })});
    kinds.push_back({"ports", ColumnLayout::kNumbers, kDecimal, Values([&](std::size_t) { return drawn(65'536); })});
    kinds.push_back({"small numbers", ColumnLayout::kNumbers, kDecimal, Values([&](std::size_t) { return drawn(60); })});
    kinds.push_back({"addresses", ColumnLayout::kNumbers, kAddress, Values([&](std::size_t) { return address(); })});
    kinds.push_back({"seconds", ColumnLayout::kNumbers, NumberForm{7}, Values(fraction)});
    kinds.push_back({"a counter", ColumnLayout::kNumberSteps, kDecimal, Values([&](std::size_t) { return std::to_string(counter += below(9)); })});
    kinds.push_back({"a counter that jumps back", ColumnLayout::kNumberSteps, kDecimal,
                     Values([&](std::size_t i) { return std::to_string(70'000 * (i % 500) + below(9)); })});
    kinds.push_back({"rising seconds", ColumnLayout::kNumberSteps, NumberForm{4}, Values([&](std::size_t) {
                         counter += below(3);
                         return fmt::format("{}.{:03}", counter / 1000, counter % 1000);
                     })});
    kinds.push_back({"a few sessions", ColumnLayout::kNumberDictionary, kDecimal, Values(one_of(sessions))});
    kinds.push_back({"a few hosts", ColumnLayout::kNumberDictionary, kAddress, Values(one_of(hosts))});
    return kinds;
}

TEST(Column, IsWrittenAsWhatItHoldsAndGivesItsValuesBack) {
    for (const Kind& kind : Kinds()) {
        const Written written = Write(kind.values);
        ASSERT_FALSE(written.heads.empty());
        EXPECT_EQ(static_cast<int>(written.heads[0]), static_cast<int>(kind.layout)) << kind.name;
        if (kind.layout >= ColumnLayout::kNumbers) {
            EXPECT_EQ(static_cast<NumberForm>(written.heads[1]), kind.form) << kind.name;
        }
        EXPECT_THAT(Read(written, kValues).value(), ElementsAreArray(kind.values)) << kind.name;
    }
}

TEST(Column, VisitsEachDifferentValueAndFewTwice) {
    for (const Kind& kind : Kinds()) {
        const std::vector<std::string> visited = Write(kind.values).visited;
        const std::set<std::string> different(kind.values.begin(), kind.values.end());
        EXPECT_EQ(std::set<std::string>(visited.begin(), visited.end()), different) << kind.name;
        EXPECT_LE(visited.size(), different.size() * 3 / 2) << kind.name;
    }
}

TEST(Column, ExtremesComeBack) {
    const std::string most = "9223372036854775807";
    const std::vector<std::vector<std::string>> columns = {
        {"a"}, {"0"}, {"0", most}, {most, "0"}, {most, "0", most, "0", most, "0"}, {"a", "b"}, {"0", "00"}, {"0.0.0.0", "255.255.255.255"},
        {"0.000000000", "123456789.999999999"}, {"1", "2", "x"}, {std::string(100'000, 'w'), "w", "w", "w"}};
    for (const std::vector<std::string>& values : columns) EXPECT_THAT(Read(Write(values), values.size()).value(), ElementsAreArray(values));
}

TEST(Column, ADictionaryHasTheFrequentWordsFirst) {
    std::vector<std::string> values(100, "often");
    std::fill_n(values.begin(), 3, "rare");
    std::fill_n(values.begin() + 50, 10, "sometimes");
    const Written written = Write(values);
    EXPECT_EQ(written.heads, "\x02\x03");
    ASSERT_EQ(written.strings.size(), 2U);
    EXPECT_EQ(written.strings[0], "often\nsometimes\nrare\n");
}

TEST(Column, IsWrittenAsTheFormatSays) {
    const Written numbers = Write({"260", "5", "5", "6"});
    EXPECT_EQ(numbers.heads, std::string("\x03\x00\x05\x01", 4));
    EXPECT_THAT(numbers.strings, ElementsAre(std::string("\xFF\x00\x00\x01", 4)));
    const Written steps = Write({"1.0.0.10", "1.0.0.11", "1.0.0.12", "1.0.0.13", "1.0.0.14"});
    EXPECT_EQ(steps.heads, "\x04\x01\x8A\x80\x80\x08\x01");
    EXPECT_THAT(steps.strings, ElementsAre("\x02\x02\x02\x02"));
}

TEST(Column, OfAnotherNumberOfValuesIsRefused) {
    for (const Kind& kind : Kinds()) {
        if (kind.layout == ColumnLayout::kConstant) continue;
        const Written written = Write(kind.values);
        for (const std::size_t count : {kValues - 1, kValues + 1, std::size_t{1}}) {
            EXPECT_EQ(Read(written, count).error().code, ErrorCode::kCorrupt) << kind.name << " as " << count;
        }
    }
}

TEST(Column, EveryCutOfItsHeadAndEveryMissingStringIsRefused) {
    for (const Kind& kind : Kinds()) {
        const Written written = Write(kind.values);
        const std::vector<PackedString> packed = testing::AsPacked(written.strings);
        for (std::size_t length = 0; length < written.heads.size(); ++length) {
            std::string_view heads = std::string_view(written.heads).substr(0, length);
            std::span<const PackedString> strings = packed;
            EXPECT_FALSE(Column::Read(heads, strings, kValues).ok()) << kind.name << ", " << length;
        }
        for (std::size_t kept = 0; kept < packed.size(); ++kept) {
            std::string_view heads = written.heads;
            std::span<const PackedString> strings = std::span(packed).first(kept);
            EXPECT_FALSE(Column::Read(heads, strings, kValues).ok()) << kind.name << ", " << kept;
        }
    }
}

TEST(Column, AHeadThatDoesNotFitIsRefused) {
    struct Case {
        std::string_view why;
        std::string_view heads;
        std::vector<std::string> strings;
    };
    using namespace std::string_view_literals;
    const Case cases[] = {
        {"layout", "\x06"sv, {}},
        {"constant beyond the heads", "\x00\x05"sv "abcd"sv, {}},
        {"constant of 2^63 bytes", "\x00\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv, {}},
        {"text without its last line feed", "\x01"sv, {"a\nb\nc"}},
        {"text with too many lines", "\x01"sv, {"a\nb\nc\nd\n"}},
        {"dictionary of none", "\x02\x00"sv, {""}},
        {"dictionary larger than the column", "\x02\x04"sv, {"a\nb\nc\nd\n", std::string("\0\1\2", 3)}},
        {"dictionary of 2^62", "\x02\x80\x80\x80\x80\x80\x80\x80\x80\x40"sv, {"a\n", "aaa"}},
        {"dictionary smaller than it says", "\x02\x03"sv, {"a\nb\n", std::string("\0\1\0", 3)}},
        {"word beyond the dictionary", "\x02\x02"sv, {"a\nb\n", std::string("\0\1\2", 3)}},
        {"form", "\x03\x0B\x00\x01"sv, {"abc"}},
        {"form of steps", "\x04\xFF\x00\x01"sv, {"ab"}},
        {"width", "\x03\x00\x00\x09"sv, {9, "abc"}},
        {"base that is longer written than needed", "\x03\x00\x80\x00\x01"sv, {"abc"}},
        {"plane of another length", "\x03\x00\x00\x01"sv, {"ab"}},
        {"steps for all values", "\x04\x00\x00\x01"sv, {"abc"}},
        {"dictionary of more numbers than the column", "\x05\x00\x00\x01\x03"sv, {"\1\1\1", std::string("\0\1\2", 3)}},
        {"dictionary of 2^64-1 steps", "\x05\x00\x00\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"sv, {"\1", "abc"}},
        {"number beyond the dictionary", "\x05\x00\x00\x01\x01"sv, {"\1", std::string("\0\1\2", 3)}},
        {"dictionary's form", "\x05\x0B\x00\x01\x01"sv, {"\1", std::string("\0\1\0", 3)}},
    };
    for (const Case& a_case : cases) {
        EXPECT_EQ(Read({std::string(a_case.heads), a_case.strings}, 3).error().code, ErrorCode::kCorrupt) << a_case.why;
    }
}

TEST(Column, KeepsTheRowsWhoseValuesFulfilATest) {
    for (const Kind& kind : Kinds()) {
        const Written written = Write(kind.values);
        for (const std::string& value : {kind.values[0], kind.values[500], kind.values[999], std::string("nowhere"), std::string("10.1.1")}) {
            const std::string text = value.substr(value.size() / 3);
            for (const TokenPlace place : {TokenPlace{}, TokenPlace{true, false}, TokenPlace{false, true}, TokenPlace{true, true}}) {
                const TokenMatcher matcher(text, place);
                std::vector<std::uint32_t> expected;
                for (std::uint32_t row = 0; row < kValues; row += 3) {
                    if (matcher.Holds(kind.values[row])) expected.push_back(row);
                }
                const auto kept = WithColumn(written, kValues, [&](Column& column) -> Result<std::vector<std::uint32_t>> {
                    std::vector<std::uint32_t> rows;
                    for (std::uint32_t row = 0; row < kValues; row += 3) rows.push_back(row);
                    OPS_CHECK(column.Keep(matcher, rows));
                    return rows;
                });
                EXPECT_THAT(kept.value(), ElementsAreArray(expected)) << kind.name << ", " << text;
            }
        }
    }
}

TEST(Column, NumbersThatPassTheirRangeWrapAndCrashNothing) {
    using namespace std::string_view_literals;
    const Written beyond{std::string("\x03\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x01"sv), {std::string("\0\1\2", 3)}};
    EXPECT_THAT(Read(beyond, 3).value(), ElementsAre("18446744073709551615", "0", "1"));
}

TEST(DistinctValues, AreFoundInTheirOrderUntilThereAreTooMany) {
    const std::vector<std::uint64_t> column = {7, 9, 7, 1, 9, 7};
    const auto found = FindDistinct(std::span(column), 3);
    ASSERT_TRUE(found);
    EXPECT_THAT(found->values, ElementsAre(7, 9, 1));
    EXPECT_THAT(found->places, ElementsAre(0, 1, 0, 2, 1, 0));
    EXPECT_FALSE(FindDistinct(std::span(column), 2));
    EXPECT_FALSE(FindDistinct(std::span(column), 0));
}

/// A number that counts how often it is compared.
struct Counted {
    std::uint64_t number = 0;

    static inline std::size_t comparisons = 0;
    bool operator==(const Counted& other) const {
        ++comparisons;
        return number == other.number;
    }
};

std::uint64_t HashOf(const Counted& counted, std::uint64_t seed) { return vault::HashOf(counted.number, seed); }

TEST(DistinctValues, DoNotFallTogetherWhicheverBitsTheyShare) {
    for (const unsigned shift : {0U, 10U, 20U, 37U, 45U, 52U}) {
        std::vector<Counted> column;
        for (std::uint64_t i = 0; i < 4'096; ++i) column.push_back({i % 2'048 << shift});
        Counted::comparisons = 0;
        EXPECT_EQ(FindDistinct(std::span<const Counted>(column), column.size()).value().values.size(), 2'048U);
        EXPECT_LT(Counted::comparisons, 3 * column.size()) << "bits from " << shift;
    }
}

TEST(DistinctValues, OfTextAreToldApartByEveryByte) {
    std::vector<std::string> texts;
    for (std::size_t length = 0; length < 40; ++length) {
        texts.emplace_back(length, 'a');
        texts.emplace_back(length, '\0');
        if (length > 0) texts.push_back(std::string(length - 1, 'a') + 'b');
    }
    texts.erase(texts.begin());  // the empty one is there twice
    const std::vector<std::string_view> column(texts.begin(), texts.end());
    EXPECT_EQ(FindDistinct(std::span(column), column.size()).value().values.size(), column.size());
}

}  // namespace
}  // namespace opsteward::vault
