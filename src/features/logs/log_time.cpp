#include "features/logs/log_time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

constexpr int kTaipeiMinutes = 8 * 60;

struct Zone {
    std::string_view name;
    int minutes;
};

constexpr auto kZones = std::to_array<Zone>({
    {"UTC", 0},     {"GMT", 0},     {"Z", 0},       {"CST", 480},   {"TST", 480},  {"TPE", 480},  {"TWT", 480},
    {"HKT", 480},   {"SGT", 480},   {"JST", 540},   {"KST", 540},   {"EST", -300}, {"EDT", -240}, {"MST", -420},
    {"MDT", -360},  {"PST", -480},  {"PDT", -420},  {"CET", 60},    {"CEST", 120},
});

/// Reads `count` digits at `at`; -1 when there are fewer.
int Digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (!IsDigit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool At(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }

/// 1–12 for the English name of a month in three letters, either case; 0 for anything else.
int MonthAt(std::string_view text, std::size_t at) {
    if (at + 3 > text.size()) return 0;
    const auto lower = [&](std::size_t i) { return static_cast<char>(text[at + i] | 0x20); };
    static constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (std::size_t month = 0; month < 12; ++month) {
        if (kMonths[month * 3] == lower(0) && kMonths[month * 3 + 1] == lower(1) && kMonths[month * 3 + 2] == lower(2)) {
            return static_cast<int>(month) + 1;
        }
    }
    return 0;
}

class TimeCursor {
  public:
    explicit TimeCursor(std::string_view text) : text_(text) {}

    std::size_t at() const { return at_; }

    std::optional<LogTime> Take() {
        if (text_.size() < 14) return std::nullopt;
        if (IsDigit(text_[0])) return TakeNumberFirst();
        if (IsWeekday() && !TakeWeekday()) return std::nullopt;
        return TakeMonthFirst();
    }

  private:
    bool IsWeekday() const {
        static constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
        return std::ranges::find(kDays, text_.substr(0, 3)) != kDays.end();
    }

    bool TakeWeekday() {
        at_ = At(text_, 3, ',') ? 4 : 3;
        return TakeBlanks();
    }

    bool TakeBlanks() {
        const std::size_t begin = at_;
        while (At(text_, at_, ' ')) ++at_;
        return at_ != begin;
    }

    std::optional<LogTime> TakeNumberFirst() {
        if (At(text_, 4, '-') || At(text_, 4, '/')) return TakeYearMonthDay(text_[4]);
        if (At(text_, 4, ' ')) return TakeYearFirst();
        return At(text_, 2, '/') ? TakeDayFirst(1, ':') : TakeDayFirst(0, ' ');
    }

    /// 2026-11-04T10:00:00
    std::optional<LogTime> TakeYearMonthDay(char separator) {
        time_.year = Digits(text_, 0, 4);
        time_.month = Digits(text_, 5, 2);
        time_.day = Digits(text_, 8, 2);
        if (!At(text_, 7, separator) || !(At(text_, 10, 'T') || At(text_, 10, ' '))) return std::nullopt;
        at_ = 11;
        if (!TakeClock()) return std::nullopt;
        TakeOffset();
        return Checked();
    }

    /// 2026 Nov 4 10:00:00
    std::optional<LogTime> TakeYearFirst() {
        time_.year = Digits(text_, 0, 4);
        at_ = 5;
        return TakeMonthDay() && TakeClock() ? Checked() : std::nullopt;
    }

    /// 04/Nov/2026:10:00:00 +0800, 04Nov2026 10:00:00. `gap`: bytes between the parts of the date.
    std::optional<LogTime> TakeDayFirst(std::size_t gap, char before_clock) {
        time_.day = Digits(text_, 0, 2);
        time_.month = MonthAt(text_, 2 + gap);
        time_.year = Digits(text_, 5 + 2 * gap, 4);
        at_ = 9 + 2 * gap;
        if (gap == 1 && !At(text_, 6, '/')) return std::nullopt;
        if (!At(text_, at_, before_clock)) return std::nullopt;
        ++at_;
        TakeBlanks();
        if (!TakeClock()) return std::nullopt;
        if (gap == 1 && At(text_, at_, ' ')) {
            ++at_;
            if (!TakeOffset()) --at_;
        }
        return Checked();
    }

    /// Nov  4 10:00:00, Nov 4 2026 10:00:00, Nov 4 10:00:00 2026
    std::optional<LogTime> TakeMonthFirst() {
        if (!TakeMonthDay()) return std::nullopt;
        const bool has_year = At(text_, at_ + 4, ' ');
        if (has_year) {
            time_.year = Digits(text_, at_, 4);
            at_ += 4;
            TakeBlanks();
        }
        if (!TakeClock()) return std::nullopt;
        if (!has_year && At(text_, at_, ' ') && !IsWordByte(at_ + 5)) {
            const int year = Digits(text_, at_ + 1, 4);
            if (year >= 1970 && year < 2100) {
                time_.year = year;
                at_ += 5;
            }
        }
        return Checked();
    }

    bool IsWordByte(std::size_t at) const { return at < text_.size() && text_[at] != ' ' && text_[at] != ']'; }

    bool TakeMonthDay() {
        time_.month = MonthAt(text_, at_);
        at_ += 3;
        if (time_.month == 0 || !TakeBlanks()) return false;
        const std::size_t digits = at_ + 1 < text_.size() && IsDigit(text_[at_ + 1]) ? 2 : 1;
        time_.day = Digits(text_, at_, digits);
        at_ += digits;
        return TakeBlanks();
    }

    bool TakeClock() {
        const std::size_t digits = At(text_, at_ + 1, ':') ? 1 : 2;
        time_.hour = Digits(text_, at_, digits);
        at_ += digits;
        time_.minute = Digits(text_, at_ + 1, 2);
        time_.second = Digits(text_, at_ + 4, 2);
        if (!At(text_, at_, ':') || !At(text_, at_ + 3, ':') || time_.second < 0) return false;
        at_ += 6;
        if ((At(text_, at_, '.') || At(text_, at_, ',')) && at_ + 1 < text_.size() && IsDigit(text_[at_ + 1])) TakeFraction();
        return true;
    }

    void TakeFraction() {
        int scale = 100;
        for (++at_; at_ < text_.size() && IsDigit(text_[at_]); ++at_) {
            time_.millisecond += (text_[at_] - '0') * scale;
            scale /= 10;
        }
    }

    bool TakeOffset() {
        std::string_view rest = text_.substr(at_);
        if (At(rest, 0, 'Z')) {
            time_.offset_minutes = 0;
            ++at_;
            return true;
        }
        if (!At(rest, 0, '+') && !At(rest, 0, '-')) return false;
        const auto minutes = TakeZone(rest);
        if (!minutes) return false;
        time_.offset_minutes = minutes;
        at_ = text_.size() - rest.size();
        return true;
    }

    std::optional<LogTime> Checked() const {
        const bool is_date = time_.month >= 1 && time_.month <= 12 && time_.day >= 1 && time_.day <= 31 &&
                             (!time_.year || *time_.year >= 1900);
        const bool is_clock = time_.hour >= 0 && time_.hour < 24 && time_.minute >= 0 && time_.minute < 60 &&
                              time_.second >= 0 && time_.second <= 60;
        if (!is_date || !is_clock) return std::nullopt;
        return time_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    LogTime time_;
};

std::optional<Instant> InYear(const LogTime& time, int year) {
    const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(time.month)),
                                           std::chrono::day(static_cast<unsigned>(time.day)));
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(time.hour) +
           std::chrono::minutes(time.minute - time.offset_minutes.value_or(kTaipeiMinutes)) + std::chrono::seconds(time.second) +
           std::chrono::milliseconds(time.millisecond);
}

