#include "vault/query/query.hpp"

#include <fstream>

namespace opsteward::vault::query {
namespace {

std::string Repeat(std::string_view text, std::size_t count) {
    std::string repeated;
    for (std::size_t i = 0; i < count; ++i) repeated += text;
    return repeated;
}

struct Canonical {
    std::string_view typed;
    std::string_view canonical;
};

constexpr Canonical kCanonical[] = {
    // everything
    {"", "*"},
    {" \t\n", "*"},
    {"*", "*"},
    {"a *", "a *"},
    // words and phrases
    {"Denied", "Denied"},
    {"\"denied\"", "denied"},
    {"\"connection refused\"", "\"connection refused\""},
    {"10.0.0.1:443", "10.0.0.1:443"},
    {"12:00:01", "12:00:01"},
    {"fe80::1", "fe80::1"},
    {"ad:be:ef:00:11:22", "ad:be:ef:00:11:22"},
    {R"(C:\Windows)", R"(C:\Windows)"},
    {R"("C:\\Program Files")", R"("C:\\Program Files")"},
    {"index.php?id=1", "index.php?id=1"},
    {"a-b", "a-b"},
    {"and or not", "and or not"},
    {"\"AND\"", "\"AND\""},
    {"\"-x\"", "\"-x\""},
    {"\"/etc/\"", "\"/etc/\""},
    {"\"a*\"", "\"a*\""},
    {"\"user:root\"", "\"user:root\""},
    {"\"tab\there\"", R"("tab\there")"},
    {R"("\xA4\x40")", R"("\xa4@")"},
    {R"("\xe7\x99\xbb")", "登"},
    {R"("\x00\r\n")", R"("\x00\r\n")"},
    {"登入　失敗", "登入 失敗"},
    {"\"登入　失敗\"", "\"登入　失敗\""},
    // operators
    {"a AND b", "a b"},
    {"a   b", "a b"},
    {"a OR b c", "a OR b c"},
    {"(a OR b) c", "(a OR b) c"},
    {"(a AND (b c)) d", "a b c d"},
    {"a OR (b OR c)", "a OR b OR c"},
    {"((a))", "a"},
    {"NOT a", "-a"},
    {"NOT NOT a", "a"},
    {"NOT -a", "a"},
    {"NOT(a OR b)", "-(a OR b)"},
    {"-(a b) OR(c)", "-(a b) OR c"},
    {"-*", "-*"},
    // fields
    {"USER:Root", "user:Root"},
    {"user:\"\"", "user:\"\""},
    {"user:*", "user:*"},
    {"user:adm*", "user:adm*"},
    {"user:\"a b\"*", "user:\"a b\"*"},
    {"user:\"adm*\"", "user:\"adm*\""},
    {"user:\"root\"", "user:root"},
    {"path:\"/etc\"", "path:\"/etc\""},
    {"mime:text/html", "mime:text/html"},
    {"url:http://x/", "url:http://x/"},
    {"source:fw-1 kind:firewall", "source:fw-1 kind:firewall"},
    {"@timestamp:2026*", "@timestamp:2026*"},
    {"temp:-5", "temp:-5"},
    // numbers
    {"bytes_out:>1000", "bytes_out:>1000"},
    {"bytes_out:>=-1.5e3", "bytes_out:>=-1.5e3"},
    {"bytes_out:<9", "bytes_out:<9"},
    {"status:400..499", "status:400..499"},
    {"status:400..", "status:>=400"},
    {"status:..499", "status:<=499"},
    {"status:\">1\"", "status:\">1\""},
    {"status:\"1..2\"", "status:\"1..2\""},
    // networks
    {"src_ip:10.0.0.0/8", "src_ip:10.0.0.0/8"},
    {"src_ip:10.1.2.3/8", "src_ip:10.0.0.0/8"},
    {"src_ip:10.1.2.3", "src_ip:10.1.2.3"},
    {"src_ip:2001:0DB8::/32", "src_ip:2001:db8::/32"},
    {"src_ip:2001:db8:0::1", "src_ip:2001:db8::1/128"},
    {"src_ip:\"2001:db8::1\"", "src_ip:\"2001:db8::1\""},
    {"src_ip:::ffff:10.0.0.0/104", "src_ip:10.0.0.0/8"},
    {"src_ip:\"10.0.0.0/8\"", "src_ip:\"10.0.0.0/8\""},
    // regular expressions
    {"/a b\\/(c)/", "/a b\\/(c)/"},
    {"/x/i AND user:/^adm/", "/x/i user:/^adm/"},
    {"/登?入/", "/登?入/"},
};

TEST(QueryText, IsCanonicalAndReadBackAsTheSameQuery) {
    for (const auto& [typed, canonical] : kCanonical) {
        SCOPED_TRACE(typed);
        const auto query = ParseQuery(typed);
        ASSERT_TRUE(query.ok()) << query.error().operator_text;
        EXPECT_EQ(ToText(*query), canonical);
        const auto again = ParseQuery(canonical);
        ASSERT_TRUE(again.ok()) << again.error().operator_text;
        EXPECT_EQ(*again, *query);
    }
}

TEST(QueryText, BindsAndTighterThanOr) {
    const auto word = [](std::string_view text) { return MakeTerm({"", TextTest{std::string(text), TextTest::Place::kAnywhere}}); };
    EXPECT_EQ(ParseQuery("a b OR -c").value(), Or({And({word("a"), word("b")}), Not(word("c"))}));
    EXPECT_EQ(ParseQuery("a (b OR c)").value(), And({word("a"), Or({word("b"), word("c")})}));
}

/// What stands between backquotes in the second column of the page's first table.
std::vector<std::string> QueriesOfThePage() {
    std::ifstream page(OPSTEWARD_SOURCE_DIR "/docs/formats/log-query.md");
    std::vector<std::string> queries;
    std::string line;
    while (std::getline(page, line) && line != "---") {
        const auto column = line.starts_with("| ") ? line.find(" | ") : std::string::npos;
        if (column == std::string::npos) continue;
        std::size_t begin = line.find('`', column);
        while (begin != std::string::npos) {
            const std::size_t end = line.find('`', begin + 1);
            queries.push_back(line.substr(begin + 1, end - begin - 1));
            begin = end == std::string::npos ? end : line.find('`', end + 1);
        }
    }
    return queries;
}

TEST(QueryText, IsReadAsThePageForItsReadersShowsIt) {
    const std::vector<std::string> queries = QueriesOfThePage();
    EXPECT_GE(queries.size(), 20U);
    for (const std::string& query : queries) EXPECT_TRUE(ParseQuery(query).ok()) << query;
}

struct Refused {
    std::string typed;
    std::size_t byte;
    std::size_t column;
    std::string_view zh;
    std::string_view en;
};

const Refused kRefused[] = {
    {"a OR", 4, 5, "應有要找的字詞", "expected a word or a condition"},
    {"OR a", 0, 1, "應有要找的字詞", "expected a word or a condition"},
    {"登入 AND OR x", 11, 8, "應有要找的字詞", "expected a word or a condition"},
    {"NOT", 3, 4, "應有要找的字詞", "expected a word or a condition"},
    {"-AND", 1, 2, "應有要找的字詞", "expected a word or a condition"},
    {"()", 1, 2, "應有要找的字詞", "expected a word or a condition"},
    {"a (b OR c", 2, 3, "缺少 )", "has no ) behind it"},
    {"a) b", 1, 2, "沒有對應的 (", "has no ( before it"},
    {"- a", 0, 1, "應緊接要排除的字詞", "right after -"},
    {"--force", 0, 1, "應緊接要排除的字詞", "right after -"},
    {"登入 \"失敗", 7, 4, "引號沒有結尾", "quote has no end"},
    {"\"\"", 0, 1, "引號內沒有文字", "nothing between the quotes"},
    {R"("C:\Windows")", 3, 4, R"(請寫成 \\)", R"(within quotes as \\)"},
    {R"("\x4")", 1, 2, R"(請寫成 \\)", R"(within quotes as \\)"},
    {"a\"b\"", 1, 2, "應有空格", "expected a space"},
    {"\"b\"a", 3, 4, "應有空格", "expected a space"},
    {"pam_unix(sshd", 8, 9, "應有空格", "expected a space"},
    {"(a)(b)", 3, 4, "應有空格", "expected a space"},
    {"deni*", 4, 5, "字詞不必加 *", "words need no *"},
    {"user:", 5, 6, "冒號後面應有值", "expected a value after the colon"},
    {"user:(a OR b)", 5, 6, "值不能用括號", "a value has no parentheses"},
    {"user:a*b", 6, 7, "只能在值的結尾", "only at the end of a value"},
    {"user:a\"b\"", 6, 7, "應有空格", "expected a space"},
    {"time:>5", 0, 1, "時間不寫在查詢裡", "the time is not part of the query"},
    {"n:>", 3, 4, "應為數字", "expected a number"},
    {"n:>=1k", 4, 5, "應為數字", "expected a number"},
    {"n:nan..1", 2, 3, "應為數字", "expected a number"},
    {"n:1..inf", 5, 6, "應為數字", "expected a number"},
    {"n:..", 4, 5, "應為數字", "expected a number"},
    {"n:5..4", 5, 6, "上限小於下限", "ends below its beginning"},
    {"ip:10.0.0.0/33", 12, 13, "前綴長度 0–32", "from 0 to 32"},
    {"ip:10.0.0.0/", 12, 13, "前綴長度 0–32", "from 0 to 32"},
    {"ip:2001:db8::/129", 14, 15, "前綴長度 0–128", "from 0 to 128"},
    {"/abc", 0, 1, "沒有結尾的 /", "has no / at its end"},
    {"/abc\\/", 0, 1, "沒有結尾的 /", "has no / at its end"},
    {"/abc\\", 0, 1, "沒有結尾的 /", "has no / at its end"},
    {"path:/etc/passwd", 10, 11, "路徑請加引號", "put a path in quotes"},
    {"http://host", 5, 6, "正規表示式是空的", "the regular expression is empty"},
    {"登 /a(b/", 5, 4, "缺少 )", "a ) is missing"},
    {"/x**/", 2, 3, "重複符號不能連用", "can't follow each other"},
    {"/ab[z-a]/", 4, 5, "範圍不正確", "the range in brackets is wrong"},
    {"/a[登入]/", 3, 4, "方括號內只能寫 ASCII", "only ASCII characters fit in brackets"},
    {"/a\\登/", 2, 3, "不需要反斜線", "needs no backslash"},
    {"/(?=x)/", 1, 2, "不支援", "not supported"},
    {"/((a{100}){100}){100}/", 4, 5, "超過 1000", "over 1000"},
    {'/' + Repeat(".{1000}", 500) + '/', 1, 2, "太大", "too large"},
    {"a \xa4\x40", 2, 3, "不是 UTF-8", "not UTF-8"},
    {std::string("a\0b", 3), 1, 2, "控制字元", "control characters"},
};

TEST(QueryErrors, SayWhereAndWhatWasExpectedInBothLanguages) {
    for (const Refused& refused : kRefused) {
        SCOPED_TRACE(refused.typed.substr(0, 40));
        Place place;
        const auto query = ParseQuery(refused.typed, &place);
        ASSERT_FALSE(query.ok());
        EXPECT_EQ(query.error().code, ErrorCode::kInvalidInput);
        EXPECT_EQ(place.byte, refused.byte);
        EXPECT_EQ(place.column, refused.column);
        const Text& text = query.error().caller_text;
        EXPECT_THAT(text.zh, ::testing::HasSubstr(refused.zh));
        EXPECT_THAT(text.zh, ::testing::HasSubstr(fmt::format("第 {} 個字元", refused.column)));
        EXPECT_THAT(text.en, ::testing::HasSubstr(refused.en));
        EXPECT_THAT(text.en,
                    ::testing::HasSubstr(fmt::format("Column {} of the query (byte offset {})", refused.column, refused.byte)));
    }
}

TEST(QueryLimits, AcceptExactlyTheLimitAndRefuseOneMore) {
    const auto parentheses = [](int depth) { return Repeat("(", depth) + "a" + Repeat(")", depth); };
    const std::pair<std::string, std::string> at_and_over[] = {
        {std::string(kMaxQueryBytes, 'a'), std::string(kMaxQueryBytes + 1, 'a')},
        {parentheses(kMaxDepth), parentheses(kMaxDepth + 1)},
        {Repeat("NOT ", kMaxDepth) + "a", Repeat("NOT ", kMaxDepth + 1) + "a"},
        {Repeat("a ", kMaxTerms), Repeat("a ", kMaxTerms + 1)},
        {Repeat("/a/ ", kMaxRegexes), Repeat("/a/ ", kMaxRegexes + 1)},
    };
    for (const auto& [at, over] : at_and_over) {
        SCOPED_TRACE(at.substr(0, 20));
        EXPECT_TRUE(ParseQuery(at).ok());
        const auto refused = ParseQuery(over);
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
    }
}

TEST(QueryLimits, CountTheCanonicalFormToo) {
    // A raw tab is one byte as typed and two as it is written.
    const std::string typed = '"' + std::string(kMaxQueryBytes - 2, '\t') + '"';
    const auto refused = ParseQuery(typed);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
}

TEST(QueryLimits, CountSiblingsNotAsDepth) {
    EXPECT_TRUE(ParseQuery(Repeat("(a) ", kMaxTerms)).ok());
    EXPECT_TRUE(ParseQuery(Repeat("NOT a ", kMaxTerms)).ok());
}

}  // namespace
}  // namespace opsteward::vault::query
