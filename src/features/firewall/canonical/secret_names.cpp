#include "features/firewall/canonical/secret_names.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

/// As "pre-shared-key", whatever joins the words.
std::string Plain(std::string_view name) {
    std::string plain = ToLowerAscii(name);
    std::ranges::replace(plain, '_', '-');
    std::ranges::replace(plain, '.', '-');
    return plain;
}

}  // namespace

bool IsSecretName(std::string_view name) {
    static constexpr std::size_t kLongest = 64;
    static constexpr std::array<std::string_view, 24> kEndings{
        "password", "passwd", "passwd-hash", "password-hash", "passphrase", "secret", "secretkey", "psk", "key", "keystring", "key-string", "pre-shared",
        "phash", "bcrypt-hash", "md5-hash", "sha512-hash", "nt-hash", "lanman-hash", "bindpw", "-pw", "-pass", "community", "community-string",
        "password-value"};
    static constexpr std::array<std::string_view, 12> kWhole{
        "pw", "pass", "prv", "tls", "otp-seed", "seed", "token", "pin", "pskey", "sharedkey", "privatekey", "ascii-text"};
    static constexpr std::array<std::string_view, 12> kPublic{
        "public-key", "publickey", "pubkey", "host-key", "ssh-rsa-key", "uid-key", "rule-key", "sort-key", "foreign-key", "ssh-public-key", "allow-password",
        "cluster-key"};
    if (name.empty() || name.size() > kLongest) return false;
    const std::string plain = Plain(name);
    if (std::ranges::find(kPublic, plain) != kPublic.end()) return false;
    if (std::ranges::find(kWhole, plain) != kWhole.end()) return true;
    return std::ranges::any_of(kEndings, [&plain](std::string_view ending) { return plain.ends_with(ending); });
}

}  // namespace opsteward::firewall
