#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

#include "base/log.hpp"
#include "crypto/crypto.hpp"

namespace opsteward::crypto {

namespace {

/// For a URI: RFC 3986 section 2.3 unreserved characters stay.
std::string PercentEncoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_unreserved = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                                   (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '.' || byte == '_' || byte == '~';
        if (is_unreserved) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", byte);
        }
    }
    return encoded;
}

}  // namespace

std::string TotpCode(std::span<const std::uint8_t> secret, std::uint64_t step) {
    std::array<std::uint8_t, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i) counter[i] = static_cast<std::uint8_t>(step >> (56 - 8 * i));
    std::array<std::uint8_t, 20> tag{};
    unsigned length = 0;
    if (HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), tag.data(), &length) ==
        nullptr) {
        log::critical("HMAC-SHA-1 is not available from OpenSSL");
        std::abort();
    }
    // Dynamic truncation, RFC 4226 section 5.3.
    const std::size_t offset = tag[19] & 0x0FU;
    const std::uint32_t number = (static_cast<std::uint32_t>(tag[offset] & 0x7FU) << 24) |
                                 (static_cast<std::uint32_t>(tag[offset + 1]) << 16) |
                                 (static_cast<std::uint32_t>(tag[offset + 2]) << 8) | tag[offset + 3];
    return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::uint64_t> MatchTotp(std::span<const std::uint8_t> secret, std::string_view code, Instant now,
                                       std::uint64_t last_used_step) {
    const std::uint64_t current = TotpStep(now);
    std::optional<std::uint64_t> matched;
    for (std::uint64_t step = current - 1; step <= current + 1; ++step) {
        if (ConstantTimeEqual(TotpCode(secret, step), code) && step > last_used_step) matched = step;
    }
    return matched;
}

std::string TotpUri(std::string_view issuer, std::string_view account, std::span<const std::uint8_t> secret) {
    return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}", PercentEncoded(issuer), PercentEncoded(account),
                       Base32Encode(secret), PercentEncoded(issuer));
}

}  // namespace opsteward::crypto
