#include "verifier/json.hpp"

namespace opsteward::verifier {

std::string JsonString(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string json = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            json.append(1, '\\').append(1, c);
        } else if (byte < 0x20) {
            json.append("\\u00").append(1, kHex[byte >> 4]).append(1, kHex[byte & 0xFU]);
        } else {
            json += c;
        }
    }
    return json + "\"";
}

std::string JsonText(const Text& text) { return JsonObject().String("zh", text.zh).String("en", text.en).Finish(); }

JsonObject& JsonObject::Raw(std::string_view name, std::string_view json) {
    members_.append(members_.empty() ? "" : ",").append(JsonString(name)).append(":").append(json);
    return *this;
}

}  // namespace opsteward::verifier
