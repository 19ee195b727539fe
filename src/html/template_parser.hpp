// Reads an HTML template while the program is compiled, and refuses one that is not well formed.
//
// A refusal is a call of one of the functions in `refused`. They are not constexpr, so that the compiler stops there
// and its message names the function, the place and the template. They are never defined: nothing can call them at
// run time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "html/elements.hpp"

namespace opsteward::html {

/// What an argument is, as far as it matters for where it may stand.
enum class ArgumentKind : std::uint8_t {
    kText,
    kNumber,
    kBool,
    kMarkup,  ///< Markup or a list of it
    kOptionalText,
    kOptionalNumber,
    kOptionalMarkup,
    kUnsupported,
};

/// Where a placeholder stands, which decides how its argument is written.
enum class Place : std::uint8_t {
    kText,
    kFirstText,         ///< after <pre> or <textarea> with no literal between, where parsers drop one line feed
    kAttribute,
    kUrl,               ///< the whole URL, or its beginning
    kImageUrl,          ///< besides, data:image/… is allowed
    kOptionalAttribute,
    kOptionalUrl,
    kOptionalImageUrl,
};

/// A stretch of the template that an argument replaces.
struct Slot {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    Place place = Place::kText;
    std::uint8_t name_size = 0;  ///< of the attribute, for the optional places: it follows one blank at `begin`
};

namespace refused {

// How the template is written.
void ElementIsNotKnown(const char* where);
void ElementIsNotClosed(const char* where);
void EndTagDoesNotFit(const char* where);
void VoidElementHasNoEndTag(const char* where);
void SelfClosingTagOnlyInSvg(const char* where);
void TagIsNotWellFormed(const char* where);
void CommentOrDeclarationDoesNotBelongHere(const char* where);
void AmpersandBeginsNoCharacterReference(const char* where);
void BraceHasToBeDoubled(const char* where);
void ControlCharacterInTemplate(const char* where);
void NestedTooDeep(const char* where);
void TooManyAttributes(const char* where);

// Attributes.
void AttributeIsNotKnownHere(const char* where);
void AttributeIsRepeated(const char* where);
void AttributeIsMissing(const char* where);
void AttributeNeedsOneBlankBefore(const char* where);
void AttributeValueHasToBeInDoubleQuotes(const char* where);
void AttributeNeedsAValue(const char* where);
void BooleanAttributeTakesNoValue(const char* where);
void LessThanSignInAttribute(const char* where);
void StyleAttributeIsForbiddenByPolicy(const char* where);
void EventHandlerAttributeIsForbiddenByPolicy(const char* where);
void ScriptHasToBeAFileOfItsOwn(const char* where);
void UrlSchemeIsNotAllowed(const char* where);

// What may stand where.
void ElementMayNotStandHere(const char* where);
void TextMayNotStandHere(const char* where);
void LinkInsideLink(const char* where);
void ControlInsideLinkOrButton(const char* where);
void LabelInsideLabel(const char* where);
void FormInsideForm(const char* where);

// Placeholders and arguments.
void PlaceholderMayNotStandHere(const char* where);
void PlaceholderMayChangeTheUrlScheme(const char* where);
void OptionalPlaceholderHasToBeTheWholeAttribute(const char* where);
void MorePlaceholdersThanArguments(const char* where);
void MoreArgumentsThanPlaceholders(const char* where);
void ArgumentTypeIsNotSupported(const char* where);
void ArgumentDoesNotFitInText(const char* where);
void ArgumentMayNotBeMarkupHere(const char* where);
void OnlyMarkupFitsHere(const char* where);
void ArgumentDoesNotFitInAttribute(const char* where);
void BooleanAttributeNeedsABool(const char* where);
void OptionalAttributeNeedsAnOptional(const char* where);

}  // namespace refused

/// One pass over the text; its time grows with the text alone, since compilers limit the steps of a constant
/// evaluation.
class TemplateParser {
  public:
    constexpr TemplateParser(std::string_view text, const ArgumentKind* kinds, std::size_t kind_count, Slot* slots)
        : text_(text), kinds_(kinds), kind_count_(kind_count), slots_(slots) {}

