// Pieces of every length are put one after the other, and never beyond the room.
#include "vault/columns/byte_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace opsteward::vault {
namespace {

TEST(ByteSink, PutsPiecesOfEveryLengthOneAfterTheOther) {
    std::string bytes;
    for (int i = 0; i < 100; ++i) bytes += static_cast<char>(i + 1);
    for (std::size_t length = 0; length <= 40; ++length) {
        std::string room(2 * length + 1, '\0');
        ByteSink sink(room.data(), room.size());
        sink.Append(std::string_view(bytes).substr(0, length));
        sink.Append('|');
        sink.Append(std::string_view(bytes).substr(50, length));
        EXPECT_EQ(room, bytes.substr(0, length) + "|" + bytes.substr(50, length));
        EXPECT_EQ(sink.room(), 0U);
        EXPECT_FALSE(sink.is_full_up());
    }
}

TEST(ByteSink, LeavesOutWhatDoesNotFitAndSaysSo) {
    std::string room = "......";
    ByteSink sink(room.data(), 4);
    sink.Append("abc");
    sink.Append("de");
    EXPECT_TRUE(sink.is_full_up());
    sink.Append('f');
    sink.Append('g');
    EXPECT_EQ(room, "abcf..");
}

TEST(ByteSink, PutsPaddedPiecesOfEveryLengthAndNothingBeyondTheRoom) {
    const std::string bytes = "abcdefghijklmnopqrstuvwxyz" + std::string(ByteSink::kPadding, '.');
    for (std::size_t length = 0; length <= 26; ++length) {
        for (const std::size_t size : {length, length + 1, length + 40}) {
            std::string room(size + ByteSink::kPadding, '#');
            ByteSink sink(room.data(), size);
            sink.AppendPadded(std::string_view(bytes).substr(0, length));
            EXPECT_EQ(room.substr(0, length), bytes.substr(0, length));
            EXPECT_EQ(room.substr(size), std::string(ByteSink::kPadding, '#'));
            EXPECT_EQ(sink.room(), size - length);
        }
        ByteSink full(nullptr, 0);
        full.AppendPadded(std::string_view(bytes).substr(0, length));
        EXPECT_EQ(full.is_full_up(), length > 0);
    }
}

TEST(ByteSink, WritesAddresses) {
    const std::pair<std::uint64_t, std::string_view> cases[] = {{0, "0.0.0.0"}, {0xFFFFFFFF, "255.255.255.255"}, {0x0A64090A, "10.100.9.10"}};
    for (const auto& [number, text] : cases) {
        for (const std::size_t more : {0U, 1U, 20U}) {
            std::string room(text.size() + more, '#');
            ByteSink sink(room.data(), room.size());
            sink.AppendAddress(number);
            EXPECT_EQ(room.substr(0, text.size()), text);
            EXPECT_EQ(sink.room(), more);
        }
    }
}

TEST(ByteSink, WritesDecimalsOfEveryLength) {
    const std::pair<std::uint64_t, std::string_view> cases[] = {
        {0, "0"}, {9, "9"}, {10, "10"}, {99, "99"}, {100, "100"}, {1005, "1005"}, {98'765, "98765"}, {UINT64_MAX, "18446744073709551615"}};
    for (const auto& [number, text] : cases) {
        std::string room(20, '\0');
        ByteSink sink(room.data(), room.size());
        sink.AppendDecimal(number);
        EXPECT_EQ(room.substr(0, text.size()), text);
        EXPECT_EQ(sink.room(), 20 - text.size());
    }
    std::string room(9, '\0');
    ByteSink sink(room.data(), room.size());
    sink.AppendDecimal(45, 9);
    EXPECT_EQ(room, "000000045");
}

}  // namespace
}  // namespace opsteward::vault
