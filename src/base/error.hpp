// Error: what went wrong, once for the operator's log and once for the person who asked.
#pragma once

#include <string>
#include <string_view>

#include "base/language.hpp"

namespace opsteward {

enum class ErrorCode {
    kInvalidInput,     ///< the caller sent something that can't be accepted; HTTP 400 (422 for a form)
    kUnauthenticated,  ///< nobody is signed in; HTTP 401
    kForbidden,        ///< signed in, but not allowed; HTTP 403
    kNotFound,         ///< HTTP 404
    kConflict,         ///< the state of things does not allow it now; HTTP 409
    kTooLarge,         ///< a documented size, depth or count limit was passed; HTTP 413
    kTooMany,          ///< a rate limit; HTTP 429
    kUnavailable,      ///< a needed service (database, disk, peer) is away; HTTP 503
    kTimeout,          ///< ran out of the time it was given; HTTP 504
    kCancelled,        ///< a person or a shutdown stopped it
    kCorrupt,          ///< stored data fails its own checks
    kFull,             ///< no space left on the device; HTTP 507
    kInternal,         ///< a defect or an unexpected system error; HTTP 500
};

/// snake_case name as used in API answers, e.g. "invalid_input".
std::string_view ErrorCodeName(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::kInternal;
    std::string operator_text;  ///< for logs: may name paths, SQL states and system errors, never secrets
    Text caller_text;           ///< for the person who asked: what happened, what was kept, what to do

    /// For what a caller may see in full: the operator's text is the English one.
    static Error Of(ErrorCode code, std::string zh, std::string en);
    /// For what only the operator may see; the caller gets a general sentence for this code.
    static Error Hidden(ErrorCode code, std::string operator_text);
    /// Hidden kInternal (or kFull for ENOSPC/EDQUOT/EFBIG, kForbidden for EACCES/EPERM, kNotFound for ENOENT) with strerror text.
    static Error System(std::string_view what, int error_number);
};

}  // namespace opsteward
