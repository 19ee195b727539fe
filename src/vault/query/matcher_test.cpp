#include "vault/query/matcher.hpp"

#include <thread>

#include "vault/query/testing/pairs.hpp"

namespace opsteward::vault::query {
namespace {

using testing::PairFields;

constexpr std::string_view kFirewall =
    "<189>date=2026-01-14 devname=\"FW\" action=Denied srcip=10.1.2.3 dstip=2001:db8::5 sent=1500 ratio=0.25 user=Admin.Wang "
    "note= msg=登入失敗";

struct Case {
    std::string_view query;
    std::string_view bytes;
    bool matches;
};

constexpr std::string_view kNul("first\0second\nthird", 18);
constexpr std::string_view kBig5("\xb5\xa5\xa4\x4a user=x\xa5\xa2\xb1\xd1 end");

constexpr Case kCases[] = {
    // words: substrings of the bytes, whatever the ASCII case
    {"*", "", true},
    {"", kFirewall, true},
    {"denied", kFirewall, true},
    {"DENIED", kFirewall, true},
    {"enie", kFirewall, true},
    {"deniedx", kFirewall, false},
    {"登入", kFirewall, true},
    {"入失", kFirewall, true},
    {"失入", kFirewall, false},
    {"\"connection refused\"", "unconnection refusedly", true},
    {"\"connection refused\"", "connection  refused", false},
    {"second", kNul, true},
    {R"("first\x00second")", kNul, true},
    {R"("d\nt")", kNul, true},
    {R"("\xa4\x4a")", kBig5, true},
    {"É", "é", false},
    // operators
    {"denied admin", kFirewall, true},
    {"denied AND accepted", kFirewall, false},
    {"denied OR accepted", kFirewall, true},
    {"denied -accepted", kFirewall, true},
    {"denied NOT admin", kFirewall, false},
    {"-*", kFirewall, false},
    {"accepted denied OR admin", kFirewall, true},
    {"accepted (denied OR admin)", kFirewall, false},
    {"-(accepted OR admin)", kFirewall, false},
    {"NOT NOT denied", kFirewall, true},
    // fields: the whole value, a prefix, several values
    {"user:admin.wang", kFirewall, true},
    {"user:admin", kFirewall, false},
    {"user:admin*", kFirewall, true},
    {"user:wang*", kFirewall, false},
    {"user:*", kFirewall, true},
    {"nothing:*", kFirewall, false},
    {"-nothing:*", kFirewall, true},
    {"note:\"\"", kFirewall, true},
    {"user:\"\"", kFirewall, false},
    {"msg:登入失敗", kFirewall, true},
    {"msg:登入*", kFirewall, true},
    {"group:b", "group=a group=B", true},
    {"group:a group:b", "group=a group=B", true},
    {"-group:a", "group=a group=B", false},
    // numbers
    {"sent:>1499", kFirewall, true},
    {"sent:>1500", kFirewall, false},
    {"sent:>=1500", kFirewall, true},
    {"sent:<1500", kFirewall, false},
    {"sent:<=1500", kFirewall, true},
    {"sent:1000..1500", kFirewall, true},
    {"sent:1501..2000", kFirewall, false},
    {"sent:1500", kFirewall, true},
    {"sent:1500.0", kFirewall, false},
    {"ratio:0.2..0.3", kFirewall, true},
    {"user:>0", kFirewall, false},
    {"nothing:>0", kFirewall, false},
    {"-nothing:>0", kFirewall, true},
    {"n:>9007199254740992", "n=9007199254740993", true},
    {"n:<-1", "n=-2", true},
    // addresses
    {"srcip:10.0.0.0/8", kFirewall, true},
    {"srcip:10.1.2.0/24", kFirewall, true},
    {"srcip:10.1.3.0/24", kFirewall, false},
    {"srcip:10.1.2.3", kFirewall, true},
    {"srcip:2001:db8::/32", kFirewall, false},
    {"dstip:2001:db8::/32", kFirewall, true},
    {"dstip:2001:db8:0::5", kFirewall, true},
    {"dstip:\"2001:db8:0::5\"", kFirewall, false},
    {"dstip:2001:db9::/32", kFirewall, false},
    {"user:10.0.0.0/8", kFirewall, false},
    // regular expressions: over bytes, case matters unless /i
    {"/srcip=10\\.\\d+/", kFirewall, true},
    {"/denied/", kFirewall, false},
    {"/denied/i", kFirewall, true},
    {"/Denied/", kFirewall, true},
    {"/^<189>/", kFirewall, true},
    {"/^date/", kFirewall, false},
    {"/登.{3}失/", kFirewall, true},
    {"/msg=登?入/", kFirewall, true},
    {"/msg=關?登/", kFirewall, true},
    {"/msg=(登入|登出)失/", kFirewall, true},
    {"/\\Qg=登入\\E失/", kFirewall, true},
    {"/user=.*end/", kBig5, true},
    {"/\\xa5\\xa2/", kBig5, true},
    {"/^second/", kNul, false},
    {"/(?m)^third$/", kNul, true},
    {"/first.second/", kNul, true},
    {"/second.third/", kNul, false},
    {"/(?s)second.third/", kNul, true},
    {"user:/^Adm.*g$/", kFirewall, true},
    {"user:/^adm/", kFirewall, false},
    {"user:/10/", kFirewall, false},
    // of the record itself, not of its text
    {"source:FW-1", "source=other", true},
    {"source:fw", "", false},
    {"source:fw*", "", true},
    {"source:/^fw-[0-9]$/", "", true},
    {"source:other", "source=other", false},
    {"kind:firewall", "", true},
    {"-kind:web", "", true},
    {"kind:web OR source:fw-1", "", true},
};

TEST(Matching, DoesWhatTheLanguageSaysPlainlyAndCompiled) {
    for (const Case& row : kCases) {
        SCOPED_TRACE(fmt::format("{} on {}", row.query, row.bytes));
        const auto query = ParseQuery(row.query);
        ASSERT_TRUE(query.ok()) << query.error().operator_text;
        const RecordView record{.source = "fw-1", .kind = "Firewall", .peer = {}, .message = row.bytes};
        const PairFields fields(row.bytes);
        EXPECT_EQ(Matches(*query, record, fields), row.matches);
        EXPECT_EQ(CompiledQuery::Compile(*query)->Matches(record, fields), row.matches);
    }
}

class CountingFields final : public FieldSource {
  public:
    bool AnyValue(std::string_view, const ValueTest&) const override {
        ++asked_;
        return false;
    }
    int asked() const { return asked_; }

