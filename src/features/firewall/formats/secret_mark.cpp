#include "features/firewall/formats/secret_mark.hpp"

#include "crypto/crypto.hpp"

namespace opsteward::firewall {

namespace {

constexpr std::string_view kBegin = "<secret:";
constexpr std::size_t kDigits = 16;

}  // namespace

std::string SecretMark(std::string_view secret, std::string_view hash_key) {
    static constexpr std::string_view kFixedKey = "opsteward firewall secret";
    const crypto::Digest digest = crypto::HmacSha256(hash_key.empty() ? kFixedKey : hash_key, secret);
    return std::string(kBegin) + crypto::ToHex(digest).substr(0, kDigits) + ">";
}

bool IsSecretMark(std::string_view text) {
    if (text == kIncomparableSecret) return true;
    return text.size() == kBegin.size() + kDigits + 1 && text.starts_with(kBegin) && text.ends_with('>') &&
           text.substr(kBegin.size(), kDigits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace opsteward::firewall
