// Where a copy of the vault lies, as it is written on the command line.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/ssh/sftp_client.hpp"
#include "vault/copy/copy_target.hpp"

namespace opsteward::cli {

struct CopyPlace {
    std::optional<net::SshEndpoint> machine;  ///< none: this one
    std::string folder;                       ///< without "/" at its end

    /// A path, or ssh://[user@]host[:port]/path (the path after "/~/" begins in the user's folder there). kInvalidInput for another scheme, a password, and
    /// for HOST:PATH, which would silently be a folder of this machine.
    static Result<CopyPlace> Parse(std::string_view address);
    /// The same in writing, without a "/" at its end.
    std::string ToText() const;
};

/// Connects if the place is on another machine.
Result<std::unique_ptr<vault::CopyTarget>> OpenCopy(std::string_view address, const net::SshOptions& options);

}  // namespace opsteward::cli
