#include "cli/logs/copy_run.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/files.hpp"

namespace opsteward::cli {

namespace {

constexpr std::size_t kMaxKey = 4096;

}  // namespace

vault::OnCopyProgress CopyRun::OnProgress() {
    return [this](const vault::CopyProgress& progress) {
        progress_.ShowBytes(progress.moved, fmt::format("{} %", progress.all == 0 ? 0 : 100 * progress.done / progress.all));
        return !interrupt_.is_asked();
    };
}

Error WithHowToGoOn(Error error) {
    switch (error.code) {
        case ErrorCode::kFull: error.caller_text = {"磁碟空間不足。", "The disk is full."}; break;
        case ErrorCode::kUnavailable:
        case ErrorCode::kTimeout:
        case ErrorCode::kCancelled: break;
        default: return error;
    }
    error.caller_text.zh += "已傳送的部分仍在；再執行一次即從中斷處接續。";
    error.caller_text.en += " What was moved is kept; run the same again, and it goes on from there.";
    return error;
}

Result<vault::NoteKey> ReadPublicKey(const std::filesystem::path& path) {
    OPS_TRY(const std::string text, ReadWholeFile(path, kMaxKey));
    const auto key = vault::NoteKey::Parse(Trim(text));
    if (key.ok()) return *key;
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 不是記錄庫的公鑰：{}", path.string(), key.error().caller_text.zh),
                     fmt::format("{} is no public key of a vault: {}", path.string(), key.error().caller_text.en));
}

}  // namespace opsteward::cli
