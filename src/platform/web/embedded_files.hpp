// The files that cmake/embed_assets.py put into the binary; it writes the definitions.
#pragma once

#include <span>
#include <string_view>

namespace opsteward::web {

struct EmbeddedFile {
    std::string_view name;
    std::string_view type;   ///< media type
    std::string_view plain;
    std::string_view gzip;   ///< RFC 1952
};

std::span<const EmbeddedFile> EmbeddedFiles();  ///< sorted by name
/// 16 hexadecimal digits over all names and contents.
std::string_view EmbeddedFilesHash();
std::span<const std::string_view> IconNames();  ///< of icons.svg, sorted

}  // namespace opsteward::web
