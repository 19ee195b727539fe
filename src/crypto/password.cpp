#include <argon2.h>

#include <cstdlib>

#include "base/log.hpp"
#include "crypto/crypto.hpp"

namespace opsteward::crypto {

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kTagBytes = 32;

}  // namespace

std::string HashPassword(std::string_view password, const PasswordCost& cost) {
    const auto salt = RandomBytes(kSaltBytes);
    std::string encoded(
        argon2_encodedlen(cost.passes, cost.memory_kib, cost.lanes, kSaltBytes, kTagBytes, Argon2_id), '\0');
    const int status = argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes, password.data(), password.size(),
                                             salt.data(), salt.size(), kTagBytes, encoded.data(), encoded.size());
    if (status != ARGON2_OK) {
        log::critical("hashing a password failed: {}", argon2_error_message(status));
        std::abort();
    }
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool VerifyPassword(std::string_view password, const std::string& encoded) {
    return argon2id_verify(encoded.c_str(), password.data(), password.size()) == ARGON2_OK;
}

}  // namespace opsteward::crypto
