#include "features/vulnerabilities/feed/testing/packing.hpp"

#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <stdexcept>

namespace opsteward::vuln::testing {

namespace {

void Require(bool holds) {
    if (!holds) throw std::runtime_error("packing failed");
}

}  // namespace

std::string Gzip(std::string_view text) {
    z_stream stream{};
    constexpr int kGzipAlone = 16;
    Require(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + kGzipAlone, 9, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    Require(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

std::string Xz(std::string_view text) {
    std::string packed(lzma_stream_buffer_bound(text.size()), '\0');
    std::size_t size = 0;
    Require(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<std::uint8_t*>(packed.data()), &size, packed.size()) == LZMA_OK);
    packed.resize(size);
    return packed;
}

std::string Zstd(std::string_view text) {
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size = ZSTD_compress2(context, packed.data(), packed.size(), text.data(), text.size());
    ZSTD_freeCCtx(context);
    Require(ZSTD_isError(size) == 0);
    packed.resize(size);
    return packed;
}

}  // namespace opsteward::vuln::testing
