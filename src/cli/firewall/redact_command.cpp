#include <unistd.h>

#include "base/text.hpp"
#include "cli/firewall/firewall_commands.hpp"
#include "cli/firewall/redaction_key.hpp"
#include "cli/logs/one_line.hpp"
#include "features/firewall/canonical/redact.hpp"

namespace opsteward::cli {

namespace {

/// A file is given the text as it is; a terminal must not obey what stands in it.
std::string ForOutput(const std::string& text) {
    if (::isatty(STDOUT_FILENO) == 0) return text;
    std::string shown;
    for (const std::string_view line : SplitLines(text)) shown += OnOneLine(line) + "\n";
    return shown;
}

}  // namespace

ExitCode RedactFirewall(const FirewallSource& source, const std::filesystem::path& key, const Report& report) {
    const auto file = ReadFirewallText(source, report.language);
    if (!file.ok()) return report.Fail(file.error());
    const auto hash_key = ReadRedactionKey(key);
    if (!hash_key.ok()) return report.Fail(hash_key.error());
    const std::string text = firewall::Redact(file->format, file->text, *hash_key);
    report.Say(ForOutput(text), report.as_json ? json::value{{"format", firewall::NameOf(file->format)}, {"text", text}} : json::value());
    return kExitOk;
}

}  // namespace opsteward::cli
