#include "vault/query/regex.hpp"

#include <fmt/format.h>
#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>
#include <bit>
#include <numeric>

namespace opsteward::vault::query {
namespace {

/// Up to this many strings all their subsets are tried for groups; beyond, only single strings.
constexpr std::size_t kMaxAtomsForGroups = 10;

RE2::Options OptionsFor(const RegexTest& test) {
    RE2::Options options;
    options.set_encoding(RE2::Options::EncodingLatin1);
    options.set_case_sensitive(!test.ignores_case);
    options.set_max_mem(kRegexMemory);
    options.set_log_errors(false);
    return options;
}

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

/// The length of the UTF-8 sequence that begins at `at`, of valid UTF-8.
std::size_t SequenceLength(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    return end - at;
}

struct Complaint {
    std::size_t byte = 0;
    Phrase text;
};

constexpr Phrase kInClass = {"方括號內只能寫 ASCII 字元；請改寫為 (甲|乙)", "only ASCII characters fit in brackets; write (a|b) instead"};
constexpr Phrase kEscaped = {"這個字元前面不需要反斜線", "this character needs no backslash before it"};

/// Rewrites a pattern for RE2 in Latin-1: each character beyond ASCII becomes a group of its bytes, without the folding that
/// Latin-1 would give to them.
class ByteGrouping {
  public:
    explicit ByteGrouping(std::string_view pattern) : pattern_(pattern) {}

    std::optional<Complaint> Run() {
        while (at_ < pattern_.size()) {
            if (IsAscii(pattern_[at_])) {
                if (!in_quote_ && pattern_[at_] == '\\' && at_ + 1 < pattern_.size() && !IsAscii(pattern_[at_ + 1])) {
                    return Complaint{at_, kEscaped};
                }
                Copy(in_quote_ ? QuotedLength() : in_class_ ? ClassLength() : PlainLength());
                continue;
            }
            if (in_class_) return Complaint{at_, kInClass};
            const std::size_t length = SequenceLength(pattern_, at_);
            const std::string_view group = pattern_.substr(at_, length);
            written_ += in_quote_ ? fmt::format("\\E(?-i:{})\\Q", group) : fmt::format("(?-i:{})", group);
            at_ += length;
        }
        return std::nullopt;
    }

    const std::string& written() const { return written_; }

  private:
    void Copy(std::size_t length) {
        written_ += pattern_.substr(at_, length);
        at_ += length;
    }

    bool Sees(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }

    std::size_t QuotedLength() {
        if (!Sees("\\E")) return 1;
        in_quote_ = false;
        return 2;
    }

    std::size_t ClassLength() {
        if (pattern_[at_] == '\\') return 2;
        if (Sees("[:")) {
            const std::size_t end = pattern_.find(":]", at_ + 2);
            if (end != std::string_view::npos) return end + 2 - at_;
        }
        if (pattern_[at_] == ']') in_class_ = false;
        return 1;
    }

    std::size_t PlainLength() {
        if (Sees("\\Q")) in_quote_ = true;
        if (pattern_[at_] == '\\') return 2;
        if (pattern_[at_] != '[') return 1;
        in_class_ = true;
        // The first ] of a class is a member of it.
        const std::size_t length = Sees("[^") ? 2 : 1;
        return pattern_.substr(at_ + length).starts_with(']') ? length + 1 : length;
    }

    std::string_view pattern_;
    std::size_t at_ = 0;
    bool in_class_ = false;
    bool in_quote_ = false;
    std::string written_;
};

std::string ForRe2(const RegexTest& test) {
    ByteGrouping grouping(test.pattern);
    grouping.Run();
    return grouping.written();
}

Phrase Explain(RE2::ErrorCode code) {
    switch (code) {
        case RE2::ErrorBadEscape: return {"不認得的反斜線跳脫", "this escape with a backslash is not known"};
        case RE2::ErrorTrailingBackslash: return {"結尾不能是單獨的反斜線", "a lone backslash stands at the end"};
        case RE2::ErrorBadCharClass:
        case RE2::ErrorBadCharRange: return {"方括號內的範圍不正確", "the range in brackets is wrong"};
        case RE2::ErrorMissingBracket: return {"缺少 ]", "a ] is missing"};
        case RE2::ErrorMissingParen: return {"缺少 )", "a ) is missing"};
        case RE2::ErrorUnexpectedParen: return {"多了 )", "there is a ) too many"};
        case RE2::ErrorRepeatArgument: return {"*、+、? 或 {n} 前面必須有內容", "something must stand before *, +, ? or {n}"};
        case RE2::ErrorRepeatSize:
            return {"重複次數不正確，或（相乘後）超過 1000",
                    "a count of repetitions is wrong, or the product of nested ones is over 1000"};
        case RE2::ErrorRepeatOp: return {"重複符號不能連用", "operators of repetition can't follow each other"};
        case RE2::ErrorBadPerlOp: return {"不支援這個 (?…) 寫法", "this (?…) is not supported"};
        case RE2::ErrorPatternTooLarge: return {"展開後太大，請減少重複次數", "it becomes too large; use fewer repetitions"};
        default: return {"寫法不正確", "it is not well formed"};
    }
}

/// RE2's filter of one expression: may bytes match that lack some of its strings? Monotone: lacking more never allows more.
class Potential {
  public:
    explicit Potential(const RegexTest& test) : filter_(kMinLiteral) {
        int id = 0;
        if (filter_.Add(ForRe2(test), OptionsFor(test), &id) != RE2::NoError) return;
        filter_.Compile(&strings_);
    }

