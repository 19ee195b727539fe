// Keys in the order of deb-version(7).
#include <algorithm>
#include <array>

#include "versions/dpkg_order.hpp"
#include "versions/key_bytes.hpp"
#include "versions/schemes.hpp"

namespace opsteward::versions {
namespace {

constexpr NumberCode kNumber{0, 0xF0};

/// Behind a run of non-digits, and, where a further run would begin, at the end of the part: both are what '~' sorts before and all else behind.
constexpr char kEnd = '\2';

/// Of a non-digit: 1 for '~', from 3 on for the others in the order of DpkgPlace, 247 for the last.
constexpr std::array<char, 256> MakeCodes() {
    std::array<char, 256> codes{};
    int next = kEnd;
    for (const bool are_letters : {true, false}) {
        for (int c = 0; c < 256; ++c) {
            const char each = static_cast<char>(c);
            if (IsLetter(each) == are_letters && !IsDigit(each) && each != '~') codes[static_cast<std::size_t>(c)] = static_cast<char>(++next);
        }
    }
    codes['~'] = 1;
    return codes;
}

/// Pairs of a run of non-digits and a number, either of which may be empty, at least one pair.
void AppendPart(std::string& key, std::string_view part) {
    static constexpr std::array<char, 256> kCodes = MakeCodes();
    std::size_t i = 0;
    do {
        for (; i < part.size() && !IsDigit(part[i]); ++i) key += kCodes[static_cast<unsigned char>(part[i])];
        key += kEnd;
        const std::size_t end = EndOfDigits(part, i);
        AppendNumber(key, part.substr(i, end - i), kNumber);
        i = end;
    } while (i < part.size());
    key += kEnd;
}

}  // namespace

std::string DpkgKey(std::string_view version) {
    const DpkgParts parts = SplitDpkgVersion(version);
    std::string key;
    key.reserve(version.size() + 12);
    AppendNumber(key, parts.epoch, kNumber);
    AppendPart(key, parts.upstream);
    AppendPart(key, parts.revision);
    return key;
}

}  // namespace opsteward::versions
