#include "vault/query/matcher.hpp"

#include "base/folding.hpp"
#include "base/text.hpp"
#include "vault/query/regex.hpp"

namespace opsteward::vault::query {
namespace {

bool HoldsPlainly(const TextTest& test, std::string_view value) {
    const std::string folded_value = ToLowerAscii(value);
    const std::string folded_text = ToLowerAscii(test.text);
    switch (test.place) {
        case TextTest::Place::kAnywhere: return folded_value.find(folded_text) != std::string::npos;
        case TextTest::Place::kWhole: return folded_value == folded_text;
        case TextTest::Place::kPrefix: return folded_value.starts_with(folded_text);
    }
    return false;
}

bool HoldsPlainly(const RegexTest& test, std::string_view value) {
    const auto regex = CompileRegex(test);
    return regex.ok() && FindsIn(**regex, value);
}

bool HoldsPlainly(const NumberRange& range, std::string_view value) {
    const auto number = ParseNumber(value);
    return number && range.Contains(*number);
}

bool HoldsPlainly(const Network& network, std::string_view value) {
    const auto address = ParseAddress(value);
    return address && network.Contains(*address);
}

/// Applies `test` to whatever the field's name stands for.
bool AnyValueOf(std::string_view field, const RecordView& record, const FieldSource& fields, const ValueTest& test) {
    if (field.empty()) return test(record.message);
    if (field == kSourceField) return test(record.source);
    if (field == kKindField) return test(record.kind);
    return fields.AnyValue(field, test);
}

}  // namespace

bool Matches(const Query& query, const RecordView& record, const FieldSource& fields) {
    const auto matches = [&](const Query& part) { return Matches(part, record, fields); };
    switch (query.op) {
        case Operator::kEverything: return true;
        case Operator::kNot: return !matches(query.children.front());
        case Operator::kAnd: return std::all_of(query.children.begin(), query.children.end(), matches);
        case Operator::kOr: return std::any_of(query.children.begin(), query.children.end(), matches);
        case Operator::kTerm: break;
    }
    return AnyValueOf(query.term.field, record, fields, [&](std::string_view value) {
        return std::visit([value](const auto& test) { return HoldsPlainly(test, value); }, query.term.test);
    });
}

namespace {

/// TextTest with its text in lower case, at the beginning of the value or all of it.
struct FoldedText {
    std::string folded;
    bool is_prefix = false;
};

using SharedRegex = std::shared_ptr<const re2::RE2>;
using CompiledTest = std::variant<FoldedNeedle, FoldedText, SharedRegex, NumberRange, Network>;

bool Holds(const FoldedNeedle& needle, std::string_view value) { return needle.IsIn(value); }
bool Holds(const FoldedText& text, std::string_view value) {
    return text.is_prefix ? StartsWithFolded(value, text.folded) : EqualsFolded(value, text.folded);
}
bool Holds(const SharedRegex& regex, std::string_view value) { return FindsIn(*regex, value); }
bool Holds(const NumberRange& range, std::string_view value) { return HoldsPlainly(range, value); }
bool Holds(const Network& network, std::string_view value) { return HoldsPlainly(network, value); }

Result<CompiledTest> CompileTest(const Term& term) {
    if (const auto* regex = std::get_if<RegexTest>(&term.test)) {
        OPS_TRY(SharedRegex compiled, CompileRegex(*regex));
        return CompiledTest(std::move(compiled));
    }
    if (const auto* range = std::get_if<NumberRange>(&term.test)) return CompiledTest(*range);
    if (const auto* network = std::get_if<Network>(&term.test)) return CompiledTest(*network);
    const TextTest& text = std::get<TextTest>(term.test);
    if (text.place == TextTest::Place::kAnywhere) return CompiledTest(FoldedNeedle(text.text));
    return CompiledTest(FoldedText{ToLowerAscii(text.text), text.place == TextTest::Place::kPrefix});
}

/// Relative times on a record of a few hundred bytes: a regular expression runs through all of it, a field makes it be parsed.
int CostOf(const Term& term) {
    const bool is_regex = std::holds_alternative<RegexTest>(term.test);
    if (term.field == kSourceField || term.field == kKindField) return is_regex ? 5 : 1;
    if (term.field.empty()) return is_regex ? 40 : 3;
    return is_regex ? 110 : 100;
}

}  // namespace

struct CompiledQuery::Node {
    Operator op = Operator::kEverything;
    int cost = 0;
    std::string field = {};  ///< of kTerm
    CompiledTest test = NumberRange{};
    std::vector<Node> children = {};  ///< the cheaper ones first
};

namespace {

Result<CompiledQuery::Node> CompileNode(const Query& query) {
    CompiledQuery::Node node{.op = query.op};
    if (query.op == Operator::kTerm) {
        node.field = query.term.field;
        node.cost = CostOf(query.term);
        OPS_TRY(node.test, CompileTest(query.term));
        return node;
    }
    for (const Query& child : query.children) {
        OPS_TRY(CompiledQuery::Node compiled, CompileNode(child));
        node.cost += compiled.cost;
        node.children.push_back(std::move(compiled));
    }
    std::sort(node.children.begin(), node.children.end(), [](const auto& a, const auto& b) { return a.cost < b.cost; });
    return node;
}

bool MatchesNode(const CompiledQuery::Node& node, const RecordView& record, const FieldSource& fields) {
    const auto matches = [&](const CompiledQuery::Node& part) { return MatchesNode(part, record, fields); };
    switch (node.op) {
        case Operator::kEverything: return true;
        case Operator::kNot: return !matches(node.children.front());
        case Operator::kAnd: return std::all_of(node.children.begin(), node.children.end(), matches);
        case Operator::kOr: return std::any_of(node.children.begin(), node.children.end(), matches);
        case Operator::kTerm: break;
    }
    return AnyValueOf(node.field, record, fields, [&node](std::string_view value) {
        return std::visit([value](const auto& test) { return Holds(test, value); }, node.test);
    });
}

}  // namespace

Result<CompiledQuery> CompiledQuery::Compile(const Query& query) {
    OPS_TRY(Node root, CompileNode(query));
    return CompiledQuery(std::make_shared<const Node>(std::move(root)));
}

bool CompiledQuery::Matches(const RecordView& record, const FieldSource& fields) const {
    return MatchesNode(*root_, record, fields);
}

}  // namespace opsteward::vault::query
