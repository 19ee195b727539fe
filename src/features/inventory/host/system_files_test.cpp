// Names and ends of releases, logs, and reading files at all.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil_time.hpp"
#include "features/inventory/host/host_files.hpp"
#include "features/inventory/host/journal_files.hpp"
#include "features/inventory/host/os_release.hpp"
#include "features/inventory/host/release_life.hpp"
#include "features/inventory/host/syslog_line.hpp"
#include "features/inventory/host/testing/machine_folder.hpp"

namespace opsteward::inventory::host {
namespace {

using namespace std::string_literals;

std::string Show(const std::optional<Instant>& instant) {
    return instant ? FormatRfc3339(*instant) : "-";
}

TEST(OsRelease, UnquotesAsTheShellDoes) {
    const OsRelease release = ParseOsRelease(
        "PRETTY_NAME=\"A \\\"quoted\\\" name\"\nNAME='single \\ quote'\nVERSION_ID=12 "
        "\nVERSION_CODENAME=book\\worm\nID=debian\nno equals\n");
    EXPECT_EQ(release.name, "A \"quoted\" name");
    EXPECT_EQ(release.version, "12");
    EXPECT_EQ(release.codename, "bookworm");
    EXPECT_EQ(release.id, "debian");
    EXPECT_EQ(ParseOsRelease("NAME='single'\n").name, "single");
}

TEST(OsRelease, AnEmptyFileIsSomeLinux) {
    const OsRelease release = ParseOsRelease("");
    EXPECT_EQ(release.id, "linux");
    EXPECT_EQ(release.name, "Linux");
    EXPECT_EQ(release.version, "");
}

TEST(ReleaseLife, EndsWithTheLastFreeSupport) {
    struct Case {
        const char* os_id;
        const char* codename;
        const char* end;
    };
    for (const Case& each :
         {Case{"debian", "bullseye", "2026-09-01T00:00:00.000Z"},
          Case{"debian", "bookworm", "2028-07-01T00:00:00.000Z"}, Case{"debian", "trixie", "2030-07-01T00:00:00.000Z"},
          Case{"ubuntu", "jammy", "2027-06-02T00:00:00.000Z"}, Case{"ubuntu", "noble", "2029-06-01T00:00:00.000Z"},
          Case{"debian", "jammy", "-"}, Case{"debian", "sid", "-"}, Case{"debian", "", "-"},
          Case{"alpine", "bookworm", "-"}}) {
        EXPECT_EQ(Show(EndOfLifeBuiltIn(each.os_id, each.codename)), each.end) << each.os_id << " " << each.codename;
    }
}

TEST(ReleaseLife, ReadsTheTableOfTheMachine) {
    const char* debian =
        "version,codename,series,created,release,eol,eol-lts,eol-elts\n12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-"
        "06-10,2028-06-30,2033-06-30\n14,Forky,forky,2025-08-09\n";
    EXPECT_EQ(Show(EndOfLifeFromTable(debian, "bookworm")), "2028-07-01T00:00:00.000Z");
    EXPECT_EQ(Show(EndOfLifeFromTable(debian, "forky")), "-");
    EXPECT_EQ(Show(EndOfLifeFromTable(debian, "absent")), "-");
    EXPECT_EQ(Show(EndOfLifeFromTable("version,series,eol\r\n1,jammy,2027-06-01\r\n", "jammy")),
              "2027-06-02T00:00:00.000Z");
    for (const char* table :
         {"", "series\njammy\n", "eol\n2027-06-01\n", "series,eol\njammy\n", "series,eol\njammy,soon\n",
          "series,eol\njammy,2027-02-30\n", "series,eol\njammy,2027-6-01x\n", "series,eol\njammy,\n"}) {
        EXPECT_EQ(Show(EndOfLifeFromTable(table, "jammy")), "-") << table;
    }
}

TEST(Journal, TellsItsFirstEntryByNameOrHead) {
    const auto name = [](std::uint64_t microseconds) {
        return fmt::format("system@0011223344556677889900aabbccddee-0000000000000001-{:016x}.journal", microseconds);
    };
    EXPECT_EQ(Show(FirstEntryFromName(name(1'776'000'000'123'456))), "2026-04-12T13:20:00.123Z");
    for (const std::string& other :
         {name(0), name(~0ULL), "system.journal"s, "system@x.journal"s, name(1'776'000'000'123'456) + "~"s, ""s}) {
        EXPECT_EQ(Show(FirstEntryFromName(other)), "-") << other;
    }
    std::string head = "LPKSHHRH" + std::string(184, '\0');
    head[184] = '\x40';
    head[185] = '\x42';
    head[186] = '\x0F';  // a million microseconds
    EXPECT_EQ(Show(FirstEntryFromHead(head)), "1970-01-01T00:00:01.000Z");
    EXPECT_EQ(Show(FirstEntryFromHead(head.substr(0, 191))), "-");
    EXPECT_EQ(Show(FirstEntryFromHead("x" + head)), "-");
    EXPECT_EQ(Show(FirstEntryFromHead("LPKSHHRH" + std::string(184, '\0'))), "-");
    EXPECT_EQ(Show(FirstEntryFromHead("LPKSHHRH" + std::string(184, '\xFF'))), "-");
}

TEST(Journal, TheLastStorageCounts) {
    EXPECT_EQ(ParseJournaldStorage("[Journal]\n#Storage=none\nStorage=auto\nStorage=Persistent\n"), "persistent");
    EXPECT_EQ(ParseJournaldStorage("[Other]\nStorage=none\n"), "");
}

TEST(SyslogLine, HasItsTimeInOneOfTwoForms) {
    const Instant written = ParseRfc3339("2026-03-01T00:00:00Z").value();
    struct Case {
        const char* line;
        const char* time;
    };
    for (const Case& each : {
             Case{"2026-02-22T08:36:01.123456+08:00 host x: y", "2026-02-22T00:36:01.123Z"},
             Case{"2026-02-22T08:36:01Z host", "2026-02-22T08:36:01.000Z"},
             Case{"Feb 28 08:36:01 host x: y", "2026-02-28T00:36:01.000Z"},
             Case{"Feb  1 08:36:01 host", "2026-02-01T00:36:01.000Z"},
             Case{"Oct 22 08:36:01 host", "2025-10-22T00:36:01.000Z"},  // not after it was written: the year before
             Case{"Feb 29 08:36:01 host", "2024-02-29T00:36:01.000Z"},
             Case{"Feb 30 08:36:01 host", "-"},
             Case{"Feb 28 24:36:01 host", "-"},
             Case{"Feb 28 08:36 host", "-"},
             Case{"Feb 0 08:36:01 host", "-"},
             Case{"2026-13-22T08:36:01Z host", "-"},
             Case{"garbage", "-"},
             Case{"", "-"},
         }) {
        EXPECT_EQ(Show(TimeOfSyslogLine(each.line, written)), each.time) << each.line;
    }
}

TEST(HostFiles, SayWhichFileCouldNotBeReadAndWhy) {
    const MachineFolder machine;
    const HostFiles files(machine.root());
    machine.Write("/a/file", "12345");
    EXPECT_EQ(files.Read("/a/file").value(), "12345");
    EXPECT_EQ(files.Read("/a/absent").error().caller_text.en, "There is no /a/absent.");
    EXPECT_EQ(files.Read("/a/file/below").error().code, ErrorCode::kNotFound);
    EXPECT_EQ(files.Read("/a").error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(files.Read("/a/file", 5).value(), "12345");
    const auto too_large = files.Read("/a/file", 4);
    ASSERT_EQ(too_large.error().code, ErrorCode::kTooLarge);
    EXPECT_EQ(too_large.error().caller_text.zh, "/a/file 超過 4 位元組的上限。");
    EXPECT_EQ(files.ReadHead("/a/file", 2).value(), "12");
}

TEST(HostFiles, NeverWaitForAFifoNorFollowALoop) {
    const MachineFolder machine;
    const HostFiles files(machine.root());
    ASSERT_EQ(::mkfifo(machine.OnDisk("/fifo").c_str(), 0600), 0);
    EXPECT_EQ(files.Read("/fifo").error().caller_text.en, "/fifo is not a regular file.");
    std::filesystem::create_symlink("loop", machine.OnDisk("/loop"));
    EXPECT_EQ(files.Read("/loop").error().caller_text.en, "The symbolic links of /loop form a loop.");
    EXPECT_EQ(files.LinkTarget("/loop").value(), "loop");
    EXPECT_FALSE(files.LinkTarget("/fifo").ok());
}

TEST(HostFiles, WhatMayNotBeReadIsForbidden) {
    MachineFolder machine;
    machine.Write("/secret", "x");
    machine.Write("/folder/file", "x");
    machine.Forbid("/secret");
    machine.Forbid("/folder");
    const WithoutRootRights unprivileged;
    const HostFiles files(machine.root());
    const auto secret = files.Read("/secret");
    ASSERT_FALSE(secret.ok());
    EXPECT_EQ(secret.error().code, ErrorCode::kForbidden);
    EXPECT_EQ(secret.error().caller_text.en, "The account this program runs as may not read /secret.");
    EXPECT_EQ(secret.error().caller_text.zh, "執行本程式的帳號無權讀取 /secret。");
    EXPECT_EQ(files.Read("/folder/file").error().code, ErrorCode::kForbidden);
    EXPECT_EQ(files.List("/folder").error().code, ErrorCode::kForbidden);
    EXPECT_EQ(files.Glob("/folder/*").error().code, ErrorCode::kForbidden);
}

TEST(HostFiles, ListAndGlobAreSortedAndBounded) {
    const MachineFolder machine;
    const HostFiles files(machine.root());
    for (const char* path : {"/d/b.conf", "/d/a.conf", "/d/.hidden.conf", "/d/c.txt"}) machine.Write(path, "");
    using Strings = std::vector<std::string>;
    EXPECT_EQ(files.List("/d").value(), (Strings{".hidden.conf", "a.conf", "b.conf", "c.txt"}));
    EXPECT_EQ(files.List("/d", 3).error().code, ErrorCode::kTooLarge);
    EXPECT_EQ(files.Glob("/d/*.conf").value(), (Strings{"/d/a.conf", "/d/b.conf"}));
    EXPECT_EQ(files.Glob("/absent/*").value(), Strings{});
    EXPECT_EQ(files.Glob("no slash").value(), Strings{});
}

}  // namespace
}  // namespace opsteward::inventory::host
