// Keys of versions as makers number their products and NVD writes them. A key has two parts: the version number, then its update.
//
//   version  numbers, by value, and letters, in any turn: the end < letters < a number, so that 1.0.2 < 1.0.2k < 1.0.2l < 1.0.2.1 < 1.0.3. What is neither
//            only delimits. Zeros at the end are dropped: 1.0 is 1.0.0.
//   update   begins with the first word for one (update_words.hpp), and goes on with what the update attribute of the CPE name says:
//            words for what precedes a release < the end < letters < words for what follows a release < a number.
#include "versions/key_bytes.hpp"
#include "versions/schemes.hpp"
#include "versions/update_words.hpp"

namespace opsteward::versions {
namespace {

constexpr char kVersionEnd = '\1';
constexpr char kVersionLetters = '\2';
constexpr NumberCode kVersionNumber{0x10, 0xE0};
constexpr NumberCode kUpdateNumber{0x80, 0x60};
// Around every update: no update begins with either byte.
constexpr char kBeforeUpdates = '\0';
constexpr char kBehindUpdates = '\xFF';
// Behind whatever a version number may go on with.
constexpr char kBehindVersions = '\xFF';

/// Also of what is not ASCII: it has a place among letters.
bool IsLetterOrForeign(char c) { return IsLetter(c) || static_cast<unsigned char>(c) >= 0x80; }

std::size_t EndOfLetters(std::string_view text, std::size_t begin) {
    while (begin < text.size() && IsLetterOrForeign(text[begin])) ++begin;
    return begin;
}

/// Small letters of a word, and of two words together.
class WordText {
  public:
    bool Add(std::string_view letters) {
        if (letters.size() > kMaxWordLength - size_) return false;
        for (const char c : letters) text_[size_++] = Lower(c);
        return true;
    }
    std::string_view view() const { return {text_, size_}; }

  private:
    char text_[kMaxWordLength];
    std::size_t size_ = 0;
};

class KeyMaker {
  public:
    explicit KeyMaker(std::size_t size) { key_.reserve(size + 8); }

    void AddVersion(std::string_view text) { Add(text, SkipMark(text), '\0'); }
    void AddUpdate(std::string_view text) {
        if (text.empty() || text == "-" || text == "*") return;
        BeginUpdate();
        only_numbers_ = true;
        Add(text, 0, ' ');
    }

    bool has_update() const { return in_update_; }

    std::string Finish(char end) {
        BeginUpdate();
        key_ += end;
        return std::move(key_);
    }

    /// Instead of Finish: behind all versions that begin as this one, the zeros at its end counted. Precondition: no update.
    std::string FinishBehindAll() {
        WriteZeros();
        key_ += kBehindVersions;
        return std::move(key_);
    }

  private:
    struct Match {
        Update update;
        std::size_t end;
    };

    /// A "v", "ver" or "version" before the first number says nothing.
    static std::size_t SkipMark(std::string_view text) {
        const std::size_t end = EndOfLetters(text, 0);
        WordText word;
        if (end == 0 || !word.Add(text.substr(0, end)) || (word.view() != "v" && word.view() != "ver" && word.view() != "version")) return 0;
        const std::size_t next = end < text.size() && (text[end] == '.' || text[end] == ' ' || text[end] == '_' || text[end] == '-') ? end + 1 : end;
        return next < text.size() && IsDigit(text[next]) ? next : 0;
    }

    void Add(std::string_view text, std::size_t begin, char before) {
        for (std::size_t i = begin; i < text.size();) {
            if (IsDigit(text[i])) {
                const std::size_t end = EndOfDigits(text, i);
                AddNumber(text.substr(i, end - i));
                i = end;
            } else if (IsLetterOrForeign(text[i])) {
                i = AddLetters(text, i, before);
            } else {
                ++i;
            }
            if (text[i - 1] != '\\') before = text[i - 1];  // the quoting of CPE names
        }
    }

