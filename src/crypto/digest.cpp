#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/crypto.hpp"
#include "crypto/require.hpp"

namespace opsteward::crypto {

Digest Sha256(std::string_view bytes) {
    Digest digest{};
    unsigned length = 0;
    Require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1, "SHA-256");
    return digest;
}

Digest HmacSha256(std::string_view key, std::string_view message) {
    Digest digest{};
    unsigned length = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(message.data());
    Require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, message.size(), digest.data(), &length) != nullptr, "HMAC-SHA-256");
    return digest;
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace opsteward::crypto
