#include "features/vulnerabilities/vans/identifier.hpp"

#include <openssl/evp.h>

#include <array>
#include <span>

#include "crypto/crypto.hpp"

namespace opsteward::vans {

Result<std::string> IdentifierOf(std::string_view permanent_id, IdentifierKind kind) {
    if (kind == IdentifierKind::kSha256) return crypto::Sha256Hex(permanent_id);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(permanent_id.data(), permanent_id.size(), digest.data(), &size, EVP_md5(), nullptr) != 1) {
        return Error::Of(ErrorCode::kUnavailable, "這台電腦的 OpenSSL 停用了 MD5；請改用 SHA-256 識別碼。",
                         "The OpenSSL of this computer has MD5 turned off; use SHA-256 identifiers.");
    }
    return crypto::ToHex(std::span(digest).first(size));
}

}  // namespace opsteward::vans
