// Random queries on random records: the compiled and the plain matcher against an evaluation that shares no code with them, and no
// requirement rules out a record that matches.
#include <re2/re2.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "vault/query/matcher.hpp"
#include "vault/query/needles.hpp"
#include "vault/query/testing/pairs.hpp"

namespace opsteward::vault::query {
namespace {

class Generator {
  public:
    explicit Generator(unsigned seed) : random_(seed) {}

    unsigned Below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

    template <typename T, std::size_t N>
    const T& Pick(const T (&choices)[N]) {
        return choices[Below(N)];
    }

    std::string RecordBytes() {
        static constexpr std::string_view kPieces[] = {
            "denied", "Denied", "accept",  "登入",   "失敗",      "x",           "_",          ".",         "\xa4\x40", "=",
            "n=5",    "n=-3",   "n=1500",  "n=0.5",  "n=x",       "ip=10.1.2.3", "ip=192.0.2.7", "user=Root", "user=",    "user=ab",
            "root",   "abc",    "ABCdef",  "12",     "AND",       "error 404",   "ab",         "n=5e2"};
        std::string bytes;
        for (unsigned count = Below(9); count > 0; --count) {
            bytes += Pick(kPieces);
            if (Below(4) != 0) bytes += ' ';
        }
        return bytes;
    }

    Query AnyQuery(int depth) {
        if (depth == 0 || Below(3) == 0) return Below(30) == 0 ? Query{} : MakeTerm(AnyTerm());
        if (Below(3) == 0) return Not(AnyQuery(depth - 1));
        std::vector<Query> children;
        for (unsigned count = 2 + Below(2); count > 0; --count) children.push_back(AnyQuery(depth - 1));
        return Below(2) == 0 ? And(std::move(children)) : Or(std::move(children));
    }

  private:
    Term AnyTerm() {
        static constexpr std::string_view kFields[] = {"n", "user", "ip", "other", "source", "kind"};
        const unsigned kind = Below(10);
        if (kind < 4) return {"", TextTest{AnyText(), TextTest::Place::kAnywhere}};
        if (kind == 4) return {"", AnyRegex()};
        const std::string field(Pick(kFields));
        if (kind == 5) return {field, AnyRegex()};
        if (kind == 6) return {"n", AnyRange()};
        if (kind == 7) return {"ip", *MakeNetwork(Below(2) == 0 ? "10.1.0.0" : "192.0.2.0", static_cast<int>(Below(33)))};
        static constexpr std::string_view kValues[] = {"root", "ROOT", "ab",       "5", "-3",  "500", "10.1.2.3",
                                                       "fw-1", "sw-2", "firewall", "",  "x y", "a"};
        const auto place = Below(2) == 0 ? TextTest::Place::kWhole : TextTest::Place::kPrefix;
        return {field, TextTest{std::string(Pick(kValues)), place}};
    }

    std::string AnyText() {
        static constexpr std::string_view kTexts[] = {"denied", "DENIED", "den", "登入",  "入失",    "失敗 ", "x",
                                                      " x ",    "\xa4",   "=",   "user=", "root",    "r 40",  "AND",
                                                      "-",      "\"\\",   "*",   "/",     "n=5 abc", "bc"};
        return std::string(Pick(kTexts));
    }

    RegexTest AnyRegex() {
        static constexpr std::string_view kPatterns[] = {
            "denied",  "^den",         "(abc|root|x)",     "a.c",   "[0-9]+$",    "den.*root",
            "(abc)?x", "n=[0-9]{2,4}", "\\brxx|denied\\b", "ro+t",  "(?i)ABCDEF", "user=(root|ab)",
            "^$",      "ab|(cd)*",     "err(or)? 404",     "\\Qn=5"};
        return {std::string(Pick(kPatterns)), Below(2) == 0};
    }

    NumberRange AnyRange() {
        static constexpr std::string_view kNumbers[] = {"-5", "-3", "0", "0.5", "5", "500", "1499.5", "1500"};
        const auto bound = [this](bool is_inclusive) {
            const std::string text(Pick(kNumbers));
            return Bound{*ParseNumber(text), is_inclusive, text};
        };
        NumberRange range;
        if (Below(3) == 0) {
            range.lower = bound(true);
            range.upper = bound(true);
            if (range.lower->value > range.upper->value) std::swap(range.lower, range.upper);
        } else {
            (Below(2) == 0 ? range.lower : range.upper) = bound(Below(2) == 0);
        }
        return range;
    }

    std::mt19937 random_;
};

// --- the meaning of a query once more, in other words ---

bool SameButForCase(char a, char b) { return a == b || ((a ^ b) == 0x20 && std::isalpha(static_cast<unsigned char>(a)) != 0); }

bool StartsNaively(std::string_view text, std::string_view part) {
    if (part.size() > text.size()) return false;
    return std::equal(part.begin(), part.end(), text.begin(), SameButForCase);
}

bool TextHolds(const TextTest& test, std::string_view value) {
    if (test.place == TextTest::Place::kPrefix) return StartsNaively(value, test.text);
    if (test.place == TextTest::Place::kWhole) return value.size() == test.text.size() && StartsNaively(value, test.text);
    for (std::size_t at = 0; at <= value.size(); ++at) {
        if (StartsNaively(value.substr(at), test.text)) return true;
    }
    return false;
}

bool RegexHolds(const RegexTest& test, std::string_view value) {
    RE2::Options options(RE2::Latin1);
    options.set_case_sensitive(!test.ignores_case);
    return RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), RE2(test.pattern, options));
}

