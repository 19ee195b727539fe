#include "base/error.hpp"

#include <cerrno>
#include <system_error>

namespace opsteward {
namespace {

Phrase GeneralSentence(ErrorCode code) {
    switch (code) {
        case ErrorCode::kInvalidInput: return {"送出的內容無法接受。", "What was sent can't be accepted."};
        case ErrorCode::kUnauthenticated: return {"請先登入。", "Sign in first."};
        case ErrorCode::kForbidden: return {"您沒有執行這項操作的權限。", "You are not allowed to do this."};
        case ErrorCode::kNotFound: return {"找不到這項資料。", "There is no such thing here."};
        case ErrorCode::kConflict: return {"目前的狀態不允許這項操作。", "The present state does not allow this."};
        case ErrorCode::kTooLarge: return {"送出的內容超過上限。", "What was sent is over the limit."};
        case ErrorCode::kTooMany: return {"次數過多，請稍後再試。", "Too many attempts; try again later."};
        case ErrorCode::kUnavailable:
            return {"服務暫時無法使用，資料未變更，請稍後再試。",
                    "The service is unavailable for the moment. Nothing was changed; try again shortly."};
        case ErrorCode::kTimeout: return {"逾時，資料未變更。", "It took too long and was stopped. Nothing was changed."};
        case ErrorCode::kCancelled: return {"已取消。", "Cancelled."};
        case ErrorCode::kCorrupt:
            return {"儲存的資料未通過檢查，請通知系統管理員。", "Stored data fails its own checks; tell the administrator."};
        case ErrorCode::kFull:
            return {"磁碟空間不足，資料未變更，請通知系統管理員。",
                    "The disk is full. Nothing was changed; tell the administrator."};
        case ErrorCode::kInternal: break;
    }
    return {"系統發生錯誤，資料未變更，詳情已記入系統日誌。",
            "Something went wrong. Nothing was changed; the details are in the system log."};
}

}  // namespace

std::string_view ErrorCodeName(ErrorCode code) {
    switch (code) {
        case ErrorCode::kInvalidInput: return "invalid_input";
        case ErrorCode::kUnauthenticated: return "unauthenticated";
        case ErrorCode::kForbidden: return "forbidden";
        case ErrorCode::kNotFound: return "not_found";
        case ErrorCode::kConflict: return "conflict";
        case ErrorCode::kTooLarge: return "too_large";
        case ErrorCode::kTooMany: return "too_many";
        case ErrorCode::kUnavailable: return "unavailable";
        case ErrorCode::kTimeout: return "timeout";
        case ErrorCode::kCancelled: return "cancelled";
        case ErrorCode::kCorrupt: return "corrupt";
        case ErrorCode::kFull: return "full";
        case ErrorCode::kInternal: break;
    }
    return "internal";
}

Error Error::Of(ErrorCode code, std::string zh, std::string en) {
    std::string operator_text = en;
    return {code, std::move(operator_text), {std::move(zh), std::move(en)}};
}

Error Error::Hidden(ErrorCode code, std::string operator_text) {
    return {code, std::move(operator_text), GeneralSentence(code).ToText()};
}

Error Error::System(std::string_view what, int error_number) {
    ErrorCode code = ErrorCode::kInternal;
    if (error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG) code = ErrorCode::kFull;
    if (error_number == EACCES || error_number == EPERM) code = ErrorCode::kForbidden;
    if (error_number == ENOENT) code = ErrorCode::kNotFound;
    return Hidden(code, std::string(what) + ": " + std::generic_category().message(error_number));
}

}  // namespace opsteward
