// Tests only: what zlib makes of compressed bytes.
#pragma once

#include <zlib.h>

#include <string>
#include <string_view>

namespace opsteward::web {

/// Unpacks RFC 1952; "" when broken or larger than `size`.
inline std::string Unzip(std::string_view compressed, std::size_t size) {
    std::string out(size + 1, '\0');
    z_stream stream = {};
    constexpr int kGzipWindow = 15 + 16;
    if (inflateInit2(&stream, kGzipWindow) != Z_OK) return {};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream.avail_in = static_cast<uInt>(compressed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return result == Z_STREAM_END ? out : std::string();
}

}  // namespace opsteward::web
