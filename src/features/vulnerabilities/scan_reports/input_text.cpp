#include "features/vulnerabilities/scan_reports/input_text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <utility>

#include "base/text.hpp"

namespace opsteward::scans {
namespace {

void AppendUtf8(std::string& text, char32_t c) {
    if (c < 0x80) {
        text += static_cast<char>(c);
    } else if (c < 0x800) {
        text += static_cast<char>(0xc0 | (c >> 6));
        text += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        text += static_cast<char>(0xe0 | (c >> 12));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
    } else {
        text += static_cast<char>(0xf0 | (c >> 18));
        text += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
        text += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (c & 0x3f));
    }
}

Error IllFormedUtf16(std::size_t at) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("檔案標示為 UTF-16，但第 {} 位元組處不是有效的 UTF-16；檔案可能不完整。", at),
                     fmt::format("The file is marked as UTF-16, but is no valid UTF-16 at byte {}; it may be incomplete.", at));
}

/// After the byte order mark.
Result<std::string> FromUtf16(std::string_view bytes, bool is_big_endian) {
    const auto unit = [&](std::size_t at) -> char32_t {
        const auto first = static_cast<unsigned char>(bytes[at]);
        const auto second = static_cast<unsigned char>(bytes[at + 1]);
        return is_big_endian ? static_cast<char32_t>(first << 8 | second) : static_cast<char32_t>(second << 8 | first);
    };
    std::string text;
    text.reserve(bytes.size() / 2);
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (at + 2 > bytes.size()) return IllFormedUtf16(at + 2);
        char32_t c = unit(at);
        std::size_t length = 2;
        if (c >= 0xd800 && c < 0xe000) {
            const bool has_second = c < 0xdc00 && at + 4 <= bytes.size() && unit(at + 2) >= 0xdc00 && unit(at + 2) < 0xe000;
            if (!has_second) return IllFormedUtf16(at + 2);
            c = 0x10000 + ((c - 0xd800) << 10) + (unit(at + 2) - 0xdc00);
            length = 4;
        }
        AppendUtf8(text, c);
        at += length;
    }
    return text;
}

std::size_t FirstIllFormed(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t length = 1;
        while (length <= 4 && !IsValidUtf8(text.substr(at, length))) ++length;
        if (length > 4) break;
        at += length;
    }
    return at;
}

}  // namespace

Result<InputText> ReadInputText(std::string bytes) {
    InputText input;
    if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
        OPS_TRY(input.utf8, FromUtf16(std::string_view(bytes).substr(2), bytes.front() == '\xfe'));
    } else {
        if (bytes.starts_with("\xef\xbb\xbf")) bytes.erase(0, 3);
        input.utf8 = std::move(bytes);
    }
    if (const std::size_t zero = input.utf8.find('\0'); zero != std::string::npos) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("第 {} 位元組是零位元組：這不是掃描報告的文字檔，或已毀損。", zero),
                         fmt::format("Byte {} is a zero byte: the file is no text of a scan report, or is damaged.", zero));
    }
    if (!simdjson::validate_utf8(input.utf8)) {
        input.damage = FirstIllFormed(input.utf8);
        input.utf8 = ReplaceInvalidUtf8(input.utf8);
    }
    return input;
}

}  // namespace opsteward::scans
