#include "platform/web/compressed.hpp"

#include <zlib.h>

#include <new>

namespace opsteward::web {

std::string Gzip(std::string_view plain) {
    constexpr int kGzipWindow = 15 + 16;
    constexpr int kMemoryLevel = 8;
    z_stream stream = {};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
    std::string packed(deflateBound(&stream, plain.size()), '\0');
    // zlib does not write to its input; its interface is older than const.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int outcome = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    if (outcome != Z_STREAM_END) throw std::bad_alloc();
    packed.shrink_to_fit();
    return packed;
}

net::Response SharedJson(std::shared_ptr<const std::string> bytes, bool is_gzip) {
    net::Response response = net::Response::Json({});
    response.headers.Set("Vary", "Accept-Encoding");
    if (is_gzip) response.headers.Set("Content-Encoding", "gzip");
    response.shared_body = std::move(bytes);
    return response;
}

}  // namespace opsteward::web
