// How the server speaks TLS: versions, ciphers, its certificate.
#pragma once

#include "base/result.hpp"
#include "net/openssl_handle.hpp"
#include "net/server.hpp"

namespace opsteward::net {

/// TLS 1.2 with forward secrecy and authenticated encryption, or TLS 1.3; ALPN "http/1.1"; stateless session tickets; no
/// renegotiation. The error names the file and what is wrong: unreadable, no certificate or key in it, a key with a
/// password, a key that does not fit.
Result<SslContextPtr> MakeTlsContext(const TlsFiles& files);

}  // namespace opsteward::net
