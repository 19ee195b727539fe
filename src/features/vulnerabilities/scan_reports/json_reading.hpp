// JSON of a report: read once into a tree, within limits.
#pragma once

#include <simdjson.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::scans {

inline constexpr std::size_t kMaxJsonDepth = 200;
inline constexpr std::size_t kMaxJsonBytes = std::size_t{1} << 30;

/// A value of the tree, valid as long as its document.
using JsonValue = simdjson::dom::element;

class JsonDocument {
  public:
    /// kInvalidInput with the byte offset when it is no JSON or ends too early; kTooLarge above the limits.
    static Result<std::unique_ptr<JsonDocument>> Parse(std::string utf8);

    JsonValue root() const { return root_; }

  private:
    simdjson::dom::parser parser_;
    JsonValue root_;
};

/// Of an object; nothing when there is none, when it is null, or when `value` is no object.
std::optional<JsonValue> MemberOf(std::optional<JsonValue> value, std::string_view key);
/// Trimmed; empty when there is none or it is no text.
std::string_view StringOf(std::optional<JsonValue> value, std::string_view key);
/// The value itself as text; empty when it is none.
std::string_view StringOf(std::optional<JsonValue> value);
std::optional<double> NumberOf(std::optional<JsonValue> value, std::string_view key);
/// A number of lines, an index: nothing below 0 or above 2^31.
std::optional<std::uint32_t> CountOf(std::optional<JsonValue> value, std::string_view key);
std::optional<bool> BoolOf(std::optional<JsonValue> value, std::string_view key);
bool IsArray(std::optional<JsonValue> value);
bool IsObject(std::optional<JsonValue> value);

/// The elements of an array member; none when it is no array.
simdjson::dom::array ElementsOf(std::optional<JsonValue> value, std::string_view key);
simdjson::dom::array ElementsOf(std::optional<JsonValue> value);
/// The members of an object member; none when it is no object.
simdjson::dom::object MembersOf(std::optional<JsonValue> value, std::string_view key);

}  // namespace opsteward::scans
