// Where a copy lies, as people write it: nothing that was meant for another machine becomes a folder of this one.
#include "cli/logs/copy_place.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace opsteward::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(CopyPlace, IsAFolderOrAPathOnAnotherMachine) {
    struct Case {
        std::string_view address;
        std::string user, host;
        std::uint16_t port;
        std::string folder, text;
    };
    const Case cases[] = {
        {"/mnt/copy/", "", "", 0, "/mnt/copy", "/mnt/copy"},
        {"copies/vault", "", "", 0, "copies/vault", "copies/vault"},
        {"./with:colon", "", "", 0, "./with:colon", "./with:colon"},
        {"ssh://backup.example/srv/vault", "", "backup.example", 22, "/srv/vault", "ssh://backup.example/srv/vault"},
        {"ssh://ops@backup.example:2222/srv/vault/", "ops", "backup.example", 2222, "/srv/vault", "ssh://ops@backup.example:2222/srv/vault"},
        {"ssh://ops@[2001:db8::7]:2222/vault", "ops", "2001:db8::7", 2222, "/vault", "ssh://ops@[2001:db8::7]:2222/vault"},
        {"ssh://[::1]/vault", "", "::1", 22, "/vault", "ssh://[::1]/vault"},
        {"ssh://ops@backup.example/~/vault", "ops", "backup.example", 22, "vault", "ssh://ops@backup.example/~/vault"},
    };
    for (const Case& wanted : cases) {
        const auto place = CopyPlace::Parse(wanted.address);
        ASSERT_TRUE(place.ok()) << wanted.address << ": " << place.error().operator_text;
        EXPECT_EQ(place->folder, wanted.folder);
        EXPECT_EQ(place->ToText(), wanted.text);
        ASSERT_EQ(place->machine.has_value(), !wanted.host.empty()) << wanted.address;
        if (!place->machine) continue;
        EXPECT_EQ(place->machine->user, wanted.user);
        EXPECT_EQ(place->machine->host, wanted.host);
        EXPECT_EQ(place->machine->port, wanted.port);
    }
}

TEST(CopyPlace, IsRefusedWhereItIsMistakenAndNoPasswordIsRepeated) {
    const std::string_view mistaken[] = {
        "", "backup.example:/srv/vault", "ops@backup.example:vault", "s3://bucket/vault", "sftp://host/vault", "SSH://host/vault", "ssh://", "ssh:///vault", "ssh://host",
        "ssh://host/", "ssh://host/~", "ssh://host/~/", "ssh://host:/vault", "ssh://host:0/vault", "ssh://host:65536/vault", "ssh://host:22x/vault", "ssh://[::1/vault",
        "ssh://[::1]22/vault", "ssh://@host/vault", "ssh://-oProxyCommand=x/vault", "ssh://ho st/vault", "ssh://ops:hunter2@host/vault",
    };
    for (const std::string_view address : mistaken) {
        const auto place = CopyPlace::Parse(address);
        ASSERT_FALSE(place.ok()) << address;
        EXPECT_EQ(place.error().code, ErrorCode::kInvalidInput);
        EXPECT_THAT(place.error().operator_text, Not(HasSubstr("hunter2")));
    }
}

}  // namespace
}  // namespace opsteward::cli