    /// Fills the slots, one per argument, in the order of the text.
    constexpr void Parse() {
        SkipDoctype();
        while (position_ < text_.size()) {
            const char c = text_[position_];
            if (c == '<') {
                ParseTag();
            } else {
                ParseCharacterOfText(c);
            }
        }
        if (depth_ > 0) refused::ElementIsNotClosed(open_[depth_ - 1].where);
        if (slot_count_ < kind_count_) refused::MoreArgumentsThanPlaceholders(text_.data());
    }

    /// Whether doubled braces are left in the literal parts.
    constexpr bool has_doubled_braces() const { return has_doubled_braces_; }

  private:
    using Element = vocabulary::Element;
    using Content = vocabulary::Content;

    struct Open {
        const Element* element = nullptr;
        Content content = Content::kFlow;
        bool is_svg = false;
        bool is_fresh = true;  ///< nothing but placeholders has followed the start tag yet
        unsigned around = 0;   ///< traits of this element and those around it
        const char* where = nullptr;
    };

    static constexpr std::size_t kMaxDepth = 48;
    static constexpr std::size_t kMaxAttributes = 32;

    constexpr const char* Here() const { return text_.data() + position_; }
    constexpr char Peek(std::size_t ahead = 0) const {
        return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
    }
    static constexpr bool IsBlank(char c) { return c == ' ' || c == '\n'; }
    static constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
    static constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
    constexpr void SkipBlanks() {
        while (IsBlank(Peek())) ++position_;
    }

    constexpr void SkipDoctype() {
        constexpr std::string_view kDoctype = "<!doctype html>";
        if (vocabulary::Equal(text_.substr(0, kDoctype.size()), kDoctype)) position_ = kDoctype.size();
    }

    constexpr Content ContentHere() const { return depth_ > 0 ? open_[depth_ - 1].content : Content::kFlow; }

    constexpr void ParseCharacterOfText(char c) {
        bool is_literal = true;
        if (c == '{' || c == '}') {
            is_literal = ParseBraceInText(c);
        } else {
            CheckLiteral(c);
            if (!IsBlank(c)) RequireText();
            ++position_;
        }
        if (is_literal && depth_ > 0) open_[depth_ - 1].is_fresh = false;
    }

    /// Literal text, and doubled braces, need a place for text.
    constexpr void RequireText() const {
        const Content content = ContentHere();
        if (content == Content::kParts || content == Content::kSvg || content == Content::kEmpty) {
            if (content == Content::kEmpty) refused::ScriptHasToBeAFileOfItsOwn(Here());
            refused::TextMayNotStandHere(Here());
        }
    }

    /// A placeholder or a doubled brace; whether it was the latter, literal text.
    constexpr bool ParseBraceInText(char brace) {
        if (Peek(1) == brace) {
            RequireText();
            has_doubled_braces_ = true;
            position_ += 2;
            return true;
        }
        if (brace == '}') refused::BraceHasToBeDoubled(Here());
        if (Peek(1) == '?') refused::OptionalPlaceholderHasToBeTheWholeAttribute(Here());
        if (Peek(1) != '}') refused::BraceHasToBeDoubled(Here());
        const ArgumentKind kind = NextKind();
        const Content content = ContentHere();
        const bool is_markup = kind == ArgumentKind::kMarkup || kind == ArgumentKind::kOptionalMarkup;
        if (content == Content::kEmpty) refused::ScriptHasToBeAFileOfItsOwn(Here());
        if (content == Content::kPlainText && is_markup) refused::ArgumentMayNotBeMarkupHere(Here());
        if ((content == Content::kParts || content == Content::kSvg) && !is_markup) refused::OnlyMarkupFitsHere(Here());
        if (kind == ArgumentKind::kBool) refused::ArgumentDoesNotFitInText(Here());
        const bool drops_line_feed = depth_ > 0 && open_[depth_ - 1].is_fresh &&
                                     (open_[depth_ - 1].element->traits & vocabulary::kDropsFirstLineFeed) != 0;
        AddSlot(position_, position_ + 2, drops_line_feed ? Place::kFirstText : Place::kText, 0);
        position_ += 2;
        return false;
    }

