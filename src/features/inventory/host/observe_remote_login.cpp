#include <fmt/format.h>

#include "features/inventory/host/sshd_config.hpp"
#include "features/inventory/host/topic_observers.hpp"

namespace opsteward::inventory::host {
namespace {

constexpr std::string_view kConfig = "/etc/ssh/sshd_config";

std::vector<Result<std::string>> OpenAll(const HostFiles& files, const std::string& pattern) {
    std::vector<Result<std::string>> texts;
    const auto paths = files.Glob(pattern);
    if (!paths.ok()) {
        texts.emplace_back(paths.error());
        return texts;
    }
    for (const std::string& path : *paths) texts.push_back(files.Read(path));
    return texts;
}

}  // namespace

TopicRows ObserveRemoteLogin(const HostSight& sight) {
    const auto text = sight.files.Read(kConfig);
    if (!text.ok()) {
        const bool is_installed = sight.files.Exists("/usr/sbin/sshd");
        if (text.error().code == ErrorCode::kNotFound && !is_installed) return std::vector<db::Row>{};
        return text.error();
    }
    const SshdSettings settings =
        ParseSshdConfig(*text, [&](const std::string& pattern) { return OpenAll(sight.files, pattern); });
    // What an unread file sets comes first (sshd_config(5)); the rest would say something that may not hold.
    if (settings.unknown) {
        return Error::Of(ErrorCode::kUnavailable, settings.unknown->zh, settings.unknown->en);
    }
    std::vector<db::Row> rows;
    for (const SshdSettings::Setting& setting : settings.settings) {
        rows.push_back({"sshd", setting.name, setting.value});
    }
    if (settings.match_blocks > 0) {
        rows.push_back({"sshd", "Match", fmt::format("{}", settings.match_blocks)});
    }
    return rows;
}

}  // namespace opsteward::inventory::host
