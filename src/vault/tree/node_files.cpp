#include "vault/tree/node_files.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace opsteward::vault {

namespace {

std::optional<std::vector<Hash>> HashesOf(std::string_view bytes, std::uint64_t count) {
    if (bytes.size() != count * sizeof(Hash)) return std::nullopt;
    std::vector<Hash> hashes(count);
    for (Hash& hash : hashes) {
        std::copy_n(bytes.begin(), hash.size(), hash.begin());
        bytes.remove_prefix(hash.size());
        // Where the file had been lost and was begun anew at its end, zeros stand for what it lacks.
        if (hash == Hash{}) return std::nullopt;
    }
    return hashes;
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

std::optional<std::vector<Hash>> NodeFiles::Kept(unsigned level, std::uint64_t index, std::uint64_t count) const {
    const auto found = levels_.find(level);
    if (found != levels_.end() && !found->second.bytes.empty() && index >= found->second.first) {
        const std::uint64_t at = (index - found->second.first) * sizeof(Hash);
        const std::string_view bytes = found->second.bytes;
        return at < bytes.size() ? HashesOf(bytes.substr(at, count * sizeof(Hash)), count) : std::nullopt;
    }
    const auto file = File::Open(PathOf(level), File::Mode::kRead);
    if (!file.ok()) return std::nullopt;
    const auto bytes = file->ReadAt(index * sizeof(Hash), count * sizeof(Hash));
    return bytes.ok() ? HashesOf(*bytes, count) : std::nullopt;
}

Result<Hash> NodeFiles::Node(unsigned level, std::uint64_t index, const LeafReader& leaves, const GoneRanges& gone) const {
    if (const auto kept = gone.Kept({level, index})) return *kept;
    if (level > 0 && level % kStep == 0) {
        if (const auto kept = Kept(level, index, 1)) return kept->front();
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
    const std::uint64_t first = index << (level - below);
    const std::uint64_t count = std::uint64_t{1} << (level - below);
    if (const auto kept = Kept(below, first, count)) return RootOf(*kept);
    std::vector<Hash> children;
    for (std::uint64_t i = 0; i < count; ++i) {
        OPS_TRY(const Hash child, Node(below, first + i, leaves, gone));
        children.push_back(child);
    }
    return RootOf(children);
}

}  // namespace opsteward::vault
