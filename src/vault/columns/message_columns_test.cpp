// Messages of any bytes come back from their columns; columns that do not fit, or stand for more than they may, are refused.
#include "vault/columns/message_columns.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/folding.hpp"
#include "vault/columns/message_columns_writer.hpp"
#include "vault/columns/pack.hpp"
#include "vault/columns/tokens.hpp"
#include "vault/store/varint.hpp"
#include "vault/testing/random_messages.hpp"
#include "vault/testing/read_columns.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ReadMessageColumns;
using testing::ReadPack;

std::uint32_t BytesOf(const std::vector<std::string>& messages) {
    std::size_t bytes = 0;
    for (const std::string& message : messages) bytes += message.size();
    return static_cast<std::uint32_t>(bytes);
}

std::string Write(const std::vector<std::string>& messages, PackEffort effort = {1}) {
    const std::vector<std::string_view> views(messages.begin(), messages.end());
    return WriteMessageColumns(views, effort);
}

void ExpectBack(std::string_view columns, const std::vector<std::string>& messages, std::string_view what) {
    const auto read = ReadMessageColumns(columns, static_cast<std::uint32_t>(messages.size()), BytesOf(messages));
    ASSERT_TRUE(read.ok()) << what << ": " << read.error().operator_text;
    ASSERT_EQ(read->lengths().size(), messages.size()) << what;
    std::string_view rest = read->bytes();
    for (std::size_t i = 0; i < messages.size(); ++i) {
        ASSERT_EQ(read->lengths()[i], messages[i].size()) << what << ", message " << i;
        ASSERT_TRUE(rest.substr(0, messages[i].size()) == messages[i]) << what << ", message " << i;
        rest.remove_prefix(messages[i].size());
    }
    EXPECT_TRUE(rest.empty()) << what;
}

template <typename Make>
std::vector<std::string> Messages(std::size_t count, const Make& make) {
    std::vector<std::string> messages;
    for (std::size_t i = 0; i < count; ++i) messages.push_back(make(i));
    return messages;
}

std::string Repeated(std::string_view text, std::size_t count) {
    std::string repeated;
    for (std::size_t i = 0; i < count; ++i) repeated += text;
    return repeated;
}

/// The beginning of a message, of another shape for each number.
std::string ShapeOf(std::size_t number) { return std::string(1 + number % 70, '-') + 'x' + std::string(1 + number / 70, '='); }

std::vector<std::string> StringsOf(std::string_view columns) { return ReadPack(columns, 64U << 20).value(); }

std::string PackOf(std::vector<std::string> strings) {
    PackWriter pack;
    for (std::string& string : strings) pack.Add(std::move(string));
    return pack.Finish(1);
}

std::uint64_t ShapeCount(std::string_view columns) {
    const std::vector<std::string> strings = StringsOf(columns);
    std::string_view shapes = strings[kShapes];
    return TakeVarint(shapes).value();
}

TEST(Tokens, AreTheLongestRunsOfTheirBytes) {
    const auto tokens_of = [](std::string_view bytes) {
        std::vector<std::string> tokens;
        VisitTokens(bytes, [&](std::string_view token) { tokens.emplace_back(token); });
        return tokens;
    };
    EXPECT_THAT(tokens_of("user=Bob_1 ip:10.1.2.3;登入"), ElementsAre("user", "Bob_1", "ip", "10.1.2.3", "登入"));
    EXPECT_THAT(tokens_of(std::string_view("\0a-\xFF\n", 5)), ElementsAre("a", "\xFF"));
    EXPECT_TRUE(tokens_of("").empty());
    EXPECT_TRUE(tokens_of(" \n=").empty());
}

TEST(Tokens, AreFoundWhereverTheirEndsFallAmongManyBytes) {
    testing::RandomMessages random(64);
    for (int round = 0; round < 3'000; ++round) {
        const std::string bytes = round % 2 == 0 ? random.AnyBytes(200) : random.Next() + std::string(random.Below(130), round % 4 == 1 ? 'x' : ' ') + random.Next();
        std::string joined;
        bool was_token = false;
        VisitRuns(bytes, [&](std::string_view run, bool is_token) {
            ASSERT_FALSE(run.empty());
            EXPECT_TRUE(joined.empty() || was_token != is_token) << "two runs of one sort";
            for (const char byte : run) ASSERT_EQ(IsTokenByte(byte), is_token);
            joined += run;
            was_token = is_token;
        });
        ASSERT_EQ(joined, bytes);
    }
}

