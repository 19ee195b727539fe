#include "features/firewall/formats/fortigate/secrets.hpp"

#include <algorithm>
#include <array>

#include "features/firewall/formats/secret_mark.hpp"
#include "features/firewall/formats/secret_shapes.hpp"

namespace opsteward::firewall {

namespace {

/// "passwd2" and "auth-password-l1" are named as "passwd" and "auth-password" are.
std::string_view WithoutNumber(std::string_view name) {
    const std::size_t end = name.find_last_not_of("0123456789");
    if (end == std::string_view::npos || end + 1 == name.size()) return name;
    name = name.substr(0, end + 1);
    if (name.ends_with("-l")) name.remove_suffix(2);
    return name.ends_with("-") ? name.substr(0, name.size() - 1) : name;
}

/// By the last part of the name: FortiOS names them password, login-passwd, psksecret, group-password, server-key, md5-key, authkey, private-key …
bool IsSecretName(std::string_view section, std::string_view name) {
    static constexpr std::array<std::string_view, 16> kEndings{
        "password", "passwd", "pwd", "passphrase", "secret", "psk", "key", "keys", "keystring", "key-string", "community", "history", "seed", "pin",
        "activation-code", "token"};
    static constexpr std::array<std::string_view, 8> kPublic{
        "public-key", "ssh-public-key", "match-community", "set-community", "fortitoken", "ssh-host-key", "extended-community", "cert-key"};
    if (section == "system snmp community" && name == "name") return true;
    name = WithoutNumber(name);
    if (std::ranges::find(kPublic, name) != kPublic.end()) return false;
    return std::ranges::any_of(kEndings, [name](std::string_view ending) { return name.ends_with(ending); });
}

std::string Joined(const std::vector<FortigateWord>& words, std::size_t first) {
    std::string joined;
    for (std::size_t i = first; i < words.size(); ++i) {
        if (i > first) joined.push_back(' ');
        joined += words[i].text;
    }
    return joined;
}

void ReplaceFrom(std::vector<FortigateWord>& words, std::size_t first, std::string mark) {
    words.resize(first);
    words.push_back({std::move(mark), true});
}

}  // namespace

bool IsVolatileFortigateSetting(std::string_view name) {
    static constexpr std::array<std::string_view, 6> kNames{"last-login", "last-failed-login", "last-updated", "lastupdate", "last-update", "login-time"};
    return std::ranges::find(kNames, name) != kNames.end();
}

void RedactFortigateWords(std::string_view section, std::vector<FortigateWord>& words, std::string_view hash_key) {
    if (words.size() < 3) return;
    const auto enc = std::ranges::find_if(words.begin() + 2, words.end(), [](const FortigateWord& word) { return word.text == "ENC"; });
    const std::size_t first_secret = static_cast<std::size_t>(enc - words.begin()) + 1;
    if (first_secret < words.size()) {
        const std::string value = Joined(words, first_secret);
        ReplaceFrom(words, first_secret, FortigateEncMark(value, hash_key));
        return;
    }
    if (IsSecretName(section, words[1].text)) {
        const std::string value = Joined(words, 2);
        if (value.empty()) return;
        const bool is_encrypted = value.find("ENCRYPTED") != std::string::npos && value.find("PRIVATE KEY") != std::string::npos;
        ReplaceFrom(words, 2, is_encrypted ? std::string(kIncomparableSecret) : SecretMark(value, hash_key));
        return;
    }
    for (std::size_t i = 2; i < words.size(); ++i) words[i].text = RedactShapes(words[i].text, hash_key);
}

std::string RedactLooseFortigateLine(std::string_view line, std::string_view hash_key) {
    static constexpr std::size_t kLong = 24;
    static constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    std::vector<FortigateWord> words = FortigateWords(line);
    const bool is_one_word = words.size() == 1 && !IsFortigateVerb(words[0].text);  // as the lines of a key are
    RedactFortigateWords("system snmp community", words, hash_key);
    for (FortigateWord& word : words) {
        word.text = RedactShapes(word.text, hash_key);
        const bool is_key_like = is_one_word || (word.text.size() >= kLong && word.text.find_first_not_of(kBase64) == std::string::npos);
        if (is_key_like) word.text = SecretMark(word.text, hash_key);
    }
    return FortigateLine(words);
}

}  // namespace opsteward::firewall