  private:
    mutable int asked_ = 0;
};

TEST(Matching, AsksForFieldsOnlyWhenNothingCheaperDecides) {
    const RecordView record{.source = "sw-1", .kind = "switch", .peer = {}, .message = "link down"};
    const std::pair<std::string_view, int> asked[] = {
        {"user:a denied", 0}, {"user:a OR down", 0}, {"n:>5 /^up/", 0}, {"user:a -link", 0}, {"user:a kind:web", 0},
        {"(user:a OR n:>5) denied", 0}, {"user:a down", 1}, {"user:a OR denied", 1},
    };
    for (const auto& [text, count] : asked) {
        SCOPED_TRACE(text);
        const CountingFields fields;
        const auto compiled = CompiledQuery::Compile(ParseQuery(text).value());
        compiled->Matches(record, fields);
        EXPECT_EQ(fields.asked(), count);
    }
}

TEST(Matching, IsOneQueryForSeveralThreads) {
    const CompiledQuery query = CompiledQuery::Compile(ParseQuery("/x[0-9]+y/ (a OR n:>3) -zz").value()).value();
    std::vector<int> counts(4);
    std::vector<std::thread> threads;
    for (int& count : counts) {
        threads.emplace_back([&query, &count] {
            for (int i = 0; i < 500; ++i) {
                const std::string bytes = fmt::format("x{}y n={} {}", i, i % 8, i % 5 == 0 ? "zz" : "");
                if (query.Matches({.source = "s", .kind = "k", .peer = {}, .message = bytes}, PairFields(bytes))) ++count;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    int expected = 0;
    for (int i = 0; i < 500; ++i) expected += i % 8 > 3 && i % 5 != 0 ? 1 : 0;
    EXPECT_THAT(counts, ::testing::Each(expected));
}

TEST(Matching, RefusesToCompileAnExpressionThatIsNone) {
    EXPECT_FALSE(CompiledQuery::Compile(MakeTerm({"", RegexTest{"(", false}})).ok());
}

}  // namespace
}  // namespace opsteward::vault::query
