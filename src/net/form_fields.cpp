#include <algorithm>

#include "base/text.hpp"
#include "net/http_message.hpp"
#include "net/percent_coding.hpp"

namespace opsteward::net {
namespace {

constexpr std::size_t kMaxFields = 1000;

int HexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool IsUnreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

}  // namespace

std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = HexValue(text[i + 1]);
            const int low = HexValue(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        } else if (text[i] == '+' && plus_is_space) {
            decoded += ' ';
        } else {
            decoded += text[i];
        }
    }
    if (!IsValidUtf8(decoded)) return std::nullopt;
    return decoded;
}

// Everything but RFC 3986's unreserved characters is escaped, so that the result is safe in a path segment, in a query
// and in a form body alike.
std::string PercentEncode(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (IsUnreserved(c)) {
            encoded += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded += '%';
        encoded += kDigits[byte >> 4];
        encoded += kDigits[byte & 15];
    }
    return encoded;
}

std::optional<FormFields> FormFields::Parse(std::string_view encoded) {
    FormFields result;
    while (!encoded.empty()) {
        const auto end = encoded.find('&');
        const std::string_view pair = encoded.substr(0, end);
        encoded = end == std::string_view::npos ? std::string_view{} : encoded.substr(end + 1);
        if (pair.empty()) continue;
        if (result.fields_.size() == kMaxFields) return std::nullopt;
        const auto equals = pair.find('=');
        auto name = PercentDecode(pair.substr(0, equals), true);
        auto value = PercentDecode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!name || !value) return std::nullopt;
        result.fields_.emplace_back(std::move(*name), std::move(*value));
    }
    return result;
}

std::string_view FormFields::Get(std::string_view name) const {
    for (const auto& [key, value] : fields_) {
        if (key == name) return value;
    }
    return {};
}

bool FormFields::Has(std::string_view name) const {
    return std::any_of(fields_.begin(), fields_.end(), [&](const auto& field) { return field.first == name; });
}

std::vector<std::string_view> FormFields::GetAll(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : fields_) {
        if (key == name) values.emplace_back(value);
    }
    return values;
}

/// The first field of that name takes the value and keeps its place; the others of that name go.
void FormFields::Set(std::string_view name, std::string_view value) {
    const auto is_it = [&](const auto& field) { return field.first == name; };
    const auto first = std::find_if(fields_.begin(), fields_.end(), is_it);
    if (first == fields_.end()) {
        fields_.emplace_back(name, value);
        return;
    }
    first->second = value;
    fields_.erase(std::remove_if(first + 1, fields_.end(), is_it), fields_.end());
}

std::string FormFields::Encode() const {
    std::string encoded;
    for (const auto& [key, value] : fields_) {
        if (!encoded.empty()) encoded += '&';
        encoded += PercentEncode(key);
        encoded += '=';
        encoded += PercentEncode(value);
    }
    return encoded;
}

}  // namespace opsteward::net
