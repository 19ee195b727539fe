// Packs, columns and grams: what the server writes is read as it was, what is not in its form is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "vault/columns/message_columns_writer.hpp"
#include "vault/columns/pack.hpp"
#include "vault/columns/tokens.hpp"
#include "vault/index/gram_set.hpp"
#include "vault/store/compression.hpp"
#include "vault/store/varint.hpp"
#include "vault/testing/random_messages.hpp"
#include "verifier/fault.hpp"
#include "verifier/gram_rows.hpp"
#include "verifier/message_columns.hpp"
#include "verifier/number_form.hpp"
#include "verifier/seen_tokens.hpp"
#include "verifier/steps.hpp"

namespace opsteward::verifier {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Read {
    std::vector<std::string> messages;
    std::vector<std::uint32_t> rows;
};

std::vector<std::uint32_t> RowsOf(const GramRows& rows) {
    std::vector<std::uint32_t> list;
    rows.ForEach([&](std::uint32_t row) { list.push_back(row); });
    return list;
}

Read ReadAll(std::string_view columns, std::uint32_t count, std::uint32_t bytes) {
    BlockGrams grams;
    grams.Begin(GramRows::kMaxRows);
    MessageColumns reader;
    reader.Open(columns, count, bytes, grams);
    Read read;
    for (std::uint32_t i = 0; i < count; ++i) read.messages.emplace_back(reader.Next());
    read.rows = RowsOf(grams.Take());
    return read;
}

/// Why it is malformed, in English; empty when it is not.
std::string Fault(std::string_view columns, std::uint32_t count, std::uint32_t bytes) {
    try {
        ReadAll(columns, count, bytes);
    } catch (const Malformed& fault) {
        return fault.why.en;
    }
    return {};
}

std::string Packed(const std::vector<std::string>& strings) {
    vault::PackWriter pack;
    for (const std::string& string : strings) pack.Add(string);
    return pack.Finish(1);
}

std::string Varint(std::uint64_t number) {
    std::string bytes;
    vault::AppendVarint(bytes, number);
    return bytes;
}

std::string Text(std::string_view text) { return Varint(text.size()).append(text); }

/// Three messages of the shape "a", whose one column this is.
std::string OneColumn(std::string_view head, std::vector<std::string> strings) {
    strings.insert(strings.begin(), {Varint(1) + Text("a"), "\x01\x01\x01", "", "", std::string(head)});
    return Packed(strings);
}

std::string Bytes(std::initializer_list<int> bytes) {
    std::string string;
    for (const int byte : bytes) string += static_cast<char>(byte);
    return string;
}

TEST(Columns, OfRandomMessagesAreReadAsTheServerWroteThemAndGiveTheGramsOfItsIndex) {
    vault::testing::RandomMessages random(11);
    for (int round = 0; round < 60; ++round) {
        std::vector<std::string> messages;
        std::uint32_t bytes = 0;
        for (std::size_t i = 1 + random.Below(400); i > 0; --i) {
            const bool is_repeated = !messages.empty() && random.Below(3) == 0;
            messages.push_back(is_repeated ? messages[random.Below(messages.size())] : random.Next());
            bytes += static_cast<std::uint32_t>(messages.back().size());
        }
        const std::vector<std::string_view> views(messages.begin(), messages.end());
        std::vector<std::uint32_t> grams;
        vault::GramSet set;
        for (const std::string_view message : views) vault::VisitTokens(message, [&](std::string_view token) { set.AddRun(token); });
        set.ForEach([&](std::uint32_t gram) { grams.push_back(gram); });
        for (const auto cutting : {vault::Cutting::kAlways, vault::Cutting::kBySample, vault::Cutting::kIfSmaller}) {
            const Read read = ReadAll(vault::WriteMessageColumns(views, {1, cutting}), static_cast<std::uint32_t>(messages.size()), bytes);
            ASSERT_EQ(read.messages, messages);
            ASSERT_EQ(read.rows, grams);
        }
    }
}

TEST(Columns, GiveTheirMessagesInOrderHoweverManyThereAreOfAShape) {
    std::vector<std::string> messages;
    std::uint32_t bytes = 0;
    for (int i = 0; i < 5'000; ++i) {
        std::string message = i % 3 == 0 ? "src=10.0." + std::to_string(i % 200) + ".1 n=" + std::to_string(i * i) : "user " + std::to_string(i);
        if (i % 7 == 0) message += std::string(static_cast<std::size_t>(i) % 90, '-');    // shapes of few messages, and those of none
        if (i > 3'000 && i < 4'000) message = "x" + std::to_string(i);                    // windows of one shape
        if (i % 1'000 == 1) message.clear();
        messages.push_back(message);
        bytes += static_cast<std::uint32_t>(message.size());
    }
    const std::vector<std::string_view> views(messages.begin(), messages.end());
    EXPECT_EQ(ReadAll(vault::WriteMessageColumns(views, {1}), 5'000, bytes).messages, messages);
}

TEST(Columns, OfEachLayoutAreRead) {
    const struct {
        std::string head;
        std::vector<std::string> strings;
        std::vector<std::string> tokens;
    } kTable[] = {
        {Bytes({0, 2}) + "ab", {}, {"ab", "ab", "ab"}},
        {Bytes({1}), {"ab\n_.\n\xE7\x99\xBB\n"}, {"ab", "_.", "\xE7\x99\xBB"}},
        {Bytes({2, 2}), {"ab\nc\n", Bytes({0, 1, 0})}, {"ab", "c", "ab"}},
        {Bytes({2, 1}), {"ab\n"}, {"ab", "ab", "ab"}},
        {Bytes({3, 0, 9, 1}), {Bytes({0, 1, 255})}, {"9", "10", "264"}},
        {Bytes({3, 0, 7, 2}), {Bytes({0, 1, 0}), Bytes({0, 0, 9})}, {"7", "263", "16"}},
        {Bytes({3, 1, 0, 4}), {Bytes({0, 10, 255}), Bytes({0, 0, 255}), Bytes({0, 20, 255}), Bytes({1, 1, 255})}, {"0.0.0.1", "10.0.20.1", "255.255.255.255"}},
        {Bytes({3, 3, 5, 1}), {Bytes({0, 95, 120})}, {"0.05", "1.00", "1.25"}},
        {Bytes({3, 10, 5, 0}), {}, {"0.000000005", "0.000000005", "0.000000005"}},
        {Bytes({4, 0, 10, 1}), {Bytes({3, 4})}, {"10", "8", "10"}},
        {Bytes({5, 0, 5, 1, 2}), {Bytes({2, 3}), Bytes({2, 0, 1})}, {"10", "5", "7"}},
        {Bytes({3, 0}) + Varint((std::uint64_t{1} << 63) - 1) + Bytes({0}), {}, {"9223372036854775807", "9223372036854775807", "9223372036854775807"}},
    };
    for (const auto& [head, strings, tokens] : kTable) {
        std::uint32_t bytes = 0;
        for (const std::string& token : tokens) bytes += static_cast<std::uint32_t>(token.size());
        EXPECT_THAT(ReadAll(OneColumn(head, strings), 3, bytes).messages, ElementsAreArray(tokens)) << tokens[0];
    }
}

TEST(Columns, ThatAreNotInTheirFormAreRefused) {
    const struct {
        std::string head;
        std::vector<std::string> strings;
        std::string_view why;
    } kTable[] = {
        {"", {}, "end early"},
        {Bytes({6}), {}, "layout"},
        {Bytes({0, 3}) + "ab", {}, "end early"},
        {Bytes({0, 0}), {}, "no token"},
        {Bytes({0, 3}) + "a b", {}, "no token"},
        {Bytes({1}), {}, "missing"},
        {Bytes({1}), {"a\nb\n"}, "number of values"},
        {Bytes({1}), {"a\nb\nc\nd\n"}, "number of values"},
        {Bytes({1}), {"a\nb\nc"}, "number of values"},
        {Bytes({1}), {"a\n\nc\n"}, "no token"},
        {Bytes({1}), {"a\nb-b\nc\n"}, "no token"},
        {Bytes({2, 0}), {""}, "number of values"},
        {Bytes({2, 4}), {"a\nb\nc\nd\n", Bytes({0, 1, 2})}, "number of values"},
        {Bytes({2, 2}), {"a\nb\n", Bytes({0, 2, 1})}, "out of bounds"},
        {Bytes({2, 2}), {"a\nb\n", Bytes({0, 0, 0})}, "shortest form"},  // a text that no message has
        {Bytes({2, 3}), {"a\nb\nc\n", Bytes({0, 1, 0})}, "shortest form"},
        {Bytes({2, 2}), {"a\nb\n", Bytes({0, 1})}, "number of values"},
        {Bytes({3, 11, 0, 0}), {}, "form of a number"},
        {Bytes({3, 0, 0, 9}), std::vector<std::string>(9, Bytes({1, 1, 1})), "out of bounds"},
        {Bytes({3, 0, 0, 1}), {Bytes({0, 0, 0})}, "shortest form"},  // wider than needed
        {Bytes({3, 0, 0, 8}), std::vector<std::string>(8, Bytes({128, 0, 0})), "out of bounds"},
        {Bytes({3, 0}) + Varint((std::uint64_t{1} << 63) - 1) + Bytes({1}), {Bytes({0, 1, 0})}, "out of bounds"},
        {Bytes({3, 1}) + Varint(0xFFFFFFFF) + Bytes({1}), {Bytes({0, 1, 0})}, "out of bounds"},
        {Bytes({4, 0, 1, 1}), {Bytes({3, 0})}, "out of bounds"},
        {Bytes({4, 1}) + Varint(0xFFFFFFFF) + Bytes({1}), {Bytes({2, 0})}, "out of bounds"},
        {Bytes({5, 0, 5, 1, 3}), {Bytes({1, 1, 1}), Bytes({0, 1, 2})}, "number of values"},
        {Bytes({5, 0, 5, 1, 2}), {Bytes({0, 1}), Bytes({0, 1, 2})}, "shortest form"},
        {Bytes({5, 0, 5, 1, 1}), {Bytes({1}), Bytes({0, 0, 0})}, "shortest form"},
        {Bytes({0, 1}) + "a" + Bytes({0}), {}, "no message"},
        {Bytes({0, 1}) + "a", {"more"}, "no message"},
    };
    for (const auto& [head, strings, why] : kTable) {
        EXPECT_THAT(Fault(OneColumn(head, strings), 3, 1'000), HasSubstr(why)) << ::testing::PrintToString(head);
    }
}

TEST(Columns, WhoseShapesOrLengthsDoNotFitAreRefused) {
    const std::string constant = Bytes({0, 1}) + "x";
    const struct {
        std::vector<std::string> strings;
        std::string_view why;
    } kTable[] = {
        {{}, "missing"},
        {{Varint(1) + Text("a")}, "missing"},
        {{Varint(2) + Text("a"), "\x01", "", "", constant}, "end early"},
        {{Varint(1) + Text("a") + "b", "\x01", "", "", constant}, "shapes"},
        {{Varint(1) + Text("b"), "\x01", "", "", constant}, "shapes"},
        {{Varint(1) + Text("aa"), "\x01", "", "", constant + constant}, "shapes"},
        {{Varint(2) + Text("a") + Text("a"), "\x01", "", "", constant + constant}, "shapes"},
        {{Varint(2) + Text("a") + Text("-"), "\x01", "", "", constant}, "shapes"},
        {{Varint(4097), "\x01", "", "", constant}, "shapes"},
        {{Varint(1) + Text("a"), "\x02", "", "", constant}, "shapes"},
        {{Varint(1) + Text("a"), "", "", "", constant}, "end early"},
        {{Varint(1) + Text("a"), "\x01\x01", "", "", constant}, "shapes"},
        {{Varint(1) + Text("a"), "\x01", "\x01", "x", constant}, "lengths"},
        {{Varint(0), Bytes({0}), "\x02", "x", ""}, "end early"},
        {{Varint(0), Bytes({0}), "\x01", "xy", ""}, "lengths"},
        {{Varint(0), Bytes({0}), "\x02", "xy", ""}, "lengths"},
        {{Varint(1) + Text("a--"), "\x01", "", "", constant}, "lengths"},
        {{Varint(1) + Text("a"), "\x01", "", "", Bytes({0, 2}) + "xx"}, "longer than its messages"},
        {{Varint(1) + Text(""), "\x01", "", "", ""}, "lengths"},
    };
    EXPECT_EQ(Fault(Packed({Varint(1) + Text("a"), "\x01", "", "", constant}), 1, 1), "");
    for (const auto& [strings, why] : kTable) EXPECT_THAT(Fault(Packed(strings), 1, 1), HasSubstr(why)) << ::testing::PrintToString(strings);
    std::string many;
    for (int i = 0; i < 513; ++i) many += "a-";
    EXPECT_THAT(Fault(Packed({Varint(1) + Text(many), "\x01", "", "", ""}), 1, 5'000), HasSubstr("shapes"));
}

TEST(Packs, AreRefusedWhereverTheyAreCut) {
    std::vector<std::string_view> messages;
    std::vector<std::string> texts;
    for (int i = 0; i < 500; ++i) texts.push_back("user" + std::to_string(i * 7919 % 500) + " from 10.0.0." + std::to_string(i % 250));
    std::uint32_t bytes = 0;
    for (const std::string& text : texts) {
        messages.push_back(text);
        bytes += static_cast<std::uint32_t>(text.size());
    }
    const std::string whole = vault::WriteMessageColumns(messages, {3});
    EXPECT_EQ(Fault(whole, 500, bytes), "");
    for (std::size_t length = 0; length < whole.size(); ++length) EXPECT_NE(Fault(whole.substr(0, length), 500, bytes), "") << length;
    EXPECT_NE(Fault(whole + '\0', 500, bytes), "");
    EXPECT_NE(Fault(whole, 499, bytes), "");
    EXPECT_NE(Fault(whole, 501, bytes), "");
    EXPECT_NE(Fault(whole, 500, bytes - 1), "");
    EXPECT_NE(Fault(whole, 500, bytes + 1), "");
}

TEST(Packs, ThatWouldFillTheMemoryAreRefused) {
    const std::string frame = vault::Compress(std::string(10U << 20, '\0'), 19);
    const std::string sizes = Varint(1) + Varint(10U << 20) + Varint(frame.size());
    const auto pack = [&](std::uint64_t sizes_size, std::string_view body) {
        return Varint(sizes_size) + Varint(sizes.size()) + Varint(0) + Varint(0) + std::string(body);
    };
    EXPECT_THAT(Fault(pack(std::uint64_t{1} << 40, sizes), 1, 1), HasSubstr("too large"));
    EXPECT_THAT(Fault(pack(sizes.size(), sizes + frame), 1, 1), HasSubstr("shapes"));  // zeros
    const std::string huge = Varint(2) + Varint(100U << 20) + Varint(1) + Varint(100U << 20) + Varint(1);
    EXPECT_THAT(Fault(Varint(huge.size()) + Varint(huge.size()) + Varint(0) + Varint(0) + huge + "xx", 1, 1), HasSubstr("too large"));
    // A frame that is followed by one to be skipped, in which bytes are hidden.
    const std::string hidden = frame + std::string("\x50\x2A\x4D\x18\x01\0\0\0x", 9);
    const std::string listed = Varint(1) + Varint(10U << 20) + Varint(hidden.size());
    EXPECT_THAT(Fault(Varint(listed.size()) + Varint(listed.size()) + Varint(0) + Varint(0) + listed + hidden, 1, 1), HasSubstr("not one zstd frame"));
}

std::string Written(std::uint64_t number, NumberForm form) {
    std::string bytes(kMaxNumberBytes, '\0');
    return {bytes.data(), WriteNumber(bytes.data(), number, form)};
}

TEST(Numbers, OfAnyLengthAreWrittenWithoutLeadingZeros) {
    std::vector<std::uint64_t> numbers{0, LargestOf(0)};
    for (std::uint64_t power = 1; power <= 1'000'000'000'000'000'000U; power *= 10) {
        for (std::uint64_t digit = 1; digit <= 9; ++digit) numbers.insert(numbers.end(), {digit * power - 1, digit * power, digit * power + power / 10});
    }
    for (std::uint64_t i = 0; i < 63; ++i) numbers.push_back((std::uint64_t{1} << i) + i * i * i);
    for (const std::uint64_t number : numbers) {
        const std::string digits = std::to_string(number);
        EXPECT_EQ(Written(number, 0), digits);
        for (std::size_t after = 1; after <= 9; ++after) {
            std::string fraction = digits.size() > after ? digits : std::string(after + 1 - digits.size(), '0') + digits;
            fraction.insert(fraction.size() - after, ".");
            EXPECT_EQ(Written(number, static_cast<NumberForm>(1 + after)), fraction);
        }
    }
    for (std::uint64_t number = 0; number < 100'000; ++number) ASSERT_EQ(Written(number, 0), std::to_string(number));
}

TEST(Numbers, OfAddressesAreWrittenForEachOctet) {
    for (std::uint64_t octet = 0; octet < 256; ++octet) {
        const std::string text = std::to_string(octet);
        EXPECT_EQ(Written(octet << 24 | octet << 16 | octet << 8 | octet, 1), text + '.' + text + '.' + text + '.' + text);
        EXPECT_EQ(Written(octet << 16 | 255, 1), "0." + text + ".0.255");
    }
}

TEST(Numbers, GiveTheGramsOfTheirTokensWhateverStoodBeforeThem) {
    const std::vector<std::string> texts{"7",         "1234",         "12345",       "1234567",         "12345678",        "123456789",          "123456780",
                                         "10.20.3.4", "10.20.30.255", "10.20.30.25", "255.255.255.255", "0.000000005",     "0.000000006",        "1.5",
                                         "99",        "998",          "9989989",     "9989989989",      "998998998998998", "9223372036854775807"};
    for (const std::string& before : texts) {
        for (const std::string& number : texts) {
            GramRows expected(GramRows::kMaxRows);
            expected.AddToken(before);
            GramRows rows = expected;
            expected.AddToken(number);
            const std::string padding(kStep, '9');  // digits, which would be seen
            const std::string one = padding + before + padding;
            const std::string other = padding + number + padding;
            const std::string_view view = std::string_view(other).substr(padding.size(), number.size());
            rows.AddNumber(view, CommonInSteps(view, std::string_view(one).substr(padding.size(), before.size())));
            EXPECT_EQ(RowsOf(rows), RowsOf(expected)) << before << ' ' << number;
        }
    }
}

TEST(Steps, TellHowManyBytesTwoTextsBeginWith) {
    const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz" + std::string(kStep, '-');
    for (std::size_t one = 0; one <= 36; ++one) {
        for (std::size_t same = 0; same <= 36; ++same) {
            std::string other = text;
            other[same] = '!';
            for (const std::size_t size : {std::size_t{0}, same, std::size_t{36}}) {
                EXPECT_EQ(CommonInSteps(std::string_view(text).substr(0, one), std::string_view(other).substr(0, size)), std::min({one, same, size}));
            }
        }
    }
    EXPECT_EQ(CommonInSteps(text, {}), 0U);
}

TEST(SeenTokensTest, TellsTokensApartHoweverManyThereAre) {
    std::vector<std::string> tokens;
    for (int i = 0; i < 100'000; ++i) tokens.push_back(std::to_string(i));
    SeenTokens seen;
    for (int round = 0; round < 2; ++round) {
        for (const std::string& token : tokens) EXPECT_TRUE(seen.Insert(token));
        for (const std::string& token : tokens) EXPECT_FALSE(seen.Insert(token));
        seen.Clear();
    }
}

}  // namespace
}  // namespace opsteward::verifier
