// JSON (RFC 8259) is written piece by piece: nothing here is read back.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "verifier/text.hpp"

namespace opsteward::verifier {

/// Escapes what must be. Precondition: UTF-8; texts of unknown origin go through Printable first.
std::string JsonString(std::string_view text);
/// {"zh":…,"en":…}
std::string JsonText(const Text& text);

/// Members in the order they are added.
class JsonObject {
  public:
    JsonObject& Raw(std::string_view name, std::string_view json);
    JsonObject& String(std::string_view name, std::string_view text) { return Raw(name, JsonString(text)); }
    JsonObject& Number(std::string_view name, std::integral auto number) { return Raw(name, std::to_string(number)); }
    JsonObject& Bool(std::string_view name, bool value) { return Raw(name, value ? "true" : "false"); }
    /// Left out when there is none.
    template <std::integral T>
    JsonObject& Number(std::string_view name, const std::optional<T>& number) {
        return number ? Number(name, *number) : *this;
    }

    std::string Finish() const { return "{" + members_ + "}"; }

  private:
    std::string members_;
};

/// [of(item),of(item)…]
template <class Items, class Of>
std::string JsonArray(const Items& items, Of of) {
    std::string json = "[";
    for (const auto& item : items) json.append(json.size() > 1 ? "," : "").append(of(item));
    return json + "]";
}

}  // namespace opsteward::verifier
