// What a command tells: for people as lines of text, with --json as one JSON document on standard output. Errors go to standard error.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/language.hpp"
#include "cli/exit_code.hpp"

namespace opsteward::cli {

struct Report {
    bool as_json = false;
    Language language = Language::kEnglish;

    /// `text` for people (ends its line itself), or `value` with --json.
    void Say(std::string_view text, const json::value& value) const;
    /// With --json, of a text that is the document already.
    void SayJson(std::string_view document) const;
    /// Prints the error and gives the exit code for it.
    ExitCode Fail(const Error& error) const;
};

/// Traditional Chinese when LC_ALL, LC_MESSAGES or LANG begin with "zh", else English.
Language LanguageOfEnvironment();

}  // namespace opsteward::cli
