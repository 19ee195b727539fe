// What the program says, in both languages: Traditional Chinese and English.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace opsteward::verifier {

enum class Language { kChinese, kEnglish };

/// Chinese when the first of LC_ALL, LC_MESSAGES and LANG that is set begins with "zh", else English.
Language LanguageOfEnvironment();

struct Text {
    std::string zh;
    std::string en;

    const std::string& In(Language language) const { return language == Language::kChinese ? zh : en; }
};

/// What is put into a message: a text or a number.
struct Part {
    Part(std::string_view words) : text(words) {}
    Part(const std::string& words) : text(words) {}
    Part(const char* words) : text(words) {}
    Part(std::integral auto number) : text(std::to_string(number)) {}

    std::string text;
};

/// The parts stand where {0}, {1} … {9} do in either language.
Text Say(std::string_view zh, std::string_view en, std::initializer_list<Part> parts = {});

}  // namespace opsteward::verifier
