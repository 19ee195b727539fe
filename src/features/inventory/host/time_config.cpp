#include "features/inventory/host/time_config.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "features/inventory/host/words.hpp"

namespace opsteward::inventory::host {
namespace {

std::string_view WithoutComment(std::string_view line, std::string_view comment_marks) {
    return Trim(line.substr(0, line.find_first_of(comment_marks)));
}

void SetServers(std::string_view value, std::vector<std::string>& servers) {
    const auto words = SplitWords(value);
    if (words.empty()) servers.clear();
    for (const std::string_view word : words) servers.emplace_back(word);
}

}  // namespace

ChronyConfig ParseChronyConfig(std::string_view text) {
    ChronyConfig config;
    for (const std::string_view raw : SplitLines(text)) {
        const std::string_view line = Trim(raw);
        // A comment is a whole line (chrony.conf(5)).
        if (line.empty() || std::string_view("!;#%").find(line.front()) != std::string_view::npos) continue;
        const auto words = SplitWords(line);
        const std::string directive = ToLowerAscii(words[0]);
        if (directive == "rtcsync") config.tells_kernel = true;
        if (words.size() < 2) continue;
        if (directive == "server" || directive == "pool" || directive == "peer") config.sources.emplace_back(words[1]);
        if (directive == "refclock" && words.size() >= 3) {
            config.sources.push_back("refclock " + std::string(words[1]) + " " + std::string(words[2]));
        }
        if (directive == "include") config.includes.emplace_back(words[1]);
        auto* folders = directive == "confdir"     ? &config.config_folders
                        : directive == "sourcedir" ? &config.source_folders
                                                   : nullptr;
        if (folders) folders->insert(folders->end(), words.begin() + 1, words.end());
    }
    return config;
}

void AddTimesyncdConfig(std::string_view text, bool takes_shipped_default, TimesyncdConfig& config) {
    bool is_in_section = false;
    for (const std::string_view raw : SplitLines(text)) {
        std::string_view line = Trim(raw);
        if (line.starts_with('[')) is_in_section = line == "[Time]";
        if (!is_in_section) continue;
        if (takes_shipped_default && line.starts_with("#FallbackNTP=") && config.fallback.empty()) line.remove_prefix(1);
        if (line.starts_with("NTP=")) SetServers(line.substr(4), config.servers);
        if (line.starts_with("FallbackNTP=")) {
            config.fallback.clear();
            SetServers(line.substr(12), config.fallback);
        }
    }
}

std::vector<std::string> ParseNtpConfig(std::string_view text) {
    std::vector<std::string> sources;
    for (const std::string_view raw : SplitLines(text)) {
        auto words = SplitWords(WithoutComment(raw, "#"));
        if (words.size() < 2) continue;
        const bool names_source = words[0] == "server" || words[0] == "servers" || words[0] == "pool" ||
                                  words[0] == "peer" || words[0] == "sensor";
        const bool has_family = words[1] == "-4" || words[1] == "-6";
        if (names_source && (!has_family || words.size() > 2)) sources.emplace_back(words[has_family ? 2 : 1]);
    }
    return sources;
}

}  // namespace opsteward::inventory::host
