#include "verifier/folder.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "verifier/fault.hpp"
#include "verifier/file.hpp"
#include "verifier/tree_files.hpp"
#include "verifier/utf8.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::size_t kDigits = 20;
constexpr std::string_view kSegmentSuffix = ".seg";
constexpr std::string_view kGoneSuffix = ".gone";
constexpr std::string_view kLogSuffix = ".wal";
constexpr std::string_view kUnfinished = ".new";  ///< a file that is written beside its place
constexpr std::string_view kCheckpoint = "checkpoint";
constexpr std::string_view kWitnessed = "witnessed";
constexpr std::string_view kEarlier = "checkpoints";
constexpr std::string_view kPublicKey = "vault.pub";
constexpr std::string_view kLock = "lock";
constexpr std::string_view kReserve = "reserve";
constexpr std::size_t kMaxReserve = 4U << 20;
constexpr std::uint64_t kMaxNumber = std::uint64_t{1} << 62;

struct Entry {
    std::string name;
    std::filesystem::file_type type;

    bool is_file() const { return type == std::filesystem::file_type::regular; }
    bool is_folder() const { return type == std::filesystem::file_type::directory; }
};

/// By name; nothing when the folder is not there.
std::vector<Entry> List(const std::filesystem::path& folder) {
    std::vector<Entry> entries;
    std::error_code problem;
    if (!std::filesystem::exists(std::filesystem::symlink_status(folder, problem))) return entries;
    problem.clear();
    for (std::filesystem::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
        std::error_code unknown;
        const auto type = entry->symlink_status(unknown).type();
        if (type == std::filesystem::file_type::not_found) continue;  // a server gave it its final name just now
        entries.push_back({entry->path().filename().string(), type});
    }
    if (problem) throw CannotCheck(Say("無法列出 {0}：{1}。", "{0} can't be listed: {1}.", {folder.string(), problem.message()}));
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
}

