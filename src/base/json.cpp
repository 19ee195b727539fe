#include "base/json.hpp"

#include <fmt/format.h>

namespace opsteward {

Result<json::value> ParseJson(std::string_view text) {
    constexpr std::size_t kMaxDepth = 32;
    json::parse_options options;
    options.max_depth = kMaxDepth;
    json::stream_parser parser(json::storage_ptr{}, options);
    boost::system::error_code failure;
    const std::size_t read = parser.write_some(text.data(), text.size(), failure);
    if (!failure && read == text.size()) {
        parser.finish(failure);
        if (!failure) return parser.release();
    }
    if (failure == json::error::too_deep) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("JSON 超過 {} 層。", kMaxDepth),
                         fmt::format("The JSON is nested more than {} levels deep.", kMaxDepth));
    }
    const std::string reason = failure ? failure.message() : "bytes after the end";
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("不是有效的 JSON（第 {} 位元組）。", read),
                     fmt::format("Not valid JSON at byte {}: {}.", read, reason));
}

}  // namespace opsteward