TEST(MessageColumns, GiveBackMessagesOfEveryKind) {
    const std::string four_mib(4U << 20, 'x');
    const std::vector<std::pair<std::string_view, std::vector<std::string>>> cases = {
        {"one", {"one message"}},
        {"one empty", {""}},
        {"all empty", Messages(100, [](std::size_t) { return ""; })},
        {"only delimiters", Messages(100, [](std::size_t i) { return std::string(i % 3, ' ') + "=-\n"; })},
        {"the mark of a token", Messages(8, [](std::size_t) { return "a a"; })},
        {"NUL", Messages(10, [](std::size_t i) { return std::string("\0a\0", 3) + std::to_string(i); })},
        {"Big5", Messages(10, [](std::size_t i) { return "\xA6\xA8\xA5\x5C \xA4\xA4 " + std::to_string(i); })},
        {"line feeds", Messages(10, [](std::size_t i) { return "first\nsecond " + std::to_string(i) + "\r\n\n"; })},
        {"512 tokens", Messages(5, [](std::size_t i) { return Repeated("t ", 511) + std::to_string(i); })},
        {"600 tokens", Messages(5, [](std::size_t i) { return Repeated("t ", 599) + std::to_string(i); })},
        {"5,000 shapes", Messages(20'000, [](std::size_t i) { return ShapeOf(i % 5'000) + std::to_string(i); })},
        {"1 MiB", Messages(5, [](std::size_t i) { return Repeated("word " + std::to_string(i) + ' ', (1U << 20) / 7); })},
        {"tokens of 1 MiB", Messages(5, [](std::size_t i) { return std::string(1U << 20, static_cast<char>('a' + i)) + " end"; })},
        {"the largest there is", {four_mib, four_mib, four_mib}},
    };
    for (const auto& [what, messages] : cases) ExpectBack(Write(messages), messages, what);
}

