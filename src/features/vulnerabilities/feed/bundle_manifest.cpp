#include "features/vulnerabilities/feed/bundle_manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/civil_time.hpp"
#include "base/json.hpp"
#include "features/vulnerabilities/feed/tar_header.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::string_view kFormat = "opsteward-vulnerability-bundle";
constexpr std::int64_t kVersion = 1;
constexpr std::array<std::string_view, 6> kRoleNames{"nvd", "cve5", "kev", "epss", "osv", "debian"};

bool IsNameByte(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; }

bool IsSha256(std::string_view text) {
    return text.size() == 64 && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Error Wrong(std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("套件的清單 {} 無效：{}。", kManifestName, zh), fmt::format("The bundle's {} is not valid: {}.", kManifestName, en));
}

std::string NameFrom(FeedRole role, std::string text) {
    std::ranges::replace_if(text, [](char c) { return !IsNameByte(c); }, '_');
    if (text.empty() || text.front() == '.') text.insert(text.begin(), '_');
    const std::size_t most = kMaxTarName - FeedRoleName(role).size() - 1;
    if (text.size() > most) text.erase(most / 2, text.size() - most);
    return fmt::format("{}/{}", FeedRoleName(role), text);
}

BundleEntry EntryOf(const json::object& object, Text& problem) {
    BundleEntry entry;
    entry.name = object.at("name").as_string();
    entry.size = json::value_to<std::uint64_t>(object.at("size"));
    entry.sha256 = object.at("sha256").as_string();
    const auto role = FeedRoleNamed(std::string_view(object.at("role").as_string()));
    if (role) entry.role = *role;
    if (!role || !IsBundleEntryName(entry.name, *role)) {
        problem = {fmt::format("項目名稱「{}」不可接受", entry.name), fmt::format("the name \"{}\" of an entry is not acceptable", entry.name)};
    } else if (!IsSha256(entry.sha256) || entry.size > kMaxTarBytes) {
        problem = {fmt::format("項目「{}」的大小或雜湊值無效", entry.name), fmt::format("size or SHA-256 of \"{}\" are none", entry.name)};
    }
    return entry;
}

}  // namespace

std::string_view FeedRoleName(FeedRole role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::optional<FeedRole> FeedRoleNamed(std::string_view name) {
    const auto found = std::ranges::find(kRoleNames, name);
    if (found == kRoleNames.end()) return std::nullopt;
    return static_cast<FeedRole>(found - kRoleNames.begin());
}

bool IsBundleEntryName(std::string_view name, FeedRole role) {
    const std::string_view folder = FeedRoleName(role);
    if (name.size() > kMaxTarName || !name.starts_with(folder) || name.size() < folder.size() + 2 || name[folder.size()] != '/') return false;
    const std::string_view file = name.substr(folder.size() + 1);
    return file.front() != '.' && std::ranges::all_of(file, IsNameByte);
}

std::string BundleEntryName(FeedRole role, const std::filesystem::path& file) { return NameFrom(role, file.filename().string()); }

std::string NumberedEntryName(FeedRole role, const std::filesystem::path& file, std::uint64_t number) {
    return NameFrom(role, fmt::format("{}-{}", number, file.filename().string()));
}

std::string SumText(std::string_view sha256) { return fmt::format("{}  all bytes before this entry\n", sha256); }

std::string ManifestText(Instant created, const std::vector<BundleEntry>& entries) {
    std::string text = fmt::format("{{\n\"format\": \"{}\",\n\"version\": {},\n\"created\": \"{}\",\n\"entries\": [", kFormat, kVersion, FormatRfc3339(created));
    const char* separator = "\n";
    for (const BundleEntry& entry : entries) {
        // Names and numbers alone: nothing that JSON would have to quote.
        text += fmt::format("{}{{\"role\": \"{}\", \"name\": \"{}\", \"size\": {}, \"sha256\": \"{}\"}}", separator, FeedRoleName(entry.role), entry.name, entry.size,
                            entry.sha256);
        separator = ",\n";
    }
    return text + "\n]\n}\n";
}

Result<Bundle> ReadManifest(std::string_view text) {
    const auto value = ParseJson(text);
    if (!value.ok()) return Wrong(value.error().caller_text.zh, value.error().caller_text.en);
    Bundle bundle;
    Text problem;
    std::unordered_set<std::string> names;
    try {
        const json::object& object = value->as_object();
        if (object.at("format").as_string() != kFormat) return Wrong("格式不是漏洞資料套件", "it is of another format");
        if (object.at("version").as_int64() != kVersion) {
            return Wrong("由較新版的程式製作，請先更新本程式", "it was made by a newer version of the program; update this one first");
        }
        const auto created = ParseRfc3339(std::string_view(object.at("created").as_string()));
        if (!created.ok()) return Wrong("製作時間無效", "its time is none");
        bundle.created = *created;
        const json::array& entries = object.at("entries").as_array();
        if (entries.size() > kMaxBundleEntries) return Wrong("項目過多", "it has too many entries");
        for (const json::value& entry : entries) {
            bundle.entries.push_back(EntryOf(entry.as_object(), problem));
            if (!problem.empty()) return Wrong(problem.zh, problem.en);
            if (!names.insert(bundle.entries.back().name).second) return Wrong("有兩個項目同名", "two entries have the same name");
        }
    } catch (const std::exception&) {
        return Wrong("缺少欄位，或其型別不符", "a member is missing, or of another type");
    }
    return bundle;
}

}  // namespace opsteward::vuln