    constexpr ArgumentKind NextKind() const {
        if (slot_count_ >= kind_count_) refused::MorePlaceholdersThanArguments(Here());
        const ArgumentKind kind = kinds_[slot_count_];
        if (kind == ArgumentKind::kUnsupported) refused::ArgumentTypeIsNotSupported(Here());
        return kind;
    }

    constexpr void AddSlot(std::size_t begin, std::size_t end, Place place, std::size_t name_size) {
        slots_[slot_count_++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), place,
                                 static_cast<std::uint8_t>(name_size)};
    }

    constexpr void CheckLiteral(char c) const {
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n') refused::ControlCharacterInTemplate(Here());
        if (c == '&') CheckReference();
    }

    constexpr void CheckReference() const {
        std::size_t end = position_ + 1;
        const bool is_number = end < text_.size() && text_[end] == '#';
        if (is_number) ++end;
        const std::size_t begin = end;
        while (end < text_.size() && (is_number ? IsDigit(text_[end]) : IsLetter(text_[end]))) ++end;
        const bool is_ended = end > begin && end < text_.size() && text_[end] == ';';
        if (!is_ended ||
            (!is_number && !vocabulary::Contains(vocabulary::kReferences, text_.substr(begin, end - begin)))) {
            refused::AmpersandBeginsNoCharacterReference(Here());
        }
    }

    // --- Tags

    constexpr void ParseTag() {
        if (Peek(1) == '!' || Peek(1) == '?') refused::CommentOrDeclarationDoesNotBelongHere(Here());
        if (Peek(1) == '/') {
            ParseEndTag();
        } else {
            ParseStartTag();
        }
    }

    constexpr std::string_view ParseName() {
        const std::size_t begin = position_;
        while (IsLetter(Peek()) || IsDigit(Peek()) || Peek() == '-') ++position_;
        if (position_ == begin) refused::TagIsNotWellFormed(Here());
        return text_.substr(begin, position_ - begin);
    }

    constexpr void ParseEndTag() {
        const char* where = Here();
        position_ += 2;
        const std::string_view name = ParseName();
        if (Peek() != '>') refused::TagIsNotWellFormed(Here());
        ++position_;
        if (depth_ == 0 || !vocabulary::Equal(open_[depth_ - 1].element->name, name)) {
            const Element* element = vocabulary::Find(vocabulary::kHtmlElements, name);
            if (element != nullptr && element->content == Content::kVoid) refused::VoidElementHasNoEndTag(where);
            refused::EndTagDoesNotFit(where);
        }
        --depth_;
    }

    constexpr void ParseStartTag() {
        const char* where = Here();
        ++position_;
        const std::string_view name = ParseName();
        const bool is_inside_svg = depth_ > 0 && open_[depth_ - 1].is_svg;
        const Element* element = is_inside_svg ? nullptr : vocabulary::Find(vocabulary::kHtmlElements, name);
        bool is_svg = element != nullptr && element->content == Content::kSvg;
        if (element == nullptr && (is_inside_svg || depth_ == 0)) {
            element = vocabulary::Find(vocabulary::kSvgElements, name);
            is_svg = true;
        }
        if (element == nullptr) {
            if (vocabulary::Find(vocabulary::kHtmlElements, name) != nullptr ||
                vocabulary::Find(vocabulary::kSvgElements, name) != nullptr) {
                refused::ElementMayNotStandHere(where);
            }
            refused::ElementIsNotKnown(where);
        }
        CheckParent(*element, where);
        CheckAncestors(*element, where);
        if (depth_ > 0) open_[depth_ - 1].is_fresh = false;

        const bool is_closed = ParseAttributes(*element, is_svg, where);
        if (element->content == Content::kVoid || is_closed) return;
        if (depth_ == kMaxDepth) refused::NestedTooDeep(where);
        const Content content = element->content == Content::kTransparent ? ContentHere() : element->content;
        open_[depth_] = {element, content, is_svg, true, TraitsAround() | element->traits, where};
        ++depth_;
    }

