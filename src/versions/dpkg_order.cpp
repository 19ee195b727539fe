#include "versions/dpkg_order.hpp"

#include <algorithm>

#include "versions/key_bytes.hpp"

namespace opsteward::versions {
namespace {

int PlaceAt(std::string_view text, std::size_t i) { return i < text.size() ? DpkgPlace(text[i]) : 0; }

std::size_t SkipZeros(std::string_view text, std::size_t i) {
    while (i < text.size() && text[i] == '0') ++i;
    return i;
}

/// Non-digits and numbers in turn, numbers by value however long they are.
std::strong_ordering ComparePart(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size()) {
        while ((i < a.size() && !IsDigit(a[i])) || (j < b.size() && !IsDigit(b[j]))) {
            const auto order = PlaceAt(a, i) <=> PlaceAt(b, j);
            if (order != 0) return order;
            ++i;
            ++j;
        }
        i = SkipZeros(a, std::min(i, a.size()));
        j = SkipZeros(b, std::min(j, b.size()));
        const std::string_view number_a = a.substr(i, EndOfDigits(a, i) - i);
        const std::string_view number_b = b.substr(j, EndOfDigits(b, j) - j);
        if (number_a.size() != number_b.size()) return number_a.size() <=> number_b.size();
        const int order = number_a.compare(number_b);
        if (order != 0) return order <=> 0;
        i += number_a.size();
        j += number_b.size();
    }
    return std::strong_ordering::equal;
}

}  // namespace

DpkgParts SplitDpkgVersion(std::string_view version) {
    DpkgParts parts;
    const std::size_t colon = version.find(':');
    if (colon != std::string_view::npos && colon > 0 && EndOfDigits(version, 0) == colon) {
        parts.epoch = version.substr(0, colon);
        version.remove_prefix(colon + 1);
    }
    const std::size_t hyphen = version.rfind('-');
    parts.upstream = version.substr(0, hyphen);
    if (hyphen != std::string_view::npos) parts.revision = version.substr(hyphen + 1);
    return parts;
}

int DpkgPlace(char c) {
    if (IsDigit(c)) return 0;
    if (c == '~') return -1;
    const int code = static_cast<unsigned char>(c);
    return IsLetter(c) ? code : code + 256;
}

std::strong_ordering CompareDpkg(std::string_view a, std::string_view b) {
    const DpkgParts parts_a = SplitDpkgVersion(a);
    const DpkgParts parts_b = SplitDpkgVersion(b);
    if (const auto order = ComparePart(parts_a.epoch, parts_b.epoch); order != 0) return order;
    if (const auto order = ComparePart(parts_a.upstream, parts_b.upstream); order != 0) return order;
    return ComparePart(parts_a.revision, parts_b.revision);
}

}  // namespace opsteward::versions
