#include "vault/query/parser.hpp"

#include <fmt/format.h>

#include "base/folding.hpp"
#include "base/text.hpp"
#include "vault/query/regex.hpp"
#include "vault/query/values.hpp"

namespace opsteward::vault::query {
namespace {

constexpr std::string_view kIdeographicSpace = "\u3000";
const Text kTermExpected = {"這裡應有要找的字詞或條件", "expected a word or a condition here"};

bool IsAsciiSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool IsNameStart(char c) { return (FoldByte(c) >= 'a' && FoldByte(c) <= 'z') || c == '_' || c == '@'; }
bool IsNameByte(char c) { return IsNameStart(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; }

std::optional<int> HexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char folded = FoldByte(c);
    if (folded >= 'a' && folded <= 'f') return folded - 'a' + 10;
    return std::nullopt;
}

/// Recursive descent, one character ahead:
///   or    = and { "OR" and }
///   and   = unary { [ "AND" ] unary }
///   unary = "NOT" unary | "-" primary | primary
///   primary = "(" or ")" | term
/// Nothing is read after the first error, so that counters need no undoing.
class Parser {
  public:
    Parser(std::string_view text, Place* error_place) : text_(text), error_place_(error_place) {}

    Result<Query> Run() {
        if (text_.size() > kMaxQueryBytes) {
            Mark(kMaxQueryBytes);
            return QueryTooLong();
        }
        OPS_CHECK(CheckBytes());
        SkipSpace();
        if (AtEnd()) return Query{};
        OPS_TRY(Query query, ParseOr());
        if (!AtEnd()) return Fail(at_, {"這個 ) 前面沒有對應的 (", "this ) has no ( before it"});
        return query;
    }

  private:
    // --- characters ---

    bool AtEnd() const { return at_ >= text_.size(); }
    bool IsAt(char c) const { return !AtEnd() && text_[at_] == c; }

    std::size_t SpaceLength(std::size_t at) const {
        if (at >= text_.size()) return 0;
        if (IsAsciiSpace(text_[at])) return 1;
        return text_.substr(at).starts_with(kIdeographicSpace) ? kIdeographicSpace.size() : 0;
    }

    void SkipSpace() {
        while (const std::size_t length = SpaceLength(at_)) at_ += length;
    }

    bool IsBoundary(std::size_t at) const { return at >= text_.size() || text_[at] == ')' || SpaceLength(at) > 0; }

    bool SeesKeyword(std::string_view keyword) const {
        const std::size_t behind = at_ + keyword.size();
        return text_.substr(at_).starts_with(keyword) && (IsBoundary(behind) || text_[behind] == '(');
    }

    bool SkipKeyword(std::string_view keyword) {
        if (!SeesKeyword(keyword)) return false;
        at_ += keyword.size();
        return true;
    }

    /// What stands here without white space, quotes and parentheses.
    std::string_view BareText() const {
        std::size_t end = at_;
        while (!IsBoundary(end) && text_[end] != '(' && text_[end] != '"') ++end;
        return text_.substr(at_, end - at_);
    }

    // --- errors ---

    Place Mark(std::size_t byte) const {
        const Place place{byte, CountCodePoints(text_.substr(0, byte)) + 1};
        if (error_place_) *error_place_ = place;
        return place;
    }

    Error Fail(std::size_t byte, const Text& reason, ErrorCode code = ErrorCode::kInvalidInput) const {
        const Place place = Mark(byte);
        return Error::Of(code, fmt::format("查詢的第 {} 個字元（位元組位移 {}）：{}。", place.column, place.byte, reason.zh),
                         fmt::format("Column {} of the query (byte offset {}): {}.", place.column, place.byte, reason.en));
    }

    Error OverLimit(std::size_t byte, std::string_view zh, std::string_view en, std::size_t limit) const {
        return Fail(byte, {fmt::format("{}超過上限 {}", zh, limit), fmt::format("more {} than the limit of {}", en, limit)},
                    ErrorCode::kTooLarge);
    }

    Result<void> CheckBytes() const {
        std::size_t at = 0;
        while (at < text_.size()) {
            const std::size_t length = SequenceAtFront(text_.substr(at));
            if (length == 0) {
                return Fail(at, {"不是 UTF-8；其他位元組請在引號內寫成 \\xHH", "this is not UTF-8; write other bytes as \\xHH within quotes"});
            }
            if (IsControlByte(text_[at]) && !IsAsciiSpace(text_[at])) {
                return Fail(at, {"控制字元請在引號內寫成 \\xHH", "write control characters as \\xHH within quotes"});
            }
            at += length;
        }
        return Ok();
    }

