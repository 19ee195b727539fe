#include <openssl/rand.h>

#include <cstdlib>

#include "base/log.hpp"
#include "crypto/crypto.hpp"

namespace opsteward::crypto {

std::vector<std::uint8_t> RandomBytes(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) {
        log::critical("the system gives no random bytes");
        std::abort();
    }
    return bytes;
}

std::string RandomToken(std::size_t bytes) { return Base64UrlEncode(RandomBytes(bytes)); }

}  // namespace opsteward::crypto
