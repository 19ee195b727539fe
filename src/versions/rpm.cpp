// Keys in rpm's order: epoch, version, release; the latter two as rpm's rpmvercmp orders them.
#include <algorithm>

#include "versions/key_bytes.hpp"
#include "versions/schemes.hpp"

namespace opsteward::versions {
namespace {

constexpr NumberCode kEpoch{0, 0xF0};

// What may come next in a part, in rpm's order. '~' is for what precedes a release, '^' for what follows one.
constexpr char kTilde = '\1';
constexpr char kEnd = '\2';
constexpr char kCaret = '\3';
constexpr char kLetters = '\4';
constexpr NumberCode kNumber{0x10, 0xE0};

constexpr char kNoRelease = '\0';
constexpr char kRelease = '\1';

void AppendPart(std::string& key, std::string_view part) {
    for (std::size_t i = 0; i < part.size();) {
        std::size_t end = i + 1;
        if (part[i] == '~') {
            key += kTilde;
        } else if (part[i] == '^') {
            key += kCaret;
        } else if (IsDigit(part[i])) {
            end = EndOfDigits(part, i);
            AppendNumber(key, part.substr(i, end - i), kNumber);
        } else if (IsLetter(part[i])) {
            while (end < part.size() && IsLetter(part[end])) ++end;
            key += kLetters;
            AppendText(key, part.substr(i, end - i));
        }
        i = end;
    }
    key += kEnd;
}

}  // namespace

std::string RpmKey(std::string_view version) {
    std::string key;
    key.reserve(version.size() + 12);
    const std::size_t colon = EndOfDigits(version, 0);
    const bool has_epoch = colon < version.size() && version[colon] == ':';
    AppendNumber(key, has_epoch ? version.substr(0, colon) : std::string_view(), kEpoch);
    if (has_epoch) version.remove_prefix(colon + 1);

    const std::size_t hyphen = version.rfind('-');
    AppendPart(key, version.substr(0, hyphen));
    key += hyphen == std::string_view::npos ? kNoRelease : kRelease;
    if (hyphen != std::string_view::npos) AppendPart(key, version.substr(hyphen + 1));
    return key;
}

}  // namespace opsteward::versions
