// Ed25519 signatures (RFC 8032). OpenSSL does the arithmetic.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace opsteward::crypto {

using Ed25519PublicKey = std::array<std::uint8_t, 32>;
using Ed25519Seed = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;

/// A private key. Its seed is what is kept in a file that its owner alone may read. Signing is safe from several threads.
class Ed25519SigningKey {
  public:
    /// From the operating system's generator.
    static Ed25519SigningKey Generate();
    static Ed25519SigningKey FromSeed(const Ed25519Seed& seed);

    Ed25519SigningKey(Ed25519SigningKey&&) noexcept;
    Ed25519SigningKey& operator=(Ed25519SigningKey&&) noexcept;
    ~Ed25519SigningKey();

    const Ed25519PublicKey& public_key() const { return public_key_; }
    const Ed25519Seed& seed() const { return seed_; }
    Ed25519Signature Sign(std::string_view message) const;

  private:
    struct Key;
    explicit Ed25519SigningKey(const Ed25519Seed& seed);

    Ed25519Seed seed_;
    Ed25519PublicKey public_key_{};
    std::unique_ptr<Key> key_;
};

bool VerifyEd25519(const Ed25519PublicKey& key, std::string_view message, std::span<const std::uint8_t> signature);

}  // namespace opsteward::crypto
