#include "features/vulnerabilities/naming/normalized_title.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include <re2/re2.h>

#include "base/folding.hpp"
#include "base/text.hpp"

namespace opsteward::vuln {

namespace {

struct Replacement {
    std::string_view written;
    std::string_view plain;
};
// Of UTF-8; those of three and four bytes in parentheses are marks too.
constexpr auto kMarks = std::to_array<Replacement>({
    {"\xC2\xAE", ""},          // ®
    {"\xC2\xA9", ""},          // ©
    {"\xE2\x84\xA2", ""},      // ™
    {"\xC2\xA0", " "},         // no-break space
    {"\xE3\x80\x80", " "},     // ideographic space
    {"\xE2\x80\x93", "-"},     // –
    {"\xE2\x80\x94", "-"},     // —
    {"\xE2\x80\x98", "'"},     // ‘
    {"\xE2\x80\x99", "'"},     // ’
    {"\xE2\x80\x9C", "\""},    // “
    {"\xE2\x80\x9D", "\""},    // ”
    {"\xC2\xB5", "u"},         // µ
    {"\xCE\xBC", "u"},         // μ
    {"(r)", ""},
    {"(tm)", ""},
    {"(c)", ""},
});

bool IsWordByte(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '#' || byte >= 0x80;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// U+FF01 to U+FF5E stand for "!" to "~".
std::optional<char> HalfWidth(std::string_view text) {
    if (text.size() < 3 || text[0] != '\xEF') return std::nullopt;
    const auto second = static_cast<unsigned char>(text[1]);
    const auto third = static_cast<unsigned char>(text[2]);
    if (second != 0xBC && second != 0xBD) return std::nullopt;
    const int code = (second - 0xBC) * 64 + third - 0x80 + 0x20;
    if (third < 0x80 || third > 0xBF || code < 0x21 || code > 0x7E) return std::nullopt;
    return static_cast<char>(code);
}

std::string ToHalfWidth(std::string_view text) {
    std::string half;
    half.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        if (const auto narrow = HalfWidth(text.substr(i))) {
            half += FoldByte(*narrow);
            i += 3;
        } else {
            half += FoldByte(text[i++]);
        }
    }
    return half;
}

// Words that name a language, as installers write them; sorted by bytes.
constexpr auto kLanguages = std::to_array<std::string_view>({
    "arabic", "brazilian", "brazil", "bulgarian", "chinese", "chs", "cht", "croatian", "czech", "danish", "dansk", "deutsch", "dutch", "eng", "english",
    "enu", "espanol", "finnish", "francais", "french", "german", "greek", "hebrew", "hungarian", "indonesian", "italian", "italiano", "japanese", "korean",
    "multilingual", "norwegian", "polish", "portuguese", "romanian", "russian", "simplified", "slovak", "spanish", "swedish", "thai", "traditional",
    "turkish", "ukrainian", "vietnamese",
    "\xE4\xB8\xAD\xE6\x96\x87",                          // 中文
    "\xE4\xB8\xAD\xE6\x96\x87\xE7\x89\x88",              // 中文版
    "\xE6\xAD\xA3\xE9\xAB\x94\xE4\xB8\xAD\xE6\x96\x87",  // 正體中文
    "\xE7\xB0\xA1\xE9\xAB\x94\xE4\xB8\xAD\xE6\x96\x87",  // 簡體中文
    "\xE7\xB9\x81\xE9\xAB\x94",                          // 繁體
    "\xE7\xB9\x81\xE9\xAB\x94\xE4\xB8\xAD\xE6\x96\x87",  // 繁體中文
    "\xE7\xB9\x81\xE9\xAB\x94\xE4\xB8\xAD\xE6\x96\x87\xE7\x89\x88",  // 繁體中文版
    "\xE8\x8B\xB1\xE6\x96\x87",                          // 英文
});

constexpr auto kArchitectures = std::to_array<std::string_view>(
    {"64bit", "32bit", "64x", "aarch64", "amd64", "arm64", "i386", "i586", "i686", "win32", "win64", "x64", "x86", "x86-64", "x86_64"});

bool IsIn(std::span<const std::string_view> words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

/// "zh-tw", "pt_br", "zh-hant", but not "x86-64" or "wi-fi".
bool IsLocale(std::string_view word) {
    if (word.size() < 5 || (word[2] != '-' && word[2] != '_')) return false;
    static constexpr auto kCodes = std::to_array<std::string_view>(
        {"ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hr", "hu", "it", "ja", "ko",
         "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "uk", "vi", "zh"});
    if (!IsIn(kCodes, word.substr(0, 2))) return false;
    const std::string_view region = word.substr(3);
    return (region.size() == 2 && std::ranges::all_of(region, [](char c) { return c >= 'a' && c <= 'z'; })) || region == "hant" || region == "hans";
}

bool IsLanguage(std::string_view word) { return IsIn(kLanguages, word) || IsLocale(word); }

/// "23.01", "v3.1.0.22133", "2.6.8-i001": digits, a point and digits begin it.
bool IsVersion(std::string_view word) {
    if (word.size() > 1 && word[0] == 'v') word.remove_prefix(1);
    const auto point = std::ranges::find_if_not(word, IsDigit);
    if (point == word.begin() || point == word.end() || *point != '.' || point + 1 == word.end() || !IsDigit(*(point + 1))) return false;
    return std::ranges::all_of(word, [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '+' || c == '_' || c == '~'; });
}

/// Words that only announce a version.
bool IsAnnouncement(std::string_view word) {
    return word == "version" || word == "ver" || word == "ver." || word == "v" || word == "v." || word == "release" || word == "build" || word == "r";
}

/// What a parenthesis may hold without being a part of the name.
bool IsFiller(std::string_view word) {
    return word == "edition" || word == "remove" || word == "only" || word == "user" || word == "system" || word == "-" || word == "installer";
}

class TitleReader {
  public:
    NormalizedTitle Read(std::string_view folded) {
        Cut(folded);
        std::vector<std::string_view> kept = Keep(0, words_.size());
        DropLanguageAtEnd(kept);
        title_.name = Text(kept);
        while (kept.size() > 1 && IsNumberAtEnd(kept.back())) {
            kept.pop_back();
            while (kept.size() > 1 && (IsAnnouncement(kept.back()) || kept.back() == "-")) kept.pop_back();
        }
        title_.stem = Text(kept);
        return std::move(title_);
    }

  private:
    /// At blanks, with parentheses as words of their own.
    void Cut(std::string_view text) {
        std::size_t begin = 0;
        const auto end_word = [&](std::size_t end) {
            if (end > begin) words_.push_back(text.substr(begin, end - begin));
        };
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            const bool is_bracket = c == '(' || c == ')' || c == '[' || c == ']';
            if (c != ' ' && !is_bracket) continue;
            end_word(i);
            if (is_bracket) words_.push_back(text.substr(i, 1));
            begin = i + 1;
        }
        end_word(text.size());
    }

    static bool IsOpening(std::string_view word) { return word == "(" || word == "["; }
    static bool IsClosing(std::string_view word) { return word == ")" || word == "]"; }

    /// The place of the bracket that closes the one at `open`; the end when none does.
    std::size_t ClosingOf(std::size_t open, std::size_t end) const {
        std::size_t depth = 0;
        for (std::size_t i = open; i < end; ++i) {
            if (IsOpening(words_[i])) ++depth;
            if (IsClosing(words_[i]) && --depth == 0) return i;
        }
        return end;
    }

    void Note(std::string_view version) {
        if (!title_.version.empty()) return;
        if (version[0] == 'v') version.remove_prefix(1);
        title_.version = version;
    }

    static std::string_view WithoutComma(std::string_view word) {
        while (word.size() > 1 && (word.back() == ',' || word.back() == ';')) word.remove_suffix(1);
        return word;
    }

    /// A parenthesis of nothing but architecture, language, version and fillers is dropped as a whole.
    bool IsDroppable(std::size_t begin, std::size_t end) const {
        for (std::size_t i = begin; i < end; ++i) {
            const std::string_view word = WithoutComma(words_[i]);
            if (IsOpening(word) || IsClosing(word) || IsFiller(word) || IsLanguage(word) || IsIn(kArchitectures, word) || IsVersion(word) ||
                IsAnnouncement(word)) {
                continue;
            }
            return false;
        }
        return true;
    }

    void NoteContents(std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::string_view word = WithoutComma(words_[i]);
            if (IsVersion(word)) Note(word);
            if (IsLanguage(word)) title_.has_language = true;
        }
    }

    std::vector<std::string_view> Keep(std::size_t begin, std::size_t end) {
        std::vector<std::string_view> kept;
        for (std::size_t i = begin; i < end; ++i) {
            const std::string_view word = WithoutComma(words_[i]);
            if (IsOpening(word)) {
                const std::size_t close = ClosingOf(i, end);
                if (IsDroppable(i, close)) {
                    NoteContents(i, close);
                    i = close;
                    continue;
                }
            }
            if (IsIn(kArchitectures, word)) continue;
            if (IsLocale(word)) {
                title_.has_language = true;
                continue;
            }
            if (IsVersion(word)) {
                Note(word);
                while (!kept.empty() && (IsAnnouncement(kept.back()) || kept.back() == "-")) kept.pop_back();
                continue;
            }
            if (word == "-" && (kept.empty() || kept.back() == "-")) continue;
            kept.push_back(word);
        }
        while (!kept.empty() && kept.back() == "-") kept.pop_back();
        return kept;
    }

    /// "… - traditional chinese".
    void DropLanguageAtEnd(std::vector<std::string_view>& kept) {
        std::size_t size = kept.size();
        while (size > 0 && IsLanguage(kept[size - 1])) --size;
        if (size == kept.size() || size == 0 || kept[size - 1] != "-") return;
        title_.has_language = true;
        while (size > 0 && kept[size - 1] == "-") --size;
        if (size > 0) kept.resize(size);
    }

    static bool IsNumberAtEnd(std::string_view word) {
        if (word.size() > 1 && (word[0] == 'v' || word[0] == 'r')) word.remove_prefix(1);
        return word.size() <= 5 && std::ranges::all_of(word, IsDigit);
    }

    static std::string Text(const std::vector<std::string_view>& words) {
        std::string text;
        for (const std::string_view word : words) {
            const bool is_glued = text.empty() || IsClosing(word) || IsOpening(text.substr(text.size() - 1));
            if (!is_glued) text += ' ';
            text += word;
        }
        return text;
    }

    std::vector<std::string_view> words_;
    NormalizedTitle title_;
};

// Forms of companies; the dotted ones are compared without their points.
constexpr auto kCompanyForms = std::to_array<std::string_view>(
    {"a/s", "ab", "ag", "aps", "as", "asa", "bv", "bvba", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kg", "kk", "limited", "llc",
     "llp", "lp", "ltd", "nv", "oy", "oyj", "plc", "pte", "pty", "pvt", "sa", "sarl", "sas", "se", "spa", "spol", "sro", "srl", "ulc", "&", "-"});
constexpr auto kCompanyFormsInChinese = std::to_array<std::string_view>({
    "\xE8\x82\xA1\xE4\xBB\xBD\xE6\x9C\x89\xE9\x99\x90\xE5\x85\xAC\xE5\x8F\xB8",  // 股份有限公司
    "\xE6\x9C\x89\xE9\x99\x90\xE5\x85\xAC\xE5\x8F\xB8",                          // 有限公司
    "\xE5\x85\xAC\xE5\x8F\xB8",                                                  // 公司
});

bool IsCompanyForm(std::string_view word) {
    std::string plain;
    for (const char c : word) {
        if (c != '.' && c != ',') plain += c;
    }
    // "s r.o." comes as two words.
    return plain.empty() || IsIn(kCompanyForms, plain) || plain == "ro" || plain == "s";
}

std::string WithoutParentheses(std::string_view text) {
    std::string plain;
    int depth = 0;
    for (const char c : text) {
        if (c == '(') ++depth;
        if (depth == 0) plain += c;
        if (c == ')' && depth > 0) --depth;
    }
    return plain;
}

}  // namespace

std::string FoldTitle(std::string_view text) {
    std::string plain = ToHalfWidth(text);
    for (const Replacement& mark : kMarks) {
        for (auto at = plain.find(mark.written); at != std::string::npos; at = plain.find(mark.written, at)) {
            plain.replace(at, mark.written.size(), mark.plain);
        }
    }
    static const RE2 kGuid(R"(\{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\})");
    if (plain.find('{') != std::string::npos) RE2::GlobalReplace(&plain, kGuid, " ");
    std::string folded;
    for (const char c : plain) {
        const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
        if (!is_blank) folded += c;
        else if (!folded.empty() && folded.back() != ' ') folded += ' ';
    }
    while (folded.ends_with(' ')) folded.pop_back();
    return folded;
}

NormalizedTitle NormalizeTitle(std::string_view name) {
    std::string folded = FoldTitle(name);
    for (const std::string_view ending : {".app", ".exe"}) {
        if (folded.size() > ending.size() && folded.ends_with(ending)) folded.resize(folded.size() - ending.size());
    }
    // Before words are cut: "64 bit" is two, "potplayer-64 bit" and "7-x64" hold more than the architecture.
    static const RE2 kBits("[-_ ]?\\b(?:64|32)[- ]?(?:bits?\\b|\xE4\xBD\x8D\xE5\x85\x83|\xE4\xBD\x8D)");
    static const RE2 kSuffix(R"([-_](?:x64|x86_64|x86|win64|win32|amd64)\b)");
    if (folded.find("64") != std::string::npos || folded.find("32") != std::string::npos || folded.find("86") != std::string::npos) {
        RE2::GlobalReplace(&folded, kBits, "");
        RE2::GlobalReplace(&folded, kSuffix, "");
    }
    return TitleReader().Read(folded);
}

std::string NormalizePublisher(std::string_view publisher) {
    std::string folded = WithoutParentheses(FoldTitle(publisher));
    if (const auto at = folded.find(" and/or its affiliates"); at != std::string::npos) folded.resize(at);
    for (const std::string_view form : kCompanyFormsInChinese) {
        if (folded.size() > form.size() && folded.ends_with(form)) folded.resize(folded.size() - form.size());
    }
    std::vector<std::string_view> words = Split(folded, ' ');
    while (words.size() > 1 && IsCompanyForm(words.back())) words.pop_back();
    std::string text;
    for (std::string_view word : words) {
        while (word.ends_with(',')) word.remove_suffix(1);
        if (!word.empty()) text += (text.empty() ? "" : " ") + std::string(word);
    }
    // "acronis,inc." without a blank.
    static const RE2 kGlued(R"([,.](?:inc|ltd|llc|corp)\.?$)");
    RE2::Replace(&text, kGlued, "");
    return text;
}

std::string NormalizeVersion(std::string_view version) {
    std::string folded = FoldTitle(version);
    std::ranges::replace(folded, ',', '.');
    for (std::string_view word : Split(folded, ' ')) {
        if (word.size() > 1 && word[0] == 'v') word.remove_prefix(1);
        if (word.empty() || !IsDigit(word[0])) continue;
        // Epoch and revision of a package.
        const auto colon = word.find(':');
        if (colon != std::string_view::npos) word.remove_prefix(colon + 1);
        std::size_t end = 0;
        while (end < word.size()) {
            const char c = word[end];
            const bool is_revision = c == '-' && end + 1 < word.size() && (IsDigit(word[end + 1]) || word.substr(end).starts_with("-ce.") ||
                                                                          word.substr(end).starts_with("-ee."));
            if (is_revision || c == '~' || c == '+' || c == '(' || static_cast<unsigned char>(c) >= 0x80) break;
            ++end;
        }
        word = word.substr(0, end);
        while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.remove_suffix(1);
        if (!word.empty()) return std::string(word);
    }
    return "";
}

std::string VersionOfTitle(std::string_view in_name, std::string_view reported) {
    const std::string named = NormalizeVersion(in_name);
    std::string told = NormalizeVersion(reported);
    if (named.empty()) return told;
    const bool goes_on = told == named || told.starts_with(named + ".");
    return goes_on ? told : named;
}

std::vector<std::string> WordsOf(std::string_view folded) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < folded.size();) {
        if (!IsWordByte(folded[i])) {
            ++i;
            continue;
        }
        const bool is_ascii = static_cast<unsigned char>(folded[i]) < 0x80;
        const std::size_t begin = i;
        while (i < folded.size() && IsWordByte(folded[i]) && (static_cast<unsigned char>(folded[i]) < 0x80) == is_ascii) ++i;
        words.emplace_back(folded.substr(begin, i - begin));
    }
    return words;
}

std::string Squash(std::string_view folded) {
    std::string squashed;
    squashed.reserve(folded.size());
    for (const char c : folded) {
        if (IsWordByte(c)) squashed += c;
    }
    return squashed;
}

}  // namespace opsteward::vuln