std::optional<std::uint64_t> NumberOf(std::string_view name, std::string_view suffix) {
    std::uint64_t number = 0;
    if (name.size() != kDigits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
    const auto [end, error] = std::from_chars(name.data(), name.data() + kDigits, number);
    if (error != std::errc() || end != name.data() + kDigits || number > kMaxNumber) return std::nullopt;
    return number;
}

std::string NumberedName(std::uint64_t number, std::string_view suffix) {
    const std::string digits = std::to_string(number);
    return std::string(kDigits - digits.size(), '0').append(digits).append(suffix);
}

void NoteUnfinished(VaultReport& report, const std::string& name) {
    report.Note("unfinished-file", {Printable(name)},
                Say("寫到一半的檔案，不屬於記錄庫的內容；下次寫入時會被取代。", "Left by a writer that was stopped; no part of the vault, and replaced at the next writing."));
}

void FailForeign(VaultReport& report, const std::string& name) {
    report.Fail("foreign-file", {Printable(name)}, Say("不屬於記錄庫的檔案，未受簽署。", "It does not belong into a vault, and nothing seals it."));
}

/// Segments and what stands in the place of others share a folder.
bool IsGoneFile(const Entry& entry) {
    return entry.is_file() && (NumberOf(entry.name, kGoneSuffix) || NumberOf(entry.name, std::string(kGoneSuffix).append(kUnfinished)));
}

std::vector<NumberedFile> ListNumbered(const std::filesystem::path& folder, const std::string& part, std::string_view suffix, bool may_be_unfinished,
                                       VaultReport& report) {
    std::vector<NumberedFile> files;
    for (const Entry& entry : List(folder / part)) {
        const std::string name = part + "/" + entry.name;
        if (const auto number = NumberOf(entry.name, suffix); number && entry.is_file()) {
            files.push_back({*number, name});
        } else if (may_be_unfinished && entry.is_file() && NumberOf(entry.name, std::string(suffix).append(kUnfinished))) {
            NoteUnfinished(report, name);
        } else if (suffix != kSegmentSuffix || !IsGoneFile(entry)) {
            FailForeign(report, name);
        }
    }
    return files;
}

/// The files that are written as a whole.
bool IsWholeFile(std::string_view name) { return name == kCheckpoint || name == kWitnessed || name == kPublicKey; }

/// The number of the process that holds or held it, in one line, and nothing more.
bool IsLock(const std::filesystem::path& path) {
    const File file(path);
    std::string text = file.ReadAt(0, 32);
    if (file.size() != text.size()) return false;
    if (text.ends_with('\n')) text.pop_back();
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Room that is set aside for sealing: zeros, so that nothing can hide there. A server on a full disk may remove it at any moment.
bool IsReserve(const std::filesystem::path& path) {
    try {
        const File file(path);
        return file.size() <= kMaxReserve && std::ranges::all_of(file.ReadAt(0, kMaxReserve), [](char c) { return c == '\0'; });
    } catch (const CannotCheck&) {
        std::error_code unknown;
        if (std::filesystem::exists(path, unknown)) throw;
        return true;
    }
}

}  // namespace

std::string SegmentName(std::uint64_t first) { return "segments/" + NumberedName(first, kSegmentSuffix); }

VaultFolder::VaultFolder(std::filesystem::path folder) : folder_(std::move(folder)) {
    const auto entries = List(folder_);
    const bool is_vault = std::ranges::any_of(entries, [](const Entry& entry) {
        return entry.name == "segments" || entry.name == "log" || entry.name == "tree" || entry.name == kCheckpoint;
    });
    if (!is_vault) throw CannotCheck(Say("{0} 沒有記錄庫。", "There is no vault in {0}.", {folder_.string()}));
}

bool VaultFolder::has_checkpoint() const {
    std::error_code problem;
    return std::filesystem::is_regular_file(std::filesystem::symlink_status(folder_ / kCheckpoint, problem));
}

std::vector<std::string> VaultFolder::FurtherCheckpoints(VaultReport& report) const {
    std::vector<std::string> files;
    std::error_code problem;
    if (std::filesystem::is_regular_file(std::filesystem::symlink_status(folder_ / kWitnessed, problem))) files.emplace_back(kWitnessed);
    for (const NumberedFile& file : ListNumbered(folder_, std::string(kEarlier), "", true, report)) files.push_back(file.name);
    return files;
}

std::vector<NumberedFile> VaultFolder::Segments(VaultReport& report) const { return ListNumbered(folder_, "segments", kSegmentSuffix, true, report); }

std::vector<NumberedFile> VaultFolder::GoneFiles(VaultReport& report) const {
    std::vector<NumberedFile> files;
    for (const Entry& entry : List(folder_ / "segments")) {
        if (!IsGoneFile(entry)) continue;  // said when segments are listed
        const std::string name = "segments/" + entry.name;
        if (const auto number = NumberOf(entry.name, kGoneSuffix)) {
            files.push_back({*number, name});
        } else {
            NoteUnfinished(report, name);
        }
    }
    return files;
}

std::vector<NumberedFile> VaultFolder::LogFiles(VaultReport& report) const { return ListNumbered(folder_, "log", kLogSuffix, false, report); }

std::vector<unsigned> VaultFolder::TreeLevels(VaultReport& report) const {
    std::vector<unsigned> levels;
    for (const Entry& entry : List(folder_ / "tree")) {
        const unsigned level = TreeFiles::LevelOf(entry.name);
        if (level != 0 && entry.is_file()) {
            levels.push_back(level);
        } else {
            FailForeign(report, "tree/" + entry.name);
        }
    }
    return levels;
}

void VaultFolder::CheckTop(VaultReport& report) const {
    for (const Entry& entry : List(folder_)) {
        const bool is_part = entry.is_folder() && (entry.name == "segments" || entry.name == "log" || entry.name == "tree" || entry.name == kEarlier);
        const bool is_lock = entry.name == kLock && entry.is_file() && IsLock(folder_ / entry.name);
        const bool is_reserve = entry.name == kReserve && entry.is_file() && IsReserve(folder_ / entry.name);
        const bool is_known = is_part || is_lock || is_reserve || (entry.is_file() && IsWholeFile(entry.name));
        if (entry.is_file() && entry.name.ends_with(kUnfinished) && IsWholeFile(entry.name.substr(0, entry.name.size() - kUnfinished.size()))) {
            NoteUnfinished(report, entry.name);
        } else if (!is_known) {
            FailForeign(report, entry.name);
        }
    }
}

}  // namespace opsteward::verifier
