// The two languages of everything a person reads. Strings stand as a pair at the place of use, so that neither can be
// missing.
#pragma once

#include <string>
#include <string_view>

namespace opsteward {

enum class Language { kZhHant, kEnglish };

/// BCP 47 tag: "zh-Hant-TW" or "en".
std::string_view LanguageTag(Language language);

/// An owned pair, for text that is data (titles from a pack, reasons of findings, errors).
struct Text {
    std::string zh;
    std::string en;

    const std::string& In(Language language) const { return language == Language::kEnglish ? en : zh; }
    bool empty() const { return zh.empty() && en.empty(); }
    bool operator==(const Text&) const = default;
};

/// A pair of literals, for constexpr tables.
struct Phrase {
    std::string_view zh;
    std::string_view en;

    constexpr std::string_view In(Language language) const { return language == Language::kEnglish ? en : zh; }
    Text ToText() const { return {std::string(zh), std::string(en)}; }
};

}  // namespace opsteward
