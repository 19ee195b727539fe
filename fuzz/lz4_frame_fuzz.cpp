// Package lists packed as LZ4 or gzip: the same comes out of them in whatever pieces they are read, and never more than
// allowed.
#include <algorithm>
#include <string>
#include <string_view>

#include "features/inventory/host/unpacker.hpp"
#include "require.hpp"

using namespace opsteward;

namespace {

constexpr std::uint64_t kMaxBytes = 4 << 20;

struct Unpacked {
    bool is_whole = false;
    std::string text;
};

Unpacked Unpack(std::string_view file_name, std::string_view packed, std::size_t piece) {
    Unpacked unpacked;
    const auto unpacker =
        inventory::host::MakeUnpacker(file_name, kMaxBytes, [&](std::string_view part) { unpacked.text.append(part); });
    for (std::size_t at = 0; at < packed.size(); at += piece) {
        if (!unpacker->Feed(packed.substr(at, piece)).ok()) return unpacked;
    }
    unpacked.is_whole = unpacker->Finish().ok();
    return unpacked;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view packed(reinterpret_cast<const char*>(data), size);
    for (const std::string_view name : {"x.lz4", "x.gz"}) {
        const Unpacked whole = Unpack(name, packed, size + 1);
        const Unpacked pieces = Unpack(name, packed, std::max<std::size_t>(1, size / 5));
        Require(whole.text.size() <= kMaxBytes && pieces.text.size() <= kMaxBytes);
        Require(whole.is_whole == pieces.is_whole);
        if (whole.is_whole) Require(whole.text == pieces.text);
    }
    return 0;
}