    const std::vector<std::string>& strings() const { return strings_; }

    bool MayMatchWithout(const std::vector<bool>& absent) const {
        std::vector<int> present;
        for (std::size_t i = 0; i < strings_.size(); ++i) {
            if (!absent[i]) present.push_back(static_cast<int>(i));
        }
        std::vector<int> potential;
        filter_.AllPotentials(present, &potential);
        return !potential.empty();
    }

  private:
    re2::FilteredRE2 filter_;
    std::vector<std::string> strings_;
};

using Groups = std::vector<std::vector<std::string>>;

Groups RequiredOneByOne(const Potential& potential) {
    const std::vector<std::string>& strings = potential.strings();
    Groups groups;
    for (std::size_t i = 0; i < strings.size(); ++i) {
        std::vector<bool> absent(strings.size());
        absent[i] = true;
        if (!potential.MayMatchWithout(absent)) groups.push_back({strings[i]});
    }
    return groups;
}

std::vector<bool> ToFlags(std::uint32_t set, std::size_t size) {
    std::vector<bool> flags(size);
    for (std::size_t i = 0; i < size; ++i) flags[i] = (set >> i & 1) != 0;
    return flags;
}

/// Subsets of `size` things as bits, the smaller ones first, without the empty one.
std::vector<std::uint32_t> SubsetsBySize(std::size_t size) {
    std::vector<std::uint32_t> subsets((std::size_t{1} << size) - 1);
    std::iota(subsets.begin(), subsets.end(), 1U);
    std::sort(subsets.begin(), subsets.end(), [](std::uint32_t a, std::uint32_t b) {
        return std::pair(std::popcount(a), a) < std::pair(std::popcount(b), b);
    });
    return subsets;
}

/// A set of strings is required when without all of them nothing can match; only the smallest such sets say something new.
Groups RequiredGroups(const Potential& potential) {
    const std::vector<std::string>& strings = potential.strings();
    Groups groups;
    std::vector<std::uint32_t> required;
    for (const std::uint32_t set : SubsetsBySize(strings.size())) {
        if (std::any_of(required.begin(), required.end(), [set](std::uint32_t smaller) { return (smaller & set) == smaller; })) {
            continue;
        }
        const std::vector<bool> absent = ToFlags(set, strings.size());
        if (potential.MayMatchWithout(absent)) continue;
        required.push_back(set);
        std::vector<std::string>& group = groups.emplace_back();
        for (std::size_t i = 0; i < strings.size(); ++i) {
            if (absent[i]) group.push_back(strings[i]);
        }
    }
    return groups;
}

}  // namespace

Result<std::shared_ptr<const re2::RE2>> CompileRegex(const RegexTest& test, std::size_t* error_byte) {
    std::size_t ignored = 0;
    std::size_t& at = error_byte ? *error_byte : ignored;
    at = 0;
    ByteGrouping grouping(test.pattern);
    if (const auto complaint = grouping.Run()) {
        at = complaint->byte;
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("正規表示式：{}", complaint->text.zh),
                         fmt::format("regular expression: {}", complaint->text.en));
    }
    auto regex = std::make_shared<const re2::RE2>(grouping.written(), OptionsFor(test));
    if (regex->ok()) return std::shared_ptr<const re2::RE2>(std::move(regex));
    const Phrase reason = Explain(regex->error_code());
    // RE2 names the fragment, not its place.
    const std::size_t found = regex->error_arg().empty() ? std::string::npos : test.pattern.find(regex->error_arg());
    if (found != std::string::npos) at = found;
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("正規表示式：{}", reason.zh),
                     fmt::format("regular expression: {}", reason.en));
}

bool FindsIn(const re2::RE2& regex, std::string_view bytes) {
    return regex.Match(re2::StringPiece(bytes.data(), bytes.size()), 0, bytes.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::vector<std::vector<std::string>> RequiredLiterals(const RegexTest& test) {
    const Potential potential(test);
    Groups groups = potential.strings().size() > kMaxAtomsForGroups ? RequiredOneByOne(potential) : RequiredGroups(potential);
    // RE2 orders them by hash.
    for (std::vector<std::string>& group : groups) std::sort(group.begin(), group.end());
    std::sort(groups.begin(), groups.end());
    return groups;
}

}  // namespace opsteward::vault::query
