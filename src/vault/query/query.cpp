#include "vault/query/query.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "vault/query/parser.hpp"

namespace opsteward::vault::query {
namespace {

Query Combined(Operator op, std::vector<Query> queries) {
    if (queries.size() == 1) return std::move(queries.front());
    Query query{.op = op};
    for (Query& part : queries) {
        if (part.op != op) {
            query.children.push_back(std::move(part));
            continue;
        }
        for (Query& child : part.children) query.children.push_back(std::move(child));
    }
    return query;
}

std::string Quoted(std::string_view text) {
    std::string quoted = "\"";
    while (!text.empty()) {
        const char c = text.front();
        std::size_t length = 1;
        if (c == '"' || c == '\\') {
            quoted += {'\\', c};
        } else if (c == '\t') {
            quoted += "\\t";
        } else if (c == '\n') {
            quoted += "\\n";
        } else if (c == '\r') {
            quoted += "\\r";
        } else if (IsControlByte(c) || SequenceAtFront(text) == 0) {
            quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            length = SequenceAtFront(text);
            quoted += text.substr(0, length);
        }
        text.remove_prefix(length);
    }
    return quoted + '"';
}

std::string TestText(const TextTest& test) {
    return test.place == TextTest::Place::kPrefix ? test.text + '*' : test.text;
}

std::string QuotedTestText(const TextTest& test) {
    return test.place == TextTest::Place::kPrefix ? Quoted(test.text) + '*' : Quoted(test.text);
}

std::string RangeText(const NumberRange& range) {
    if (range.lower && range.upper) return fmt::format("{}..{}", range.lower->text, range.upper->text);
    if (range.lower) return fmt::format("{}{}", range.lower->is_inclusive ? ">=" : ">", range.lower->text);
    return fmt::format("{}{}", range.upper->is_inclusive ? "<=" : "<", range.upper->text);
}

std::string TermText(const Term& term) {
    const std::string name = term.field.empty() ? "" : term.field + ':';
    if (const auto* regex = std::get_if<RegexTest>(&term.test)) {
        return fmt::format("{}/{}/{}", name, regex->pattern, regex->ignores_case ? "i" : "");
    }
    if (const auto* range = std::get_if<NumberRange>(&term.test)) return name + RangeText(*range);
    if (const auto* network = std::get_if<Network>(&term.test)) return name + ToText(*network);
    const TextTest& text = std::get<TextTest>(term.test);
    // Bare where the bare text is read as the same term, in quotes where it would mean something else.
    std::string bare = name + TestText(text);
    const auto read = ParseTree(bare, nullptr);
    if (read.ok() && *read == MakeTerm(term)) return bare;
    return name + QuotedTestText(text);
}

std::string ChildText(const Query& child, bool needs_parentheses) {
    return needs_parentheses ? fmt::format("({})", ToText(child)) : ToText(child);
}

bool IsGroup(const Query& query) { return query.op == Operator::kAnd || query.op == Operator::kOr; }

}  // namespace

Query MakeTerm(Term term) { return {.op = Operator::kTerm, .term = std::move(term)}; }

Query Not(Query query) {
    if (query.op == Operator::kNot) {
        Query inner = std::move(query.children.front());
        return inner;
    }
    Query negation{.op = Operator::kNot};
    negation.children.push_back(std::move(query));
    return negation;
}

Query And(std::vector<Query> queries) { return queries.empty() ? Query{} : Combined(Operator::kAnd, std::move(queries)); }

Query Or(std::vector<Query> queries) { return Combined(Operator::kOr, std::move(queries)); }

Result<Query> ParseQuery(std::string_view text, Place* error_place) {
    OPS_TRY(Query query, ParseTree(text, error_place));
    if (ToText(query).size() > kMaxQueryBytes) {
        if (error_place) *error_place = {};
        return QueryTooLong();
    }
    return query;
}

std::string ToText(const Query& query) {
    switch (query.op) {
        case Operator::kEverything: return "*";
        case Operator::kTerm: return TermText(query.term);
        case Operator::kNot: return '-' + ChildText(query.children.front(), IsGroup(query.children.front()));
        case Operator::kAnd:
        case Operator::kOr: break;
    }
    const bool is_and = query.op == Operator::kAnd;
    std::vector<std::string> parts;
    for (const Query& child : query.children) parts.push_back(ChildText(child, is_and && child.op == Operator::kOr));
    return Join(parts, is_and ? " " : " OR ");
}

}  // namespace opsteward::vault::query
