#include "cli/logs/gunzip.hpp"

#include "cli/logs/unreadable.hpp"

namespace opsteward::cli {

Result<std::unique_ptr<Gunzip>> Gunzip::Create(const std::filesystem::path& path) {
    std::unique_ptr<Gunzip> gunzip(new Gunzip(path));
    constexpr int kGzipAlone = 16;  // zlib.h: added to the size of the window
    if (inflateInit2(&gunzip->stream_, MAX_WBITS + kGzipAlone) != Z_OK) {
        return Error::Hidden(ErrorCode::kInternal, "no memory for reading " + path.string());
    }
    return gunzip;
}

Gunzip::~Gunzip() { inflateEnd(&stream_); }

Result<std::string_view> Gunzip::Read(const Source& source) {
    while (!failure_) {
        if (stream_.avail_in == 0 && is_drained_) {
            OPS_TRY(const std::string_view bytes, source());
            if (bytes.empty() && !is_in_member_) return bytes;
            if (bytes.empty()) return Unreadable(path_, "it ends too early");
            stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib takes a pointer to non-const and writes nothing there
            stream_.avail_in = static_cast<uInt>(bytes.size());
        }
        if (!is_in_member_) {
            for (; stream_.avail_in > 0 && *stream_.next_in == 0; --stream_.avail_in) ++stream_.next_in;
            if (stream_.avail_in == 0) continue;
            inflateReset(&stream_);
            is_in_member_ = true;
        }
        stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
        stream_.avail_out = static_cast<uInt>(out_.size());
        const int outcome = inflate(&stream_, Z_NO_FLUSH);
        is_drained_ = stream_.avail_out > 0;
        if (outcome == Z_STREAM_END) {
            is_in_member_ = false;
            is_drained_ = true;
        } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
            failure_ = Unreadable(path_, stream_.msg != nullptr ? stream_.msg : "damaged");
        }
        if (const std::size_t size = out_.size() - stream_.avail_out; size > 0) return std::string_view(out_.data(), size);
    }
    return *failure_;
}

}  // namespace opsteward::cli
