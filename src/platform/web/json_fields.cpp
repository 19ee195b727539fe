#include "platform/web/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace opsteward::web {

Result<void> OnlyFields(const json::object& body, std::initializer_list<std::string_view> known) {
    constexpr std::size_t kMaxNameShown = 40;
    for (const auto& field : body) {
        if (std::ranges::find(known, std::string_view(field.key())) != known.end()) continue;
        const std::string name = Shorten(ReplaceInvalidUtf8(field.key()), kMaxNameShown);
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("這個操作沒有欄位 {}。", name),
                         fmt::format("This operation has no field {}.", name));
    }
    return Ok();
}

}  // namespace opsteward::web
