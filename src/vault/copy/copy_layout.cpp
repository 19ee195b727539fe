#include "vault/copy/copy_layout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "vault/store/gone_file.hpp"
#include "vault/store/numbered_file.hpp"
#include "vault/store/segment.hpp"

namespace opsteward::vault {

namespace {

constexpr std::size_t kMaxNote = 1U << 20;  // note.hpp: none is longer
constexpr std::size_t kMaxKey = 4096;

Error Untrue(const CopyTarget& copy, std::string_view name, std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kCorrupt, fmt::format("複本 {} 的 {} 不可信：{}", copy.address(), name, zh),
                     fmt::format("{} in the copy {} can't be trusted: {}", name, copy.address(), en));
}

Result<CopiedCheckpoint> ReadCheckpoint(CopyTarget& copy, const std::string& name, const NoteKey& key) {
    CopiedCheckpoint copied{name, {}, {}};
    OPS_TRY(copied.text, copy.Read(name, 0, kMaxNote + 1));
    const auto note = Note::Parse(copied.text);
    if (!note.ok()) return Untrue(copy, name, note.error().caller_text.zh, note.error().caller_text.en);
    auto checkpoint = OpenCheckpoint(*note, key);
    if (!checkpoint.ok()) return Untrue(copy, name, checkpoint.error().caller_text.zh, checkpoint.error().caller_text.en);
    copied.checkpoint = *std::move(checkpoint);
    return copied;
}

Result<std::optional<CopiedCheckpoint>> NewestKept(CopyTarget& copy, const NoteKey& key) {
    OPS_TRY(const auto entries, copy.List(kCopiedCheckpoints));
    std::optional<std::uint64_t> newest;
    for (const CopyTarget::Entry& entry : entries) {
        if (const auto size = NumberOf(entry.name, ""); size && entry.is_file) newest = std::max(newest.value_or(0), *size);
    }
    if (!newest) return std::optional<CopiedCheckpoint>();
    OPS_TRY(CopiedCheckpoint kept, ReadCheckpoint(copy, NameOfCheckpoint(*newest), key));
    if (kept.checkpoint.size != *newest) return Untrue(copy, kept.name, "檔名與筆數不符。", "it is not of as many records as its name says.");
    return std::optional(std::move(kept));
}

}  // namespace

std::string CopiedFile::name() const { return fmt::format("{}/{}", kCopiedSegments, file_name); }

Result<CopiedFiles> ListCopiedFiles(CopyTarget& copy) {
    OPS_TRY(const auto entries, copy.List(kCopiedSegments));
    CopiedFiles files;
    for (const CopyTarget::Entry& entry : entries) {
        if (!entry.is_file) continue;
        if (const auto first = NumberOf(entry.name, kSegmentSuffix)) files.segments.push_back({*first, entry.bytes, entry.name});
        if (const auto first = NumberOf(entry.name, kGoneSuffix)) files.gone.push_back({*first, entry.bytes, entry.name});
    }
    std::ranges::sort(files.segments, {}, &CopiedFile::first);
    std::ranges::sort(files.gone, {}, &CopiedFile::first);
    return files;
}

std::string NameOfGone(std::uint64_t first) { return fmt::format("{}/{}", kCopiedSegments, NumberedName(first, kGoneSuffix)); }

Result<std::optional<NoteKey>> ReadCopiedKey(CopyTarget& copy) {
    const auto text = copy.Read(kCopiedKey, 0, kMaxKey);
    if (!text.ok() && text.error().code == ErrorCode::kNotFound) return std::optional<NoteKey>();
    if (!text.ok()) return text.error();
    auto key = NoteKey::Parse(Trim(*text));
    if (!key.ok()) return Untrue(copy, kCopiedKey, key.error().caller_text.zh, key.error().caller_text.en);
    return std::optional(*std::move(key));
}

std::string NameOfCheckpoint(std::uint64_t size) { return fmt::format("{}/{}", kCopiedCheckpoints, NumberedName(size, "")); }

Result<std::optional<CopiedCheckpoint>> NewestCheckpoint(CopyTarget& copy, const NoteKey& key) {
    OPS_TRY(auto kept, NewestKept(copy, key));
    auto own = ReadCheckpoint(copy, std::string(kCopiedCheckpoint), key);
    if (!own.ok() && own.error().code == ErrorCode::kNotFound) return kept;
    if (!own.ok()) return std::move(own).error();
    if (!kept || own->checkpoint.size > kept->checkpoint.size) return std::optional(*std::move(own));
    if (own->checkpoint.size == kept->checkpoint.size && own->checkpoint.root != kept->checkpoint.root) {
        return Untrue(copy, kept->name, "與 checkpoint 筆數相同，樹根卻不同：曾以同一把金鑰簽署兩種內容。",
                      "checkpoint is of as many records and has another root: the key signed two histories.");
    }
    return kept;
}

}  // namespace opsteward::vault
