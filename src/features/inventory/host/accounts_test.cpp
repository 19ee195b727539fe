#include <gtest/gtest.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "features/inventory/host/account_files.hpp"

namespace opsteward::inventory::host {
namespace {

const Instant kNow = ParseRfc3339("2026-10-22T04:00:00Z").value();  // day 20748

AccountSources Sources(std::string_view passwd) {
    AccountSources sources;
    sources.passwd = ParsePasswd(passwd);
    sources.sudoers = Sudoers{};
    sources.has_login_key = [](const PasswdEntry&) { return std::optional(false); };
    return sources;
}

Account One(const AccountSources& sources) {
    const auto accounts = JoinAccounts(sources, kNow);
    EXPECT_EQ(accounts.size(), 1u);
    return accounts.empty() ? Account{} : accounts.front();
}

TEST(Shadow, SaysWhetherAnAccountCanBeOpened) {
    struct Case {
        const char* line;
        std::optional<bool> is_enabled;
    };
    for (const Case& each : {
             Case{"a:$y$j9T$salt$hash:19700:0:99999:7:::", true},
             Case{"a:$6$salt$hash:19700:0:99999:7:::", true},
             Case{"a::19700:0:99999:7:::", true},  // no password at all opens it too
             Case{"a:!:19700:0:99999:7:::", false},
             Case{"a:!!:19700:0:99999:7:::", false},
             Case{"a:*:19700:0:99999:7:::", false},
             Case{"a:!*:19700:0:99999:7:::", false},
             Case{"a:!$y$j9T$salt$hash:19700:0:99999:7:::", false},
             Case{"a:$6$salt$hash:19700:0:99999:7::20747:", false},  // expired yesterday
             Case{"a:$6$salt$hash:19700:0:99999:7::20748:", false},
             Case{"a:$6$salt$hash:19700:0:99999:7::20749:", true},
             Case{"a:$6$salt$hash:19700:0:99999:7::1:", false},
             Case{"a:$6$salt$hash:19700:0:99999:7::0:", false},
             Case{"a:$6$salt$hash:19700:0:99999:7::-1:", true},
             Case{"a:$6$salt$hash:19700:0:99999:7::soon:", true},
             Case{"b:$6$salt$hash:19700:0:99999:7:::", false},  // no line of its own
             Case{"a:$6$salt$hash", false},                     // cut: no line either
             Case{"", false},
         }) {
        AccountSources sources = Sources("a:x:1000:1000::/home/a:/bin/sh\n");
        sources.shadow = ParseShadow(each.line);
        EXPECT_EQ(One(sources).is_enabled, each.is_enabled) << each.line;
    }
}

TEST(Shadow, WithoutItOnlyAPasswordInPasswdIsKnown) {
    struct Case {
        const char* field;
        std::optional<bool> is_enabled;
    };
    for (const Case& each : {Case{"x", std::nullopt}, Case{"", true}, Case{"$1$salt$hash", true}, Case{"*", false}}) {
        EXPECT_EQ(One(Sources(std::string("a:") + each.field + ":1000:1000::/home/a:/bin/sh\n")).is_enabled,
                  each.is_enabled)
            << each.field;
    }
}

TEST(Shadow, AKeyOpensAnAccountWithoutAPassword) {
    struct Case {
        const char* shell;
        std::optional<bool> has_key;
        const char* expires;
        std::optional<bool> is_enabled;
    };
    for (const Case& each : {Case{"/bin/sh", true, "", true}, Case{"/bin/sh", false, "", false},
                             Case{"/bin/sh", std::nullopt, "", std::nullopt},
                             Case{"/usr/sbin/nologin", true, "", false}, Case{"/bin/sh", true, "20000", false}}) {
        AccountSources sources = Sources(std::string("a:x:1000:1000::/home/a:") + each.shell);
        sources.shadow = ParseShadow(std::string("a:!:19700:0:99999:7::") + each.expires + ":");
        sources.has_login_key = [&](const PasswdEntry& entry) {
            EXPECT_EQ(entry.home, "/home/a");
            return each.has_key;
        };
        EXPECT_EQ(One(sources).is_enabled, each.is_enabled) << each.shell << each.expires;
    }
}

TEST(Passwd, PassesOverWhatIsNoAccount) {
    const auto entries = ParsePasswd(
        "root:x:0:0:root:/root:/bin/bash\n\n# "
        "note:x:1:1:::\n+::::::\n-nobody::::::\n:x:1:1:::\nshort:x:1\nlong:x:1:1:::/bin/sh:more\n"
        "word:x:one:1:::/bin/sh\nempty:x:5:5:::\r\nlast:x:1000:1000::/home/last:/bin/sh");
    ASSERT_EQ(entries.size(), 3u);
    EXPECT_EQ(entries[0].name, "root");
    EXPECT_EQ(entries[1].name, "empty");
    EXPECT_EQ(entries[1].shell, "/bin/sh");
    EXPECT_EQ(entries[2].name, "last");
}

TEST(Passwd, AShellThatOnlyRefusesIsNoLogin) {
    for (const char* shell :
         {"/usr/sbin/nologin", "/sbin/nologin", "/bin/false", "/usr/bin/true", "/bin/sync", "/dev/null"}) {
        EXPECT_FALSE(One(Sources(std::string("a:x:1:1:::") + shell)).can_login) << shell;
    }
    for (const char* shell : {"", "/bin/bash", "/usr/bin/git-shell", "/opt/nologin/bin/sh"}) {
        EXPECT_TRUE(One(Sources(std::string("a:x:1:1:::") + shell)).can_login) << shell;
    }
}

TEST(Accounts, GroupsAreThoseItIsListedInAndItsFirst) {
    AccountSources sources = Sources("a:x:1000:50::/home/a:/bin/sh\n");
    sources.groups = ParseGroup("users:x:100:b,a\nstaff:x:50:\nz:x:7: a \nbroken\nbad:x:no:a\n");
    EXPECT_EQ(One(sources).groups, "staff, users, z");
}

TEST(Accounts, ARepeatedNameCountsOnceAsTheSystemLooksItUp) {
    const auto accounts = JoinAccounts(Sources("a:x:1000:1:::/bin/sh\na:x:0:0:::/bin/sh\n"), kNow);
    ASSERT_EQ(accounts.size(), 1u);
    EXPECT_EQ(accounts[0].uid, 1000);
}

TEST(Accounts, ArePrivilegedByNumberGroupOrSudoers) {
    struct Case {
        const char* uid;
        const char* group;
        const char* sudoers;  ///< nullptr: not readable
        std::optional<bool> is_privileged;
    };
    for (const Case& each : {
             Case{"0", "users", "", true},
             Case{"0", "users", nullptr, true},
             Case{"1000", "users", "", false},
             Case{"1000", "users", nullptr, std::nullopt},
             Case{"1000", "sudo", nullptr, true},
             Case{"1000", "wheel", "", true},
             Case{"1000", "adm", "", true},
             Case{"1000", "docker", "", true},
             Case{"1000", "administrators", "", false},
             Case{"1000", "users", "a ALL=(ALL) ALL\n", true},
             Case{"1000", "users", "b ALL=(ALL) ALL\n", false},
         }) {
        AccountSources sources = Sources(std::string("a:x:") + each.uid + ":50:::/bin/sh\n");
        sources.groups = ParseGroup(std::string(each.group) + ":x:60:a\n");
        sources.sudoers.reset();
        if (each.sudoers) AddSudoers(each.sudoers, sources.sudoers.emplace());
        EXPECT_EQ(One(sources).is_privileged, each.is_privileged) << each.uid << each.group;
    }
}

bool Names(std::string_view text) {
    Sudoers sudoers;
    AddSudoers(text, sudoers);
    const std::set<std::string> groups = {"ops"};
    const std::set<std::int64_t> gids = {2000};
    return IsNamedInSudoers(sudoers, {.name = "alice", .uid = 1000, .groups = groups, .gids = gids});
}

TEST(Sudoers, FindsEveryWayOfNamingAUser) {
    for (const char* text : {
             "alice ALL=(ALL:ALL) ALL",
             "alice\tALL = NOPASSWD: /bin/ls",
             "bob, alice ALL=ALL",
             "bob,alice ALL=ALL",
             "bob ,alice ALL=ALL",
             "%ops ALL=(ALL) ALL",
             "%#2000 ALL=ALL",
             "#1000 ALL=ALL",
             "ALL ALL=ALL",
             "\"alice\" ALL=ALL",
             "User_Alias A = bob, alice\nA ALL=ALL",
             "A ALL=ALL\nUser_Alias X = y : A = %ops",
             "User_Alias A = B\nUser_Alias B = alice\nA ALL=ALL",
             "bob, \\\n  alice \\\n ALL=ALL",
             "alice ALL=ALL # why",
             "Defaults:alice !requiretty\nalice h=(x) /bin/true",
         }) {
        EXPECT_TRUE(Names(text)) << text;
    }
}

TEST(Sudoers, NamesNobodyElse) {
    for (const char* text : {
             "",
             "# alice ALL=ALL",
             "bob ALL=ALL",
             "bob alice=ALL",
             "Defaults:alice env_reset",
             "User_Alias A = alice",
             "Cmnd_Alias alice = /bin/ls",
             "Host_Alias alice = h",
             "Runas_Alias alice = root",
             "!alice ALL=ALL",
             "%alice ALL=ALL",
             "#10 ALL=ALL",
             "%#20 ALL=ALL",
             "alicex ALL=ALL",
             "alice",
             "User_Alias A = B\nUser_Alias B = A\nA ALL=ALL",
             "+alice ALL=ALL",
         }) {
        EXPECT_FALSE(Names(text)) << text;
    }
}

TEST(Sudoers, GivesItsIncludes) {
    Sudoers sudoers;
    AddSudoers(
        "@include /etc/a\n#include b\n@includedir \"/etc/sudoers.d\"\n#includedir /x\n# include c\n#included d\n",
        sudoers);
    EXPECT_EQ(sudoers.files, (std::vector<std::string>{"/etc/a", "b"}));
    EXPECT_EQ(sudoers.folders, (std::vector<std::string>{"/etc/sudoers.d", "/x"}));
    EXPECT_TRUE(IsSudoersName("90-cloud") && !IsSudoersName("a.bak") && !IsSudoersName("a~"));
}

}  // namespace
}  // namespace opsteward::inventory::host
