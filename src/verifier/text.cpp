#include "verifier/text.hpp"

#include <cstdlib>

namespace opsteward::verifier {

namespace {

std::string Fill(std::string_view pattern, std::initializer_list<Part> parts) {
    std::string text;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const bool is_place = pattern[at] == '{' && at + 2 < pattern.size() && pattern[at + 2] == '}';
        const std::size_t number = is_place ? static_cast<std::size_t>(pattern[at + 1] - '0') : parts.size();
        if (number < parts.size()) {
            text += parts.begin()[number].text;
            at += 2;
        } else {
            text += pattern[at];
        }
    }
    return text;
}

}  // namespace

Language LanguageOfEnvironment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* const value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        return std::string_view(value).starts_with("zh") ? Language::kChinese : Language::kEnglish;
    }
    return Language::kEnglish;
}

Text Say(std::string_view zh, std::string_view en, std::initializer_list<Part> parts) { return {Fill(zh, parts), Fill(en, parts)}; }

}  // namespace opsteward::verifier