    constexpr unsigned TraitsAround() const { return depth_ > 0 ? open_[depth_ - 1].around : 0; }

    constexpr void CheckParent(const Element& element, const char* where) const {
        if (depth_ == 0) return;
        const Open& parent = open_[depth_ - 1];
        if (parent.is_svg) {
            const bool is_span = vocabulary::Equal(element.name, "tspan");
            const bool is_in_text = parent.content == Content::kSvgText;
            if (parent.content != Content::kSvg && !is_in_text) refused::ElementMayNotStandHere(where);
            if (is_span != is_in_text && !vocabulary::Equal(element.name, "title")) {
                refused::ElementMayNotStandHere(where);
            }
            return;
        }
        if (vocabulary::HasWord(element.parents, parent.element->name)) return;
        switch (parent.content) {
            case Content::kFlow:
                if (element.category != vocabulary::kPart) return;
                break;
            case Content::kPhrasing:
                if (element.category == vocabulary::kInline) return;
                break;
            default:
                break;
        }
        refused::ElementMayNotStandHere(where);
    }

    constexpr void CheckAncestors(const Element& element, const char* where) const {
        using namespace vocabulary;
        const unsigned around = TraitsAround();
        if ((element.traits & kIsLink) != 0 && (around & kIsLink) != 0) refused::LinkInsideLink(where);
        if ((element.traits & (kIsLink | kIsButton | kIsControl | kIsLabel)) != 0 &&
            (around & (kIsLink | kIsButton)) != 0) {
            refused::ControlInsideLinkOrButton(where);
        }
        if ((element.traits & kIsLabel) != 0 && (around & kIsLabel) != 0) refused::LabelInsideLabel(where);
        if ((element.traits & kIsForm) != 0 && (around & kIsForm) != 0) refused::FormInsideForm(where);
    }

    // --- Attributes

    /// Up to and with the '>'; whether the tag closed itself.
    constexpr bool ParseAttributes(const Element& element, bool is_svg, const char* where) {
        std::string_view seen[kMaxAttributes] = {};
        std::size_t seen_count = 0;
        while (true) {
            const std::size_t begin = position_;
            SkipBlanks();
            const char c = Peek();
            if (c == '>') {
                ++position_;
                break;
            }
            if (c == '/' && Peek(1) == '>') {
                if (!is_svg) refused::SelfClosingTagOnlyInSvg(Here());
                position_ += 2;
                RequireAttributes(element, seen, seen_count, where);
                return true;
            }
            if (c == '{') refused::PlaceholderMayNotStandHere(Here());
            if (!IsLetter(c)) refused::TagIsNotWellFormed(Here());
            if (position_ == begin) refused::AttributeNeedsOneBlankBefore(Here());
            if (seen_count == kMaxAttributes) refused::TooManyAttributes(Here());
            const std::string_view name = ParseAttribute(element, is_svg);
            for (std::size_t i = 0; i < seen_count; ++i) {
                if (vocabulary::Equal(seen[i], name)) refused::AttributeIsRepeated(name.data());
            }
            seen[seen_count++] = name;
        }
        RequireAttributes(element, seen, seen_count, where);
        return false;
    }

    static constexpr void RequireAttributes(const Element& element, const std::string_view* seen, std::size_t count,
                                            const char* where) {
        const std::string_view list = element.attributes;
        for (std::size_t begin = 0; begin < list.size(); ++begin) {
            if (list[begin] != '!') continue;
            std::size_t end = begin;
            while (end < list.size() && list[end] != ' ') ++end;
            const std::string_view required = list.substr(begin + 1, end - begin - 1);
            bool is_there = false;
            for (std::size_t i = 0; i < count; ++i) is_there = is_there || vocabulary::Equal(seen[i], required);
            if (!is_there) refused::AttributeIsMissing(where);
            begin = end;
        }
    }

