#include "vault/seal/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "crypto/base64.hpp"
#include "vault/seal/values.hpp"

namespace opsteward::vault {

namespace {

Error Malformed(std::string zh, std::string en) {
    return Error::Of(ErrorCode::kCorrupt, "檢查點格式不符：" + std::move(zh), "The checkpoint is malformed: " + std::move(en));
}

}  // namespace

Result<Checkpoint> Checkpoint::Parse(std::string_view text) {
    if (!text.ends_with('\n')) return Malformed("最後一行沒有換行。", "its last line has no end.");
    const auto lines = Split(text.substr(0, text.size() - 1), '\n');
    if (lines.size() != 3) return Malformed("應有三行。", "it has three lines.");
    Checkpoint checkpoint;
    checkpoint.origin = std::string(lines[0]);
    if (checkpoint.origin.empty()) return Malformed("第一行應為記錄庫名稱。", "its first line names the log.");
    const auto size = ParseDecimal(lines[1]);
    if (!size) return Malformed("第二行應為筆數。", "its second line is the number of leaves.");
    checkpoint.size = *size;
    const auto root = ParseHash(lines[2]);
    if (!root) return Malformed("第三行應為 32 位元組的 Base64。", "its third line is 32 bytes in base 64.");
    checkpoint.root = *root;
    return checkpoint;
}

std::string Checkpoint::ToText() const { return fmt::format("{}\n{}\n{}\n", origin, size, crypto::Base64Encode(root)); }

Note SignCheckpoint(const Checkpoint& checkpoint, const crypto::Ed25519SigningKey& key) {
    Note note{checkpoint.ToText(), {}};
    note.Sign(checkpoint.origin, key);
    return note;
}

Result<Checkpoint> OpenCheckpoint(const Note& note, const NoteKey& key) {
    OPS_CHECK(VerifyNote(note, key));
    OPS_TRY(Checkpoint checkpoint, Checkpoint::Parse(note.text));
    if (checkpoint.origin != key.name) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("檢查點屬於「{}」，不是「{}」。", checkpoint.origin, key.name),
                         fmt::format("The checkpoint is of {}, not of {}.", checkpoint.origin, key.name));
    }
    return checkpoint;
}

}  // namespace opsteward::vault
