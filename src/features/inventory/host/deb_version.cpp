#include "features/inventory/host/deb_version.hpp"

#include <algorithm>

namespace opsteward::inventory::host {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Parts {
    std::string_view epoch;
    std::string_view upstream;
    std::string_view revision;
};

Parts SplitVersion(std::string_view version) {
    Parts parts;
    const std::size_t colon = version.find(':');
    if (colon != std::string_view::npos && colon > 0 && std::ranges::all_of(version.substr(0, colon), IsDigit)) {
        parts.epoch = version.substr(0, colon);
        version.remove_prefix(colon + 1);
    }
    const std::size_t hyphen = version.rfind('-');
    parts.upstream = version.substr(0, hyphen);
    if (hyphen != std::string_view::npos) parts.revision = version.substr(hyphen + 1);
    return parts;
}

/// Place of a character among non-digits: '~' before the end, the end (and a digit) before letters, letters before the rest.
int Place(std::string_view text, std::size_t i) {
    if (i >= text.size() || IsDigit(text[i])) return 0;
    if (text[i] == '~') return -1;
    const int code = static_cast<unsigned char>(text[i]);
    return IsLetter(text[i]) ? code : code + 256;
}

std::size_t SkipZeros(std::string_view text, std::size_t i) {
    while (i < text.size() && text[i] == '0') ++i;
    return i;
}

std::size_t EndOfDigits(std::string_view text, std::size_t i) {
    while (i < text.size() && IsDigit(text[i])) ++i;
    return i;
}

/// Non-digits and numbers in turn, numbers by value however long they are.
std::strong_ordering ComparePart(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size()) {
        while ((i < a.size() && !IsDigit(a[i])) || (j < b.size() && !IsDigit(b[j]))) {
            const auto order = Place(a, i) <=> Place(b, j);
            if (order != 0) return order;
            ++i;
            ++j;
        }
        i = SkipZeros(a, i);
        j = SkipZeros(b, j);
        const std::string_view number_a = a.substr(std::min(i, a.size()), EndOfDigits(a, i) - std::min(i, a.size()));
        const std::string_view number_b = b.substr(std::min(j, b.size()), EndOfDigits(b, j) - std::min(j, b.size()));
        if (number_a.size() != number_b.size()) return number_a.size() <=> number_b.size();
        const int order = number_a.compare(number_b);
        if (order != 0) return order <=> 0;
        i += number_a.size();
        j += number_b.size();
    }
    return std::strong_ordering::equal;
}

}  // namespace

std::strong_ordering CompareDebVersions(std::string_view a, std::string_view b) {
    const Parts parts_a = SplitVersion(a);
    const Parts parts_b = SplitVersion(b);
    if (const auto order = ComparePart(parts_a.epoch, parts_b.epoch); order != 0) return order;
    if (const auto order = ComparePart(parts_a.upstream, parts_b.upstream); order != 0) return order;
    return ComparePart(parts_a.revision, parts_b.revision);
}

}  // namespace opsteward::inventory::host
