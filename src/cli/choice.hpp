// Options that take one of a few words.
#pragma once

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace opsteward::cli {

/// Takes a word of the map and gives its value. Help shows the words alone, in their order, and not what they stand for.
template <typename T>
CLI::Validator ChoiceOf(const std::map<std::string, T>& choices) {
    std::string words;
    for (const auto& [word, value] : choices) words += (words.empty() ? "" : "|") + word;
    CLI::CheckedTransformer choice(choices);
    choice.description(words);
    return choice;
}

}  // namespace opsteward::cli
