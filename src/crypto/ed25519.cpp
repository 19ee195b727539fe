#include "crypto/ed25519.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>

#include "crypto/crypto.hpp"
#include "crypto/require.hpp"

namespace opsteward::crypto {

namespace {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using ContextPtr = std::unique_ptr<EVP_MD_CTX, FreeContext>;

constexpr std::string_view kName = "Ed25519";

const unsigned char* Data(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

struct Ed25519SigningKey::Key {
    std::unique_ptr<EVP_PKEY, FreeKey> handle;
};

Ed25519SigningKey::Ed25519SigningKey(const Ed25519Seed& seed) : seed_(seed), key_(std::make_unique<Key>()) {
    key_->handle.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed_.data(), seed_.size()));
    Require(key_->handle != nullptr, kName);
    std::size_t length = public_key_.size();
    Require(EVP_PKEY_get_raw_public_key(key_->handle.get(), public_key_.data(), &length) == 1 && length == public_key_.size(), kName);
}

Ed25519SigningKey::Ed25519SigningKey(Ed25519SigningKey&&) noexcept = default;
Ed25519SigningKey& Ed25519SigningKey::operator=(Ed25519SigningKey&&) noexcept = default;
Ed25519SigningKey::~Ed25519SigningKey() { OPENSSL_cleanse(seed_.data(), seed_.size()); }

Ed25519SigningKey Ed25519SigningKey::Generate() {
    const std::vector<std::uint8_t> random = RandomBytes(std::tuple_size_v<Ed25519Seed>);
    Ed25519Seed seed{};
    std::ranges::copy(random, seed.begin());
    return FromSeed(seed);
}

Ed25519SigningKey Ed25519SigningKey::FromSeed(const Ed25519Seed& seed) { return Ed25519SigningKey(seed); }

Ed25519Signature Ed25519SigningKey::Sign(std::string_view message) const {
    const ContextPtr context(EVP_MD_CTX_new());
    Ed25519Signature signature{};
    std::size_t length = signature.size();
    Require(context != nullptr && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->handle.get()) == 1 &&
            EVP_DigestSign(context.get(), signature.data(), &length, Data(message), message.size()) == 1 && length == signature.size(),
            kName);
    return signature;
}

bool VerifyEd25519(const Ed25519PublicKey& key, std::string_view message, std::span<const std::uint8_t> signature) {
    if (signature.size() != std::tuple_size_v<Ed25519Signature>) return false;
    const std::unique_ptr<EVP_PKEY, FreeKey> handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    const ContextPtr context(EVP_MD_CTX_new());
    if (handle == nullptr || context == nullptr) return false;
    return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(), Data(message), message.size()) == 1;
}

}  // namespace opsteward::crypto
