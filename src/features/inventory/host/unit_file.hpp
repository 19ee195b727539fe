// Unit files of systemd: systemd.syntax(7), systemd.timer(5), systemd.exec(5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace opsteward::inventory::host {

struct UnitSetting {
    std::string section;  ///< "Timer"
    std::string key;      ///< "OnCalendar"
    std::string value;

    bool operator==(const UnitSetting&) const = default;
};

/// In the order of the file, with lines that end in a backslash joined.
std::vector<UnitSetting> ParseUnitFile(std::string_view text);

/// Values of a setting that may be given more than once; an empty value forgets those before it.
std::vector<std::string> ListSetting(const std::vector<UnitSetting>& settings, std::string_view section,
                                     std::string_view key);
/// The last value; "" when it is not set.
std::string LastSetting(const std::vector<UnitSetting>& settings, std::string_view section, std::string_view key);

/// The program of an ExecStart= line with its path, without its prefixes (@ - : + ! |) and arguments.
std::string ProgramOfExecStart(std::string_view value);

/// "getty@tty1.service" → "getty@.service"; any other name as it is.
std::string TemplateOf(std::string_view unit);

}  // namespace opsteward::inventory::host