    Result<void> RequireBoundary() const {
        if (IsBoundary(at_)) return Ok();
        return Fail(at_, {"這裡應有空格；含括號或引號的文字請整段加引號",
                          "expected a space here; put text with parentheses or quotes in quotes as a whole"});
    }

    // --- grammar ---

    Result<Query> ParseOr() {
        std::vector<Query> parts;
        do {
            OPS_TRY(Query part, ParseAnd());
            parts.push_back(std::move(part));
        } while (SkipKeyword("OR"));
        return Or(std::move(parts));
    }

    Result<Query> ParseAnd() {
        std::vector<Query> parts;
        while (true) {
            OPS_TRY(Query part, ParseUnary());
            parts.push_back(std::move(part));
            SkipSpace();
            if (AtEnd() || IsAt(')') || SeesKeyword("OR")) return And(std::move(parts));
            SkipKeyword("AND");
        }
    }

    Result<Query> ParseUnary() {
        SkipSpace();
        if (SkipKeyword("NOT")) {
            if (++depth_ > kMaxDepth) return OverLimit(at_, "巢狀層數", "levels", kMaxDepth);
            OPS_TRY(Query query, ParseUnary());
            --depth_;
            return Not(std::move(query));
        }
        if (!IsAt('-')) return ParsePrimary();
        if (IsBoundary(at_ + 1) || text_[at_ + 1] == '-') {
            return Fail(at_, {"- 後面應緊接要排除的字詞；要找以 - 開頭的文字請加引號",
                              "expected what to exclude right after -; put text that begins with - in quotes"});
        }
        ++at_;
        OPS_TRY(Query query, ParsePrimary());
        return Not(std::move(query));
    }

    Result<Query> ParsePrimary() {
        if (AtEnd() || IsAt(')') || SeesKeyword("AND") || SeesKeyword("OR") || SeesKeyword("NOT")) return Fail(at_, kTermExpected);
        if (!IsAt('(')) return ParseTerm();
        const std::size_t open = at_++;
        if (++depth_ > kMaxDepth) return OverLimit(open, "巢狀層數", "levels", kMaxDepth);
        OPS_TRY(Query query, ParseOr());
        --depth_;
        if (!IsAt(')')) return Fail(open, {"這個 ( 後面缺少 )", "this ( has no ) behind it"});
        ++at_;
        OPS_CHECK(RequireBoundary());
        return query;
    }

    Result<Query> ParseTerm() {
        if (++terms_ > kMaxTerms) return OverLimit(at_, "條件數", "terms", kMaxTerms);
        if (IsAt('"')) return ParsePhrase();
        if (IsAt('/')) return ParseRegex("");
        const std::string_view word = BareText();
        if (const std::size_t name = NameLength(); name > 0 && !IsWordWithColon(word)) return ParseField(name);
        return ParseWord(word);
    }

    Result<Query> ParsePhrase() {
        const std::size_t begin = at_;
        OPS_TRY(std::string text, ParseQuoted());
        if (text.empty()) return Fail(begin, {"引號內沒有文字", "there is nothing between the quotes"});
        OPS_CHECK(RequireBoundary());
        return MakeTerm({"", TextTest{std::move(text), TextTest::Place::kAnywhere}});
    }

    Result<Query> ParseWord(std::string_view word) {
        const std::size_t begin = at_;
        at_ += word.size();
        OPS_CHECK(RequireBoundary());
        if (word == "*") return Query{};
        if (const auto star = word.find('*'); star != std::string_view::npos) {
            return Fail(begin + star, {"字詞不必加 *：較長的字裡面也會找；星號本身請加引號",
                                       "words need no *: they are found within longer ones; put the star itself in quotes"});
        }
        return MakeTerm({"", TextTest{std::string(word), TextTest::Place::kAnywhere}});
    }

    /// The length of a field's name when one with a colon behind it stands here, else 0.
    std::size_t NameLength() const {
        if (!IsNameStart(text_[at_])) return 0;
        std::size_t end = at_;
        while (end < text_.size() && IsNameByte(text_[end])) ++end;
        return end < text_.size() && text_[end] == ':' ? end - at_ : 0;
    }

