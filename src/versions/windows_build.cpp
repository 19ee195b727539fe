// Keys of Windows builds, 10.0.17763.2452: numbers between dots. What stands behind them ("(WinBuild.160101.0800)") only parts those of the same numbers.
#include "versions/key_bytes.hpp"
#include "versions/schemes.hpp"

namespace opsteward::versions {
namespace {

constexpr char kEnd = '\1';
constexpr NumberCode kNumber{0x10, 0xE0};

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

}  // namespace

std::string WindowsBuildKey(std::string_view version) {
    while (!version.empty() && IsBlank(version.front())) version.remove_prefix(1);
    while (!version.empty() && IsBlank(version.back())) version.remove_suffix(1);
    std::string key;
    key.reserve(version.size() + 12);
    std::size_t zeros = 0;  // not written before another number follows: missing numbers are zero
    while (!version.empty()) {
        const std::string_view digits = version.substr(0, EndOfDigits(version, 0));
        if (digits.find_first_not_of('0') == std::string_view::npos) {
            ++zeros;
        } else {
            key.append(zeros, static_cast<char>(kNumber.first));
            zeros = 0;
            AppendNumber(key, digits, kNumber);
        }
        version.remove_prefix(digits.size());
        if (!version.starts_with('.')) break;
        version.remove_prefix(1);
    }
    key += kEnd;
    AppendText(key, version);
    return key;
}

}  // namespace opsteward::versions