bool EndsZone(std::string_view rest) { return rest.empty() || rest[0] == ' ' || rest[0] == ':' || rest[0] == ']'; }

/// +08:00, +0800, +8
std::optional<int> TakeNumericZone(std::string_view& text) {
    if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    std::size_t at = 1;
    while (at < text.size() && at < 3 && IsDigit(text[at])) ++at;
    if (at == 1) return std::nullopt;
    const int hours = Digits(text, 1, at - 1);
    int minutes = 0;
    const std::size_t colon = At(text, at, ':') ? 1 : 0;
    if (const int read = at == 3 ? Digits(text, at + colon, 2) : -1; read >= 0) {
        minutes = read;
        at += colon + 2;
    }
    if (hours > 14 || minutes > 59 || !EndsZone(text.substr(at))) return std::nullopt;
    const int offset = hours * 60 + minutes;
    const bool is_west = text[0] == '-';
    text.remove_prefix(at);
    return is_west ? -offset : offset;
}

void Take(Instant time, bool year_inferred, bool zone_inferred, ParsedLine& line) {
    const auto doubt = [](bool year, bool zone) { return (year ? 2 : 0) + (zone ? 1 : 0); };
    if (line.event_time && doubt(line.year_inferred, line.zone_inferred) <= doubt(year_inferred, zone_inferred)) return;
    line.event_time = time;
    line.year_inferred = year_inferred;
    line.zone_inferred = zone_inferred;
}

}  // namespace