TEST(MessageColumns, CutWhatIsOfOneShapeAndKeepTheRestWhole) {
    const auto login = [](std::size_t i) { return "user" + std::to_string(i % 3) + " from 10.0.0." + std::to_string(i); };
    EXPECT_EQ(ShapeCount(Write(Messages(4, login))), 1U);
    EXPECT_EQ(ShapeCount(Write(Messages(3, login))), 0U) << "too few to be worth it";
    EXPECT_EQ(ShapeCount(Write(Messages(10, [](std::size_t) { return Repeated("t ", 512); }))), 1U);
    EXPECT_EQ(ShapeCount(Write(Messages(10, [](std::size_t) { return Repeated("t ", 513); }))), 0U) << "too many tokens";
    EXPECT_EQ(ShapeCount(Write(Messages(20'000, [](std::size_t i) { return ShapeOf(i / 4) + "end"; }))), 4'096U) << "no more shapes than there may be";
}

TEST(MessageColumns, AreMuchSmallerThanWhatIsOfOneShape) {
    const std::vector<std::string> messages = Messages(2'000, [](std::size_t i) {
        return fmt::format("date=2026-11-24 srcip=10.1.{}.{} action=deny sessionid={}", i % 7, i * 31 % 200, 700'000 + i);
    });
    EXPECT_LT(Write(messages).size(), BytesOf(messages) / 20);
}

TEST(MessageColumns, TryingAllTakesTheSmaller) {
    const std::vector<std::string> alike = Messages(500, [](std::size_t i) { return "count " + std::to_string(i * 7919 % 1000); });
    // Of one shape, but each by itself repeats what stood in another place of the message before.
    const std::vector<std::string> unlike = Messages(40, [&](std::size_t i) {
        const std::string word = i % 2 == 0 ? "abcdefghijklmnop" : "qrstuvwxyzabcdef";
        return word + std::to_string(i) + ' ' + word + std::to_string(i) + ' ' + word + std::to_string(i);
    });
    for (const auto& messages : {alike, unlike}) {
        const std::string columns = Write(messages, {3, Cutting::kAlways});
        const std::string smallest = Write(messages, {3, Cutting::kIfSmaller});
        EXPECT_LE(smallest.size(), columns.size());
        ExpectBack(smallest, messages, "the smallest");
    }
    EXPECT_EQ(ShapeCount(Write(alike, {3, Cutting::kIfSmaller})), 1U);
    EXPECT_EQ(ShapeCount(Write(unlike, {3, Cutting::kIfSmaller})), 0U);
}

TEST(MessageColumns, ASampleSaysWhetherTheyAreCut) {
    const auto alike = [](std::size_t count) { return Messages(count, [](std::size_t i) { return fmt::format("from 10.0.{}.{} port {}", i * i % 200, i * 7919 % 251, i * 104'729 % 65'536); }); };
    // Long lines that come again in any order: cut up, each place of them says anew which line it is.
    const auto repeated = [](std::size_t count) {
        testing::RandomMessages random(3);
        const std::vector<std::string> lines = Messages(60, [&](std::size_t) {
            std::string line;
            for (int i = 0; i < 20; ++i) line += random.Word(6) + ' ';
            return line;
        });
        return Messages(count, [&](std::size_t) { return lines[random.Below(lines.size())]; });
    };
    for (const std::size_t count : {500U, 9'000U}) {
        EXPECT_EQ(ShapeCount(Write(alike(count), {3, Cutting::kBySample})), 1U) << count;
        EXPECT_EQ(ShapeCount(Write(repeated(count), {3, Cutting::kBySample})), 0U) << count;
        EXPECT_GT(ShapeCount(Write(repeated(count), {3, Cutting::kAlways})), 0U) << count;
        ExpectBack(Write(repeated(count), {3, Cutting::kBySample}), repeated(count), "repeated");
    }
}

TEST(MessageColumns, GiveBackWhateverMessagesWereDrawnAtRandom) {
    testing::RandomMessages random(2026);
    for (int round = 0; round < 60; ++round) {
        // Some of them often, so that there are shapes.
        const std::vector<std::string> drawn = Messages(1 + random.Below(40), [&](std::size_t) { return random.Next(); });
        const std::vector<std::string> messages = Messages(1 + random.Below(200), [&](std::size_t) {
            std::string message = drawn[random.Below(drawn.size())];
            for (char& byte : message) {
                if (byte >= '0' && byte <= '9' && random.Below(4) == 0) byte = static_cast<char>('0' + random.Below(10));
            }
            return message;
        });
        ExpectBack(Write(messages, {1, round % 4 == 0 ? Cutting::kIfSmaller : Cutting::kAlways}), messages, "round " + std::to_string(round));
    }
}

TEST(MessageColumns, VisitEveryTokenThatIsInAMessage) {
    testing::RandomMessages random(31);
    std::vector<std::string> messages = Messages(200, [&](std::size_t) { return random.Next(); });
    for (std::size_t i = 0; i < 200; ++i) messages.push_back(fmt::format("port {} of 10.0.0.{}, seen {} times", i * 1'024, i % 9, i % 3));
    messages.push_back(Repeated("many ", 600) + "last");
    std::set<std::string> expected;
    for (const std::string& message : messages) VisitTokens(message, [&](std::string_view token) { expected.emplace(token); });
    const std::vector<std::string_view> views(messages.begin(), messages.end());
    for (const auto cutting : {Cutting::kAlways, Cutting::kBySample, Cutting::kIfSmaller}) {
        std::set<std::string> visited;
        WriteMessageColumns(views, {1, cutting}, [&](std::string_view token) { visited.emplace(token); });
        EXPECT_EQ(visited, expected);
    }
}

/// Those that contain the text, found in the plainest way.
std::vector<std::uint32_t> RowsContaining(const std::vector<std::string>& messages, std::string_view text, const RowSet& among) {
    std::vector<std::uint32_t> rows;
    for (const std::uint32_t row : among.Rows()) {
        if (FoldedNeedle(text).IsIn(messages[row])) rows.push_back(row);
    }
    return rows;
}

void ExpectRows(const std::vector<std::string>& messages, std::string_view columns, std::string_view text, const RowSet& among) {
    auto read = MessageColumns::Open(columns, static_cast<std::uint32_t>(messages.size()), BytesOf(messages));
    ASSERT_TRUE(read.ok());
    const auto rows = read->RowsWith(SearchedText(text), among);
    ASSERT_TRUE(rows.ok()) << rows.error().operator_text;
    EXPECT_EQ(rows->Rows(), RowsContaining(messages, text, among)) << text;
    const auto joined = read->Join(rows->Rows());
    ASSERT_TRUE(joined.ok());
    std::string expected;
    for (const std::uint32_t row : rows->Rows()) expected += messages[row];
    EXPECT_EQ(joined->bytes(), expected);
}

TEST(MessageColumns, TellWhichMessagesContainATextWhereverItsEndsFall) {
    const std::vector<std::string> messages = Messages(60, [](std::size_t i) {
        if (i % 10 == 9) return "Kept whole " + std::string(i, '-') + " port=443 10.0.0.5";
        return fmt::format("user=User{} from 10.0.{}.{} port={} took {}.{:03} s action=deny", i % 4, i % 3, i * 7 % 256, i * 1'031 % 60'000, i % 5, i * 37 % 1'000);
    });
    const std::string columns = Write(messages);
    ASSERT_EQ(ShapeCount(columns), 1U);
    const RowSet all = RowSet::All(messages.size());
    for (const std::string_view text : {"user", "USER1", "ser", "user=User2 ", "=user3 from 10.0.", "from 10.0.1", "0.1.", ".0.", "10.0.2.14", "0.0.7 ", "port=", "port=443",
                                        "=1031", "1031 took", "31", "took 3.", ".037 s", "s action=deny", "deny", "y", "nowhere", "action=denyy", "  ", " ", "=", "-", "0", "00", "4 "}) {
        ExpectRows(messages, columns, text, all);
    }
}

TEST(MessageColumns, TellWhichOfSomeMessagesContainWhateverTextWasDrawnFromThem) {
    testing::RandomMessages random(77);
    for (int round = 0; round < 60; ++round) {
        const std::vector<std::string> drawn = Messages(1 + random.Below(12), [&](std::size_t) { return random.Next(); });
        const std::vector<std::string> messages = Messages(5 + random.Below(120), [&](std::size_t) {
            std::string message = drawn[random.Below(drawn.size())];
            for (char& byte : message) {
                if (byte >= '0' && byte <= '9' && random.Below(3) == 0) byte = static_cast<char>('0' + random.Below(10));
            }
            return message;
        });
        const std::string columns = Write(messages, {1, round % 8 == 0 ? Cutting::kIfSmaller : Cutting::kAlways});
        for (int search = 0; search < 30; ++search) {
            const std::string& from = messages[random.Below(messages.size())];
            const std::size_t begin = random.Below(from.size() + 1);
            const std::string text = random.InAnyCase(from.substr(begin, random.Below(12)));
            RowSet among(messages.size());
            for (std::size_t row = 0; row < messages.size(); ++row) {
                if (search % 3 != 0 || random.Below(2) == 0) among.Add(row);
            }
            ExpectRows(messages, columns, text, among);
        }
    }
}

TEST(MessageColumns, OfAColumnThatIsNotLookedAtSayNothing) {
    const std::vector<std::string> messages = Messages(9, [](std::size_t i) { return "event " + std::to_string(i * 17) + " of host" + std::to_string(i * i); });
    std::vector<std::string> strings = StringsOf(Write(messages));
    strings.back() = "no such host";
    const std::string columns = PackOf(strings);
    auto read = MessageColumns::Open(columns, 9, BytesOf(messages)).value();
    EXPECT_EQ(read.RowsWith(SearchedText("event 17"), RowSet::All(9)).value().Rows(), std::vector<std::uint32_t>{1});
    EXPECT_EQ(read.RowsWith(SearchedText("host"), RowSet::All(9)).error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(read.Join(RowSet::All(9).Rows()).error().code, ErrorCode::kCorrupt);
}

TEST(MessageColumns, OfAnotherCountOrAnotherLengthAreRefused) {
    const std::vector<std::string> messages = Messages(20, [](std::size_t i) { return "event " + std::to_string(i) + (i == 7 ? " whole" : ""); });
    const std::string columns = Write(messages);
    const std::uint32_t bytes = BytesOf(messages);
    ASSERT_TRUE(ReadMessageColumns(columns, 20, bytes).ok());
    for (const auto& [count, length] : {std::pair{19U, bytes}, {21U, bytes}, {0U, bytes}, {20U, bytes - 1}, {20U, bytes + 1}, {20U, 0U}}) {
        EXPECT_EQ(ReadMessageColumns(columns, count, length).error().code, ErrorCode::kCorrupt);
    }
}

TEST(MessageColumns, EveryCutIsRefusedAndNoFlippedBitGivesLongerMessages) {
    const std::vector<std::string> messages = Messages(30, [](std::size_t i) {
        return i % 10 == 9 ? "kept whole " + std::string(i, '-') : "event " + std::to_string(i * i) + " of host" + std::to_string(i % 3);
    });
    const std::string columns = Write(messages);
    for (std::size_t length = 0; length < columns.size(); ++length) {
        EXPECT_FALSE(ReadMessageColumns(std::string_view(columns).substr(0, length), 30, BytesOf(messages)).ok()) << length;
    }
    for (std::size_t bit = 0; bit < columns.size() * 8; ++bit) {
        std::string altered = columns;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        const auto read = ReadMessageColumns(altered, 30, BytesOf(messages));
        EXPECT_TRUE(!read.ok() || read->bytes().size() == BytesOf(messages)) << bit;
    }
}

TEST(MessageColumns, StringsThatDoNotFitAreRefused) {
    const std::vector<std::string> messages = Messages(9, [](std::size_t i) { return i == 8 ? "whole" : "event " + std::to_string(i); });
    const std::vector<std::string> sound = StringsOf(Write(messages));
    ASSERT_TRUE(ReadMessageColumns(PackOf(sound), 9, BytesOf(messages)).ok());
    using Change = std::function<void(std::vector<std::string>&)>;
    const std::pair<std::string_view, Change> changes[] = {
        {"strings are missing", [](auto& strings) { strings.resize(kHeads); }},
        {"no number of shapes", [](auto& strings) { strings[kShapes] = ""; }},
        {"too many shapes", [](auto& strings) { strings[kShapes] = "\x81\x20"; }},
        {"a shape beyond its string", [](auto& strings) { strings[kShapes] = "\x01\x04" "a a"; }},
        {"something behind the shapes", [](auto& strings) { strings[kShapes] += 'x'; }},
        {"a token's byte in a shape", [](auto& strings) { strings[kShapes] = "\x01\x03" "a.a"; }},
        {"a shape without messages", [](auto& strings) { strings[kShapes] = std::string("\x02\x03" "a a\x00", 6); }},
        {"a shape that is not there", [](auto& strings) { strings[kOrder][0] = '\x02'; }},
        {"an order that is too short", [](auto& strings) { strings[kOrder].pop_back(); }},
        {"an order that is too long", [](auto& strings) { strings[kOrder] += '\x01'; }},
        {"a length too few", [](auto& strings) { strings[kWholeLengths] = ""; }},
        {"a length too many", [](auto& strings) { strings[kWholeLengths] += std::string(1, '\0'); }},
        {"a length beyond the messages", [](auto& strings) { strings[kWholeLengths] = "\x06"; }},
        {"bytes of no message", [](auto& strings) { strings[kWholeBytes] += 'x'; }},
        {"a head too many", [](auto& strings) { strings[kHeads] += std::string("\0\0", 2); }},
        {"a head too few", [](auto& strings) { strings[kHeads] = strings[kHeads].substr(0, 7); }},
        {"a string too many", [](auto& strings) { strings.emplace_back("x"); }},
        {"a string too few", [](auto& strings) { strings.pop_back(); }},
    };
    for (const auto& [why, change] : changes) {
        std::vector<std::string> strings = sound;
        change(strings);
        const auto read = ReadMessageColumns(PackOf(strings), 9, BytesOf(messages));
        ASSERT_FALSE(read.ok()) << why;
        EXPECT_EQ(read.error().code, ErrorCode::kCorrupt) << why;
    }
}

constexpr std::uint32_t kMost = 1U << 16;

/// All messages of one shape.
std::string ColumnsOfOneShape(const std::string& shape, std::uint32_t count, std::string heads) {
    std::string shapes("\x01");
    AppendVarint(shapes, shape.size());
    return PackOf({shapes + shape, std::string(count, '\x01'), "", "", std::move(heads)});
}

TEST(MessageColumns, AFewBytesThatStandForVeryManyAreRefused) {
    std::string heads(1, '\0');
    AppendVarint(heads, 1U << 20);
    heads += std::string(1U << 20, 'x');
    const std::string bomb = ColumnsOfOneShape("a", kMost, heads);
    ASSERT_LT(bomb.size(), 1'000U);
    for (const std::uint32_t bytes : {0U, kMost, 100'000U, 12U << 20}) {
        EXPECT_EQ(ReadMessageColumns(bomb, kMost, bytes).error().code, ErrorCode::kCorrupt) << bytes;
    }
}

TEST(MessageColumns, AShapeThatIsLongerThanItsMessagesIsRefusedBeforeItsColumnsAreRead) {
    // Numbers that are all 5: a head of four bytes for 65,536 numbers of 8 in memory.
    const std::string columns = ColumnsOfOneShape(Repeated("a ", 500), kMost, Repeated(std::string_view("\x03\x00\x05\x00", 4), 500));
    ASSERT_LT(columns.size(), 1'000U);
    EXPECT_THAT(ReadMessageColumns(columns, kMost, 12U << 20).error().operator_text, HasSubstr("shapes are longer"));
}

TEST(MessageColumns, AShapeOfMoreTokensThanAMessageMayHaveIsRefused) {
    const auto columns = [](std::size_t tokens) {
        return ColumnsOfOneShape(Repeated("a ", tokens), 4, Repeated(std::string_view("\x00\x01t", 3), tokens));
    };
    EXPECT_TRUE(ReadMessageColumns(columns(512), 4, 4 * 2 * 512).ok());
    EXPECT_EQ(ReadMessageColumns(columns(513), 4, 4 * 2 * 513).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace opsteward::vault
