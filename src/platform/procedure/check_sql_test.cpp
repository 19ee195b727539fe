#include "platform/procedure/check_sql.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace opsteward::procedure {
namespace {

using ::testing::ElementsAreArray;

struct NumberingCase {
    std::string_view sql;
    std::string_view numbered;
    std::vector<std::string> names;
};

TEST(CheckSql, NumbersNamesOutsideOfQuotesAndComments) {
    const NumberingCase cases[] = {
        {"SELECT :a", "SELECT $1", {"a"}},
        {"SELECT :a, :b, :a", "SELECT $1, $2, $1", {"a", "b"}},
        {"SELECT :grace_7", "SELECT $1", {"grace_7"}},
        {"SELECT ':a', \":b\"", "SELECT ':a', \":b\"", {}},
        {"SELECT 'it''s :a' || :b", "SELECT 'it''s :a' || $1", {"b"}},
        {"SELECT 1 -- :a\n, :b", "SELECT 1 -- :a\n, $1", {"b"}},
        {"SELECT 1 -- :a", "SELECT 1 -- :a", {}},
        {"SELECT /* :a\n */ :b", "SELECT /* :a\n */ $1", {"b"}},
        {"SELECT CAST(:a AS TEXT)::text", "SELECT CAST($1 AS TEXT)::text", {"a"}},
        {"SELECT x:::a", "SELECT x::$1", {"a"}},
        {"SELECT '時間：:a', :now", "SELECT '時間：:a', $1", {"now"}},
        {"  SELECT 1 ; ;\n", "SELECT 1", {}},
        {"SELECT ':' || :a || '%'", "SELECT ':' || $1 || '%'", {"a"}},
        {"SELECT x -:a", "SELECT x -$1", {"a"}},
        {"SELECT x--:a\n-:b", "SELECT x--:a\n-$1", {"b"}},
        {"SELECT : a", "SELECT : a", {}},
        {"", "", {}},
    };
    for (const auto& one : cases) {
        SCOPED_TRACE(one.sql);
        const auto numbered = NumberParameters(one.sql);
        ASSERT_TRUE(numbered.ok()) << numbered.error().operator_text;
        EXPECT_EQ(numbered->sql, one.numbered);
        EXPECT_THAT(numbered->names, ElementsAreArray(one.names));
    }
}

TEST(CheckSql, RefusesWhatHasNoEndAndForeignParameters) {
    for (const std::string_view sql :
         {"SELECT 'open", "SELECT \"open", "SELECT /* open", "SELECT $1", "SELECT ?", "SELECT @a", "SELECT 'a''"}) {
        const auto numbered = NumberParameters(sql);
        ASSERT_FALSE(numbered.ok()) << sql;
        EXPECT_EQ(numbered.error().code, ErrorCode::kInvalidInput) << sql;
    }
}

TEST(CheckSql, GivesValuesInTheOrderOfTheNumbers) {
    const auto numbered = NumberParameters("SELECT :limit, :now, :text, :ratio, :limit");
    ASSERT_TRUE(numbered.ok());
    const auto values = ValuesFor(*numbered, {{"limit", std::int64_t{86'400'000}}, {"text", std::string("x")}, {"ratio", 0.5}},
                                  FromMillis(1'000));
    ASSERT_TRUE(values.ok()) << values.error().operator_text;
    EXPECT_THAT(*values, ElementsAreArray({db::Value(86'400'000), db::Value(1'000), db::Value("x"), db::Value(0.5)}));
}

TEST(CheckSql, NamesTheParameterThatIsNotThere) {
    // Capital letters, digits and other scripts would be parameters to SQLite; here they are names that nobody gave a value.
    for (const std::string_view name : {"missing", "Now", "2", "門檻"}) {
        const auto numbered = NumberParameters(fmt::format("SELECT :{}", name));
        ASSERT_TRUE(numbered.ok()) << name;
        const auto values = ValuesFor(*numbered, {}, Instant{});
        ASSERT_FALSE(values.ok()) << name;
        EXPECT_EQ(values.error().caller_text.en, fmt::format("The parameter :{} is not among the check's parameters.", name));
    }
}

}  // namespace
}  // namespace opsteward::procedure
