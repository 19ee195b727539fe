#include "features/inventory/host/layered_files.hpp"

#include <array>
#include <map>

namespace opsteward::inventory::host {
namespace {

/// Nothing when there is no such file; kInvalidInput is what a link to /dev/null gives.
Result<std::optional<std::string>> ReadIfThere(const HostFiles& files, const std::string& path) {
    auto text = files.Read(path);
    if (text.ok()) return std::optional(std::move(*text));
    if (text.error().code == ErrorCode::kNotFound) return std::optional<std::string>();
    if (text.error().code == ErrorCode::kInvalidInput) return std::optional<std::string>("");
    return std::move(text).error();
}

}  // namespace

std::span<const std::string_view> ConfigFolders() {
    static constexpr std::array<std::string_view, 4> kFolders = {"/etc", "/run", "/usr/local/lib", "/usr/lib"};
    return kFolders;
}

std::string LayeredFile::Joined() const {
    std::string joined;
    for (const std::string& text : texts) joined.append(text).append("\n");
    return joined;
}

Result<LayeredFile> ReadLayered(const HostFiles& files, std::span<const std::string_view> folders,
                                std::string_view name) {
    LayeredFile file;
    std::map<std::string, std::string> drop_ins;  // path by name
    for (const std::string_view folder : folders) {
        const std::string path = std::string(folder).append("/").append(name);
        if (!file.has_main) {
            OPS_TRY(auto text, ReadIfThere(files, path));
            file.has_main = text.has_value();
            if (text) file.texts.push_back(std::move(*text));
        }
        OPS_TRY(const auto paths, files.Glob(path + ".d/*.conf"));
        for (const std::string& drop_in : paths) drop_ins.emplace(BaseName(drop_in), drop_in);
    }
    for (const auto& [base_name, path] : drop_ins) {
        OPS_TRY(auto text, ReadIfThere(files, path));
        if (text) file.texts.push_back(std::move(*text));
    }
    return file;
}

}  // namespace opsteward::inventory::host