    constexpr std::string_view ParseAttribute(const Element& element, bool is_svg) {
        const char* where = Here();
        const std::size_t begin = position_;
        const std::string_view name = ParseName();
        CheckAttributeName(element, is_svg, name, where);
        const bool is_boolean = vocabulary::Contains(vocabulary::kBooleanAttributes, name);
        const bool is_either = vocabulary::Contains(vocabulary::kEitherAttributes, name);
        if (Peek() != '=') {
            if (!is_boolean && !is_either && !StartsWith(name, "data-")) refused::AttributeNeedsAValue(where);
            return name;
        }
        ++position_;
        if (Peek() != '"') refused::AttributeValueHasToBeInDoubleQuotes(Here());
        ++position_;
        if (Peek() == '{' && Peek(1) == '?') {
            ParseOptionalAttribute(element, name, begin, is_boolean, is_either);
            return name;
        }
        if (is_boolean) refused::BooleanAttributeTakesNoValue(where);
        if (vocabulary::Contains(vocabulary::kUrlAttributes, name)) {
            ParseUrlValue(UrlPlace(element, name));
        } else {
            ParseValue(StartsWith(name, "aria-") || StartsWith(name, "data-") || vocabulary::Equal(name, "draggable") ||
                       vocabulary::Equal(name, "spellcheck"));
        }
        return name;
    }

    static constexpr bool StartsWith(std::string_view text, std::string_view start) {
        return text.size() >= start.size() && vocabulary::Equal(text.substr(0, start.size()), start);
    }

    static constexpr void CheckAttributeName(const Element& element, bool is_svg, std::string_view name,
                                             const char* where) {
        if (vocabulary::Equal(name, "style")) refused::StyleAttributeIsForbiddenByPolicy(where);
        if (StartsWith(name, "on")) refused::EventHandlerAttributeIsForbiddenByPolicy(where);
        bool is_known = false;
        if (StartsWith(name, "aria-")) {
            is_known = vocabulary::Contains(vocabulary::kAriaAttributes, name.substr(5));
        } else if (StartsWith(name, "data-")) {
            is_known = name.size() > 5 && IsLowerCase(name);
        } else {
            is_known = vocabulary::Contains(vocabulary::kGlobalAttributes, name) ||
                       vocabulary::HasWord(element.attributes, name) ||
                       (is_svg && vocabulary::Contains(vocabulary::kSvgAttributes, name));
        }
        if (!is_known) refused::AttributeIsNotKnownHere(where);
    }

    static constexpr bool IsLowerCase(std::string_view name) {
        for (const char c : name) {
            if (c >= 'A' && c <= 'Z') return false;
        }
        return true;
    }

    static constexpr Place UrlPlace(const Element& element, std::string_view name) {
        const bool is_image = vocabulary::Equal(element.name, "img") && vocabulary::Equal(name, "src");
        return is_image ? Place::kImageUrl : Place::kUrl;
    }

    /// At `{?}` right after the opening quote.
    constexpr void ParseOptionalAttribute(const Element& element, std::string_view name, std::size_t begin,
                                          bool is_boolean, bool is_either) {
        if (Peek(2) != '}' || Peek(3) != '"') refused::OptionalPlaceholderHasToBeTheWholeAttribute(Here());
        const ArgumentKind kind = NextKind();
        const bool is_optional = kind == ArgumentKind::kOptionalText || kind == ArgumentKind::kOptionalNumber;
        if (is_boolean && kind != ArgumentKind::kBool) refused::BooleanAttributeNeedsABool(Here());
        if (!is_boolean && !is_optional && !(is_either && kind == ArgumentKind::kBool)) {
            refused::OptionalAttributeNeedsAnOptional(Here());
        }
        Place place = Place::kOptionalAttribute;
        if (vocabulary::Contains(vocabulary::kUrlAttributes, name)) {
            place = UrlPlace(element, name) == Place::kImageUrl ? Place::kOptionalImageUrl : Place::kOptionalUrl;
        }
        position_ += 4;
        AddSlot(begin - 1, position_, place, name.size());
    }

