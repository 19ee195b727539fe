#include "features/inventory/host/os_release.hpp"

#include "base/text.hpp"

namespace opsteward::inventory::host {
namespace {

/// The value of a shell-compatible assignment without expansion: optional quotes, backslash escapes.
std::string Unquote(std::string_view value) {
    value = Trim(value);
    const char quote = !value.empty() && (value.front() == '"' || value.front() == '\'') ? value.front() : '\0';
    if (quote != '\0') value.remove_prefix(1);
    std::string plain;
    for (std::size_t i = 0; i < value.size() && (quote == '\0' || value[i] != quote); ++i) {
        if (value[i] == '\\' && quote != '\'' && i + 1 < value.size()) ++i;
        plain.push_back(value[i]);
    }
    return plain;
}

}  // namespace

OsRelease ParseOsRelease(std::string_view text) {
    OsRelease release;
    std::string plain_name;
    for (const std::string_view line : SplitLines(text)) {
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view key = Trim(line.substr(0, equals));
        const std::string_view value = line.substr(equals + 1);
        if (key == "ID") release.id = Unquote(value);
        if (key == "PRETTY_NAME") release.name = Unquote(value);
        if (key == "NAME") plain_name = Unquote(value);
        if (key == "VERSION_ID") release.version = Unquote(value);
        if (key == "VERSION_CODENAME") release.codename = Unquote(value);
    }
    if (release.id.empty()) release.id = "linux";
    if (release.name.empty()) release.name = plain_name.empty() ? "Linux" : plain_name;
    return release;
}

}  // namespace opsteward::inventory::host
