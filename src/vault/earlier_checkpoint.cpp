#include "vault/earlier_checkpoint.hpp"

#include <fmt/format.h>

#include "vault/store/file.hpp"

namespace opsteward::vault {

namespace {

Error NotAsSigned(Phrase which, std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kCorrupt, fmt::format("記錄庫與{}不符：{}未寫入任何資料；請以異地複本還原。", which.zh, zh),
                     fmt::format("The vault is not what its {} says: {} Nothing was written; restore the off-site copy.", which.en, en));
}

}  // namespace

Result<std::optional<Checkpoint>> ReadCheckpoint(const std::filesystem::path& file, const NoteKey& log) {
    if (!std::filesystem::exists(file)) return std::optional<Checkpoint>();
    OPS_TRY(const std::string bytes, ReadFile(file));
    OPS_TRY(const Note note, Note::Parse(bytes));
    OPS_TRY(Checkpoint checkpoint, OpenCheckpoint(note, log));
    return std::optional<Checkpoint>(std::move(checkpoint));
}

Result<void> CheckGoesOn(const Checkpoint& earlier, Phrase which, std::uint64_t size, const std::function<Result<Hash>(std::uint64_t size)>& root_at) {
    if (earlier.size > size) {
        return NotAsSigned(which, fmt::format("應至少有 {} 筆，只有 {} 筆。", earlier.size, size),
                           fmt::format("it should hold {} records, and holds {}.", earlier.size, size));
    }
    OPS_TRY(const Hash root, root_at(earlier.size));
    if (root == earlier.root) return Ok();
    return NotAsSigned(which, fmt::format("前 {} 筆的內容被改過。", earlier.size), fmt::format("its first {} records were altered.", earlier.size));
}

}  // namespace opsteward::vault
