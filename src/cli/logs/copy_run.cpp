#include "cli/logs/copy_run.hpp"

#include <fmt/format.h>

namespace opsteward::cli {

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

}  // namespace opsteward::cli
