#include "cli/public_key.hpp"

#include <fmt/format.h>

#include "cli/files.hpp"

namespace opsteward::cli {

namespace {

constexpr std::size_t kMaxKeyFile = 4096;

}  // namespace

Result<vault::NoteKey> ReadPublicKey(const std::filesystem::path& file, vault::SignatureType type) {
    OPS_TRY(const std::string line, ReadWholeFile(file, kMaxKeyFile));
    auto key = vault::NoteKey::Parse(line);
    if (key.ok() && key->type == type) return key;
    const Phrase wanted = type == vault::SignatureType::kCosignature ? Phrase{"見證者", "a witness"} : Phrase{"記錄庫", "a log"};
    const Text reason = key.ok() ? Text{} : key.error().caller_text;
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 不是{}的公鑰。{}", file.string(), wanted.zh, reason.zh),
                     fmt::format("{} is no public key of {}.{}{}", file.string(), wanted.en, key.ok() ? "" : " ", reason.en));
}

}  // namespace opsteward::cli
