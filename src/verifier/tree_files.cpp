#include "verifier/tree_files.hpp"

#include "verifier/sha256.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::size_t kWindow = 64U << 10;  // a multiple of a hash

}  // namespace

std::string TreeFiles::NameOf(unsigned level) { return level < 10 ? "0" + std::to_string(level) : std::to_string(level); }

unsigned TreeFiles::LevelOf(const std::string& name) {
    for (unsigned level = kStep; level <= kHighest; level += kStep) {
        if (name == NameOf(level)) return level;
    }
    return 0;
}

void TreeFiles::Open(unsigned level, const std::filesystem::path& path) { levels_[level].file = std::make_unique<File>(path); }

std::string TreeFiles::At(unsigned level, std::uint64_t index) {
    const auto found = levels_.find(level);
    if (found == levels_.end()) return {};
    Level& stored = found->second;
    const std::uint64_t offset = index * sizeof(Hash);
    if (offset < stored.window_at || offset >= stored.window_at + stored.window.size()) {
        stored.window_at = offset / kWindow * kWindow;
        stored.window = stored.file->ReadAt(stored.window_at, kWindow);
    }
    const std::uint64_t at = offset - stored.window_at;
    return at < stored.window.size() ? stored.window.substr(at, sizeof(Hash)) : std::string();
}

std::uint64_t TreeFiles::bytes(unsigned level) const {
    const auto found = levels_.find(level);
    return found == levels_.end() ? 0 : found->second.file->size();
}

}  // namespace opsteward::verifier
