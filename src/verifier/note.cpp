#include "verifier/note.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "verifier/base64.hpp"
#include "verifier/fault.hpp"
#include "verifier/sha256.hpp"
#include "verifier/utf8.hpp"

namespace opsteward::verifier {

namespace {

constexpr char kEd25519 = '\x01';
constexpr std::size_t kMaxSignatures = 64;
constexpr std::string_view kDash = "\xE2\x80\x94 ";  // U+2014 and a space

bool IsName(std::string_view name) { return !name.empty() && IsUtf8(name) && name.find_first_of(" +\n\r\t") == std::string_view::npos; }

std::string Hex(const KeyId& id) {
    constexpr std::string_view kHexDigits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : id) {
        text += kHexDigits[byte >> 4U];
        text += kHexDigits[byte & 0xFU];
    }
    return text;
}

KeyId IdOf(std::string_view bytes) {
    KeyId id{};
    std::copy_n(bytes.begin(), id.size(), id.begin());
    return id;
}

Signature ParseSignature(std::string_view line) {
    if (!line.starts_with(kDash)) throw Malformed(Say("簽章行須以破折號與空格開頭。", "a signature line begins with an em dash and a space."));
    line.remove_prefix(kDash.size());
    const std::size_t space = line.find(' ');
    const std::string_view name = line.substr(0, space);
    const auto bytes = space == std::string_view::npos ? std::nullopt : FromBase64(line.substr(space + 1));
    if (!IsName(name) || !bytes || bytes->size() <= sizeof(KeyId)) {
        throw Malformed(Say("簽章行的名稱或 Base64 不正確。", "the name or the base 64 of a signature line is wrong."));
    }
    return {std::string(name), IdOf(*bytes), bytes->substr(sizeof(KeyId))};
}

bool IsSignedBy(const PublicKey& key, std::string_view text, std::string_view signature) {
    struct FreeKey {
        void operator()(EVP_PKEY* handle) const { EVP_PKEY_free(handle); }
    };
    struct FreeContext {
        void operator()(EVP_MD_CTX* handle) const { EVP_MD_CTX_free(handle); }
    };
    const std::unique_ptr<EVP_PKEY, FreeKey> handle(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.key.data(), key.key.size()));
    const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
    if (!handle || !context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) != 1) {
        throw CannotCheck(Say("OpenSSL 無法驗證 Ed25519 簽章。", "OpenSSL can't verify Ed25519 signatures."));
    }
    const auto* const signed_bytes = reinterpret_cast<const unsigned char*>(text.data());
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(), signed_bytes, text.size()) == 1;
}

}  // namespace

PublicKey PublicKey::Parse(std::string_view line) {
    const auto refuse = [] { return Malformed(Say("公鑰應為一行「名稱+識別碼+Base64」。", "a public key is one line: name+id+base64.")); };
    if (line.ends_with('\n')) line.remove_suffix(line.ends_with("\r\n") ? 2 : 1);
    const std::size_t name_end = line.find('+');
    const std::size_t id_end = name_end == std::string_view::npos ? name_end : line.find('+', name_end + 1);
    if (id_end == std::string_view::npos) throw refuse();
    PublicKey key;
    key.name = std::string(line.substr(0, name_end));
    const auto typed = FromBase64(line.substr(id_end + 1));
    if (!IsName(key.name) || !typed || typed->size() != 1 + key.key.size() || typed->front() != kEd25519) throw refuse();
    std::copy(typed->begin() + 1, typed->end(), key.key.begin());
    const Hash hash = Sha256()({key.name, "\n", *typed});
    key.id = IdOf(AsBytes(hash));
    if (line.substr(name_end + 1, id_end - name_end - 1) != Hex(key.id)) {
        throw Malformed(Say("公鑰的識別碼與內容不符，可能抄錯或被改過。", "the id of the public key is not that of its name and key: miscopied or altered."));
    }
    return key;
}

Note Note::Parse(std::string_view bytes) {
    if (bytes.size() > kMaxBytes) throw Malformed(Say("超過 1 MiB。", "it is longer than 1 MiB."));
    if (!IsUtf8(bytes)) throw Malformed(Say("不是 UTF-8。", "it is not UTF-8."));
    if (std::ranges::any_of(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; })) {
        throw Malformed(Say("含有控制字元。", "it holds control characters."));
    }
    const std::size_t empty_line = bytes.rfind("\n\n");
    if (empty_line == std::string_view::npos || !bytes.ends_with('\n')) {
        throw Malformed(Say("缺少內文與簽章之間的空行。", "the empty line between text and signatures is missing."));
    }
    Note note{std::string(bytes.substr(0, empty_line + 1)), {}};
    for (std::string_view rest = bytes.substr(empty_line + 2); !rest.empty();) {
        const std::size_t end = rest.find('\n');
        if (note.signatures.size() == kMaxSignatures) throw Malformed(Say("簽章過多。", "it has too many signatures."));
        note.signatures.push_back(ParseSignature(rest.substr(0, end)));
        rest.remove_prefix(end + 1);
    }
    if (note.signatures.empty()) throw Malformed(Say("沒有簽章。", "it has no signature."));
    return note;
}

void RequireSignature(const Note& note, const PublicKey& key) {
    bool is_signed = false;
    for (const Signature& signature : note.signatures) {
        if (signature.name != key.name || signature.id != key.id) continue;
        if (!IsSignedBy(key, note.text, signature.bytes)) {
            throw Malformed(Say("「{0}」的簽章不符：內容或簽章被改過。", "the signature of {0} does not fit: text or signature was altered.", {key.name}));
        }
        is_signed = true;
    }
    if (!is_signed) throw Malformed(Say("沒有「{0}」這把金鑰的簽章。", "it is not signed by the key of {0}.", {key.name}));
}

}  // namespace opsteward::verifier
