#include "features/vulnerabilities/naming/built_in_data.hpp"

#include <zstd.h>

#include "vault/store/compression.hpp"

#include "naming_data_declarations.inc"

namespace opsteward::vuln {

namespace {

constexpr unsigned long long kMaxProducts = 64ULL << 20U;

struct DataFile {
    std::string_view path;
    std::string_view bytes;
};
constexpr DataFile kFiles[] = {
#include "naming_data_rows.inc"
};

constexpr std::string_view Find(std::string_view path) {
    for (const DataFile& file : kFiles) {
        if (file.path == path) return file.bytes;
    }
    return {};
}

}  // namespace

Result<std::string> BuiltInProducts() {
    const std::string_view packed = Find("products.txt.zst");
    const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size > kMaxProducts) return Error::Hidden(ErrorCode::kCorrupt, "the built-in dictionary of products does not tell its size");
    return vault::Decompress(packed, size);
}

std::string_view BuiltInRules() { return Find("rules.toml"); }

}  // namespace opsteward::vuln
