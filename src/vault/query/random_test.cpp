// Random queries on random records: the compiled and the plain matcher against an evaluation that shares no code with them, and no
// requirement rules out a record that matches.
#include <re2/re2.h>

#include <cctype>
#include <cstdio>
#include <cstdlib>

#include "vault/query/matcher.hpp"
#include "vault/query/needles.hpp"
#include "vault/query/testing/pairs.hpp"
#include "vault/query/testing/random_queries.hpp"

namespace opsteward::vault::query {
namespace {

using testing::RandomQueries;

RandomQueries Queries(unsigned seed) {
    return {seed,
            {.texts = {"denied", "DENIED", "den", "登入", "入失", "失敗 ", "x", " x ", "\xa4", "=", "user=", "root", "r 40", "AND", "-", "\"\\", "*", "/",
                       "n=5 abc", "bc"},
             .patterns = {"denied", "^den", "(abc|root|x)", "a.c", "[0-9]+$", "den.*root", "(abc)?x", "n=[0-9]{2,4}", "\\brxx|denied\\b", "ro+t",
                          "(?i)ABCDEF", "user=(root|ab)", "^$", "ab|(cd)*", "err(or)? 404", "\\Qn=5"},
             .fields = {"n", "user", "ip", "other", "source", "kind"},
             .values = {"root", "ROOT", "ab", "5", "-3", "500", "10.1.2.3", "fw-1", "sw-2", "firewall", "", "x y", "a"},
             .number_fields = {"n"},
             .numbers = {"-5", "-3", "0", "0.5", "5", "500", "1499.5", "1500"},
             .address_fields = {"ip"},
             .addresses = {"10.1.0.0", "192.0.2.0"}}};
}

std::string RecordBytes(RandomQueries& random) {
    static constexpr std::string_view kPieces[] = {
        "denied", "Denied", "accept",  "登入",   "失敗",      "x",           "_",          ".",         "\xa4\x40", "=",
        "n=5",    "n=-3",   "n=1500",  "n=0.5",  "n=x",       "ip=10.1.2.3", "ip=192.0.2.7", "user=Root", "user=",    "user=ab",
        "root",   "abc",    "ABCdef",  "12",     "AND",       "error 404",   "ab",         "n=5e2"};
    std::string bytes;
    for (unsigned count = random.Below(9); count > 0; --count) {
        bytes += random.Pick(kPieces);
        if (random.Below(4) != 0) bytes += ' ';
    }
    return bytes;
}

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

void CheckQuery(const Query& query, RandomQueries& random, Tally& tally) {
    const auto read = ParseQuery(ToText(query));
    ASSERT_TRUE(read.ok()) << read.error().operator_text;
    ASSERT_EQ(*read, query);
    const auto compiled = CompiledQuery::Compile(query);
    ASSERT_TRUE(compiled.ok());
    const Requirement careful = RequirementOf(query);
    const Requirement verbatim = RequirementOf(query, [](std::string_view) { return true; });
    for (int i = 0; i < 10; ++i) {
        const std::string bytes = RecordBytes(random);
        SCOPED_TRACE(bytes);
        static constexpr std::string_view kSources[] = {"fw-1", "FW-1", "sw-2", ""};
        static constexpr std::string_view kKinds[] = {"firewall", "switch"};
        const RecordView record{.source = random.Pick(kSources), .kind = random.Pick(kKinds), .peer = {}, .message = bytes};
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
    RandomQueries random = Queries(612);
    Tally tally;
    for (int round = 0; round < 3'000; ++round) {
        const Query query = random.Next(3);
        SCOPED_TRACE(fmt::format("round {}: {}", round, ToText(query)));
        CheckQuery(query, random, tally);
        if (HasFatalFailure()) return;
    }
    // Neither side of the comparison is idle.
    EXPECT_GT(tally.matched, tally.asked / 5);
    EXPECT_GT(tally.ruled_out, tally.asked / 5);
    EXPECT_LT(tally.matched, tally.asked * 3 / 5);
}

}  // namespace
}  // namespace opsteward::vault::query
