// Values of a JSON record taken as what they should be. What is of another type is counted and then as good as absent; null is absent.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace opsteward::vuln {

using Json = simdjson::dom::element;

/// A text without ill-formed UTF-8 (an escape may stand for half of a surrogate pair: it becomes U+FFFD).
std::string CleanText(std::string_view text);

inline std::optional<std::string_view> AsText(Json value, std::uint64_t& odd) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) return text;
    if (!value.is_null()) ++odd;
    return std::nullopt;
}

inline void TakeText(Json value, std::string& into, std::uint64_t& odd) {
    if (const auto text = AsText(value, odd)) into = CleanText(*text);
}

inline void TakeFlag(Json value, bool& into, std::uint64_t& odd) {
    bool flag = false;
    if (value.get(flag) == simdjson::SUCCESS) {
        into = flag;
    } else if (!value.is_null()) {
        ++odd;
    }
}

/// visit(std::string_view key, Json value)
template <typename Visit>
void ForMembers(Json value, std::uint64_t& odd, const Visit& visit) {
    simdjson::dom::object object;
    if (value.get(object) == simdjson::SUCCESS) {
        for (const auto member : object) visit(member.key, member.value);
    } else if (!value.is_null()) {
        ++odd;
    }
}

/// visit(Json value)
template <typename Visit>
void ForElements(Json value, std::uint64_t& odd, const Visit& visit) {
    simdjson::dom::array array;
    if (value.get(array) == simdjson::SUCCESS) {
        for (const Json element : array) visit(element);
    } else if (!value.is_null()) {
        ++odd;
    }
}

}  // namespace opsteward::vuln
