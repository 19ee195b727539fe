#include "verifier/unpacker.hpp"

#include <new>

#include "verifier/bytes.hpp"
#include "verifier/fault.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::uint32_t kFrame = 0xFD2FB528U;

}  // namespace

Unpacker::Unpacker() : context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
}

void Unpacker::Unpack(std::string_view packed, std::span<char> out) {
    // The library would take several frames, and frames to be skipped, for one: there bytes could be hidden.
    const bool is_one_frame = packed.size() >= sizeof kFrame && Number<std::uint32_t>(packed, 0) == kFrame &&
                              ZSTD_findFrameCompressedSize(packed.data(), packed.size()) == packed.size();
    if (!is_one_frame) throw Malformed(Say("區塊的內容不是單一 zstd 框。", "what the block holds is not one zstd frame."));
    const std::size_t got = ZSTD_decompressDCtx(context_.get(), out.data(), out.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) != 0 || got != out.size()) {
        throw Malformed(Say("區塊無法解壓縮為所載的大小。", "the block can't be unpacked to the size it gives."));
    }
}

}  // namespace opsteward::verifier
