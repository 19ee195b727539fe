#include "base/language.hpp"

namespace opsteward {

std::string_view LanguageTag(Language language) { return language == Language::kEnglish ? "en" : "zh-Hant-TW"; }

}  // namespace opsteward