    void AddNumber(std::string_view digits) {
        const bool may_be_dropped = !in_update_ || last_is_number_;
        last_is_number_ = true;
        if (may_be_dropped && digits.find_first_not_of('0') == std::string_view::npos) {
            ++zeros_;
            return;
        }
        WriteZeros();
        AppendNumber(key_, digits, in_update_ ? kUpdateNumber : kVersionNumber);
    }

    /// Gives where it ended.
    std::size_t AddLetters(std::string_view text, std::size_t begin, char before) {
        const std::size_t end = EndOfLetters(text, begin);
        if (const auto match = FindWord(text, begin, end, before)) {
            BeginUpdate();
            WriteZeros();
            if (match->update != Update::kNone) key_ += static_cast<char>(match->update);
            only_numbers_ = last_is_number_ = false;
            return match->end;
        }
        WriteZeros();
        key_ += in_update_ ? static_cast<char>(kUpdateLetters) : kVersionLetters;
        for (const char c : text.substr(begin, end - begin)) key_ += Lower(c);
        key_ += '\0';
        only_numbers_ = last_is_number_ = false;
        return end;
    }

    /// The word for an update that begins there. A version does not begin with one: dokuwiki's "release_2004-10-19".
    std::optional<Match> FindWord(std::string_view text, std::size_t begin, std::size_t end, char before) const {
        if (!in_update_ && key_.empty() && zeros_ == 0) return std::nullopt;
        if (end - begin == 1) {
            const std::string_view number = text.substr(end, EndOfDigits(text, end) - end);
            const auto update = UpdateOfLetter(Lower(text[begin]), {before, only_numbers_, number});
            return update ? std::optional(Match{*update, end}) : std::nullopt;
        }
        WordText word;
        if (!word.Add(text.substr(begin, end - begin))) return std::nullopt;
        if (MayBeFirstOfTwo(word.view()) && end < text.size()) {
            WordText both = word;
            const std::size_t second = EndOfLetters(text, end + 1);
            const auto update = both.Add(text.substr(end + 1, second - end - 1)) && second > end + 1 ? UpdateNamed(both.view()) : std::nullopt;
            if (update && !IsDigit(text[end])) return Match{*update, second};
        }
        const auto update = UpdateNamed(word.view());
        // Behind a parenthesis stand Cisco's trains: 12.1(22)EA1.
        if (!update || (before == ')' && IsBeforeRelease(*update))) return std::nullopt;
        return Match{*update, end};
    }

    void BeginUpdate() {
        if (in_update_) return;
        key_ += kVersionEnd;
        in_update_ = true;
        zeros_ = 0;
        last_is_number_ = false;
    }

    void WriteZeros() {
        key_.append(zeros_, static_cast<char>(in_update_ ? kUpdateNumber.first : kVersionNumber.first));
        zeros_ = 0;
    }

    std::string key_;
    bool in_update_ = false;
    bool only_numbers_ = true;    ///< so far in this text
    bool last_is_number_ = false;
    std::size_t zeros_ = 0;       ///< not written before something follows them
};

}  // namespace

std::string GenericKey(std::string_view version, std::string_view update) {
    KeyMaker maker(version.size() + update.size());
    maker.AddVersion(version);
    maker.AddUpdate(update);
    return maker.Finish(static_cast<char>(kUpdateEnd));
}

KeyRange GenericKeys(std::string_view version) {
    KeyMaker maker(version.size());
    maker.AddVersion(version);
    if (maker.has_update()) {
        const std::string key = maker.Finish(static_cast<char>(kUpdateEnd));
        return {key, key};
    }
    KeyMaker second = maker;
    KeyRange range{maker.Finish(kBeforeUpdates), {}};
    if (version.ends_with('*') && !version.ends_with("\\*")) {
        range.highest = second.FinishBehindAll();
    } else {
        range.highest = range.lowest;
        range.highest.back() = kBehindUpdates;
    }
    return range;
}

}  // namespace opsteward::versions
