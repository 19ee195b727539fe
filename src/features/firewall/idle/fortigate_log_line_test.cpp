#include "features/firewall/idle/fortigate_log_line.hpp"

#include <gtest/gtest.h>

namespace opsteward::firewall {
namespace {

constexpr std::string_view kUuid = "5e2bd1a6-1f0e-51ec-9a4b-9c2f1c1f3c77";

TEST(FortigateLogLine, GivesRuleAndTime) {
    const auto read = ReadFortigateLogLine(
        R"(<189>date=2026-11-27 time=10:00:05 devname="fw" devid="FG100F0000000001" eventtime=1795744805123456789 tz="+0800" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=10.1.1.1 action="accept" policyid=17 policytype="policy" poluuid="5e2bd1a6-1f0e-51ec-9a4b-9c2f1c1f3c77" sentbyte=1)");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, (FortigateLogHit{"FG100F0000000001", "root", std::string(kUuid), "policy", "17", {1'795'744'805, false}}));
    EXPECT_EQ(read->Key(), "FG100F0000000001|root|5e2bd1a6-1f0e-51ec-9a4b-9c2f1c1f3c77");
}

TEST(FortigateLogLine, TheSameWithoutBlanksIsTheSame) {
    const auto with = ReadFortigateLogLine(
        R"(date=2026-11-27 time=10:00:05 devid="A" eventtime=1795744805 logid="0000000020" type="traffic" vd="root" srcip=10.1.1.1 srcport=5000 action=accept policyid=17 policytype="policy")");
    const auto without = ReadFortigateLogLine(
        R"(date=2026-11-27time=10:00:05devid="A"eventtime=1795744805logid="0000000020"type="traffic"vd="root"srcip=10.1.1.1srcport=5000action=acceptpolicyid=17policytype="policy")");
    ASSERT_TRUE(with.has_value());
    EXPECT_TRUE(with->hit.is_statistic);
    EXPECT_EQ(with->Key(), "A|root|policy|17");
    EXPECT_EQ(with, without);
}

TEST(FortigateLogLine, TimesAreReadInEveryFormThatThereIs) {
    const auto time = [](std::string_view fields) {
        const auto read = ReadFortigateLogLine("type=traffic policyid=1 " + std::string(fields));
        return read ? read->hit.time : -1;
    };
    EXPECT_EQ(time("eventtime=1795744805"), 1'795'744'805);
    EXPECT_EQ(time("eventtime=1795744805123"), 1'795'744'805);
    EXPECT_EQ(time("eventtime=1795744805123456"), 1'795'744'805);
    EXPECT_EQ(time("eventtime=1795744805123456789"), 1'795'744'805);
    EXPECT_EQ(time("date=2026-11-27 time=10:00:05"), 1'795'744'805);
    EXPECT_EQ(time(R"(date=2026-11-27 time=10:00:05 tz="+0800")"), 1'795'744'805);
    EXPECT_EQ(time(R"(date=2026-11-27 time=02:00:05 tz="+0000")"), 1'795'744'805);
    EXPECT_EQ(time(R"(date=2026-11-26 time=22:30:05 tz="-0330")"), 1'795'744'805);
    for (const std::string_view bad : {"", "eventtime=x", "date=2026-02-30 time=10:00:05", "date=2026-11-27 time=25:00:00", "date=2026-11-27", "eventtime=0"})
        EXPECT_EQ(time(bad), -1) << bad;
}

TEST(FortigateLogLine, OtherLinesAreNone) {
    for (const std::string_view line : {"", "hello", "=", "type=event policyid=3 eventtime=1795744805", "type=traffic eventtime=1795744805",
                                        R"(user="type=traffic policyid=3" eventtime=1795744805)"}) {
        EXPECT_FALSE(ReadFortigateLogLine(line).has_value()) << line;
    }
}

TEST(FortigateLogLine, AUuidOfZerosIsNone) {
    const auto read = ReadFortigateLogLine(R"(type=traffic policyid=0 policytype=policy poluuid="00000000-0000-0000-0000-000000000000" eventtime=1795744805)");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->Key(), "||policy|0");
}

TEST(FortigateLogLine, TakesAMebibyteOfAnything) {
    for (const std::string_view part : {"a", "=", "a=1", "\"", "a=\"", "\\", " a=b", "a=\"\\", "policyid=1"}) {
        std::string line = "type=traffic ";
        while (line.size() < (1U << 20U)) line += part;
        (void)ReadFortigateLogLine(line);
    }
}

}  // namespace
}  // namespace opsteward::firewall
