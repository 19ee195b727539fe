#include "vault/tree/node_files.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace opsteward::vault {

namespace {

std::optional<Hash> HashOf(std::string_view bytes) {
    Hash hash{};
    if (bytes.size() != hash.size()) return std::nullopt;
    std::ranges::copy(bytes, hash.begin());
    // Where the file had been lost and was begun anew at its end, zeros stand for what it lacks.
    return hash == Hash{} ? std::nullopt : std::optional(hash);
}

}  // namespace

std::filesystem::path NodeFiles::PathOf(unsigned level) const { return folder_ / fmt::format("{:02}", level); }

void NodeFiles::Put(unsigned level, std::uint64_t index, const Hash& hash) {
    if (level == 0 || level % kStep != 0) return;
    Level& kept = levels_[level];
    if (kept.bytes.empty()) kept.first = index;
    kept.bytes.append(hash.begin(), hash.end());
}

Result<void> NodeFiles::Write() {
    for (auto& [level, kept] : levels_) {
        if (kept.bytes.empty()) continue;
        if (!kept.file) {
            const std::filesystem::path path = PathOf(level);
            const bool is_new = !std::filesystem::exists(path);
            OPS_TRY(File file, File::Open(path, is_new ? File::Mode::kCreateNew : File::Mode::kWrite));
            if (is_new) OPS_CHECK(SyncFolder(folder_));
            kept.file.emplace(std::move(file));
        }
        OPS_CHECK(kept.file->WriteAt(kept.first * sizeof(Hash), kept.bytes));
        OPS_CHECK(kept.file->SyncData());
        kept.bytes.clear();
    }
    return Ok();
}

std::optional<Hash> NodeFiles::Kept(unsigned level, std::uint64_t index) const {
    const auto found = levels_.find(level);
    if (found != levels_.end() && !found->second.bytes.empty() && index >= found->second.first) {
        const std::uint64_t at = (index - found->second.first) * sizeof(Hash);
        return at < found->second.bytes.size() ? HashOf(std::string_view(found->second.bytes).substr(at, sizeof(Hash))) : std::nullopt;
    }
    const auto file = File::Open(PathOf(level), File::Mode::kRead);
    if (!file.ok()) return std::nullopt;
    const auto bytes = file->ReadAt(index * sizeof(Hash), sizeof(Hash));
    return bytes.ok() ? HashOf(*bytes) : std::nullopt;
}

Result<Hash> NodeFiles::Node(unsigned level, std::uint64_t index, const LeafReader& leaves, const GoneRanges& gone) const {
    if (const auto kept = gone.Kept({level, index})) return *kept;
    if (level > 0 && level % kStep == 0) {
        if (const auto kept = Kept(level, index)) return *kept;
    }
    // By halves: one of them may be a subtree that was kept, of whatever size.
    if (level > 0 && gone.Touch(index << level, (index + 1) << level)) {
        OPS_TRY(const Hash left, Node(level - 1, 2 * index, leaves, gone));
        OPS_TRY(const Hash right, Node(level - 1, 2 * index + 1, leaves, gone));
        return NodeHash(left, right);
    }
    if (level <= kStep) {
        OPS_TRY(const std::vector<Hash> hashes, leaves(index << level, std::uint64_t{1} << level));
        return RootOf(hashes);
    }
    const unsigned below = (level - 1) / kStep * kStep;
    std::vector<Hash> children;
    for (std::uint64_t i = 0; i < std::uint64_t{1} << (level - below); ++i) {
        OPS_TRY(const Hash child, Node(below, (index << (level - below)) + i, leaves, gone));
        children.push_back(child);
    }
    return RootOf(children);
}

}  // namespace opsteward::vault
