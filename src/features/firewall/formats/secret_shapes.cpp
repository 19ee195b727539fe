#include "features/firewall/formats/secret_shapes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "features/firewall/formats/secret_mark.hpp"

namespace opsteward::firewall {

namespace {

bool IsWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool IsBase64Byte(char c) { return IsWordByte(c) || c == '+' || c == '/' || c == '='; }
/// What ends a value in all of the formats: white space, quotation marks, brackets, separators.
bool EndsValue(char c) { return std::string_view(" \t\r\n\"'<>;,()[]{}\\").find(c) != std::string_view::npos; }

std::size_t EndOfValue(std::string_view text, std::size_t at) {
    while (at < text.size() && !EndsValue(text[at])) ++at;
    return at;
}

/// A part of the text and what comes in its place.
struct Replacement {
    std::size_t begin;
    std::size_t end;
    std::string mark;
};

std::optional<Replacement> PrivateKeyAt(std::string_view text, std::size_t at, std::string_view hash_key) {
    static constexpr std::string_view kBegin = "-----BEGIN ";
    static constexpr std::size_t kLongestLabel = 64;
    if (text.substr(at, kBegin.size()) != kBegin) return std::nullopt;
    const std::size_t label = at + kBegin.size();
    const std::size_t label_end = text.substr(0, std::min(text.size(), label + kLongestLabel)).find("-----", label);
    if (label_end == std::string_view::npos) return std::nullopt;
    const std::string_view name = text.substr(label, label_end - label);
    if (name.find("PRIVATE KEY") == std::string_view::npos && name.find("Static key") == std::string_view::npos) return std::nullopt;
    std::size_t end = text.find("-----END ", label_end);
    if (end == std::string_view::npos) {
        end = text.size();
    } else {
        const std::size_t after = text.find("-----", end + kBegin.size() - 2);
        end = after == std::string_view::npos ? text.size() : after + 5;
    }
    const std::string_view body = text.substr(at, end - at);
    const bool is_encrypted = body.find("ENCRYPTED") != std::string_view::npos;
    return Replacement{at, end, is_encrypted ? std::string(kIncomparableSecret) : SecretMark(body, hash_key)};
}

/// "$id$…" of crypt(5) and those that write like it.
std::optional<Replacement> CryptAt(std::string_view text, std::size_t at, std::string_view hash_key) {
    static constexpr std::array<std::string_view, 24> kIds{
        "1", "2", "2a", "2b", "2x", "2y", "5", "6", "7", "8", "9", "14", "y", "gy", "apr1", "sha1", "sha256", "sha512", "md5", "bcrypt", "scrypt", "argon2",
        "5h", "pbkdf2"};
    static constexpr std::size_t kLongestId = 16;
    if (at > 0 && IsWordByte(text[at - 1])) return std::nullopt;
    const std::size_t second = text.substr(0, std::min(text.size(), at + kLongestId)).find('$', at + 1);
    if (second == std::string_view::npos || second + 1 >= text.size() || EndsValue(text[second + 1])) return std::nullopt;
    const std::string_view id = text.substr(at + 1, second - at - 1);
    const bool is_known = std::ranges::find(kIds, id) != kIds.end() || id.starts_with("argon2") || id.starts_with("pbkdf2");
    if (!is_known) return std::nullopt;
    std::size_t end = second;  // Argon2 and others write "m=19456,t=2,p=1"
    while (end < text.size() && (!EndsValue(text[end]) || text[end] == ',')) ++end;
    return Replacement{at, end, SecretMark(text.substr(at, end - at), hash_key)};
}

std::optional<Replacement> PanOsAt(std::string_view text, std::size_t at, std::string_view hash_key) {
    static constexpr std::string_view kBegin = "-AQ==";
    if (text.substr(at, kBegin.size()) != kBegin) return std::nullopt;
    const std::size_t end = EndOfValue(text, at);
    return Replacement{at, end, SecretMark(text.substr(at, end - at), hash_key)};
}

bool IsFortigateHash(std::string_view value) { return value.starts_with("SH2") || value.starts_with("AK1") || value.starts_with("PB2"); }

std::optional<Replacement> FortigateHashAt(std::string_view text, std::size_t at, std::string_view hash_key) {
    static constexpr std::size_t kShortest = 32;
    if (!IsFortigateHash(text.substr(at, 3)) || (at > 0 && IsBase64Byte(text[at - 1]))) return std::nullopt;
    std::size_t end = at;
    while (end < text.size() && IsBase64Byte(text[end])) ++end;
    if (end - at < kShortest) return std::nullopt;
    return Replacement{at, end, SecretMark(text.substr(at, end - at), hash_key)};
}

std::optional<Replacement> EncAt(std::string_view text, std::size_t at, std::string_view hash_key) {
    static constexpr std::string_view kBegin = "ENC ";
    static constexpr std::size_t kShortest = 8;
    if (text.substr(at, kBegin.size()) != kBegin || (at > 0 && IsWordByte(text[at - 1]))) return std::nullopt;
    const std::size_t begin = at + kBegin.size();
    std::size_t end = begin;
    while (end < text.size() && IsBase64Byte(text[end])) ++end;
    if (end - begin < kShortest) return std::nullopt;
    return Replacement{begin, end, FortigateEncMark(text.substr(begin, end - begin), hash_key)};
}

/// At the "://" of a URL with a password. Passwords with a '/' in them are written without escaping too, so that the last '@' counts.
std::optional<Replacement> UrlPasswordAt(std::string_view text, std::size_t at, std::string_view hash_key) {
    static constexpr std::string_view kMark = "://";
    static constexpr std::size_t kLongest = 512;
    if (text.substr(at, kMark.size()) != kMark) return std::nullopt;
    std::size_t colon = std::string_view::npos;
    std::size_t sign = std::string_view::npos;
    for (std::size_t i = at + kMark.size(); i < text.size() && i < at + kLongest && !EndsValue(text[i]); ++i) {
        if (text[i] == ':' && colon == std::string_view::npos) colon = i;
        if (text[i] == '@') sign = i;
    }
    if (colon == std::string_view::npos || sign == std::string_view::npos || sign <= colon + 1) return std::nullopt;
    return Replacement{colon + 1, sign, SecretMark(text.substr(colon + 1, sign - colon - 1), hash_key)};
}

std::optional<Replacement> SecretAt(std::string_view text, std::size_t at, std::string_view hash_key) {
    switch (text[at]) {
        case '-':
            if (auto key = PrivateKeyAt(text, at, hash_key)) return key;
            return PanOsAt(text, at, hash_key);
        case '$': return CryptAt(text, at, hash_key);
        case ':': return UrlPasswordAt(text, at, hash_key);
        case 'E': return EncAt(text, at, hash_key);
        case 'S':
        case 'A':
        case 'P': return FortigateHashAt(text, at, hash_key);
        default: return std::nullopt;
    }
}

}  // namespace

std::string FortigateEncMark(std::string_view value, std::string_view hash_key) {
    return IsFortigateHash(value) ? SecretMark(value, hash_key) : std::string(kIncomparableSecret);
}

std::string RedactShapes(std::string_view text, std::string_view hash_key) {
    static constexpr std::string_view kFirst = "-$:ESAP";
    std::string redacted;
    std::size_t copied = 0;
    for (std::size_t at = text.find_first_of(kFirst); at != std::string_view::npos; at = text.find_first_of(kFirst, at)) {
        const auto found = SecretAt(text, at, hash_key);
        if (!found) {
            ++at;
            continue;
        }
        redacted.append(text.substr(copied, found->begin - copied));
        redacted += found->mark;
        copied = found->end;
        at = found->end;
    }
    redacted.append(text.substr(copied));
    return redacted;
}

}  // namespace opsteward::firewall
