#include "db/text_rule.hpp"

#include "base/text.hpp"

namespace opsteward::db {

Result<void> CheckText(std::span<const Value> parameters) {
    for (const auto& parameter : parameters) {
        const auto* text = std::get_if<std::string>(&parameter.state());
        if (text == nullptr || (text->find('\0') == std::string::npos && IsValidUtf8(*text))) continue;
        return Error::Of(ErrorCode::kInvalidInput, "文字含有無法儲存的字元，未做任何變更。",
                         "A text holds characters that cannot be kept. Nothing was changed.");
    }
    return Ok();
}

}  // namespace opsteward::db
