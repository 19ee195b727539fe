// Strings come back from a pack as they went in; what does not fit is refused, and nothing becomes larger than it may.
#include "vault/columns/pack.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "vault/store/compression.hpp"
#include "vault/store/varint.hpp"
#include "vault/testing/random_messages.hpp"
#include "vault/testing/read_columns.hpp"

namespace opsteward::vault {
namespace {

using ::testing::ElementsAreArray;
using testing::ReadPack;

constexpr std::size_t kRoom = 8U << 20;

std::string PackOf(const std::vector<std::string>& strings, int level = 3) {
    PackWriter pack;
    for (const std::string& string : strings) pack.Add(string);
    return pack.Finish(level);
}

std::size_t Bytes(const std::vector<std::string>& strings) {
    return std::accumulate(strings.begin(), strings.end(), std::size_t{0}, [](std::size_t sum, const std::string& string) { return sum + string.size(); });
}

std::string Incompressible(std::size_t size) {
    testing::RandomMessages random(size);
    std::string bytes;
    while (bytes.size() < size) bytes += random.AnyBytes(64);
    return bytes.substr(0, size);
}

std::vector<std::string> Mixed() {
    return {"", "short", std::string(191, 'j'), std::string(192, 'o'), std::string("nul\0line\n", 9), Incompressible(191), Incompressible(192), "",
            Incompressible(5'000), std::string(100'000, '\0')};
}

TEST(Pack, GivesBackStringsOfEveryKindAtEveryLevel) {
    const std::vector<std::vector<std::string>> cases = {
        {}, {""}, {"a"}, {std::string(191, 'x')}, {std::string(192, 'x')}, {Incompressible(191)}, {Incompressible(192)}, {Incompressible(100'000)},
        std::vector<std::string>(1'000, "one of many"), Mixed()};
    for (const std::vector<std::string>& strings : cases) {
        for (const int level : {1, 3, 19}) EXPECT_THAT(ReadPack(PackOf(strings, level), kRoom).value(), ElementsAreArray(strings));
    }
}

TEST(Pack, TakesInAllStringsOfAnother) {
    PackWriter first;
    first.Add("a");
    PackWriter second;
    second.Add("b");
    second.Add("c");
    first.AddAll(std::move(second));
    EXPECT_EQ(first.Finish(1), PackOf({"a", "b", "c"}, 1));
}

TEST(Pack, IsWrittenAsTheFormatSays) {
    // Sizes: 1 byte, 0 strings. Joint string: none.
    EXPECT_EQ(PackOf({}), std::string("\x01\x01\x00\x00\x00", 5));
    // Sizes: 3 bytes, 2 strings of 2 and 1. Joint string: 3 bytes.
    EXPECT_EQ(PackOf({"ab", "c"}), "\x03\x03\x03\x03\x02\x02\x01" "abc");
    // 191 bytes stand in the joint string: the sizes are their number and a length of two bytes.
    const std::string joined = Incompressible(191);
    EXPECT_EQ(PackOf({joined}), "\x03\x03\xBF\x01\xBF\x01\x01\xBF\x01" + joined);
    // From 192 on a string stands by itself, and has a second length; here it is written as it is.
    const std::string alone = Incompressible(192);
    EXPECT_EQ(PackOf({alone}), std::string("\x05\x05\x00\x00\x01\xC0\x01\xC0\x01", 9) + alone);
    EXPECT_LT(PackOf({std::string(100'000, '\0')}).size(), 50U);
}

TEST(Pack, EveryCutAndEveryAdditionIsRefused) {
    const std::string pack = PackOf(Mixed());
    for (std::size_t length = 0; length < pack.size(); ++length) {
        EXPECT_EQ(ReadPack(std::string_view(pack).substr(0, length), kRoom).error().code, ErrorCode::kCorrupt) << length;
    }
    EXPECT_FALSE(ReadPack(pack + '\0', kRoom).ok());
}

TEST(Pack, OfFlippedBitsNothingComesThatIsLargerThanItMay) {
    const std::vector<std::string> strings = {"a", "", std::string(150, 'j'), std::string(1'000, 'x'), Incompressible(200)};
    const std::string pack = PackOf(strings);
    constexpr std::size_t kLimit = 2'000;
    for (std::size_t bit = 0; bit < pack.size() * 8; ++bit) {
        std::string altered = pack;
        altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
        const auto read = ReadPack(altered, kLimit);
        if (read.ok()) {
            EXPECT_LE(Bytes(*read), kLimit) << bit;
        } else {
            EXPECT_EQ(read.error().code, ErrorCode::kCorrupt) << bit;
        }
    }
}

TEST(Pack, HoldsNoMoreThanItMayToTheByte) {
    const std::vector<std::string> strings = {std::string(300, 'a'), std::string(300, 'b'), "cc"};
    const std::string pack = PackOf(strings);
    // Sizes: their number, two of two lengths (300 and the packed one), and one.
    const std::size_t sizes = 1 + 2 * 3 + 1;
    EXPECT_TRUE(ReadPack(pack, 602 + sizes).ok());
    EXPECT_FALSE(ReadPack(pack, 602 + sizes - 1).ok());
}

struct Part {
    std::uint64_t size;
    std::uint64_t packed;
};

std::string PackWith(Part sizes, Part joint, std::string_view rest) {
    std::string pack;
    for (const std::uint64_t number : {sizes.size, sizes.packed, joint.size, joint.packed}) AppendVarint(pack, number);
    return pack.append(rest);
}

std::string Numbers(std::initializer_list<std::uint64_t> numbers) {
    std::string bytes;
    for (const std::uint64_t number : numbers) AppendVarint(bytes, number);
    return bytes;
}

/// A pack of no short strings whose sizes are these.
std::string PackOfSizes(const std::string& sizes, std::string_view rest) {
    return PackWith({sizes.size(), sizes.size()}, {0, 0}, sizes + std::string(rest));
}

TEST(Pack, WhatIsSaidToBeHugeIsRefusedBeforeAnythingIsMadeForIt) {
    constexpr std::uint64_t kHuge = std::uint64_t{1} << 62;
    const std::string frame = Compress("x", 1);
    const std::string packs[] = {
        PackWith({kHuge, 1}, {0, 0}, "x"),
        PackWith({kHuge, kHuge}, {0, 0}, "x"),
        PackWith({UINT64_MAX, frame.size()}, {0, 0}, frame),
        PackWith({1, 1}, {kHuge, 1}, std::string("\0x", 2)),
        PackWith({1, 1}, {kRoom + 1, 1}, std::string("\0x", 2)),
        PackOfSizes(Numbers({kHuge}), ""),
        PackOfSizes(Numbers({UINT64_MAX}), ""),
        PackOfSizes(Numbers({1, kHuge, frame.size()}), frame),
        PackOfSizes(Numbers({1, UINT64_MAX, UINT64_MAX}), frame),
    };
    for (const std::string& pack : packs) EXPECT_EQ(ReadPack(pack, kRoom).error().code, ErrorCode::kCorrupt);
}

TEST(Pack, WhatDoesNotFitIsRefused) {
    const std::string frame = Compress(std::string(300, 'x'), 1);
    const std::string sound = PackOfSizes(Numbers({1, 300, frame.size()}), frame);
    ASSERT_TRUE(ReadPack(sound, kRoom).ok());
    const std::string packs[] = {
        "",
        PackOfSizes(Numbers({2, 300, frame.size()}), frame),         // fewer strings than it says
        PackOfSizes(Numbers({0, 300, frame.size()}), frame),         // more
        PackOfSizes(Numbers({1, 300}), frame),                       // no packed length
        PackOfSizes(Numbers({1, 299, frame.size()}), frame),         // shorter than what is packed
        PackOfSizes(Numbers({1, 301, frame.size()}), frame),         // longer
        PackOfSizes(Numbers({1, 300, frame.size() + 1}), frame),     // ends within it
        PackOfSizes(Numbers({1, 300, frame.size()}), frame + "x"),   // something behind it
        PackOfSizes(Numbers({1, 200, 250}), std::string(250, 'x')),  // packed it is longer
        PackOfSizes(Numbers({1, 5}), ""),                            // not in the joint string
        PackWith({1, 1}, {1, 1}, std::string("\0x", 2)),             // of the joint string something is left
        PackWith({2, 2}, {0, 0}, std::string("\x80\x00", 2)),        // a longer form than needed
    };
    for (const std::string& pack : packs) EXPECT_EQ(ReadPack(pack, kRoom).error().code, ErrorCode::kCorrupt);
}

TEST(Pack, MillionsOfEmptyStringsInAFewBytesAreRefused) {
    constexpr std::size_t kCount = 10'000'000;
    const std::string sizes = Numbers({kCount}) + std::string(kCount, '\0');
    const std::string packed = Compress(sizes, 1);
    ASSERT_LT(packed.size(), 2'000U);
    EXPECT_EQ(ReadPack(PackWith({sizes.size(), packed.size()}, {0, 0}, packed), 128U << 20).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace opsteward::vault