std::optional<LogTime> TakeTime(std::string_view& text) {
    TimeCursor cursor(text);
    const auto time = cursor.Take();
    if (time) text.remove_prefix(cursor.at());
    return time;
}

std::optional<int> TakeZone(std::string_view& text) {
    if (const auto offset = TakeNumericZone(text)) return offset;
    const std::string_view word = text.substr(0, std::min(text.find_first_of(" :]+-"), text.size()));
    const auto found = std::ranges::find(kZones, word, &Zone::name);
    if (found == kZones.end()) return std::nullopt;
    std::string_view rest = text.substr(word.size());
    if (found->minutes == 0 && !rest.empty()) {
        if (const auto offset = TakeNumericZone(rest)) {
            text = rest;
            return offset;
        }
    }
    if (!EndsZone(rest)) return std::nullopt;
    text = rest;
    return found->minutes;
}

std::optional<Instant> Resolve(const LogTime& time, Instant received) {
    if (time.year) return InYear(time, *time.year);
    const auto today = std::chrono::floor<std::chrono::days>(received);
    const int this_year = static_cast<int>(std::chrono::year_month_day(today).year());
    std::optional<Instant> nearest;
    for (const int year : {this_year, this_year - 1, this_year + 1}) {
        const auto candidate = InYear(time, year);
        if (candidate && (!nearest || std::chrono::abs(*candidate - received) < std::chrono::abs(*nearest - received))) {
            nearest = candidate;
        }
    }
    return nearest;
}

std::optional<Instant> ReadEpoch(std::string_view text) {
    std::size_t digits = 0;
    std::int64_t value = 0;
    while (digits < text.size() && digits < 20 && IsDigit(text[digits])) {
        // Only the 13 digits down to milliseconds are wanted.
        if (digits < 13) value = value * 10 + (text[digits] - '0');
        ++digits;
    }
    std::string_view rest = text.substr(digits);
    if (digits == 10) {
        for (int place = 0; place < 3; ++place) {
            const std::size_t at = static_cast<std::size_t>(place) + 1;
            const bool has_digit = At(rest, 0, '.') && at < rest.size() && IsDigit(rest[at]);
            value = value * 10 + (has_digit ? rest[at] - '0' : 0);
        }
    } else if (digits != 13 && digits != 16 && digits != 19) {
        return std::nullopt;
    }
    if (!rest.empty() && (rest[0] != '.' || !std::ranges::all_of(rest.substr(1), IsDigit))) return std::nullopt;
    return FromMillis(value);
}

void OfferTime(const LogTime& time, Instant received, ParsedLine& line) {
    if (const auto instant = Resolve(time, received)) {
        Take(*instant, !time.year.has_value(), !time.offset_minutes.has_value(), line);
    }
}

void OfferTime(std::optional<Instant> exact, ParsedLine& line) {
    if (exact) Take(*exact, false, false, line);
}

void OfferTime(std::string_view text, Instant received, ParsedLine& line) {
    if (const auto epoch = ReadEpoch(text)) {
        OfferTime(epoch, line);
        return;
    }
    auto time = TakeTime(text);
    if (!time) return;
    if (!text.empty() && text[0] == ' ') {
        text.remove_prefix(1);
        if (const auto zone = TakeZone(text)) time->offset_minutes = zone;
    }
    OfferTime(*time, received, line);
}

}  // namespace opsteward::logs
