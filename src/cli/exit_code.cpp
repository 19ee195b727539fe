#include "cli/exit_code.hpp"

namespace opsteward::cli {

ExitCode ExitCodeFor(ErrorCode code) {
    switch (code) {
        case ErrorCode::kInvalidInput:
        case ErrorCode::kCorrupt:
        case ErrorCode::kTooLarge: return kExitBadInput;
        case ErrorCode::kConflict: return kExitBusy;
        case ErrorCode::kUnavailable:
        case ErrorCode::kFull:
        case ErrorCode::kTimeout: return kExitUnavailable;
        case ErrorCode::kInternal: return kExitDefect;
        case ErrorCode::kUnauthenticated:
        case ErrorCode::kForbidden:
        case ErrorCode::kNotFound:
        case ErrorCode::kTooMany:
        case ErrorCode::kCancelled: return kExitFailed;
    }
    return kExitDefect;
}

}  // namespace opsteward::cli
