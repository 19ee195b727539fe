#include "cli/default_pack.hpp"

#include <string_view>
#include <system_error>

#include "cli/files.hpp"

#include "default_pack_declarations.inc"

namespace opsteward::cli {

namespace {

struct PackFile {
    std::string_view path;
    std::string_view bytes;
};
constexpr PackFile kFiles[] = {
#include "default_pack_rows.inc"
};

}  // namespace

std::filesystem::path PackFolder(const std::filesystem::path& data) { return data / "procedure"; }

Result<void> PlaceDefaultPack(const std::filesystem::path& folder) {
    std::error_code failure;
    if (std::filesystem::exists(folder, failure)) return Ok();
    const std::filesystem::path unfinished = folder.string() + ".new";
    std::filesystem::remove_all(unfinished, failure);
    for (const auto& file : kFiles) {
        const auto path = unfinished / file.path;
        std::filesystem::create_directories(path.parent_path(), failure);
        OPS_CHECK(WriteNewFile(path, file.bytes));
    }
    std::filesystem::rename(unfinished, folder, failure);
    if (failure) return Error::System("placing " + folder.string(), failure.value());
    return Ok();
}

}  // namespace opsteward::cli
