#include "vault/seal/key_files.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "crypto/base64.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vault {

namespace {

constexpr std::string_view kPrefix = "PRIVATE+KEY+";

std::string ToText(const SigningIdentity& identity) {
    std::array<std::uint8_t, 1 + std::tuple_size_v<crypto::Ed25519Seed>> typed{static_cast<std::uint8_t>(identity.type)};
    std::ranges::copy(identity.key.seed(), typed.begin() + 1);
    std::string text = fmt::format("{}{}+{:08x}+{}\n", kPrefix, identity.origin, identity.public_key().id(), crypto::Base64Encode(typed));
    OPENSSL_cleanse(typed.data(), typed.size());
    return text;
}

Error Malformed(const std::filesystem::path& path) {
    return Error::Of(ErrorCode::kCorrupt, fmt::format("私鑰檔 {} 格式不符；請還原該檔。", path.string()),
                     fmt::format("The private key {} is malformed; restore that file.", path.string()));
}

Result<SigningIdentity> Parse(const std::filesystem::path& path, std::string_view text, SignatureType type) {
    text = Trim(text);
    if (!text.starts_with(kPrefix)) return Malformed(path);
    text.remove_prefix(kPrefix.size());
    const std::size_t name_end = text.find('+');
    const std::size_t id_end = text.find('+', name_end + 1);
    if (name_end == std::string_view::npos || id_end == std::string_view::npos || name_end == 0) return Malformed(path);
    auto typed = crypto::Base64Decode(text.substr(id_end + 1));
    crypto::Ed25519Seed seed{};
    if (!typed || typed->size() != 1 + seed.size() || typed->front() != static_cast<std::uint8_t>(type)) return Malformed(path);
    std::copy(typed->begin() + 1, typed->end(), seed.begin());
    SigningIdentity identity{std::string(text.substr(0, name_end)), crypto::Ed25519SigningKey::FromSeed(seed), type};
    OPENSSL_cleanse(typed->data(), typed->size());
    OPENSSL_cleanse(seed.data(), seed.size());
    if (text.substr(name_end + 1, id_end - name_end - 1) != fmt::format("{:08x}", identity.public_key().id())) return Malformed(path);
    return identity;
}

}  // namespace

Result<SigningIdentity> ReadIdentity(const std::filesystem::path& private_path, SignatureType type) {
    OPS_TRY(std::string text, ReadFile(private_path));
    auto identity = Parse(private_path, text, type);
    OPENSSL_cleanse(text.data(), text.size());
    return identity;
}

Result<SigningIdentity> LoadOrMakeIdentity(const std::filesystem::path& private_path, const std::filesystem::path& public_path, std::string_view origin,
                                           SignatureType type) {
    const bool has_public = std::filesystem::exists(public_path);
    if (!std::filesystem::exists(private_path)) {
        if (has_public) {
            return Error::Of(ErrorCode::kCorrupt, fmt::format("有公鑰 {} 卻沒有私鑰 {}；請還原私鑰，先前的簽署才能延續。", public_path.string(), private_path.string()),
                             fmt::format("{} is there and {} is not; restore the private key, so that what was signed goes on.", public_path.string(),
                                         private_path.string()));
        }
        SigningIdentity made{std::string(origin), crypto::Ed25519SigningKey::Generate(), type};
        OPS_CHECK(ReplaceFile(private_path, ToText(made)));
        OPS_CHECK(ReplaceFile(public_path, made.public_key().ToText() + "\n"));
        return made;
    }
    OPS_TRY(SigningIdentity identity, ReadIdentity(private_path, type));
    const std::string public_text = identity.public_key().ToText() + "\n";
    if (!has_public) {
        OPS_CHECK(ReplaceFile(public_path, public_text));  // the machine stopped between the two
        return identity;
    }
    OPS_TRY(const std::string there, ReadFile(public_path));
    if (there != public_text) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("公鑰 {} 不屬於私鑰 {}。", public_path.string(), private_path.string()),
                         fmt::format("The public key {} does not belong to {}.", public_path.string(), private_path.string()));
    }
    return identity;
}

}  // namespace opsteward::vault
