#include "features/inventory/host/unpacker.hpp"

#include <zlib.h>

#include <array>

#include "features/inventory/host/lz4_frame.hpp"

namespace opsteward::inventory::host {
namespace {

class PlainUnpacker final : public Unpacker {
  public:
    explicit PlainUnpacker(Take take) : take_(std::move(take)) {}
    Result<void> Feed(std::string_view packed) override {
        take_(packed);
        return Ok();
    }
    Result<void> Finish() override { return Ok(); }

  private:
    Take take_;
};

Error DamagedGzip() { return Error::Of(ErrorCode::kCorrupt, "gzip 資料毀損。", "The gzip data is damaged."); }

class GzipUnpacker final : public Unpacker {
  public:
    explicit GzipUnpacker(Take take) : take_(std::move(take)) {
        constexpr int kGzipOnly = 16 + MAX_WBITS;
        is_ready_ = ::inflateInit2(&stream_, kGzipOnly) == Z_OK;
    }
    ~GzipUnpacker() override {
        if (is_ready_) ::inflateEnd(&stream_);
    }
    GzipUnpacker(const GzipUnpacker&) = delete;
    GzipUnpacker& operator=(const GzipUnpacker&) = delete;

    Result<void> Feed(std::string_view packed) override {
        if (!is_ready_) return Error::Hidden(ErrorCode::kInternal, "zlib could not be started");
        std::array<char, 64 * 1024> out;
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream_.avail_in = static_cast<uInt>(packed.size());
        while (stream_.avail_in > 0 || stream_.avail_out == 0) {
            if (is_at_end_ && ::inflateReset(&stream_) != Z_OK) return DamagedGzip();
            is_at_end_ = false;
            stream_.next_out = reinterpret_cast<Bytef*>(out.data());
            stream_.avail_out = out.size();
            const int code = ::inflate(&stream_, Z_NO_FLUSH);
            if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return DamagedGzip();
            take_({out.data(), out.size() - stream_.avail_out});
            is_at_end_ = code == Z_STREAM_END;
            if (code == Z_BUF_ERROR || (is_at_end_ && stream_.avail_in == 0)) break;
        }
        return Ok();
    }
    Result<void> Finish() override { return is_at_end_ ? Ok() : Result<void>(DamagedGzip()); }

  private:
    Take take_;
    z_stream stream_{};
    bool is_ready_ = false;
    bool is_at_end_ = false;
};

/// Stops what would never end: a small file can unpack to any size.
class LimitedUnpacker final : public Unpacker {
  public:
    LimitedUnpacker(std::uint64_t max_bytes, Take take) : left_(max_bytes), take_(std::move(take)) {}
    void SetInner(std::unique_ptr<Unpacker> inner) { inner_ = std::move(inner); }
    void Pass(std::string_view unpacked) {
        is_over_ = is_over_ || unpacked.size() > left_;
        if (is_over_) return;
        left_ -= unpacked.size();
        take_(unpacked);
    }

    Result<void> Feed(std::string_view packed) override {
        OPS_CHECK(inner_->Feed(packed));
        return is_over_ ? Result<void>(Error::Of(ErrorCode::kTooLarge, "解壓縮後過大。", "Too large when unpacked."))
                        : Ok();
    }
    Result<void> Finish() override { return inner_->Finish(); }

  private:
    std::unique_ptr<Unpacker> inner_;
    std::uint64_t left_;
    Take take_;
    bool is_over_ = false;
};

}  // namespace

std::unique_ptr<Unpacker> MakeUnpacker(std::string_view file_name, std::uint64_t max_bytes, Unpacker::Take take) {
    for (const std::string_view unread : {".xz", ".bz2", ".zst", ".lzma"}) {
        if (file_name.ends_with(unread)) return nullptr;
    }
    auto limited = std::make_unique<LimitedUnpacker>(max_bytes, std::move(take));
    const auto pass = [raw = limited.get()](std::string_view unpacked) { raw->Pass(unpacked); };
    if (file_name.ends_with(".gz")) {
        limited->SetInner(std::make_unique<GzipUnpacker>(pass));
    } else if (file_name.ends_with(".lz4")) {
        limited->SetInner(std::make_unique<Lz4Unpacker>(pass));
    } else {
        limited->SetInner(std::make_unique<PlainUnpacker>(pass));
    }
    return limited;
}

}  // namespace opsteward::inventory::host