bool RangeHolds(const NumberRange& range, std::string_view value) {
    const std::string text(value);
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (text.empty() || end != text.c_str() + text.size()) return false;
    if (range.lower && (number < range.lower->value || (number == range.lower->value && !range.lower->is_inclusive))) return false;
    return !range.upper || number < range.upper->value || (number == range.upper->value && range.upper->is_inclusive);
}

bool NetworkHolds(const Network& network, std::string_view value) {
    unsigned quad[4] = {};
    char behind = 0;
    if (std::sscanf(std::string(value).c_str(), "%u.%u.%u.%u%c", &quad[0], &quad[1], &quad[2], &quad[3], &behind) != 4) {
        return false;
    }
    if (*std::max_element(quad, quad + 4) > 255) return false;
    for (int bit = 0; bit < network.prefix; ++bit) {
        if ((quad[bit / 8] >> (7 - bit % 8) & 1) != (network.address.bytes[bit / 8] >> (7 - bit % 8) & 1U)) return false;
    }
    return true;
}

bool TermHolds(const Term& term, const RecordView& record, const FieldSource& fields) {
    std::vector<std::string> values;
    if (term.field.empty()) {
        values.emplace_back(record.message);
    } else if (term.field == "source") {
        values.emplace_back(record.source);
    } else if (term.field == "kind") {
        values.emplace_back(record.kind);
    } else {
        fields.AnyValue(term.field, [&values](std::string_view value) {
            values.emplace_back(value);
            return false;
        });
    }
    for (const std::string& value : values) {
        if (const auto* text = std::get_if<TextTest>(&term.test); text && TextHolds(*text, value)) return true;
        if (const auto* regex = std::get_if<RegexTest>(&term.test); regex && RegexHolds(*regex, value)) return true;
        if (const auto* range = std::get_if<NumberRange>(&term.test); range && RangeHolds(*range, value)) return true;
        if (const auto* network = std::get_if<Network>(&term.test); network && NetworkHolds(*network, value)) return true;
    }
    return false;
}

bool Holds(const Query& query, const RecordView& record, const FieldSource& fields) {
    std::size_t holding = 0;
    for (const Query& child : query.children) holding += Holds(child, record, fields) ? 1 : 0;
    switch (query.op) {
        case Operator::kEverything: return true;
        case Operator::kTerm: return TermHolds(query.term, record, fields);
        case Operator::kNot: return holding == 0;
        case Operator::kAnd: return holding == query.children.size();
        case Operator::kOr: return holding > 0;
    }
    return false;
}

struct Tally {
    int asked = 0;
    int matched = 0;
    int ruled_out = 0;
};

void CheckQuery(const Query& query, Generator& generate, Tally& tally) {
    const auto read = ParseQuery(ToText(query));
    ASSERT_TRUE(read.ok()) << read.error().operator_text;
    ASSERT_EQ(*read, query);
    const auto compiled = CompiledQuery::Compile(query);
    ASSERT_TRUE(compiled.ok());
    const Requirement careful = RequirementOf(query);
    const Requirement verbatim = RequirementOf(query, [](std::string_view) { return true; });
    for (int i = 0; i < 10; ++i) {
        const std::string bytes = generate.RecordBytes();
        SCOPED_TRACE(bytes);
        static constexpr std::string_view kSources[] = {"fw-1", "FW-1", "sw-2", ""};
        static constexpr std::string_view kKinds[] = {"firewall", "switch"};
        const RecordView record{.source = generate.Pick(kSources), .kind = generate.Pick(kKinds), .peer = {}, .message = bytes};
        const testing::PairFields fields(bytes);
        const bool expected = Holds(query, record, fields);
        ASSERT_EQ(compiled->Matches(record, fields), expected);
        ASSERT_EQ(Matches(query, record, fields), expected);
        const testing::RecordEvidence evidence(record, fields);
        const bool may_match = MayMatch(verbatim, evidence).value() != 0;
        ASSERT_TRUE(!expected || (may_match && MayMatch(careful, evidence).value() != 0));
        ++tally.asked;
        tally.matched += expected ? 1 : 0;
        tally.ruled_out += may_match ? 0 : 1;
    }
}

TEST(RandomQueries, MeanTheSameInEveryEvaluationAndRequireNothingThatAMatchLacks) {
    Generator generate(612);
    Tally tally;
    for (int round = 0; round < 3'000; ++round) {
        const Query query = generate.AnyQuery(3);
        SCOPED_TRACE(fmt::format("round {}: {}", round, ToText(query)));
        CheckQuery(query, generate, tally);
        if (HasFatalFailure()) return;
    }
    // Neither side of the comparison is idle.
    EXPECT_GT(tally.matched, tally.asked / 5);
    EXPECT_GT(tally.ruled_out, tally.asked / 5);
    EXPECT_LT(tally.matched, tally.asked * 3 / 5);
}

}  // namespace
}  // namespace opsteward::vault::query
