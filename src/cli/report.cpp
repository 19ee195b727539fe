#include "cli/report.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/text.hpp"
#include "cli/logs/one_line.hpp"

namespace opsteward::cli {

namespace {

/// Names in an error come from files and from the command line, and must not reach the terminal as control characters.
std::string Shown(std::string_view text) {
    std::string shown;
    for (const std::string_view line : SplitLines(text)) shown += (shown.empty() ? "" : "\n") + OnOneLine(line);
    return shown;
}

}  // namespace

void Report::Say(std::string_view text, const json::value& value) const {
    if (as_json) {
        SayJson(json::serialize(value));
    } else {
        fmt::print("{}", text);
        std::fflush(stdout);
    }
}

void Report::SayJson(std::string_view document) const {
    fmt::print("{}\n", document);
    std::fflush(stdout);
}

ExitCode Report::Fail(const Error& error) const {
    const ExitCode code = ExitCodeFor(error.code);
    if (as_json) {
        const json::value value = {
            {"error",
             {{"code", ErrorCodeName(error.code)},
              {"message", {{"zh", error.caller_text.zh}, {"en", error.caller_text.en}}},
              {"detail", error.operator_text}}}};
        fmt::print(stderr, "{}\n", json::serialize(value));
        return code;
    }
    fmt::print(stderr, "opsteward: {}\n", Shown(error.caller_text.In(language)));
    // Who runs the program at the command line is its operator: the details are theirs.
    if (error.operator_text != error.caller_text.en) fmt::print(stderr, "  {}\n", Shown(error.operator_text));
    return code;
}

Language LanguageOfEnvironment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name);
        if (value != nullptr && *value != '\0') {
            return std::string_view(value).starts_with("zh") ? Language::kZhHant : Language::kEnglish;
        }
    }
    return Language::kEnglish;
}

}  // namespace opsteward::cli
