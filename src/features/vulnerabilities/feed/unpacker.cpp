#include "features/vulnerabilities/feed/unpacker.hpp"

#include <fmt/format.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <optional>
#include <string>
#include <vector>

namespace opsteward::vuln {

namespace {

constexpr std::size_t kOutBytes = 256 * 1024;
constexpr std::uint64_t kMaxMemory = 256U << 20;  // xz -9 needs 65 MiB
constexpr int kMaxWindowLog = 27;                 // 128 MiB, what the zstd program itself takes unless it is told otherwise

Error Damaged(std::string_view reason) { return Error::Of(ErrorCode::kInvalidInput, std::string(reason), std::string(reason)); }
Error NoMemory() { return Error::Hidden(ErrorCode::kInternal, "no memory for unpacking"); }

class Plain final : public Unpacker {
  public:
    explicit Plain(PackedSource source) : source_(std::move(source)) {}
    Result<std::string_view> Read() override { return source_(); }

  private:
    PackedSource source_;
};

/// What the packed formats share: bytes go in as the library asks for them, and come out a block at a time.
class Packed : public Unpacker {
  public:
    explicit Packed(PackedSource source) : source_(std::move(source)), out_(kOutBytes) {}

    Result<std::string_view> Read() final {
        while (!failure_ && !is_over_) {
            if (in_.empty() && !has_more_out_ && !is_last_) {
                OPS_TRY(in_, source_());
                is_last_ = in_.empty();
            }
            auto given = Step(in_, is_last_);
            if (!given.ok()) {
                failure_ = std::move(given).error();
            } else if (*given > 0) {
                return std::string_view(out_.data(), *given);
            }
        }
        if (failure_) return *failure_;
        return std::string_view();
    }

  protected:
    /// Takes bytes off the front of `in` and puts some into out_; gives how many. `is_last`: there are none behind `in`.
    virtual Result<std::size_t> Step(std::string_view& in, bool is_last) = 0;

    std::vector<char>& out() { return out_; }
    void EndOrGoOn(bool is_over, bool has_more_out) {
        is_over_ = is_over;
        has_more_out_ = has_more_out;
    }

  private:
    PackedSource source_;
    std::vector<char> out_;
    std::string_view in_;
    bool is_last_ = false;
    bool is_over_ = false;
    bool has_more_out_ = false;  ///< more comes out without anything going in
    std::optional<Error> failure_;
};

constexpr std::string_view kTooEarly = "it ends too early";

class Gzip final : public Packed {
  public:
    using Packed::Packed;
    ~Gzip() override { inflateEnd(&stream_); }

    bool Begin() {
        constexpr int kGzipAlone = 16;  // zlib.h: added to the size of the window
        return inflateInit2(&stream_, MAX_WBITS + kGzipAlone) == Z_OK;
    }

  private:
    Result<std::size_t> Step(std::string_view& in, bool is_last) override {
        if (!is_in_member_) {
            in.remove_prefix(std::min(in.find_first_not_of('\0'), in.size()));  // behind a member: padding
            EndOrGoOn(is_last, false);
            if (in.empty()) return std::size_t{0};
            inflateReset(&stream_);
            is_in_member_ = true;
        }
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // zlib takes a pointer to non-const and writes nothing there
        stream_.avail_in = static_cast<uInt>(in.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out().data());
        stream_.avail_out = static_cast<uInt>(out().size());
        const int outcome = inflate(&stream_, Z_NO_FLUSH);
        in.remove_prefix(in.size() - stream_.avail_in);
        const std::size_t given = out().size() - stream_.avail_out;
        if (outcome == Z_STREAM_END) {
            is_in_member_ = false;
        } else if (outcome != Z_OK && outcome != Z_BUF_ERROR) {
            return Damaged(stream_.msg != nullptr ? stream_.msg : "damaged");
        } else if (is_last && given == 0) {
            return Damaged(kTooEarly);
        }
        EndOrGoOn(false, stream_.avail_out == 0);
        return given;
    }

