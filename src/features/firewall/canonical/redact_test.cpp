#include "features/firewall/canonical/redact.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "base/text.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/formats/secret_mark.hpp"

namespace opsteward::firewall {
namespace {

constexpr std::string_view kKey = "installation key";

/// Of eight bytes and more: what nobody would take for chance.
bool HoldsRunOf(std::string_view text, std::string_view secret) {
    static constexpr std::size_t kRun = 8;
    if (secret.size() < kRun) return text.find(secret) != std::string_view::npos;
    for (std::size_t i = 0; i + kRun <= secret.size(); ++i) {
        if (text.find(secret.substr(i, kRun)) != std::string_view::npos) return true;
    }
    return false;
}

/// "%" stands for the secret.
struct Place {
    Format format;
    std::string_view line;
};
constexpr Place kPlaces[] = {
    {Format::kFortigate, "config system admin\nedit a\nset password ENC SH2%\nnext\nend\n"},
    {Format::kFortigate, "config user local\nedit a\nset passwd ENC %\nnext\nend\n"},
    {Format::kFortigate, "config user local\nedit a\nset passwd %\nnext\nend\n"},
    {Format::kFortigate, "config user local\nedit a\nset passwd \"%\"\nnext\nend\n"},
    {Format::kFortigate, "config vpn ipsec phase1-interface\nedit a\nset psksecret \"a %\"\nnext\nend\n"},
    {Format::kFortigate, "config vpn ipsec phase1-interface\nedit a\nset auth-password-l1 %\nset passwd3 %\nnext\nend\n"},
    {Format::kFortigate, "config user radius\nedit a\nset secret %\nset secondary-secret %\nset rsso-secret %\nnext\nend\n"},
    {Format::kFortigate, "config user tacacs+\nedit a\nset key \"%\"\nnext\nend\n"},
    {Format::kFortigate, "config system snmp community\nedit 1\nset name \"%\"\nnext\nend\n"},
    {Format::kFortigate, "config system snmp user\nedit a\nset auth-pwd %\nset priv-pwd %\nnext\nend\n"},
    {Format::kFortigate, "config vdom\nedit root\nconfig system snmp community\nedit 1\nset name %\nnext\nend\nend\n"},
    {Format::kFortigate,
     "config vpn certificate local\nedit a\nset private-key \"-----BEGIN ENCRYPTED PRIVATE KEY-----\n%\n-----END ENCRYPTED PRIVATE KEY-----\"\nnext\nend\n"},
    {Format::kFortigate,
     "config vpn certificate local\nedit a\nset private-key \"-----BEGIN RSA PRIVATE KEY-----\n%\n-----END RSA PRIVATE KEY-----\"\nnext\nend\n"},
    {Format::kFortigate, "config vpn certificate local\nedit a\nset private-key \"-----BEGIN RSA PRIVATE KEY-----\n%\n"},  // cut off
    {Format::kFortigate, "config a\nset comment \"-----BEGIN EC PRIVATE KEY-----\n%\n-----END EC PRIVATE KEY-----\"\nend\n"},
    {Format::kFortigate, "config a\nset url \"https://user:%@192.0.2.1/\"\nend\n"},
    {Format::kFortigate, "#private-encryption-key=%\nconfig a\nend\n"},
    {Format::kFortigate, "config router bgp\nconfig neighbor\nedit 192.0.2.1\nset password %\nnext\nend\nend\n"},
    {Format::kFortigate, "config system ha\nset password ENC %\nend\n"},
    {Format::kAsa, "enable password % encrypted\n"},
    {Format::kAsa, "enable password $sha512$5000$%$% pbkdf2\n"},
    {Format::kAsa, "passwd % encrypted\n"},
    {Format::kAsa, "username admin password % encrypted privilege 15\n"},
    {Format::kAsa, "username admin privilege 15 secret 5 $1$salt$%\n"},
    {Format::kAsa, " key-string 7 %\n"},
    {Format::kAsa, "aaa-server TAC (inside) host 192.0.2.1\n key %\n"},
    {Format::kAsa, "aaa-server TAC (inside) host 192.0.2.1 % timeout 5\n"},
    {Format::kAsa, " ikev1 pre-shared-key %\n ikev2 remote-authentication pre-shared-key %\n"},
    {Format::kAsa, "crypto isakmp key % address 192.0.2.1\n"},
    {Format::kAsa, "snmp-server community %\n"},
    {Format::kAsa, "snmp-server host inside 192.0.2.1 community % version 2c\nsnmp-server host inside 192.0.2.1 %\n"},
    {Format::kAsa, "snmp-server user mon grp v3 auth sha % priv aes 128 %\n"},
    {Format::kAsa, " ospf message-digest-key 1 md5 %\nntp authentication-key 12 md5 %\n ospf authentication-key 0 %\n"},
    {Format::kAsa, "failover key %\nfailover key hex %\n ldap-login-password %\n"},
    {Format::kAsa, " neighbor 192.0.2.1 password 7 %\n"},
    {Format::kAsa, "wpa-psk ascii 0 %\n"},
    {Format::kPaloAlto, "<config><mgt-config><users><entry name=\"admin\"><phash>$1$ab$%</phash></entry></users></mgt-config></config>"},
    {Format::kPaloAlto, "<config><users><entry name=\"admin\"><phash>%</phash></entry></users></config>"},
    {Format::kPaloAlto, "<config><radius><server><entry name=\"r\"><secret>-AQ==%</secret></entry></server></radius></config>"},
    {Format::kPaloAlto, "<config><snmp-community-string>%</snmp-community-string><private-key>%</private-key><password\n>%</password></config>"},
    {Format::kPaloAlto, "<config><pre-shared-key><key>%</key></pre-shared-key></config>"},
    {Format::kPaloAlto, "<config a=\"><password>%</password></config>"},  // a damaged tag
    {Format::kPaloAlto, "<config><x password=\"%\"/></config>"},
    {Format::kPaloAlto,
     "set mgt-config users admin phash %\nset shared server-profile radius r server s secret -AQ==%\nset network ike gateway g authentication pre-shared-key "
     "key %\n"},
    {Format::kPaloAlto, "mgt-config {\n  users {\n    admin {\n      phash %;\n    }\n  }\n}\n"},
    {Format::kSrx, "set system root-authentication encrypted-password \"$6$ab$%\"\nset system login user a authentication plain-text-password-value \"%\"\n"},
    {Format::kSrx, "set security ike policy p pre-shared-key ascii-text \"$9$%\"\nset snmp community % authorization read-only\n"},
    {Format::kSrx,
     "system {\n    root-authentication {\n        encrypted-password \"%\"; ## SECRET-DATA\n    }\n}\nsnmp {\n    community % {\n        authorization "
     "read-only;\n    }\n}\n"},
    {Format::kSrx,
     "set system tacplus-server 192.0.2.1 secret \"%\"\nset protocols ospf area 0 interface a authentication md5 1 key \"%\"\nset x y \"%\" ## SECRET-DATA\n"},
    {Format::kOpnsense, "<opnsense><system><user><password>$2y$10$%</password><bcrypt-hash>%</bcrypt-hash><otp_seed>%</otp_seed></user></system></opnsense>"},
    {Format::kOpnsense,
     "<opnsense><ca><crt>public</crt><prv>%</prv></ca><ipsec><phase1><pre-shared-key>%</pre-shared-key></phase1></ipsec><tls>%</tls></opnsense>"},
    {Format::kOpnsense,
     "<opnsense><authserver><ldap_bindpw>%</ldap_bindpw><radius_secret><![CDATA[%]]></radius_secret></authserver><rocommunity>%</rocommunity></opnsense>"},
    {Format::kOpnsense,
     "<opnsense><server><privkey>%</privkey><privatekey>%</privatekey><apikeys><item><key>%</key><secret>%</secret></item></apikeys></server></opnsense>"},
    {Format::kOpnsense, "<opnsense><password>%"},  // cut off
    {Format::kCheckPoint, "{\"radius\": {\"shared-secret\": \"%\", \"name\": \"r\"}, \"password-hash\": \"%\", \"one-time-password\": \"%\"}"},
    {Format::kCheckPoint, "{\"pre-shared-key\": [\"%\", {\"x\": \"%\"}], \"community\" : \"%\", \"pin\": \"%"},
    {Format::kIptables, "-A INPUT -m comment --comment \"https://u:%@h/\" -j ACCEPT\n"},
    {Format::kNft, "{\"nftables\": [{\"comment\": \"-----BEGIN PRIVATE KEY-----%-----END PRIVATE KEY-----\"}]}"},
};

std::string WithSecret(std::string_view line, std::string_view secret) {
    std::string text;
    for (const char c : line) {
        if (c == '%') {
            text += secret;
        } else {
            text.push_back(c);
        }
    }
    return text;
}

TEST(Redact, NoRunOfAPlantedSecretSurvives) {
    static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/.";
    std::mt19937 random(20'261'127);
    for (const Place& place : kPlaces) {
        for (const std::size_t size : {9U, 16U, 44U, 88U}) {
            std::string secret;
            for (std::size_t i = 0; i < size; ++i) secret.push_back(kAlphabet[random() % kAlphabet.size()]);
            const std::string text = WithSecret(place.line, secret);
            const std::string redacted = Redact(place.format, text, kKey);
            EXPECT_FALSE(HoldsRunOf(redacted, secret)) << text << "\n" << redacted;
            EXPECT_NE(redacted, text);
        }
    }
}

TEST(Redact, AChangedSecretShowsAndTheSameOneDoesNot) {
    for (const Place& place : kPlaces) {
        const std::string one = Redact(place.format, WithSecret(place.line, "firstSecret0000000000"), kKey);
        const std::string again = Redact(place.format, WithSecret(place.line, "firstSecret0000000000"), kKey);
        const std::string other = Redact(place.format, WithSecret(place.line, "secondSecret000000000"), kKey);
        EXPECT_EQ(one, again);
        const bool is_comparable = one.find(kIncomparableSecret) == std::string::npos && !place.line.starts_with("#private");
        if (is_comparable) {
            EXPECT_NE(one, other) << place.line;
        }
    }
}

TEST(Redact, TheMarksDependOnTheKey) {
    EXPECT_NE(SecretMark("secret", "one"), SecretMark("secret", "other"));
    EXPECT_TRUE(IsSecretMark(SecretMark("secret", "")));
    EXPECT_FALSE(IsSecretMark("<secret:hunter2>"));
}

TEST(Redact, WhatIsNoSecretStays) {
    const std::pair<Format, std::string_view> texts[] = {
        {Format::kAsa,
         "access-list OUT extended permit tcp any host 192.0.2.1 eq 443\nroute-map a permit 10\n set community 65001:100\nssh key-exchange group "
         "dh-group14-sha256\n"},
        {Format::kPaloAlto, "<config version=\"10.1.0\"><entry name=\"a\"><source><member>any</member></source><!-- note --></entry></config>"},
        {Format::kSrx, "set policy-options community CUST members 65001:100\nset security policies from-zone a to-zone b policy c match application any\n"},
        {Format::kOpnsense, "<opnsense>\n  <rule><source><any>1</any></source><descr><![CDATA[a & b]]></descr></rule>\n</opnsense>\n"},
        {Format::kCheckPoint, "{\"uid\": \"x\", \"rulebase\": [1, true, \"a\\\"b\"], \"total\": 3}"},
        {Format::kIptables, "*filter\n-A FORWARD -s 192.0.2.0/24 -j ACCEPT\nCOMMIT\n"},
        {Format::kNft, "{\"match\": {\"left\": {\"meta\": {\"key\": \"iifname\"}}}}"},
    };
    for (const auto& [format, text] : texts) EXPECT_EQ(Redact(format, text, kKey), text);
}

std::string FortigateExport(std::string_view user, std::string_view enc, std::string_view hash) {
    return "#config-version=FG100F-7.4.3-FW-build2573-240201:opmode=0:vdom=0:user=" + std::string(user) +
           "\n#conf_file_ver=" + std::to_string(enc.size() + user.size()) +
           "123\n#buildno=2573\nconfig system admin\n    edit \"admin\"\n        set password ENC " + std::string(hash) +
           "\n        set last-login \"2026-01-01 0" + std::to_string(user.size() % 10) +
           ":00:00\"\n    next\nend\nconfig user local\n    edit \"a\"\n        set passwd ENC " + std::string(enc) + "\n    next\nend\n";
}

TEST(Redact, AnExportThatDiffersInNothingIsEqual) {
    const std::string one = FortigateExport("alice", "Yqx9XAvyQMuYAYeEkkGnUdnFxTBA5i8XY3e9EV7S", "SH2abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST=");
    const std::string encrypted_anew =
        FortigateExport("bob", "jPV24PYtZiq9rWI0x0hHVq9qzvqShQAG9MjzQg0xiZI=", "SH2abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST=");
    const std::string other_password =
        FortigateExport("alice", "Yqx9XAvyQMuYAYeEkkGnUdnFxTBA5i8XY3e9EV7S", "SH2bbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST=");
    EXPECT_EQ(Redact(Format::kFortigate, one, kKey), Redact(Format::kFortigate, encrypted_anew, kKey));
    EXPECT_NE(Redact(Format::kFortigate, one, kKey), Redact(Format::kFortigate, other_password, kKey));
    std::string windows = one;
    for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2) windows.insert(at, "\r");
    EXPECT_EQ(Redact(Format::kFortigate, one, kKey), Redact(Format::kFortigate, windows, kKey));
}

TEST(Redact, FortiosIsOneCommandALineIndentedByItsDepth) {
    EXPECT_EQ(Redact(Format::kFortigate,
                     "FW # show\n#config-version=X-7.0.1-FW:user=me\n#conf_file_ver=5\nconfig system snmp community\n edit 1\nset   name  'pub'\nset status "
                     "enable\nnext\nend\n",
                     kKey),
              "#config-version=X-7.0.1-FW:user=*\n#conf_file_ver=*\nconfig system snmp community\n    edit 1\n        set name \"" + SecretMark("pub", kKey) +
                  "\"\n        set status enable\n    next\nend\n");
}

TEST(Redact, ARealConfigurationKeepsEverythingButItsSecrets) {
    const auto path = std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "../shared/data/firewall/fortigate/fgvm-6.4-show.conf";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "the sample is not part of the sources";
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::vector<std::string_view> before = SplitLines(text);
    const std::string redacted = Redact(Format::kFortigate, text, kKey);
    const std::vector<std::string_view> after = SplitLines(redacted);
    ASSERT_EQ(before.size(), after.size());
    std::size_t secrets = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i].find(" ENC ") != std::string_view::npos) {
            ++secrets;
            EXPECT_NE(after[i].find(kIncomparableSecret), std::string_view::npos) << after[i];
        } else if (Trim(before[i]) != Trim(after[i]) && !before[i].ends_with("''")) {
            EXPECT_TRUE(before[i].starts_with("#conf")) << before[i] << "\n" << after[i];
        }
    }
    EXPECT_EQ(secrets, 23U);
    // What is canonical already stays as it is but for marks, which are no secrets in clear here.
    EXPECT_EQ(Redact(Format::kFortigate, redacted, kKey), redacted);
}

TEST(Redact, ItemsAndRulesHoldNoSecretsEither) {
    for (const Place& place : kPlaces) {
        if (place.format != Format::kFortigate) continue;
        static constexpr std::string_view kSecret = "p1ant3dS3cr3tAbCdEfGh";
        const auto configuration = ReadFortigate(WithSecret(place.line, kSecret), {0, std::string(kKey)});
        ASSERT_TRUE(configuration.ok()) << place.line;
        for (const Item& item : configuration->items) {
            for (const std::string& line : item.lines) EXPECT_FALSE(HoldsRunOf(line, kSecret)) << line;
        }
        for (const UnknownLine& line : configuration->unknown) EXPECT_FALSE(HoldsRunOf(line.text, kSecret)) << line.text;
    }
}

}  // namespace
}  // namespace opsteward::firewall
