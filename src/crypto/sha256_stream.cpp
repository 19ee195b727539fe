#include "crypto/sha256_stream.hpp"

#include <openssl/evp.h>

#include "crypto/require.hpp"

namespace opsteward::crypto {

namespace {

constexpr std::string_view kName = "SHA-256";

/// Fetched once: looking the algorithm up costs more than hashing a short message.
const EVP_MD* Algorithm() {
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    Require(algorithm != nullptr, kName);
    return algorithm;
}

}  // namespace

struct Sha256Stream::Context {
    Context() : handle(EVP_MD_CTX_new()) { Require(handle != nullptr, kName); }
    ~Context() { EVP_MD_CTX_free(handle); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    EVP_MD_CTX* handle;
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) { Begin(); }
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::Begin() { Require(EVP_DigestInit_ex2(context_->handle, Algorithm(), nullptr) == 1, kName); }

void Sha256Stream::Add(std::string_view bytes) { Require(EVP_DigestUpdate(context_->handle, bytes.data(), bytes.size()) == 1, kName); }

Digest Sha256Stream::Finish() {
    Digest digest{};
    unsigned length = 0;
    Require(EVP_DigestFinal_ex(context_->handle, digest.data(), &length) == 1, kName);
    return digest;
}

}  // namespace opsteward::crypto
