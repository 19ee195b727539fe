// Well-formed names as section 5 of NISTIR 7695 writes them: wfn:[part="a",vendor="microsoft",version="8\.0",update=NA].
#include <algorithm>

#include <fmt/format.h>

#include "features/vulnerabilities/cpe/characters.hpp"
#include "features/vulnerabilities/cpe/component.hpp"

namespace opsteward::cpe {
namespace {

class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text), at_(kWellFormedPrefix.size()) {}

    Result<Name> Read() {
        SkipBlanks();
        if (!Take(']')) {
            do {
                OPS_CHECK(ReadPair());
            } while (Take(','));
            if (!Take(']')) return Refuse("此處應為 , 或 ]", "\",\" or \"]\" is expected");
        }
        if (at_ != text_.size()) return Refuse("] 之後還有文字", "text behind the \"]\"");
        return std::move(name_);
    }

  private:
    Error Refuse(std::string_view zh, std::string_view en) const { return NotAName(text_, at_, zh, en); }
    void SkipBlanks() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    }
    bool Take(char c) {
        SkipBlanks();
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    std::string_view TakeWord() {
        SkipBlanks();
        const std::size_t begin = at_;
        while (at_ < text_.size() && KindOf(text_[at_]) == Kind::kPlain) ++at_;
        return text_.substr(begin, at_ - begin);
    }

    Result<void> ReadPair() {
        const std::string_view word = TakeWord();
        std::size_t i = 0;
        while (i < kAttributes && AttributeName(static_cast<Attribute>(i)) != word) ++i;
        if (i == kAttributes) return Refuse("沒有這個屬性", "there is no attribute of this name");
        if (seen_[i]) return Refuse("屬性重複", "this attribute was given before");
        seen_[i] = true;
        if (!Take('=')) return Refuse("此處應為 =", "\"=\" is expected");
        const auto attribute = static_cast<Attribute>(i);
        return Take('"') ? ReadValue(attribute) : ReadLogicalValue(attribute);
    }

    Result<void> ReadLogicalValue(Attribute attribute) {
        const std::string_view word = TakeWord();
        if (word != "ANY" && word != "NA") return Refuse("值應為 ANY、NA 或以引號括住的文字", "the value must be ANY, NA or quoted text");
        name_.SetComponent(attribute, word == "ANY" ? kAny : kNa);
        return Ok();
    }

    /// Behind the quotation mark. Quotation marks in the value are quoted with a backslash themselves.
    Result<void> ReadValue(Attribute attribute) {
        const std::size_t begin = at_;
        std::size_t end = begin;
        while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
        if (end >= text_.size()) return Refuse("引號沒有結尾", "the quotation mark is not closed");
        const std::string_view value = text_.substr(begin, end - begin);
        if (!IsValue(value)) return Refuse("值沒有內容、有未跳脫的字元，或萬用字元位於中間", "the value is empty, has a character that must be quoted, or a wildcard inside");
        if (attribute == Attribute::kPart && !IsPart(value)) return Refuse("part 應為 a、o 或 h", "the part must be a, o or h");
        at_ = end + 1;
        name_.SetComponent(attribute, value);
        return Ok();
    }

    /// A component of a formatted string whose "." and "-" are quoted (section 5.3.2).
    static bool IsValue(std::string_view value) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (value[i] == '\\') {
                ++i;
            } else if (KindOf(value[i]) == Kind::kBare) {
                return false;
            }
        }
        return value != kAny && EndOfComponent(value, 0) == value.size();
    }

    std::string_view text_;
    std::size_t at_;
    Name name_;
    std::array<bool, kAttributes> seen_{};
};

void AppendValue(std::string& text, std::string_view value) {
    if (value == kNa) {
        text += "NA";
        return;
    }
    text += '"';
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' || KindOf(value[i]) == Kind::kBare) {
            text += '\\';
            if (value[i] == '\\') ++i;
        }
        text += value[i];
    }
    text += '"';
}

}  // namespace

std::string Name::WellFormedName() const {
    std::string text(kWellFormedPrefix);
    for (std::size_t i = 0; i < kAttributes; ++i) {
        if (values_[i] == kAny) continue;
        if (!text.ends_with('[')) text += ',';
        text += AttributeName(static_cast<Attribute>(i));
        text += '=';
        AppendValue(text, values_[i]);
    }
    text += ']';
    return text;
}

Result<Name> ParseWellFormedName(std::string_view text) { return Reader(text).Read(); }

}  // namespace opsteward::cpe
