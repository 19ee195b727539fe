#include "vault/query/needles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"
#include "vault/query/regex.hpp"

namespace opsteward::vault::query {
namespace {

using Kind = Requirement::Kind;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Requirement All(const std::vector<Requirement>& parts) {
    Requirement all{.kind = Kind::kAll};
    const auto add = [&all](const Requirement& part) {
        if (std::find(all.children.begin(), all.children.end(), part) == all.children.end()) all.children.push_back(part);
    };
    for (const Requirement& part : parts) {
        if (part.kind == Kind::kAll) {
            std::for_each(part.children.begin(), part.children.end(), add);
        } else if (part.kind != Kind::kNothing) {
            add(part);
        }
    }
    if (all.children.empty()) return {};
    if (all.children.size() > 1) return all;
    return std::move(all.children.front());
}

Requirement Any(const std::vector<Requirement>& parts) {
    Requirement any{.kind = Kind::kAny};
    const auto add = [&any](const Requirement& part) {
        if (std::find(any.children.begin(), any.children.end(), part) == any.children.end()) any.children.push_back(part);
    };
    for (const Requirement& part : parts) {
        if (part.kind == Kind::kNothing) return {};
        if (part.kind == Kind::kAny) {
            std::for_each(part.children.begin(), part.children.end(), add);
        } else {
            add(part);
        }
    }
    if (any.children.size() > 1) return any;
    return std::move(any.children.front());
}

Requirement Literal(std::string_view text) {
    if (text.empty()) return {};
    return {.kind = Kind::kLiteral, .text = ToLowerAscii(text)};
}

/// Of a literal of a verbatim field's value.
Requirement Escaped(std::string_view text) {
    const bool is_ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    std::vector<Requirement> runs;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(kEscapable), text.size());
        runs.push_back(Literal(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return Any({All(runs), Literal(is_ascii ? kAsciiEscape : kNumberEscape)});
}

/// `require` says what a literal requires.
Requirement Literals(const RegexTest& test, Requirement (*require)(std::string_view literal)) {
    std::vector<Requirement> groups;
    for (const std::vector<std::string>& group : RequiredLiterals(test)) {
        std::vector<Requirement> any;
        for (const std::string& literal : group) any.push_back(require(literal));
        groups.push_back(Any(any));
    }
    return All(groups);
}

double RoundedDown(Number number) {
    const auto rounded = static_cast<double>(number);
    return Number(rounded) > number ? std::nextafter(rounded, -kInfinity) : rounded;
}

double RoundedUp(Number number) {
    const auto rounded = static_cast<double>(number);
    return Number(rounded) < number ? std::nextafter(rounded, kInfinity) : rounded;
}

Requirement NumberBetween(const std::string& field, const NumberRange& range) {
    return {.kind = Kind::kNumber,
            .field = field,
            .lower = range.lower ? RoundedDown(range.lower->value) : -kInfinity,
            .upper = range.upper ? RoundedUp(range.upper->value) : kInfinity};
}

/// Of a term about the record's own source or kind.
Requirement OwnText(Kind kind, const Term& term) {
    const auto* text = std::get_if<TextTest>(&term.test);
    if (text == nullptr || text->place == TextTest::Place::kAnywhere) return {};
    return {.kind = kind, .text = ToLowerAscii(text->text), .is_prefix = text->place == TextTest::Place::kPrefix};
}

Requirement FieldText(const std::string& field, const TextTest& test, bool is_verbatim) {
    std::vector<Requirement> parts;
    if (is_verbatim) parts.push_back(Escaped(test.text));
    const auto number = test.place == TextTest::Place::kWhole ? ParseNumber(test.text) : std::nullopt;
    if (number) {
        const Bound exactly{.value = *number};
        parts.push_back(NumberBetween(field, {exactly, exactly}));
    }
    return All(parts);
}

Requirement OfTerm(const Term& term, const FieldIsVerbatim& is_verbatim) {
    if (term.field == kSourceField) return OwnText(Kind::kSource, term);
    if (term.field == kKindField) return OwnText(Kind::kKind, term);
    if (const auto* range = std::get_if<NumberRange>(&term.test)) return NumberBetween(term.field, *range);
    const bool is_field = !term.field.empty();
    const bool stands_in_bytes = !is_field || (is_verbatim && is_verbatim(term.field));
    if (const auto* regex = std::get_if<RegexTest>(&term.test)) return stands_in_bytes ? Literals(*regex, is_field ? Escaped : Literal) : Requirement{};
    const auto* text = std::get_if<TextTest>(&term.test);
    if (text == nullptr) return {};
    return is_field ? FieldText(term.field, *text, stands_in_bytes) : Literal(text->text);
}

Requirement Of(const Query& query, bool is_negated, const FieldIsVerbatim& is_verbatim) {
    switch (query.op) {
        case Operator::kEverything: return {};
        case Operator::kTerm: return is_negated ? Requirement{} : OfTerm(query.term, is_verbatim);
        case Operator::kNot: return Of(query.children.front(), !is_negated, is_verbatim);
        case Operator::kAnd:
        case Operator::kOr: break;
    }
    std::vector<Requirement> parts;
    for (const Query& child : query.children) parts.push_back(Of(child, is_negated, is_verbatim));
    return (query.op == Operator::kAnd) != is_negated ? All(parts) : Any(parts);
}

}  // namespace

Requirement RequirementOf(const Query& query, const FieldIsVerbatim& is_verbatim) { return Of(query, false, is_verbatim); }

Result<Groups> MayMatch(const Requirement& requirement, const Evidence& evidence) {
    switch (requirement.kind) {
        case Kind::kNothing: break;
        case Kind::kAll: {
            Groups in_all = evidence.all();
            for (const Requirement& child : requirement.children) {
                if (in_all == 0) break;
                OPS_TRY(const Groups in_child, MayMatch(child, evidence));
                in_all &= in_child;
            }
            return in_all;
        }
        case Kind::kAny: {
            Groups in_any = 0;
            for (const Requirement& child : requirement.children) {
                if (in_any == evidence.all()) break;
                OPS_TRY(const Groups in_child, MayMatch(child, evidence));
                in_any |= in_child;
            }
            return in_any;
        }
        case Kind::kLiteral: return evidence.WithLiteral(requirement.text);
        case Kind::kNumber: return evidence.WithNumber(requirement.field, requirement.lower, requirement.upper);
        case Kind::kSource: return evidence.WithSource(requirement.text, requirement.is_prefix);
        case Kind::kKind: return evidence.WithKind(requirement.text, requirement.is_prefix);
    }
    return evidence.all();
}

}  // namespace opsteward::vault::query
