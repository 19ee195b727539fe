// Digests, random bytes, password hashing and one-time passwords. OpenSSL 3 and libargon2 do the arithmetic.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace opsteward::crypto {

using Digest = std::array<std::uint8_t, 32>;

Digest Sha256(std::string_view bytes);
std::string ToHex(std::span<const std::uint8_t> bytes);  ///< lower case
std::optional<std::vector<std::uint8_t>> FromHex(std::string_view hex);
inline std::string Sha256Hex(std::string_view bytes) { return ToHex(Sha256(bytes)); }
Digest HmacSha256(std::string_view key, std::string_view message);

/// From the operating system's generator; ends the process if that fails, for nothing safe can follow.
std::vector<std::uint8_t> RandomBytes(std::size_t count);
/// `bytes` random bytes as base64url without padding: a token that fits in a header, a URL or a file name.
std::string RandomToken(std::size_t bytes = 32);
/// Compares without telling by its duration where the difference is.
bool ConstantTimeEqual(std::string_view a, std::string_view b);

std::string Base64UrlEncode(std::span<const std::uint8_t> bytes);
std::string Base32Encode(std::span<const std::uint8_t> bytes);  ///< RFC 4648 section 6, no padding
std::optional<std::vector<std::uint8_t>> Base32Decode(std::string_view text);

/// Argon2id (RFC 9106): 19 MiB, 2 passes, 1 lane by default (OWASP's minimum), random 16-byte salt, 32-byte tag.
struct PasswordCost {
    std::uint32_t memory_kib = 19 * 1024;
    std::uint32_t passes = 2;
    std::uint32_t lanes = 1;
};
/// The encoded form `$argon2id$v=19$m=…,t=…,p=…$salt$tag`.
std::string HashPassword(std::string_view password, const PasswordCost& cost = {});
bool VerifyPassword(std::string_view password, const std::string& encoded);

/// RFC 6238 TOTP: HMAC-SHA-1, 30 s steps, 6 digits (what authenticator apps implement).
std::string TotpCode(std::span<const std::uint8_t> secret, std::uint64_t step);
inline std::uint64_t TotpStep(Instant now) { return static_cast<std::uint64_t>(ToMillis(now) / 30'000); }
/// The step whose code was given, among `step-1 … step+1` and later than `last_used_step` (RFC 6238 section 5.2: a code
/// is accepted once).
std::optional<std::uint64_t> MatchTotp(std::span<const std::uint8_t> secret, std::string_view code, Instant now,
                                       std::uint64_t last_used_step);
/// otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=…
std::string TotpUri(std::string_view issuer, std::string_view account, std::span<const std::uint8_t> secret);

}  // namespace opsteward::crypto
