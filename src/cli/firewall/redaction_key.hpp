// The key of the marks that stand in place of secrets.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace opsteward::cli {

/// What the file holds. Whoever has the key can try out secrets that are easy to guess, so it is kept as a secret is. `path` empty: the user's own,
/// opsteward/redaction.key in $XDG_STATE_HOME or ~/.local/state, which is made when there is none. kInvalidInput for one of less than 16 bytes.
Result<std::string> ReadRedactionKey(const std::filesystem::path& path);

}  // namespace opsteward::cli
