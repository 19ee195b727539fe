#include "features/inventory/host/unpacker.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <fstream>
#include <sstream>

#include "features/inventory/host/lz4_frame.hpp"

namespace opsteward::inventory::host {
namespace {

using namespace std::string_literals;

/// What comes out of it in pieces of `piece_size`, or the name of the error.
std::string Unpack(std::string_view file_name, std::string_view packed, std::size_t piece_size = 1 << 20,
                   std::uint64_t max_bytes = 1 << 20) {
    std::string text;
    const auto unpacker = MakeUnpacker(file_name, max_bytes, [&](std::string_view piece) { text.append(piece); });
    if (!unpacker) return "unread form";
    for (std::size_t at = 0; at < packed.size(); at += piece_size) {
        const auto fed = unpacker->Feed(packed.substr(at, piece_size));
        if (!fed.ok()) return std::string(ErrorCodeName(fed.error().code));
    }
    const auto finished = unpacker->Finish();
    return finished.ok() ? text : std::string(ErrorCodeName(finished.error().code));
}

std::string Gzip(std::string_view text) {
    z_stream stream{};
    EXPECT_EQ(::deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
    std::string packed(::deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(packed.size() - stream.avail_out);
    ::deflateEnd(&stream);
    return packed;
}

std::string Number32(std::uint32_t number) {
    std::string bytes;
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(number >> (8 * i) & 0xFF));
    return bytes;
}

/// A frame of the given blocks, each with its size before it; blocks of at most 64 KiB, no checksums.
std::string Frame(const std::vector<std::string>& blocks, char flags = 0x40) {
    std::string frame = "\x04\x22\x4D\x18"s + flags + "\x40"s + "\0"s;
    for (const std::string& block : blocks) frame += Number32(static_cast<std::uint32_t>(block.size())) + block;
    return frame + Number32(0);
}

std::string Stored(std::string_view text) {
    return Number32(0x80000000 | static_cast<std::uint32_t>(text.size())) + std::string(text);
}

TEST(Unpacker, IsChosenByTheEndOfTheName) {
    EXPECT_EQ(Unpack("x_Packages", "plain"), "plain");
    EXPECT_EQ(Unpack("x_Packages.gz", Gzip("packed")), "packed");
    EXPECT_EQ(Unpack("x_Packages.lz4", Frame({"\x60packed"})), "packed");
    for (const char* name : {"x.xz", "x.bz2", "x.zst", "x.lzma"}) EXPECT_EQ(Unpack(name, ""), "unread form") << name;
}

TEST(Unpacker, StopsAtItsLimit) {
    const std::string zeros(100'000, '0');
    EXPECT_EQ(Unpack("x", zeros, 4096, zeros.size()), zeros);
    EXPECT_EQ(Unpack("x", zeros, 4096, zeros.size() - 1), "too_large");
    EXPECT_EQ(Unpack("x.gz", Gzip(zeros), 10, zeros.size()), zeros);
    EXPECT_EQ(Unpack("x.gz", Gzip(zeros), 10, zeros.size() - 1), "too_large");
}

TEST(Gzip, IsTheSameInPiecesOfAnySize) {
    std::string text;
    for (int i = 0; i < 500; ++i) text += std::to_string(i * i) + "\n";
    const std::string packed = Gzip(text);
    for (std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{100}, packed.size()}) {
        EXPECT_EQ(Unpack("x.gz", packed, size), text) << size;
    }
    EXPECT_EQ(Unpack("x.gz", Gzip("one,") + Gzip("two"), 1), "one,two");
}

TEST(Gzip, DamageIsFound) {
    const std::string packed = Gzip("some text that is long enough to be worth packing, is it not?");
    for (std::size_t size = 0; size < packed.size(); ++size) {
        EXPECT_EQ(Unpack("x.gz", packed.substr(0, size)), "corrupt") << "cut at " << size;
    }
    std::string flipped = packed;
    flipped[flipped.size() - 6] ^= 1;  // of the checksum
    EXPECT_EQ(Unpack("x.gz", flipped), "corrupt");
    EXPECT_EQ(Unpack("x.gz", packed + "rest"), "corrupt");
    EXPECT_EQ(Unpack("x.gz", "no gzip"), "corrupt");
}

TEST(Lz4, UnpacksWhatTheBlockFormatDescribes) {
    struct Case {
        const char* what;
        std::string packed;
        std::string expected;
    };
    const std::vector<Case> cases = {
        {"no block", Frame({}), ""},
        {"literals only", Frame({"\x30"s + "abc"}), "abc"},
        {"an overlapping match repeats what it writes", Frame({"\x1F"s + "a" + "\x01\x00"s + "\x05" + "\x10z"}),
         std::string(25, 'a') + "z"},
        {"a match further back", Frame({"\x40"s + "abcd" + "\x04\x00"s + "\x10z"}), "abcdabcdz"},
        {"a length in further bytes", Frame({"\xF0\x05"s + "01234567890123456789"}), "01234567890123456789"},
        {"two blocks, the second looks back into the first", Frame({"\x40"s + "abcd", "\x00\x04\x00"s + "\x10z"}),
         "abcdabcdz"},
        {"a skippable frame first", "\x50\x2A\x4D\x18"s + Number32(3) + "xyz" + Frame({"\x10"s + "a"}), "a"},
        {"two frames", Frame({"\x10"s + "a"}) + Frame({"\x10"s + "b"}), "ab"},
        {"a stored block", "\x04\x22\x4D\x18\x40\x40\0"s + Stored("abc") + Number32(0), "abc"},
    };
    for (const Case& each : cases) {
        for (std::size_t size = 1; size <= each.packed.size(); ++size) {
            EXPECT_EQ(Unpack("x.lz4", each.packed, size), each.expected) << each.what << ", pieces of " << size;
        }
    }
}

TEST(Lz4, RefusesWhatTheFormatDoesNotAllow) {
    const std::vector<std::pair<const char*, std::string>> cases = {
        {"another magic number", "\x04\x22\x4D\x19\x40\x40\0\0"s},
        {"another version", Frame({}, static_cast<char>(0x80))},
        {"a dictionary", Frame({}, 0x41)},
        {"a block size that is not defined", "\x04\x22\x4D\x18\x40\x30\0"s + Number32(0)},
        {"a block beyond the declared size", "\x04\x22\x4D\x18\x40\x40\0"s + Number32(65537)},
        {"more literals than there are", Frame({"\x30"s + "ab"})},
        {"a length without end", Frame({"\xF0\xFF"s})},
        {"a match before the beginning", Frame({"\x10"s + "a" + "\x02\x00"s + "\x10z"})},
        {"a match at distance 0", Frame({"\x10"s + "a" + "\x00\x00"s + "\x10z"})},
        {"half a distance", Frame({"\x10"s + "a" + "\x01"})},
        {"a match that passes the block's size",
         Frame({"\x1F"s + "a" + "\x01\x00"s + std::string(300, '\xFF') + "\0"s + "\x10z"})},
        {"independent blocks that look back", Frame({"\x40"s + "abcd", "\x00\x04\x00"s + "\x10z"}, 0x60)},
    };
    for (const auto& [what, packed] : cases) EXPECT_EQ(Unpack("x.lz4", packed), "corrupt") << what;
}

TEST(Lz4, AFileOfTheReferenceProgramUnpacksWholeAndIsRefusedWhenCut) {
    std::ifstream file(std::string(OPSTEWARD_SOURCE_DIR) +
                           "/tests/data/hosts/debian-12-server/var/lib/apt/lists/"
                           "deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages.lz4",
                       std::ios::binary);
    std::ostringstream packed;
    packed << file.rdbuf();
    const std::string whole = packed.str();
    const std::string text = Unpack("x.lz4", whole);
    EXPECT_TRUE(text.starts_with("Package: base-files\nArchitecture: amd64\n")) << text.substr(0, 100);
    EXPECT_NE(text.find("Package: other-39\n"), std::string::npos);
    for (std::size_t size = 1; size < whole.size(); ++size) {
        EXPECT_EQ(Unpack("x.lz4", whole.substr(0, size)), "corrupt") << "cut at " << size;
    }
}

}  // namespace
}  // namespace opsteward::inventory::host
