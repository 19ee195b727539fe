// Dates and times from arbitrary text: nothing crashes, and what was read is written and read again as the same day or instant.
#include <string_view>

#include "base/civil_time.hpp"
#include "require.hpp"

using namespace opsteward;

namespace {

void CheckDate(std::string_view text) {
    const auto date = ParseDate(text);
    if (!date.ok()) {
        Require(date.error().code == ErrorCode::kInvalidInput && !date.error().caller_text.zh.empty());
        return;
    }
    const int year = static_cast<int>(date->year());
    Require(date->ok() && year >= 1912 && year <= 2910);
    Require(ParseDate(FormatDate(*date, Language::kZhHant)).value() == *date);
    Require(ParseDate(FormatDateShort(*date, Language::kZhHant)).value() == *date);
    Require(ParseDate(FormatIsoDate(*date)).value() == *date);
    Require(TaipeiDate(StartOfDay(*date)) == *date);
    Require(ParseRfc3339(FormatIsoDate(*date)).value() == StartOfDay(*date));
}

void CheckInstant(std::string_view text) {
    const auto instant = ParseRfc3339(text);
    if (!instant.ok()) {
        Require(instant.error().code == ErrorCode::kInvalidInput && !ParseRfc3339(text, true).ok());
        return;
    }
    Require(ParseRfc3339(FormatRfc3339(*instant)).value() == *instant);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*instant);
    Require(FromTaipei(ToTaipei(*instant)) == seconds);
    const Instant end = ParseRfc3339(text, true).value();
    Require(end == *instant || end == *instant + std::chrono::days(1) - std::chrono::milliseconds(1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    CheckDate(text);
    CheckInstant(text);
    return 0;
}
