#include "features/firewall/idle/fortigate_log_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

/// Names that may follow a bare value without a blank: the value ends where the longest of them begins.
constexpr auto kKeys = std::to_array<std::string_view>({
    "action",       "app",         "appcat",   "craction",   "crlevel",    "crscore",  "date",        "devid",    "devname",   "devtype", "dstcountry",
    "dstintf",      "dstintfrole", "dstip",    "dstport",    "dstuuid",    "duration", "eventtime",   "group",    "level",     "logid",   "logver",
    "mastersrcmac", "osname",      "policyid", "policyname", "policytype", "poluuid",  "proto",       "rcvdbyte", "rcvddelta", "rcvdpkt", "sentbyte",
    "sentdelta",    "sentpkt",     "service",  "sessionid",  "srccountry", "srcintf",  "srcintfrole", "srcip",    "srcmac",    "srcport", "srcuuid",
    "subtype",      "time",        "trandisp", "transip",    "transport",  "type",     "tz",          "user",     "vd",        "vwlid",
});

bool IsKeyByte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// How long the bare value in `chunk`, which runs up to a blank, is: up to the key that stands against it.
std::size_t BareLength(std::string_view chunk) {
    const std::size_t equals = chunk.find('=');
    if (equals == std::string_view::npos) return chunk.size();
    const std::string_view before = chunk.substr(0, equals);
    std::size_t longest = 0;
    for (const std::string_view key : kKeys) {
        if (key.size() > longest && key.size() < before.size() && before.ends_with(key)) longest = key.size();
    }
    if (longest > 0) return before.size() - longest;
    // A number ends where letters begin.
    const std::size_t end = before.find_first_not_of("0123456789.:-");
    return end == std::string_view::npos || end == 0 ? chunk.size() : end;
}

/// The fields, one after the other, each byte once.
class Fields {
  public:
    explicit Fields(std::string_view line) : rest_(line) {}

    bool Next(std::string_view& key, std::string_view& value) {
        while (true) {
            const std::size_t equals = rest_.find('=');
            if (equals == std::string_view::npos) return false;
            std::size_t begin = equals;
            while (begin > 0 && IsKeyByte(rest_[begin - 1])) --begin;
            key = rest_.substr(begin, equals - begin);
            rest_.remove_prefix(equals + 1);
            TakeValue(value);
            if (!key.empty()) return true;
        }
    }

  private:
    /// No bare value is longer; looking further at each of them would take the square of a line's length.
    static constexpr std::size_t kMaxBare = 1024;

    void TakeValue(std::string_view& value) {
        if (!rest_.starts_with('"')) {
            const std::string_view near = rest_.substr(0, kMaxBare);
            const std::size_t length = BareLength(near.substr(0, std::min(near.find_first_of(" \t\r\n,"), near.size())));
            value = rest_.substr(0, length);
            rest_.remove_prefix(length);
            return;
        }
        std::size_t end = 1;
        while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' && end + 1 < rest_.size() ? 2 : 1;
        end = std::min(end, rest_.size());
        value = rest_.substr(1, end - 1);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
    }

    std::string_view rest_;
};

/// "1795485600", with three, six or nine more digits for its fractions.
std::optional<std::int64_t> EventTime(std::string_view text) {
    const auto number = ParseInt(text);
    if (!number || *number <= 0) return std::nullopt;
    if (text.size() <= 11) return *number;
    if (text.size() <= 14) return *number / 1'000;
    if (text.size() <= 17) return *number / 1'000'000;
    return *number / 1'000'000'000;
}

std::optional<std::int64_t> Number(std::string_view text, std::size_t at, std::size_t length) {
    if (text.size() < at + length) return std::nullopt;
    const std::string_view digits = text.substr(at, length);
    if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    return ParseInt(digits);
}

/// "+0800", "-0330".
std::optional<std::int64_t> ZoneOffset(std::string_view text) {
    const auto hours = Number(text, 1, 2);
    const auto minutes = Number(text, 3, 2);
    if (!hours || !minutes || text.size() != 5 || (text[0] != '+' && text[0] != '-') || *hours > 14 || *minutes > 59) return std::nullopt;
    const std::int64_t seconds = *hours * 3600 + *minutes * 60;
    return text[0] == '-' ? -seconds : seconds;
}

/// "2026-11-27" and "10:00:05", of a clock that is `offset` seconds east of UTC.
std::optional<std::int64_t> ClockTime(std::string_view date, std::string_view time, std::int64_t offset) {
    const auto year = Number(date, 0, 4);
    const auto month = Number(date, 5, 2);
    const auto day = Number(date, 8, 2);
    const auto hour = Number(time, 0, 2);
    const auto minute = Number(time, 3, 2);
    const auto second = Number(time, 6, 2);
    if (!year || !month || !day || !hour || !minute || !second || date[4] != '-' || date[7] != '-' || time[2] != ':' || time[5] != ':') return std::nullopt;
    const std::chrono::year_month_day civil{std::chrono::year(static_cast<int>(*year)), std::chrono::month(static_cast<unsigned>(*month)),
                                            std::chrono::day(static_cast<unsigned>(*day))};
    if (!civil.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return std::chrono::sys_days(civil).time_since_epoch().count() * std::int64_t{86'400} + *hour * 3600 + *minute * 60 + *second - offset;
}

}  // namespace

std::string FortigateLogHit::Key() const {
    return uuid.empty() ? fmt::format("{}|{}|{}|{}", device, vdom, policy_type, policy_id) : fmt::format("{}|{}|{}", device, vdom, uuid);
}

std::optional<FortigateLogHit> ReadFortigateLogLine(std::string_view line, std::int64_t zone_offset) {
    static constexpr std::string_view kNoUuid = "00000000-0000-0000-0000-000000000000";
    Fields fields(line);
    std::string_view key, value, date, time, zone, event, type, logid;
    FortigateLogHit hit;
    while (fields.Next(key, value)) {
        if (key == "date") date = value;
        if (key == "time") time = value;
        if (key == "tz") zone = value;
        if (key == "eventtime") event = value;
        if (key == "type") type = value;
        if (key == "logid") logid = value;
        if (key == "devid") hit.device = value;
        if (key == "vd") hit.vdom = value;
        if (key == "poluuid" && value != kNoUuid) hit.uuid = value;
        if (key == "policytype") hit.policy_type = value;
        if (key == "policyid") hit.policy_id = value;
    }
    if (type != "traffic" || (hit.policy_id.empty() && hit.uuid.empty())) return std::nullopt;
    if (hit.policy_type.empty()) hit.policy_type = "policy";
    auto moment = EventTime(event);
    if (!moment) moment = ClockTime(date, time, ZoneOffset(zone).value_or(zone_offset));
    if (!moment) return std::nullopt;
    hit.hit = {*moment, logid.size() == 10 && logid.ends_with("0020")};
    return hit;
}

}  // namespace opsteward::firewall
