#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "crypto/crypto.hpp"
#include "crypto/sha256_stream.hpp"
#include "features/vulnerabilities/feed/bundle.hpp"
#include "features/vulnerabilities/feed/bundle_manifest.hpp"
#include "features/vulnerabilities/feed/tar_header.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

/// Reads a bundle once, from its beginning to its end.
class Reader {
  public:
    Reader(const std::filesystem::path& path, vault::File file, const BundleProgress& progress) : path_(path), file_(std::move(file)), progress_(progress) {}

    Result<Bundle> Read() {
        whole_.Begin();
        OPS_TRY(const std::string manifest, ReadShort(kManifestName, kMaxManifestBytes));
        auto bundle = ReadManifest(manifest);
        if (!bundle.ok()) return InFile(path_.string(), std::move(bundle).error());
        bundle->path = path_;
        for (BundleEntry& entry : bundle->entries) OPS_CHECK(CheckEntry(entry));
        const std::string sum = SumText(crypto::ToHex(whole_.Finish()));
        whole_.Begin();
        OPS_TRY(const std::string told, ReadShort(kSumName, sum.size()));
        if (told != sum) return Damaged(kSumName, "整個檔案的 SHA-256 不符", "the SHA-256 of the whole file is another");
        OPS_CHECK(CheckEnd());
        bundle->bytes = position_;
        return bundle;
    }

  private:
    Error Damaged(std::string_view entry, std::string_view zh, std::string_view en) const {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 的「{}」：{}。請重新複製或製作套件。", path_.string(), entry, zh),
                         fmt::format("{}, entry \"{}\": {}. Copy the bundle again, or make it anew.", path_.string(), entry, en));
    }

    /// All of so many bytes, which are counted into the sum of the whole.
    Result<std::string> Take(std::string_view entry, std::size_t bytes) {
        OPS_TRY(std::string taken, file_.ReadAt(position_, bytes));
        if (taken.size() != bytes) return Damaged(entry, "檔案不完整", "the file ends within it");
        whole_.Add(taken);
        position_ += bytes;
        return taken;
    }

    Result<TarEntry> TakeHead(std::string_view name) {
        OPS_TRY(const std::string block, Take(name, kTarBlock));
        const auto head = ReadTarHead(block);
        if (!head) return Damaged(name, "檔頭無效，或不是一般檔案", "its head is damaged, or it is no regular file");
        if (head->name != name) {
            return Damaged(name, fmt::format("此處卻是「{}」", ReplaceInvalidUtf8(head->name)), fmt::format("in its place stands \"{}\"", ReplaceInvalidUtf8(head->name)));
        }
        return *head;
    }

    Result<void> TakePadding(std::string_view name, std::uint64_t size) {
        OPS_TRY(const std::string padding, Take(name, TarPadding(size)));
        if (padding.find_first_not_of('\0') == std::string::npos) return Ok();
        return Damaged(name, "其後有多餘的內容", "something stands behind it");
    }

    Result<std::string> ReadShort(std::string_view name, std::uint64_t most) {
        OPS_TRY(const TarEntry head, TakeHead(name));
        if (head.size > most) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("{} 的「{}」超過 {}。", path_.string(), name, FormatBytes(most)),
                             fmt::format("{}, entry \"{}\" is larger than {}.", path_.string(), name, FormatBytes(most)));
        }
        OPS_TRY(std::string bytes, Take(name, static_cast<std::size_t>(head.size)));
        OPS_CHECK(TakePadding(name, head.size));
        return bytes;
    }

    Result<void> CheckEntry(BundleEntry& entry) {
        OPS_TRY(const TarEntry head, TakeHead(entry.name));
        if (head.size != entry.size) return Damaged(entry.name, "大小與清單不符", "its size is not that of the manifest");
        entry.offset = position_;
        crypto::Sha256Stream sum;
        sum.Begin();
        for (std::uint64_t left = entry.size; left > 0;) {
            OPS_TRY(const std::string bytes, Take(entry.name, static_cast<std::size_t>(std::min<std::uint64_t>(left, kBlock))));
            sum.Add(bytes);
            left -= bytes.size();
            if (progress_ && !progress_(position_)) return Error::Of(ErrorCode::kCancelled, "已中斷。", "Interrupted.");
        }
        if (crypto::ToHex(sum.Finish()) != entry.sha256) return Damaged(entry.name, "SHA-256 與清單不符", "its SHA-256 is not that of the manifest");
        return TakePadding(entry.name, entry.size);
    }

    Result<void> CheckEnd() {
        OPS_TRY(const std::string end, Take(kSumName, 2 * kTarBlock));
        OPS_TRY(const std::uint64_t size, file_.Size());
        if (end.find_first_not_of('\0') == std::string::npos && size == position_) return Ok();
        return Damaged(kSumName, "其後還有其他內容", "something stands behind it");
    }

    const std::filesystem::path& path_;
    vault::File file_;
    const BundleProgress& progress_;
    crypto::Sha256Stream whole_;
    std::uint64_t position_ = 0;
};

}  // namespace

Result<Bundle> OpenBundle(const std::filesystem::path& path, const BundleProgress& progress) {
    std::error_code problem;
    if (std::filesystem::exists(path, problem) && !std::filesystem::is_regular_file(path, problem)) {
        return Error::Of(ErrorCode::kInvalidInput, path.string() + " 不是一般檔案。", path.string() + " is not a regular file.");
    }
    OPS_TRY(vault::File file, vault::File::Open(path, vault::File::Mode::kRead));
    return Reader(path, std::move(file), progress).Read();
}

}  // namespace opsteward::vuln
