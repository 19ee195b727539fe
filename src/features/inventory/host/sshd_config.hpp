// The settings of OpenSSH's server, sshd_config(5): what holds for everybody, before any Match block.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::inventory::host {

struct SshdSettings {
    struct Setting {
        std::string_view name;             ///< "PermitRootLogin"
        std::optional<std::string> value;  ///< in lower case where its case has no meaning; nothing when it is not known
    };
    /// The settings that bear on security, set or by default (of OpenSSH 9.2).
    std::vector<Setting> settings;
    std::size_t match_blocks = 0;  ///< exceptions for some users or addresses; their settings are not shown
    /// Why values are missing: an included file that could not be read might set them.
    std::optional<Text> unknown;
};

/// Opens the files that an Include names ("/etc/ssh/sshd_config.d/*.conf"), each with its text or the reason why not.
using OpenIncluded = std::function<std::vector<Result<std::string>>(const std::string& pattern)>;

SshdSettings ParseSshdConfig(std::string_view text, const OpenIncluded& open_included);

}  // namespace opsteward::inventory::host
