#include "platform/console/procedure/icalendar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"

namespace opsteward::console::compliance {
namespace {

Instant Stamp() { return FromMillis(1'754'373'787'123); }  // 2025-08-05T06:03:07.123Z

TEST(Calendar, IsAsItIsWrittenDown) {
    const CalendarEvent event{"duty-7@is-02-008.opsteward",
                              Date(std::chrono::year(2025) / 8 / 31),
                              "[待完成] 清查帳號與權限（資訊室）",
                              "列出每個系統與設備的帳號; 記下系統, 帳號數\n主責：系統管理人員",
                              "待完成",
                              "https://ops.example.gov.tw:8443/duties/7",
                              Stamp()};
    EXPECT_EQ(CalendarText("IS-02-008 定期工作", std::vector{event}, Language::kZhHant),
              "BEGIN:VCALENDAR\r\n"
              "VERSION:2.0\r\n"
              "PRODID:-//Opsteward//Opsteward//ZH\r\n"
              "CALSCALE:GREGORIAN\r\n"
              "NAME:IS-02-008 定期工作\r\n"
              "X-WR-CALNAME:IS-02-008 定期工作\r\n"
              "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
              "X-PUBLISHED-TTL:PT1H\r\n"
              "BEGIN:VEVENT\r\n"
              "UID:duty-7@is-02-008.opsteward\r\n"
              "DTSTAMP:20250805T060307Z\r\n"
              "DTSTART;VALUE=DATE:20250831\r\n"
              "DTEND;VALUE=DATE:20250901\r\n"
              "SUMMARY:[待完成] 清查帳號與權限（資訊室）\r\n"
              "DESCRIPTION:列出每個系統與設備的帳號\\; 記下系統\\, 帳號數\r\n"
              " \\n主責：系統管理人員\r\n"
              "CATEGORIES:待完成\r\n"
              "URL:https://ops.example.gov.tw:8443/duties/7\r\n"
              "TRANSP:TRANSPARENT\r\n"
              "END:VEVENT\r\n"
              "END:VCALENDAR\r\n");
}

TEST(Calendar, FoldsAt75OctetsAndKeepsCharactersWhole) {
    for (std::size_t ascii = 0; ascii < 8; ++ascii) {
        std::string line(ascii, 'x');
        for (int i = 0; i < 90; ++i) line += i % 7 == 0 ? "𠮷" : "稽";
        const std::string folded = FoldedLine(line);
        std::string unfolded;
        ASSERT_TRUE(folded.ends_with("\r\n"));
        bool is_first = true;
        for (std::string_view rest = folded; !rest.empty();) {
            const auto end = rest.find("\r\n");
            const std::string_view piece = rest.substr(0, end);
            EXPECT_LE(piece.size(), 75U);
            EXPECT_TRUE(IsValidUtf8(piece)) << piece;
            if (!is_first) {
                EXPECT_EQ(piece.front(), ' ');
            }
            unfolded += is_first ? piece : piece.substr(1);
            is_first = false;
            rest.remove_prefix(end + 2);
        }
        EXPECT_EQ(unfolded, line);
    }
}

TEST(Calendar, FoldsOnlyWhatIsTooLong) {
    EXPECT_EQ(FoldedLine(std::string(75, 'a')), std::string(75, 'a') + "\r\n");
    EXPECT_EQ(FoldedLine(std::string(76, 'a')), std::string(75, 'a') + "\r\n a\r\n");
    EXPECT_EQ(FoldedLine(std::string(75 + 74 + 1, 'a')), std::string(75, 'a') + "\r\n " + std::string(74, 'a') + "\r\n a\r\n");
}

TEST(Calendar, EscapesWhatSeparatesValues) {
    EXPECT_EQ(EscapedText("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne");
    EXPECT_EQ(EscapedText("line\r\nEND:VEVENT"), "line\\nEND:VEVENT");
    EXPECT_EQ(EscapedText(std::string("bell\x07 and \xFF", 11)), "bell and \xEF\xBF\xBD");
}

}  // namespace
}  // namespace opsteward::console::compliance
