#include "base/civil_time.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "base/text.hpp"

namespace opsteward {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr hours kTaipeiOffset{8};
constexpr int kMinguoOffset = 1911;
constexpr int kLastMinguoYear = 999;
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int Year(Date date) { return static_cast<int>(date.year()); }
unsigned Month(Date date) { return static_cast<unsigned>(date.month()); }
unsigned Day(Date date) { return static_cast<unsigned>(date.day()); }

/// Full-width digits, period and slash (U+FF0E, U+FF0F, U+FF10…) become their ASCII forms; blanks go.
std::string Plain(std::string_view input) {
    std::string plain;
    for (std::size_t i = 0; i < input.size(); ++i) {
        if (i + 2 < input.size() && input[i] == '\xEF' && input[i + 1] == '\xBC') {
            const auto last = static_cast<unsigned char>(input[i + 2]);
            if (last >= 0x8D && last <= 0x99) {  // U+FF0D … U+FF19: - . / 0 … 9
                plain += static_cast<char>('-' + (last - 0x8D));
                i += 2;
                continue;
            }
        }
        if (input.substr(i).starts_with("\xE3\x80\x80")) {
            i += 2;
            continue;
        }
        if (input[i] != ' ' && input[i] != '\t') plain += input[i];
    }
    return plain;
}

/// Takes digits off the front.
std::optional<int> TakeNumber(std::string_view& text) {
    std::size_t length = 0;
    while (length < text.size() && text[length] >= '0' && text[length] <= '9') ++length;
    if (length == 0 || length > 4) return std::nullopt;
    const auto number = ParseInt(text.substr(0, length));
    text.remove_prefix(length);
    return static_cast<int>(*number);
}

bool TakeWord(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

struct Numbers {
    int year = 0;  ///< as written
    int month = 0;
    int day = 0;
    bool is_gregorian = false;
};

std::optional<Numbers> ReadNumbers(std::string_view text) {
    Numbers numbers;
    const bool says_minguo = TakeWord(text, "民國");
    // 1140805: seven (or six, before 民國 100) digits in a row are year, month, day without separators.
    if ((text.size() == 6 || text.size() == 7) && text.find_first_not_of("0123456789") == std::string_view::npos) {
        numbers.year = static_cast<int>(*ParseInt(text.substr(0, text.size() - 4)));
        numbers.month = static_cast<int>(*ParseInt(text.substr(text.size() - 4, 2)));
        numbers.day = static_cast<int>(*ParseInt(text.substr(text.size() - 2)));
        return numbers;
    }
    const auto year = TakeNumber(text);
    if (!year) return std::nullopt;
    numbers.year = *year;
    numbers.is_gregorian = !says_minguo && *year > kLastMinguoYear;
    const auto separated = [&](std::string_view one, std::string_view word) {
        return TakeWord(text, word) || TakeWord(text, one);
    };
    std::string_view separator = ".";
    if (text.starts_with('/')) separator = "/";
    if (text.starts_with('-')) separator = "-";
    if (!separated(separator, "年")) return std::nullopt;
    const auto month = TakeNumber(text);
    if (!month || !separated(separator, "月")) return std::nullopt;
    const auto day = TakeNumber(text);
    if (!day) return std::nullopt;
    TakeWord(text, "日");
    if (!text.empty()) return std::nullopt;
    numbers.month = *month;
    numbers.day = *day;
    return numbers;
}

std::optional<int> TakeFixed(std::string_view& text, std::size_t digits) {
    if (text.size() < digits || text.substr(0, digits).find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    const auto number = static_cast<int>(*ParseInt(text.substr(0, digits)));
    text.remove_prefix(digits);
    return number;
}

/// An offset may lead out of the years that RFC 3339 can write.
bool FitsFourDigits(Instant instant) {
    const int year = Year(Date(std::chrono::floor<days>(instant)));
    return year >= 0 && year <= 9999;
}

Error NotATime() {
    return Error::Of(ErrorCode::kInvalidInput, "時間格式不正確，例：2025-08-05 或 2025-08-05T14:03:00+08:00。",
                     "Not a time. Write it like 2025-08-05 or 2025-08-05T14:03:00+08:00.");
}

}  // namespace

LocalTime ToTaipei(Instant instant) {
    const auto local = instant + kTaipeiOffset;
    const auto day = std::chrono::floor<days>(local);
    const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(local - day));
    return {Date(day), static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
            static_cast<int>(time.seconds().count())};
}

Date TaipeiDate(Instant instant) { return ToTaipei(instant).date; }

Instant StartOfDay(Date date) { return Instant(sys_days(date)) - kTaipeiOffset; }

Instant FromTaipei(const LocalTime& local) {
    return StartOfDay(local.date) + hours(local.hour) + minutes(local.minute) + seconds(local.second);
}

Result<Date> ParseDate(std::string_view input) {
    const auto numbers = ReadNumbers(Plain(input));
    if (!numbers) {
        return Error::Of(ErrorCode::kInvalidInput, "看不懂這個日期，請寫成 114.8.5、民國114年8月5日或 2025-08-05。",
                         "Not a date. Write it like 114.8.5, 民國114年8月5日 or 2025-08-05.");
    }
    const int minguo = numbers->is_gregorian ? numbers->year - kMinguoOffset : numbers->year;
    if (minguo < 1 || minguo > kLastMinguoYear) {
        return Error::Of(ErrorCode::kInvalidInput, "年份須在民國 1 年至 999 年之間。",
                         "The year has to lie between 1912 and 2910 (Minguo 1 to 999).");
    }
    const Date date(std::chrono::year(minguo + kMinguoOffset), std::chrono::month(static_cast<unsigned>(numbers->month)),
                    std::chrono::day(static_cast<unsigned>(numbers->day)));
    if (numbers->month > 12 || numbers->day > 31 || !date.ok()) {
        return Error::Of(ErrorCode::kInvalidInput,
                         fmt::format("民國{}年沒有 {} 月 {} 日這一天。", minguo, numbers->month, numbers->day),
                         fmt::format("There is no day {}-{:02}-{:02} in the calendar.", minguo + kMinguoOffset,
                                     numbers->month, numbers->day));
    }
    return date;
}

std::string FormatDate(Date date, Language language) {
    if (language == Language::kEnglish) {
        return fmt::format("{} {} {}", Day(date), kMonths[Month(date) - 1], Year(date));
    }
    return fmt::format("民國{}年{}月{}日", Year(date) - kMinguoOffset, Month(date), Day(date));
}

std::string FormatDateShort(Date date, Language language) {
    if (language == Language::kEnglish) return FormatIsoDate(date);
    return fmt::format("{}.{}.{}", Year(date) - kMinguoOffset, Month(date), Day(date));
}

std::string FormatTime(Instant instant, Language language) {
    const LocalTime local = ToTaipei(instant);
    return fmt::format("{} {:02}:{:02}", FormatDateShort(local.date, language), local.hour, local.minute);
}

std::string FormatTimeWithSeconds(Instant instant, Language language) {
    return fmt::format("{}:{:02}", FormatTime(instant, language), ToTaipei(instant).second);
}

std::string FormatIsoDate(Date date) { return fmt::format("{:04}-{:02}-{:02}", Year(date), Month(date), Day(date)); }

std::string FormatRfc3339(Instant instant) {
    const auto day = std::chrono::floor<days>(instant);
    const std::chrono::hh_mm_ss time(instant - day);
    return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", FormatIsoDate(Date(day)), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

Result<Instant> ParseRfc3339(std::string_view input, bool date_means_end_of_day) {
    std::string_view text = input;
    const auto year = TakeFixed(text, 4);
    if (!year || !TakeWord(text, "-")) return NotATime();
    const auto month = TakeFixed(text, 2);
    if (!month || !TakeWord(text, "-")) return NotATime();
    const auto day = TakeFixed(text, 2);
    if (!day) return NotATime();
    const Date date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                    std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return NotATime();
    if (text.empty()) {
        if (!FitsFourDigits(StartOfDay(date))) return NotATime();
        return date_means_end_of_day ? StartOfDay(Date(sys_days(date) + days(1))) - milliseconds(1) : StartOfDay(date);
    }

    if (!TakeWord(text, "T") && !TakeWord(text, "t") && !TakeWord(text, " ")) return NotATime();
    const auto hour = TakeFixed(text, 2);
    if (!hour || *hour > 23 || !TakeWord(text, ":")) return NotATime();
    const auto minute = TakeFixed(text, 2);
    if (!minute || *minute > 59 || !TakeWord(text, ":")) return NotATime();
    const auto second = TakeFixed(text, 2);
    if (!second || *second > 60) return NotATime();  // 60: a leap second, taken as the start of the next minute
    int fraction = 0;
    if (TakeWord(text, ".")) {
        int weight = 100;
        bool has_digit = false;
        while (const auto digit = TakeFixed(text, 1)) {
            fraction += weight * *digit;
            weight /= 10;
            has_digit = true;
        }
        if (!has_digit) return NotATime();
    }
    minutes offset{0};
    if (!TakeWord(text, "Z") && !TakeWord(text, "z")) {
        const int sign = TakeWord(text, "-") ? -1 : 1;
        if (sign == 1 && !TakeWord(text, "+")) return NotATime();
        const auto offset_hour = TakeFixed(text, 2);
        if (!offset_hour || *offset_hour > 23 || !TakeWord(text, ":")) return NotATime();
        const auto offset_minute = TakeFixed(text, 2);
        if (!offset_minute || *offset_minute > 59) return NotATime();
        offset = sign * (hours(*offset_hour) + minutes(*offset_minute));
    }
    if (!text.empty()) return NotATime();
    const Instant instant = Instant(sys_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second) + milliseconds(fraction) - offset;
    if (!FitsFourDigits(instant)) return NotATime();
    return instant;
}

std::string FormatDistance(Instant instant, Instant now, Language language) {
    const bool is_past = instant <= now;
    const auto distance = is_past ? now - instant : instant - now;
    struct Unit {
        seconds length;
        std::string_view zh;
        std::string_view en;
    };
    static constexpr std::array<Unit, 5> kUnits = {{{seconds(365 * 86'400), "年", "year"},
                                                    {seconds(30 * 86'400), "個月", "month"},
                                                    {seconds(86'400), "天", "day"},
                                                    {seconds(3'600), "小時", "hour"},
                                                    {seconds(60), "分鐘", "minute"}}};
    for (const auto& unit : kUnits) {
        const auto count = distance / unit.length;
        if (count < 1) continue;
        if (language != Language::kEnglish) return fmt::format("{} {}{}", count, unit.zh, is_past ? "前" : "後");
        const std::string amount = fmt::format("{} {}{}", count, unit.en, count == 1 ? "" : "s");
        return is_past ? amount + " ago" : "in " + amount;
    }
    if (language != Language::kEnglish) return is_past ? "剛才" : "一分鐘內";
    return is_past ? "just now" : "within a minute";
}

}  // namespace opsteward
