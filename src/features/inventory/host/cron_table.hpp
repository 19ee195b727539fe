// crontab(5). Of a command only its program is kept: arguments may hold secrets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace opsteward::inventory::host {

struct CronEntry {
    std::string schedule;   ///< "25 6 * * *", "@daily"
    std::string user_name;  ///< "" in a table that has no such field
    std::string program;    ///< see ProgramOfCommand

    bool operator==(const CronEntry&) const = default;
};

/// `has_user`: /etc/crontab and /etc/cron.d name a user in each line, the tables of users don't. Comments, settings of
/// variables and lines that cron would refuse are passed over.
std::vector<CronEntry> ParseCronTable(std::string_view text, bool has_user);

/// The program that a shell command is about, with its path as far as that is written: what only asks (test, [, cd, command -v …)
/// and what stands before && is stepped over; of "sh /path/script" it is the script. "sh" when it is no plain name: the shell
/// itself is then what runs.
std::string ProgramOfCommand(std::string_view command);

}  // namespace opsteward::inventory::host
