// Public keys of logs and witnesses in files of one line.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "vault/seal/note.hpp"

namespace opsteward::cli {

/// kInvalidInput, naming the file, when it holds no public key or one of another type.
Result<vault::NoteKey> ReadPublicKey(const std::filesystem::path& file, vault::SignatureType type);

}  // namespace opsteward::cli