    Result<Query> ParseField(std::size_t name_length) {
        const std::string name = ToLowerAscii(text_.substr(at_, name_length));
        if (name == kTimeField) {
            return Fail(at_, {"時間不寫在查詢裡，請用起訖時間（from、to）；要找這段文字請加引號",
                              "the time is not part of the query: use from and to; put the text itself in quotes"});
        }
        at_ += name_length + 1;
        if (IsBoundary(at_)) {
            return Fail(at_, {"冒號後面應有值；空值請寫 \"\"，任何值請寫 *",
                              "expected a value after the colon; write \"\" for an empty one, * for any"});
        }
        if (IsAt('(')) {
            return Fail(at_, {"值不能用括號；請寫 (欄位:甲 OR 欄位:乙)", "a value has no parentheses; write (field:a OR field:b)"});
        }
        if (IsAt('/')) return ParseRegex(name);
        if (IsAt('"')) return ParseQuotedValue(name);
        const std::string_view value = BareText();
        auto read = ReadBareValue(name, value);
        if (const auto* refusal = std::get_if<Refusal>(&read)) return Fail(at_ + refusal->byte, refusal->text);
        at_ += value.size();
        OPS_CHECK(RequireBoundary());
        return MakeTerm(std::get<Term>(std::move(read)));
    }

    Result<Query> ParseQuotedValue(const std::string& field) {
        OPS_TRY(std::string text, ParseQuoted());
        const bool is_prefix = IsAt('*');
        if (is_prefix) ++at_;
        OPS_CHECK(RequireBoundary());
        return MakeTerm({field, TextTest{std::move(text), is_prefix ? TextTest::Place::kPrefix : TextTest::Place::kWhole}});
    }

    Result<std::string> ParseQuoted() {
        const std::size_t open = at_++;
        std::string text;
        while (!IsAt('"')) {
            if (AtEnd()) return Fail(open, {"這個引號沒有結尾", "this quote has no end"});
            if (text_[at_] != '\\') {
                text += text_[at_++];
                continue;
            }
            OPS_TRY(const char escaped, ParseEscape());
            text += escaped;
        }
        ++at_;
        return text;
    }

    Result<char> ParseEscape() {
        const std::size_t begin = at_++;
        const char letter = AtEnd() ? '\0' : text_[at_++];
        if (letter == '"' || letter == '\\') return letter;
        if (letter == 't') return '\t';
        if (letter == 'n') return '\n';
        if (letter == 'r') return '\r';
        if (letter == 'x' && at_ + 2 <= text_.size()) {
            const auto high = HexValue(text_[at_]);
            const auto low = HexValue(text_[at_ + 1]);
            at_ += 2;
            if (high && low) return static_cast<char>(*high * 16 + *low);
        }
        return Fail(begin, {"引號內的反斜線請寫成 \\\\（可用 \\\" \\\\ \\t \\n \\r \\xHH）",
                            "write a backslash within quotes as \\\\ (known are \\\" \\\\ \\t \\n \\r \\xHH)"});
    }

    Result<Query> ParseRegex(const std::string& field) {
        const std::size_t open = at_++;
        if (++regexes_ > kMaxRegexes) return OverLimit(open, "正規表示式數", "regular expressions", kMaxRegexes);
        const std::size_t begin = at_;
        while (!AtEnd() && !IsAt('/')) at_ += IsAt('\\') ? 2 : 1;
        if (AtEnd()) {
            return Fail(open, {"/ 開始的正規表示式沒有結尾的 /；路徑請加引號",
                               "the regular expression that begins with / has no / at its end; put a path in quotes"});
        }
        RegexTest test{.pattern = std::string(text_.substr(begin, at_ - begin))};
        ++at_;
        if (test.pattern.empty()) {
            return Fail(open, {"正規表示式是空的；含 // 的文字請加引號",
                               "the regular expression is empty; put text with // in quotes"});
        }
        test.ignores_case = IsAt('i');
        if (test.ignores_case) ++at_;
        if (!IsBoundary(at_)) {
            return Fail(at_, {"正規表示式的結尾 / 後面應有空格（不分大小寫可加 i）；路徑請加引號",
                              "expected a space after the / that ends the regular expression (i: any case); put a path in quotes"});
        }
        std::size_t byte = 0;
        const auto compiled = CompileRegex(test, &byte);
        if (!compiled.ok()) return Fail(begin + byte, compiled.error().caller_text);
        return MakeTerm({field, std::move(test)});
    }

    std::string_view text_;
    Place* error_place_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::size_t terms_ = 0;
    std::size_t regexes_ = 0;
};

}  // namespace

Result<Query> ParseTree(std::string_view text, Place* error_place) { return Parser(text, error_place).Run(); }

Error QueryTooLong() {
    return Error::Of(ErrorCode::kTooLarge, fmt::format("查詢超過 {} 位元組，請縮短。", kMaxQueryBytes),
                     fmt::format("The query is over {} bytes; make it shorter.", kMaxQueryBytes));
}

std::size_t SequenceAtFront(std::string_view text) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
        if (IsValidUtf8(text.substr(0, length))) return length;
    }
    return 0;
}

}  // namespace opsteward::vault::query
