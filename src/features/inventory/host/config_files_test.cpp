// Settings of services: cron, systemd, OpenSSH, the services that keep a clock.
#include <gtest/gtest.h>

#include "features/inventory/host/clamav_files.hpp"
#include "features/inventory/host/cron_table.hpp"
#include "features/inventory/host/layered_files.hpp"
#include "features/inventory/host/sshd_config.hpp"
#include "features/inventory/host/systemd_units.hpp"
#include "features/inventory/host/testing/machine_folder.hpp"
#include "features/inventory/host/time_config.hpp"
#include "features/inventory/host/unit_file.hpp"

namespace opsteward::inventory::host {
namespace {

using Strings = std::vector<std::string>;

TEST(CronTable, ReadsLinesAsCronDoes) {
    struct Case {
        const char* line;
        bool has_user;
        const char* expected;  ///< schedule | user | program; "" when the line is passed over
    };
    for (const Case& each : {
             Case{"25 6 * * * root run-parts /etc/cron.daily", true, "25 6 * * *|root|run-parts"},
             Case{"*/5 0-6,8 1 jan-mar mon-FRI /usr/bin/x -v", false, "*/5 0-6,8 1 jan-mar mon-FRI||/usr/bin/x"},
             Case{"\t5\t4 * * *\troot\techo hi", true, "5 4 * * *|root|echo"},
             Case{"@reboot root /sbin/x", true, "@reboot|root|/sbin/x"},
             Case{"@daily /sbin/x", false, "@daily||/sbin/x"},
             Case{"0~59 3 * * * x", false, "0~59 3 * * *||x"},
             Case{"# 5 4 * * * root x", true, ""},
             Case{"PATH=/bin", true, ""},
             Case{"MAILTO = root@example.org x y z a b", true, ""},
             Case{"5 4 * * root", true, ""},
             Case{"5 4 * * * root", true, ""},
             Case{"5 4 * * $x root cmd", true, ""},
             Case{"@reboot", false, ""},
             Case{"hello", false, ""},
             Case{"", false, ""},
         }) {
        const auto entries = ParseCronTable(each.line, each.has_user);
        const std::string seen =
            entries.empty() ? "" : entries[0].schedule + "|" + entries[0].user_name + "|" + entries[0].program;
        EXPECT_EQ(seen, each.expected) << each.line;
    }
}

TEST(CronTable, KeepsTheProgramOfACommandAndNothingThatMayBeSecret) {
    struct Case {
        const char* command;
        const char* program;
    };
    for (const Case& each : {
             Case{"/usr/bin/backup --password=secret", "/usr/bin/backup"},
             Case{"backup", "backup"},
             Case{"cd / && run-parts --report /etc/cron.hourly", "run-parts"},
             Case{"test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }", "run-parts"},
             Case{"[ -x /usr/lib/php/sessionclean ] && if [ ! -d /run/systemd/system ]; then "
                  "/usr/lib/php/sessionclean; fi",
                  "/usr/lib/php/sessionclean"},
             Case{"command -v debian-sa1 > /dev/null && debian-sa1 1 1", "debian-sa1"},
             Case{"TOKEN=secret HOME=/x ./job", "./job"},
             Case{"exec /bin/job", "/bin/job"},
             Case{"( sleep 5; job )", "sleep"},
             Case{"bash /tmp/.x/run.sh secret", "/tmp/.x/run.sh"},
             Case{"/usr/bin/python3 /opt/report.py", "/opt/report.py"},
             Case{"bash -c 'curl http://user:secret@host'", "bash"},
             Case{"sh", "sh"},
             Case{"\"$(curl http://x)\" | sh", "sh"},
             Case{"$HOME/bin/x", "sh"},
             Case{"`x`", "sh"},
             Case{"test -x y", "sh"},
             Case{"/", "sh"},
             Case{"", "sh"},
         }) {
        EXPECT_EQ(ProgramOfCommand(each.command), each.program) << each.command;
    }
    EXPECT_EQ(ProgramOfCommand(std::string(300, 'x')), "sh");
}

TEST(UnitFile, JoinsLinesAndForgetsWhatAnEmptyValueResets) {
    const auto settings = ParseUnitFile(
        "stray=1\n[Timer]\n# note\n; note\nOnCalendar = daily\nOnCalendar=\nOnCalendar=Mon..Fri \\\n# between\n "
        "03:00\nno equals\n"
        "[Service]\nExecStart=-/usr/bin/x --flag=a=b\n[Timer]\nUnit=x.service\n[broken\nUnit=y.service");
    EXPECT_EQ(ListSetting(settings, "Timer", "OnCalendar"), Strings{"Mon..Fri  03:00"});
    EXPECT_EQ(LastSetting(settings, "Timer", "Unit"), "y.service");
    EXPECT_EQ(LastSetting(settings, "Service", "ExecStart"), "-/usr/bin/x --flag=a=b");
    EXPECT_EQ(LastSetting(settings, "Service", "OnCalendar"), "");
    EXPECT_EQ(LastSetting(settings, "", "stray"), "1");
}

TEST(UnitFile, ALineThatGoesOnAtTheEndOfTheFileIsDropped) {
    EXPECT_TRUE(ParseUnitFile("[A]\nx=1\\").empty());
    EXPECT_TRUE(ParseUnitFile("").empty());
}

TEST(UnitFile, TheProgramOfExecStartHasNoPrefixAndNoArguments) {
    struct Case {
        const char* value;
        const char* program;
    };
    for (const Case& each : {Case{"/usr/bin/x -a b", "/usr/bin/x"}, Case{"-/usr/bin/x", "/usr/bin/x"},
                             Case{"@/usr/bin/x argv0", "/usr/bin/x"}, Case{"+!!-/usr/bin/x", "/usr/bin/x"},
                             Case{"\"/usr/bin/x\" y", "/usr/bin/x"}, Case{"x", "x"}, Case{"-", ""}, Case{"", ""}}) {
        EXPECT_EQ(ProgramOfExecStart(each.value), each.program) << each.value;
    }
}

TEST(UnitFile, AnInstanceBelongsToItsTemplate) {
    EXPECT_EQ(TemplateOf("getty@tty1.service"), "getty@.service");
    EXPECT_EQ(TemplateOf("a@b.c.service"), "a@.service");
    EXPECT_EQ(TemplateOf("nginx.service"), "nginx.service");
    EXPECT_EQ(TemplateOf("odd.name@x"), "odd.name@x");
    EXPECT_EQ(TemplateOf(""), "");
}

TEST(LayeredFiles, TheAdministratorsComeFirstAndHideTheOthers) {
    const MachineFolder machine;
    machine.Write("/usr/lib/a.conf", "main of the distribution");
    machine.Write("/usr/lib/a.conf.d/10.conf", "hidden");
    machine.Write("/usr/lib/a.conf.d/30.conf", "third");
    machine.Write("/etc/a.conf.d/10.conf", "first");
    machine.Write("/run/a.conf.d/20.conf", "second");
    machine.Write("/etc/a.conf.d/note.txt", "not read");
    std::filesystem::create_symlink("/dev/null", machine.OnDisk("/etc/a.conf.d/25.conf"));
    const HostFiles files(machine.root());
    const auto file = ReadLayered(files, ConfigFolders(), "a.conf");
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE(file->has_main);
    EXPECT_EQ(file->texts, (Strings{"main of the distribution", "first", "second", "", "third"}));
    machine.Write("/etc/a.conf", "main of the administrator");
    EXPECT_EQ(ReadLayered(files, ConfigFolders(), "a.conf")->texts.front(), "main of the administrator");
    EXPECT_FALSE(ReadLayered(files, ConfigFolders(), "b.conf")->has_main);
}

TEST(SystemdUnits, StartWhenAnotherWantsThemAndTheyExist) {
    const MachineFolder machine;
    const auto wants = [&](std::string_view path) { machine.Write(path, ""); };
    machine.Write("/usr/lib/systemd/system/a.service", "[Service]\nUser=x\n");
    machine.Write("/usr/lib/systemd/system/b@.service", "[Service]\nUser=%i\n");
    machine.Write("/etc/systemd/system/a.service.d/more.conf", "[Service]\nUser=y\n");
    machine.Write("/usr/lib/systemd/system/unwanted.service", "[Service]\n");
    wants("/etc/systemd/system/multi-user.target.wants/a.service");
    wants("/etc/systemd/system/x.target.requires/b@1.service");
    wants("/etc/systemd/system/x.target.wants/gone.service");
    wants("/etc/systemd/system/x.target.wants/a.timer");
    const HostFiles files(machine.root());
    const SystemdUnits units(files);
    EXPECT_EQ(units.StartedUnits(".service").value(), (std::set<std::string>{"a.service", "b@1.service"}));
    EXPECT_EQ(LastSetting(**units.Read("a.service"), "Service", "User"), "y");
    EXPECT_EQ(LastSetting(**units.Read("b@1.service"), "Service", "User"), "%i");
    EXPECT_FALSE(units.Read("gone.service")->has_value());
    EXPECT_FALSE(units.IsMasked("a.service"));
    std::filesystem::create_symlink("/dev/null", machine.OnDisk("/etc/systemd/system/a.service"));
    EXPECT_TRUE(units.IsMasked("a.service"));
}

// --- sshd_config

SshdSettings Parse(std::string_view text, const std::map<std::string, Result<std::string>>& included = {}) {
    return ParseSshdConfig(text, [&](const std::string& pattern) {
        std::vector<Result<std::string>> texts;
        if (const auto found = included.find(pattern); found != included.end()) texts.push_back(found->second);
        return texts;
    });
}

std::string ValueOf(const SshdSettings& settings, std::string_view name) {
    for (const auto& setting : settings.settings) {
        if (setting.name == name) return setting.value.value_or("(unknown)");
    }
    return "(no such setting)";
}

TEST(SshdConfig, TheFirstValueCountsHoweverItIsWritten) {
    for (const char* text : {"PermitRootLogin no\nPermitRootLogin yes\n", "permitrootlogin NO", "PermitRootLogin=no",
                             "  PermitRootLogin = \"no\"  # why\n", "\tPermitRootLogin\tno\r\n",
                             "# PermitRootLogin yes\nPermitRootLogin no", "PermitRootLogin\nPermitRootLogin no"}) {
        EXPECT_EQ(ValueOf(Parse(text), "PermitRootLogin"), "no") << text;
    }
}

TEST(SshdConfig, WhatIsNotSetHasTheDefaultOfOpenSsh) {
    const SshdSettings settings = Parse("");
    EXPECT_EQ(ValueOf(settings, "PermitRootLogin"), "prohibit-password");
    EXPECT_EQ(ValueOf(settings, "PasswordAuthentication"), "yes");
    EXPECT_EQ(ValueOf(settings, "IgnoreRhosts"), "yes");
    EXPECT_EQ(ValueOf(settings, "Port"), "22");
    EXPECT_EQ(ValueOf(settings, "AllowUsers"), "");
    EXPECT_EQ(ValueOf(settings, "Ciphers").find("cbc"), std::string::npos);
    EXPECT_FALSE(settings.unknown);
}

TEST(SshdConfig, SomeSettingsGatherAndSomeAreKnownByAnOlderName) {
    const SshdSettings settings = Parse(
        "Port 22\nPort 2222\nAllowUsers alice Bob\nAllowUsers carol\nChallengeResponseAuthentication no\nProtocol 1\n"
        "PermitRootLogin without-password\nCiphers +3des-cbc\nLogLevel VERBOSE\n");
    EXPECT_EQ(ValueOf(settings, "Port"), "22 2222");
    EXPECT_EQ(ValueOf(settings, "AllowUsers"), "alice Bob carol");
    EXPECT_EQ(ValueOf(settings, "KbdInteractiveAuthentication"), "no");
    EXPECT_EQ(ValueOf(settings, "Protocol"), "2");
    EXPECT_EQ(ValueOf(settings, "PermitRootLogin"), "prohibit-password");
    EXPECT_EQ(ValueOf(settings, "Ciphers"), "+3des-cbc");
    EXPECT_EQ(ValueOf(settings, "LogLevel"), "VERBOSE");
}

TEST(SshdConfig, AMatchBlockIsCountedAndItsSettingsAreNot) {
    const SshdSettings settings =
        Parse("X11Forwarding yes\nMatch User x\n  X11Forwarding no\n  PermitRootLogin yes\nmatch all\nPort 99\n");
    EXPECT_EQ(settings.match_blocks, 2u);
    EXPECT_EQ(ValueOf(settings, "PermitRootLogin"), "prohibit-password");
    EXPECT_EQ(ValueOf(settings, "Port"), "22");
}

TEST(SshdConfig, IncludedFilesStandWhereTheyAreIncluded) {
    const std::map<std::string, Result<std::string>> included = {
        {"/etc/ssh/sshd_config.d/*.conf", std::string("PermitRootLogin no\nMatch User x\nPasswordAuthentication no\n")},
        {"/etc/ssh/more", std::string("UsePAM yes\n")}};
    const SshdSettings settings = Parse(
        "Include /etc/ssh/sshd_config.d/*.conf\nPermitRootLogin yes\nInclude \"more\" /etc/ssh/absent\nUsePAM no\n",
        included);
    EXPECT_EQ(ValueOf(settings, "PermitRootLogin"), "no");
    EXPECT_EQ(ValueOf(settings, "UsePAM"), "yes");
    EXPECT_EQ(ValueOf(settings, "PasswordAuthentication"), "yes");  // the block ends with the file it stands in
    EXPECT_EQ(settings.match_blocks, 1u);
}

TEST(SshdConfig, AfterAFileThatCannotBeReadNothingIsCertain) {
    const std::map<std::string, Result<std::string>> included = {
        {"/x", Error::Of(ErrorCode::kForbidden, "不可讀。", "Not readable.")}};
    const SshdSettings settings = Parse("PermitRootLogin no\nPort 5\nInclude /x\nX11Forwarding no\n", included);
    EXPECT_EQ(ValueOf(settings, "PermitRootLogin"), "no");
    EXPECT_EQ(ValueOf(settings, "X11Forwarding"), "(unknown)");
    EXPECT_EQ(ValueOf(settings, "Port"), "(unknown)");
    ASSERT_TRUE(settings.unknown);
    EXPECT_EQ(settings.unknown->en, "Not readable.");
}

TEST(SshdConfig, AFileThatIncludesItselfEnds) {
    const std::map<std::string, Result<std::string>> included = {
        {"/x", std::string("Include /x\nInclude /x\nPort 7\n")}};
    const SshdSettings settings = Parse("Include /x\n", included);
    ASSERT_TRUE(settings.unknown);
    EXPECT_EQ(settings.unknown->en, "sshd_config includes too many files, or one that includes itself.");
}

// --- Clocks

TEST(ChronyConfig, NamesSourcesAndWhereMoreOfItIs) {
    const ChronyConfig config = ParseChronyConfig(
        "# server no\n! pool no\nserver a iburst key 5\nPool b maxsources 4\npeer c\nrefclock PHC "
        "/dev/ptp0\nserver\nrefclock SHM\n"
        "include /etc/more.conf\nconfdir /etc/c.d /run/c.d\nsourcedir /etc/s.d\nrtcsync\nallow 10/8\n");
    EXPECT_EQ(config.sources, (Strings{"a", "b", "c", "refclock PHC /dev/ptp0"}));
    EXPECT_EQ(config.includes, Strings{"/etc/more.conf"});
    EXPECT_EQ(config.config_folders, (Strings{"/etc/c.d", "/run/c.d"}));
    EXPECT_EQ(config.source_folders, Strings{"/etc/s.d"});
    EXPECT_TRUE(config.tells_kernel);
    EXPECT_FALSE(ParseChronyConfig("#rtcsync\n").tells_kernel);
}

TEST(TimesyncdConfig, LaterFilesAddAndAnEmptyValueResets) {
    TimesyncdConfig config;
    AddTimesyncdConfig("[Time]\n#NTP=\n#FallbackNTP=0.debian.pool.ntp.org 1.debian.pool.ntp.org\n", true, config);
    EXPECT_TRUE(config.servers.empty());
    EXPECT_EQ(config.fallback, (Strings{"0.debian.pool.ntp.org", "1.debian.pool.ntp.org"}));
    AddTimesyncdConfig("[Other]\nNTP=x\n[Time]\nNTP=a b\nNTP=c\n#FallbackNTP=not this\n", false, config);
    EXPECT_EQ(config.servers, (Strings{"a", "b", "c"}));
    AddTimesyncdConfig("[Time]\nNTP=\nFallbackNTP=z\n", false, config);
    EXPECT_TRUE(config.servers.empty());
    EXPECT_EQ(config.fallback, Strings{"z"});
}

TEST(NtpConfig, NamesSourcesOfNtpAndOpenntpd) {
    EXPECT_EQ(
        ParseNtpConfig(
            "server a iburst\nserver -4 b\npool -6\npeer c # note\n#server d\nservers e\nsensor nmea0\nrestrict x\n"),
        (Strings{"a", "b", "c", "e", "nmea0"}));
}

// --- ClamAV

TEST(ClamavHeader, GivesVersionAndAge) {
    const auto database =
        ParseClamavHeader("ClamAV-VDB:22 Oct 2024 08-36 -0400:27435:2067:90:digest:sig:builder:1729600563   ");
    ASSERT_TRUE(database);
    EXPECT_EQ(database->version, "27435");
    EXPECT_EQ(ToMillis(*database->made_at), 1'729'600'563'000);
    EXPECT_FALSE(ParseClamavHeader("ClamAV-VDB:x:5")->made_at);
    EXPECT_FALSE(ParseClamavHeader("ClamAV-VDB:x:5:::::b:99999999999999")->made_at);
    for (const char* head :
         {"", "ClamAV-VDB:", "ClamAV-VDB:x", "ClamAV-VDB:x:y:", "ClamAV-VDB:x:-5:", "clamav-vdb:x:5:", "PK\x03\x04"}) {
        EXPECT_FALSE(ParseClamavHeader(head)) << head;
    }
}

TEST(ClamdConf, ScansOnAccessWhenAPathIsNamed) {
    EXPECT_TRUE(ConfiguresOnAccess("User clamav\nOnAccessIncludePath /srv\n"));
    EXPECT_TRUE(ConfiguresOnAccess("  OnAccessMountPath /\n"));
    EXPECT_FALSE(ConfiguresOnAccess("# OnAccessIncludePath /srv\nOnAccessIncludePath\nOnAccessExcludeUname clamav\n"));
}

}  // namespace
}  // namespace opsteward::inventory::host
