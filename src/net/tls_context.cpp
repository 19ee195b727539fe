#include "net/tls_context.hpp"

#include <openssl/pem.h>

#include <cerrno>
#include <system_error>

namespace opsteward::net {
namespace {

constexpr const char* kTls12Ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr unsigned char kProtocol[] = "\x08http/1.1";
constexpr unsigned char kSessionContext[] = "opsteward";

Error CannotRead(const std::filesystem::path& file, int error_number) {
    const std::string reason = std::generic_category().message(error_number);
    return Error::Of(error_number == ENOENT ? ErrorCode::kNotFound : ErrorCode::kForbidden,
                     "無法讀取 " + file.string() + "：" + reason + "。", "Cannot read " + file.string() + ": " + reason + ".");
}

/// Without this OpenSSL would ask for the password at the terminal and the start would hang.
int NoPassword(char*, int, int, void*) { return -1; }

Result<BioPtr> Open(const std::filesystem::path& file) {
    errno = 0;
    BioPtr bio(BIO_new_file(file.c_str(), "r"));
    const int error_number = errno;
    ERR_clear_error();
    if (!bio) return CannotRead(file, error_number);
    return bio;
}

Result<void> UseCertificate(SSL_CTX& context, const std::filesystem::path& file) {
    OPS_CHECK(Open(file));
    if (SSL_CTX_use_certificate_chain_file(&context, file.c_str()) == 1) return Ok();
    const std::string reason = TakeOpenSslError();
    return Error::Of(ErrorCode::kInvalidInput, "憑證檔 " + file.string() + " 不是可用的 PEM 憑證（" + reason + "）。",
                     "The certificate " + file.string() + " is no usable PEM certificate (" + reason + ").");
}

Result<void> UseKey(SSL_CTX& context, const TlsFiles& files) {
    OPS_TRY(const BioPtr bio, Open(files.key));
    const KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassword, nullptr));
    if (!key) {
        const std::string reason = TakeOpenSslError();
        return Error::Of(ErrorCode::kInvalidInput,
                         "金鑰檔 " + files.key.string() + " 不是可用的 PEM 金鑰，或設有密碼（" + reason + "）。",
                         "The key " + files.key.string() + " is no usable PEM key, or has a password (" + reason + ").");
    }
    const X509* certificate = SSL_CTX_get0_certificate(&context);
    if (X509_check_private_key(certificate, key.get()) != 1) {
        ERR_clear_error();
        return Error::Of(ErrorCode::kInvalidInput,
                         "金鑰檔 " + files.key.string() + " 與憑證檔 " + files.certificate.string() + " 不相符。",
                         "The key " + files.key.string() + " does not belong to the certificate " +
                             files.certificate.string() + ".");
    }
    if (SSL_CTX_use_PrivateKey(&context, key.get()) != 1) {
        return Error::Hidden(ErrorCode::kInternal, "cannot use " + files.key.string() + ": " + TakeOpenSslError());
    }
    return Ok();
}

/// A client that offers protocols but not ours is told so (RFC 7301 section 3.2), instead of being misunderstood later.
int SelectProtocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                   unsigned int offered_size, void*) {
    unsigned char* selected = nullptr;
    const int outcome = SSL_select_next_proto(&selected, out_size, kProtocol, sizeof kProtocol - 1, offered, offered_size);
    if (outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = selected;
    return SSL_TLSEXT_ERR_OK;
}

}  // namespace

Result<SslContextPtr> MakeTlsContext(const TlsFiles& files) {
    SslContextPtr context(SSL_CTX_new(TLS_server_method()));
    if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context.get(), kTls12Ciphers) != 1 ||
        SSL_CTX_set1_groups_list(context.get(), kGroups) != 1 ||
        SSL_CTX_set_session_id_context(context.get(), kSessionContext, sizeof kSessionContext - 1) != 1) {
        return Error::Hidden(ErrorCode::kInternal, "cannot set up TLS: " + TakeOpenSslError());
    }
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                           SSL_OP_PRIORITIZE_CHACHA);
    // Tickets keep the sessions at the clients; a cache here would only grow.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context.get(), SelectProtocol, nullptr);
    OPS_CHECK(UseCertificate(*context, files.certificate));
    OPS_CHECK(UseKey(*context, files));
    return context;
}

}  // namespace opsteward::net
