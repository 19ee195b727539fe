#include "platform/web/csv.hpp"

#include <gmock/gmock.h>

namespace opsteward::web {
namespace {

TEST(Csv, QuotesWhatWouldBreakALineAndDisarmsFormulas) {
    struct Case {
        std::string_view cell;
        std::string_view written;
    };
    const Case cases[] = {
        {"plain 文字", "plain 文字"},
        {"", ""},
        {"a,b", "\"a,b\""},
        {"say \"x\"", "\"say \"\"x\"\"\""},
        {"two\nlines", "\"two\nlines\""},
        {"=1+1", "'=1+1"},
        {"+886-2-1234", "'+886-2-1234"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"-cmd|'/c calc'!A0", "'-cmd|'/c calc'!A0"},
        {"\t=1", "'\t=1"},
        {"\r=1", "\"'\r=1\""},
        {"-12.5", "-12.5"},
        {"=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
    };
    for (const Case& test : cases) {
        EXPECT_EQ(CsvText({{std::string(test.cell), "end"}}), "\xEF\xBB\xBF" + std::string(test.written) + ",end\r\n") << test.cell;
    }
}

TEST(Csv, IsADownloadWithAName) {
    const net::Response response = CsvResponse("devices.csv", {{"a"}, {"b"}});
    EXPECT_EQ(response.headers.Get("Content-Type"), "text/csv; charset=utf-8");
    EXPECT_EQ(response.headers.Get("Content-Disposition"), "attachment; filename=\"devices.csv\"");
    EXPECT_EQ(response.body, "\xEF\xBB\xBF"
                             "a\r\nb\r\n");
}

}  // namespace
}  // namespace opsteward::web
