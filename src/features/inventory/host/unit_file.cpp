#include "features/inventory/host/unit_file.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {

std::vector<UnitSetting> ParseUnitFile(std::string_view text) {
    std::vector<UnitSetting> settings;
    std::string section;
    std::string joined;
    for (const std::string_view raw : SplitLines(text)) {
        std::string_view line = Trim(raw);
        if (line.starts_with('#') || line.starts_with(';')) continue;  // also between joined lines
        if (line.ends_with('\\')) {
            line.remove_suffix(1);
            joined.append(line).append(" ");
            continue;
        }
        joined.append(line);
        const std::string whole = std::exchange(joined, {});
        if (whole.starts_with('[') && whole.ends_with(']')) {
            section = whole.substr(1, whole.size() - 2);
            continue;
        }
        const std::size_t equals = whole.find('=');
        if (equals == std::string::npos) continue;
        settings.push_back({section, std::string(Trim(std::string_view(whole).substr(0, equals))),
                            std::string(Trim(std::string_view(whole).substr(equals + 1)))});
    }
    return settings;
}

std::vector<std::string> ListSetting(const std::vector<UnitSetting>& settings, std::string_view section,
                                     std::string_view key) {
    std::vector<std::string> values;
    for (const UnitSetting& setting : settings) {
        if (setting.section != section || setting.key != key) continue;
        if (setting.value.empty()) {
            values.clear();
        } else {
            values.push_back(setting.value);
        }
    }
    return values;
}

std::string LastSetting(const std::vector<UnitSetting>& settings, std::string_view section, std::string_view key) {
    const auto values = ListSetting(settings, section, key);
    return values.empty() ? std::string() : values.back();
}

std::string ProgramOfExecStart(std::string_view value) {
    const auto words = SplitWords(value);
    if (words.empty()) return {};
    std::string_view path = words[0];
    path.remove_prefix(std::min(path.find_first_not_of("@-:+!|\"'"), path.size()));
    if (path.ends_with('"') || path.ends_with('\'')) path.remove_suffix(1);
    return std::string(path);
}

std::string TemplateOf(std::string_view unit) {
    const std::size_t at = unit.find('@');
    const std::size_t dot = unit.rfind('.');
    if (at == std::string_view::npos || dot == std::string_view::npos || dot < at) return std::string(unit);
    return std::string(unit.substr(0, at + 1)).append(unit.substr(dot));
}

}  // namespace opsteward::inventory::host
