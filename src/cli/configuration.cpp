#include "cli/configuration.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <toml++/toml.h>

namespace opsteward::cli {

namespace {

Error Wrong(const std::filesystem::path& file, const toml::source_region& where, std::string_view zh, std::string_view en) {
    const std::string place = fmt::format("{}:{}:{}", file.string(), where.begin.line, where.begin.column);
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{}：{}", place, zh), fmt::format("{}: {}", place, en));
}

}  // namespace

Result<Configuration> ReadConfiguration(const std::filesystem::path& data) {
    Configuration configuration;
    configuration.data = data;
    const auto file = data / "opsteward.toml";
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return configuration;
        return Error::System("reading " + file.string(), errno);
    }
    constexpr off_t kMaxBytes = 64 * 1024;
    if (!S_ISREG(status.st_mode) || status.st_size > kMaxBytes) {
        return Error::Of(ErrorCode::kInvalidInput, file.string() + " 必須是 64 KiB 以內的一般檔案。",
                         file.string() + " must be a regular file of at most 64 KiB.");
    }

    toml::table table;
    try {
        table = toml::parse_file(file.string());
    } catch (const toml::parse_error& error) {
        return Wrong(file, error.source(), "不是有效的 TOML。", std::string(error.description()) + ".");
    }
    for (const auto& [key, node] : table) {
        const auto text = node.value<std::string>();
        if (key == "listen" && text) {
            configuration.listen = *text;
        } else if (key == "database" && text) {
            configuration.database = *text;
        } else if (key == "listen" || key == "database") {
            return Wrong(file, node.source(), fmt::format("{} 應為字串。", key.str()), fmt::format("{} has to be a string.", key.str()));
        } else {
            return Wrong(file, key.source(), fmt::format("未知的鍵 {}；可用：listen、database。", key.str()),
                         fmt::format("unknown key {}; known are listen and database.", key.str()));
        }
    }
    return configuration;
}

}  // namespace opsteward::cli