    /// Up to and with the closing quote.
    constexpr void ParseValue(bool takes_bool) {
        while (Peek() != '"') {
            if (!ParseValueBrace(Place::kAttribute, takes_bool)) ParseValueCharacter();
        }
        ++position_;
    }

    constexpr void ParseValueCharacter() {
        if (position_ >= text_.size()) refused::TagIsNotWellFormed(text_.data());
        if (Peek() == '<') refused::LessThanSignInAttribute(Here());
        CheckLiteral(Peek());
        ++position_;
    }

    /// A placeholder or a doubled brace; whether there was one.
    constexpr bool ParseValueBrace(Place place, bool takes_bool) {
        const char brace = Peek();
        if (brace != '{' && brace != '}') return false;
        if (Peek(1) == brace) {
            has_doubled_braces_ = true;
            position_ += 2;
            return true;
        }
        if (brace == '{' && Peek(1) == '?') refused::OptionalPlaceholderHasToBeTheWholeAttribute(Here());
        if (brace == '}' || Peek(1) != '}') refused::BraceHasToBeDoubled(Here());
        const ArgumentKind kind = NextKind();
        if (kind == ArgumentKind::kMarkup || kind == ArgumentKind::kOptionalMarkup) {
            refused::ArgumentMayNotBeMarkupHere(Here());
        }
        const bool fits = kind == ArgumentKind::kText || kind == ArgumentKind::kNumber ||
                          (takes_bool && kind == ArgumentKind::kBool);
        if (!fits) refused::ArgumentDoesNotFitInAttribute(Here());
        AddSlot(position_, position_ + 2, place, 0);
        position_ += 2;
        return true;
    }

    /// A placeholder at the beginning is checked when it is written. One further on is harmless once a character has
    /// gone before that ends every scheme; before that it could make `javascript:` out of two harmless halves.
    constexpr void ParseUrlValue(Place place) {
        const std::size_t begin = position_;
        bool is_scheme_settled = false;
        while (Peek() != '"') {
            const char c = Peek();
            if (c == '{' && Peek(1) == '}') {
                if (!is_scheme_settled && position_ != begin) refused::PlaceholderMayChangeTheUrlScheme(Here());
                ParseValueBrace(is_scheme_settled ? Place::kAttribute : place, false);
                continue;
            }
            if (c == ':' && !is_scheme_settled) {
                CheckLiteralScheme(text_.substr(begin, position_ - begin), place);
                is_scheme_settled = true;
            }
            if (c == '/' || c == '?' || c == '#' || StartsWith(text_.substr(position_), "&amp;")) {
                is_scheme_settled = true;
            }
            if (!ParseValueBrace(place, false)) ParseValueCharacter();
        }
        ++position_;
    }

    constexpr void CheckLiteralScheme(std::string_view scheme, Place place) const {
        using vocabulary::Equal;
        const bool is_image = Equal(scheme, "data") && place == Place::kImageUrl &&
                              StartsWith(text_.substr(position_), ":image/");
        if (!Equal(scheme, "http") && !Equal(scheme, "https") && !Equal(scheme, "mailto") && !is_image) {
            refused::UrlSchemeIsNotAllowed(Here());
        }
    }

    std::string_view text_;
    const ArgumentKind* kinds_;
    std::size_t kind_count_;
    Slot* slots_;
    std::size_t position_ = 0;
    std::size_t slot_count_ = 0;
    std::size_t depth_ = 0;
    bool has_doubled_braces_ = false;
    Open open_[kMaxDepth] = {};
};

}  // namespace opsteward::html