    z_stream stream_{};
    bool is_in_member_ = true;
};

std::string_view XzReason(lzma_ret outcome) {
    switch (outcome) {
        case LZMA_MEMLIMIT_ERROR: return "it needs more than 256 MiB of memory to be unpacked";
        case LZMA_UNSUPPORTED_CHECK: return "it has a checksum of an unknown kind";
        case LZMA_OPTIONS_ERROR: return "it is packed in a way that is not known";
        case LZMA_BUF_ERROR: return kTooEarly;
        case LZMA_FORMAT_ERROR: return "something that is no xz stands behind its end";
        default: return "damaged: a checksum does not fit";
    }
}

class Xz final : public Packed {
  public:
    using Packed::Packed;
    ~Xz() override { lzma_end(&stream_); }

    bool Begin() { return lzma_stream_decoder(&stream_, kMaxMemory, LZMA_TELL_UNSUPPORTED_CHECK | LZMA_CONCATENATED) == LZMA_OK; }

  private:
    Result<std::size_t> Step(std::string_view& in, bool is_last) override {
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
        stream_.avail_in = in.size();
        stream_.next_out = reinterpret_cast<std::uint8_t*>(out().data());
        stream_.avail_out = out().size();
        const lzma_ret outcome = lzma_code(&stream_, is_last ? LZMA_FINISH : LZMA_RUN);
        in.remove_prefix(in.size() - stream_.avail_in);
        if (outcome == LZMA_MEM_ERROR) return NoMemory();
        if (outcome != LZMA_OK && outcome != LZMA_STREAM_END) return Damaged(XzReason(outcome));
        EndOrGoOn(outcome == LZMA_STREAM_END, stream_.avail_out == 0);
        return out().size() - stream_.avail_out;
    }

    lzma_stream stream_ = LZMA_STREAM_INIT;
};

struct ContextDeleter {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class Zstd final : public Packed {
  public:
    using Packed::Packed;

    bool Begin() {
        context_.reset(ZSTD_createDCtx());
        return context_ && ZSTD_isError(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kMaxWindowLog)) == 0;
    }

  private:
    Result<std::size_t> Step(std::string_view& in, bool is_last) override {
        if (in.empty() && is_last && is_between_frames_) {
            EndOrGoOn(true, false);
            return std::size_t{0};
        }
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer into{out().data(), out().size(), 0};
        const std::size_t outcome = ZSTD_decompressStream(context_.get(), &into, &from);
        in.remove_prefix(from.pos);
        if (ZSTD_isError(outcome) != 0) return Damaged(ZSTD_getErrorName(outcome));
        is_between_frames_ = outcome == 0;
        if (is_last && in.empty() && into.pos == 0 && !is_between_frames_) return Damaged(kTooEarly);
        EndOrGoOn(false, into.pos == into.size && !is_between_frames_);
        return into.pos;
    }

    std::unique_ptr<ZSTD_DCtx, ContextDeleter> context_;
    bool is_between_frames_ = false;
};

template <typename Format>
Result<std::unique_ptr<Unpacker>> Make(PackedSource source) {
    auto unpacker = std::make_unique<Format>(std::move(source));
    if (!unpacker->Begin()) return NoMemory();
    return std::unique_ptr<Unpacker>(std::move(unpacker));
}

}  // namespace

Result<std::unique_ptr<Unpacker>> MakeUnpacker(std::string_view beginning, PackedSource source) {
    using namespace std::string_view_literals;
    if (beginning.starts_with("\x1f\x8b"sv)) return Make<Gzip>(std::move(source));
    if (beginning.starts_with("\xfd"
                              "7zXZ\0"sv)) {
        return Make<Xz>(std::move(source));
    }
    if (beginning.starts_with("\x28\xb5\x2f\xfd"sv)) return Make<Zstd>(std::move(source));
    return std::unique_ptr<Unpacker>(std::make_unique<Plain>(std::move(source)));
}

}  // namespace opsteward::vuln
