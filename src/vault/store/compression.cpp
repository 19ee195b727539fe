#include "vault/store/compression.hpp"

#include <zstd.h>

#include <cstdlib>
#include <memory>

#include "base/log.hpp"

namespace opsteward::vault {

namespace {

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::string Compress(std::string_view bytes, int level) {
    // Contexts are large: one of each is kept for each thread.
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    std::string packed(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compressCCtx(context.get(), packed.data(), packed.size(), bytes.data(), bytes.size(), level);
    if (ZSTD_isError(size) != 0) {
        log::critical("zstd can't compress: {}", ZSTD_getErrorName(size));
        std::abort();
    }
    packed.resize(size);
    return packed;
}

Result<std::string> Decompress(std::string_view packed, std::size_t size) {
    // Asked of the frame's header before anything is allocated.
    if (ZSTD_getFrameContentSize(packed.data(), packed.size()) != size || ZSTD_findFrameCompressedSize(packed.data(), packed.size()) != packed.size()) {
        return Error::Hidden(ErrorCode::kCorrupt, "it is no single frame of the size it gives");
    }
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    std::string bytes(size, '\0');
    const std::size_t got = ZSTD_decompressDCtx(context.get(), bytes.data(), bytes.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) != 0 || got != size) return Error::Hidden(ErrorCode::kCorrupt, "it can't be unpacked to the size it gives");
    return bytes;
}

}  // namespace opsteward::vault
