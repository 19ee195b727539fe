#include "vault/store/numbered_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace opsteward::vault {

namespace {

constexpr std::size_t kDigits = 20;

}  // namespace

std::string NumberedName(std::uint64_t first, std::string_view suffix) { return fmt::format("{:0{}}{}", first, kDigits, suffix); }

std::optional<std::uint64_t> NumberOf(const std::filesystem::path& path, std::string_view suffix) {
    const std::string name = path.filename().string();
    if (name.size() != kDigits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + kDigits, number);
    if (error != std::errc() || end != name.data() + kDigits) return std::nullopt;
    return number;
}

Result<std::vector<NumberedFile>> ListNumbered(const std::filesystem::path& folder, std::string_view suffix) {
    std::vector<NumberedFile> files;
    std::error_code problem;
    for (std::filesystem::directory_iterator entry(folder, problem), none; !problem && entry != none; entry.increment(problem)) {
        if (const auto number = NumberOf(entry->path(), suffix)) files.push_back({*number, entry->path()});
    }
    if (problem) return Error::System("list " + folder.string(), problem.value());
    std::ranges::sort(files, {}, &NumberedFile::first);
    return files;
}

}  // namespace opsteward::vault
