#include "features/vulnerabilities/feed/nvd_state.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "features/vulnerabilities/feed/feed_file.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::uint64_t kMaxStateBytes = 16U << 20;
constexpr std::int64_t kFormat = 1;

std::filesystem::path StateFile(const std::filesystem::path& folder) { return folder / ".nvd-download"; }

NvdState StateOf(const json::object& object) {
    NvdState state;
    state.url = object.at("url").as_string();
    if (!object.at("since").is_null()) state.since = FromMillis(object.at("since").as_int64());
    state.page_size = json::value_to<std::uint64_t>(object.at("page_size"));
    state.began = FromMillis(object.at("began").as_int64());
    state.period = json::value_to<std::uint64_t>(object.at("period"));
    state.next = json::value_to<std::uint64_t>(object.at("next"));
    state.total = json::value_to<std::uint64_t>(object.at("total"));
    state.records = json::value_to<std::uint64_t>(object.at("records"));
    state.is_complete = object.at("complete").as_bool();
    for (const json::value& name : object.at("files").as_array()) state.files.emplace_back(name.as_string());
    return state;
}

}  // namespace

std::string NvdPageName(std::optional<Instant> period, std::uint64_t start) {
    return period ? fmt::format("nvd-{}-{:08}.json", ToMillis(*period), start) : fmt::format("nvd-all-{:08}.json", start);
}

bool IsNvdPage(std::string_view name) {
    const auto parts = Split(name, '-');
    const auto is_number = [](std::string_view text, std::size_t least) {
        return text.size() >= least && text.size() <= 15 && text.find_first_not_of("0123456789") == std::string_view::npos;
    };
    if (parts.size() != 3 || parts[0] != "nvd" || !parts[2].ends_with(".json")) return false;
    return (parts[1] == "all" || is_number(parts[1], 10)) && is_number(parts[2].substr(0, parts[2].size() - 5), 8);
}

std::optional<NvdState> ReadNvdState(const std::filesystem::path& folder) {
    const auto text = ReadFeedFile(StateFile(folder), kMaxStateBytes);
    if (!text.ok()) return std::nullopt;
    const auto value = ParseJson(*text);
    if (!value.ok()) return std::nullopt;
    try {
        const json::object& object = value->as_object();
        if (object.at("format").as_int64() != kFormat) return std::nullopt;
        NvdState state = StateOf(object);
        if (!std::ranges::all_of(state.files, IsNvdPage)) return std::nullopt;
        return state;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

Result<void> WriteNvdState(const std::filesystem::path& folder, const NvdState& state) {
    json::array files;
    for (const std::string& name : state.files) files.emplace_back(name);
    const json::object object{{"format", kFormat},
                              {"url", state.url},
                              {"since", state.since ? json::value(ToMillis(*state.since)) : json::value(nullptr)},
                              {"page_size", state.page_size},
                              {"began", ToMillis(state.began)},
                              {"period", state.period},
                              {"next", state.next},
                              {"total", state.total},
                              {"records", state.records},
                              {"complete", state.is_complete},
                              {"files", std::move(files)}};
    return vault::ReplaceFile(StateFile(folder), json::serialize(object) + "\n");
}

}  // namespace opsteward::vuln
