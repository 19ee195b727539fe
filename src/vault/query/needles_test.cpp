#include "vault/query/needles.hpp"

#include "vault/query/regex.hpp"
#include "vault/query/testing/pairs.hpp"

namespace opsteward::vault::query {
namespace {

using Kind = Requirement::Kind;

std::string Describe(const Requirement& requirement) {
    std::vector<std::string> parts;
    for (const Requirement& child : requirement.children) parts.push_back(Describe(child));
    const std::string star = requirement.is_prefix ? "*" : "";
    switch (requirement.kind) {
        case Kind::kNothing: return "-";
        case Kind::kAll: return fmt::format("({})", fmt::join(parts, " & "));
        case Kind::kAny: return fmt::format("({})", fmt::join(parts, " | "));
        case Kind::kLiteral: return fmt::format("'{}'", requirement.text);
        case Kind::kNumber: return fmt::format("{}[{},{}]", requirement.field, requirement.lower, requirement.upper);
        case Kind::kSource: return fmt::format("source {}{}", requirement.text, star);
        case Kind::kKind: return fmt::format("kind {}{}", requirement.text, star);
    }
    return {};
}

struct Derivation {
    std::string_view query;
    std::string_view requirement;
};

constexpr Derivation kDerivations[] = {
    {"*", "-"},
    {"Denied", "'denied'"},
    {"登入 A", "('登入' & 'a')"},
    {"a a", "'a'"},
    {"a OR b", "('a' | 'b')"},
    {"a OR *", "-"},
    {"a OR -b", "-"},
    {"a -b", "'a'"},
    {"(a OR b) c (d OR e f)", "(('a' | 'b') & 'c' & ('d' | ('e' & 'f')))"},
    // NOT moves inwards
    {"-a", "-"},
    {"-(a OR -b)", "'b'"},
    {"-(-a -b)", "('a' | 'b')"},
    // fields, of which only "plain" is verbatim
    {"plain:Value", "('value' | '\\u00')"},
    {"mapped:Value", "-"},
    {"plain:val*", "('val' | '\\u00')"},
    {"plain:*", "-"},
    {"plain:\"\"", "-"},
    {"plain:404", "(('404' | '\\u00') & plain[404,404])"},
    {"mapped:404", "mapped[404,404]"},
    {"mapped:404*", "-"},
    {"mapped:>1.5", "mapped[1.5,inf]"},
    {"mapped:..9", "mapped[-inf,9]"},
    {"mapped:400..499", "mapped[400,499]"},
    {"plain:10.0.0.0/8", "-"},
    {"plain:/abcd/", "('abcd' | '\\u00')"},
    {"mapped:/abcd/", "-"},
    // what may be escaped in the bytes is left out, and a number may stand for each character
    {"plain:登入A", "('登入a' | '\\u')"},
    {"plain:\"/a-b|c]=d\"", "(('a-b' & 'c' & 'd') | '\\u00')"},
    {"plain:\"\\tA\\\"b\\\\\\n\"", "(('a' & 'b') | '\\u00')"},
    {"plain:\"=\"", "-"},
    {"plain:/abcd|登入/", "('abcd' | '\\u00' | '登入' | '\\u')"},
    {"plain:ab plain:cd", "(('ab' | '\\u00') & ('cd' | '\\u00'))"},
    {"plain:ab OR plain:cd", "('ab' | '\\u00' | 'cd')"},
    // numbers no double can hold are rounded outwards
    {"n:>=9007199254740993", "n[9007199254740992,inf]"},
    {"n:<=9007199254740993", "n[-inf,9007199254740994]"},
    // the record's own
    {"source:FW-1", "source fw-1"},
    {"source:FW*", "source fw*"},
    {"source:/fw/", "-"},
    {"kind:Web OR kind:DB", "(kind web | kind db)"},
    // regular expressions
    {"/Hello/", "'hello'"},
    {"/abc.*def/", "('abc' & 'def')"},
    {"/(abc|def)ghi/", "('abcghi' | 'defghi')"},
    {"/abc|def/", "('abc' | 'def')"},
    {"/abc|d*/", "-"},
    {"/a.b/", "-"},
    {"/(abc)?def/", "'def'"},
    {"/HELLO/i", "'hello'"},
    {"/登入?失敗/", "('失敗' & '登')"},
    {"/\\d+/", "-"},
};

TEST(Requirements, AreWhatEveryMatchingRecordFulfils) {
    for (const auto& [text, requirement] : kDerivations) {
        SCOPED_TRACE(text);
        const auto query = ParseQuery(text);
        ASSERT_TRUE(query.ok()) << query.error().operator_text;
        EXPECT_EQ(Describe(RequirementOf(*query, [](std::string_view field) { return field == "plain"; })), requirement);
    }
}

TEST(Requirements, TakeNoFieldForVerbatimUnlessTold) {
    EXPECT_EQ(RequirementOf(ParseQuery("plain:value").value()).kind, Kind::kNothing);
}

TEST(Requirements, RuleOutARecordOnlyByWhatItLacks) {
    const std::string_view bytes = "Action=Denied n=5";
    const RecordView record{.source = "fw-1", .kind = "firewall", .peer = {}, .message = bytes};
    const testing::PairFields fields(bytes);
    const testing::RecordEvidence evidence(record, fields);
    const std::pair<std::string_view, bool> rows[] = {
        {"denied", true}, {"accepted", false}, {"denied accepted", false}, {"denied OR accepted", true}, {"-denied", true},
        {"n:>4", true}, {"n:>6", false}, {"m:>4", false}, {"-accepted n:9", false}, {"x OR y OR n:5", true},
        {"source:fw*", true}, {"source:sw*", false}, {"kind:firewall", true}, {"kind:fire", false}, {"zz OR source:x", false},
        {"/denied/", true}, {"/xdenied/", false},
    };
    for (const auto& [text, may_match] : rows) {
        SCOPED_TRACE(text);
        EXPECT_EQ(MayMatch(RequirementOf(ParseQuery(text).value()), evidence).value() != 0, may_match);
    }
}

TEST(Requirements, OfAFieldRuleOutARecordOnlyIfNoEscapeCanMakeUpForWhatItLacks) {
    struct Row {
        std::string_view query;
        std::string_view bytes;
        bool may_match;
    };
    constexpr Row kRows[] = {
        {"user:abc", R"({"user":"ABC"})", true},
        {"user:abc", R"({"user":"ab","c":"\\ \" \n"})", false},
        {"user:abc", R"({"user":"ab\u0063"})", true},
        {"user:abc", R"({"user":"\u767b"})", false},
        {"user:登", R"({"user":"\u767b"})", true},
        {"user:登", R"({"user":"x"})", false},
        {R"(path:"a/b \"c\"")", R"({"path":"a\/b \"c\""})", true},
        {R"(path:"a/b \"c\"")", R"("a/b ""c""",)", true},
        {R"(path:"a/b \"c\"")", R"({"path":"a-b-c"})", false},
        {"path:/^a=b[0-9]$/", R"(path=a\=b7)", true},
    };
    for (const auto& [text, bytes, may_match] : kRows) {
        SCOPED_TRACE(fmt::format("{} of {}", text, bytes));
        const RecordView record{.source = {}, .kind = {}, .peer = {}, .message = bytes};
        const testing::PairFields fields(bytes);
        const Requirement requirement = RequirementOf(ParseQuery(text).value(), [](std::string_view) { return true; });
        EXPECT_EQ(MayMatch(requirement, testing::RecordEvidence(record, fields)).value() != 0, may_match);
    }
}

TEST(RequiredLiterals, AreBoundedForExpressionsOfManyAlternatives) {
    std::string pattern = "needle(";
    for (int i = 0; i < 40; ++i) pattern += fmt::format("{}.*alternative{:02}", i == 0 ? "" : "|", i);
    pattern += ')';
    EXPECT_THAT(RequiredLiterals({pattern, false}), ::testing::Contains(::testing::ElementsAre("needle")));
}

}  // namespace
}  // namespace opsteward::vault::query
