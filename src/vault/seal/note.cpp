#include "vault/seal/note.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "crypto/base64.hpp"
#include "crypto/crypto.hpp"

namespace opsteward::vault {

namespace {

constexpr std::size_t kMaxBytes = 1 << 20;
constexpr std::size_t kMaxSignatures = 64;
constexpr std::string_view kSignatureMark = "\xE2\x80\x94 ";  // U+2014, space
constexpr std::size_t kIdBytes = 4;

Error Malformed(std::string zh, std::string en) {
    return Error::Of(ErrorCode::kCorrupt, "簽署文件格式不符：" + std::move(zh), "The note is malformed: " + std::move(en));
}

bool IsKeyName(std::string_view name) { return !name.empty() && name.find_first_of(" +\n") == std::string_view::npos; }

std::string TypedKey(const NoteKey& key) {
    std::string bytes(1, static_cast<char>(key.type));
    bytes.append(key.key.begin(), key.key.end());
    return bytes;
}

std::span<const std::uint8_t> Bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::uint32_t BigEndian(std::span<const std::uint8_t> bytes) {
    std::uint32_t number = 0;
    for (const std::uint8_t byte : bytes.first(kIdBytes)) number = number << 8 | byte;
    return number;
}

}  // namespace

Result<NoteKey> NoteKey::Parse(std::string_view line) {
    const auto refuse = [] {
        return Error::Of(ErrorCode::kInvalidInput, "公鑰格式應為 名稱+識別碼+Base64。", "A public key is written name+id+base64.");
    };
    const auto parts = Split(Trim(line), '+');
    if (parts.size() < 3) return refuse();
    // Base 64 may hold '+' itself; the name and the id may not.
    const std::size_t prefix = parts[0].size() + 1 + parts[1].size() + 1;
    const auto bytes = crypto::Base64Decode(Trim(line).substr(prefix));
    NoteKey key;
    key.name = std::string(parts[0]);
    if (!IsKeyName(key.name) || !bytes || bytes->size() != 1 + key.key.size()) return refuse();
    if (bytes->front() != static_cast<std::uint8_t>(SignatureType::kEd25519) && bytes->front() != static_cast<std::uint8_t>(SignatureType::kCosignature)) {
        return refuse();
    }
    key.type = static_cast<SignatureType>(bytes->front());
    std::copy(bytes->begin() + 1, bytes->end(), key.key.begin());
    if (parts[1] != fmt::format("{:08x}", key.id())) return refuse();
    return key;
}

std::string NoteKey::ToText() const { return fmt::format("{}+{:08x}+{}", name, id(), crypto::Base64Encode(Bytes(TypedKey(*this)))); }

std::uint32_t NoteKey::id() const { return BigEndian(crypto::Sha256(name + '\n' + TypedKey(*this))); }

Result<NoteSignature> NoteSignature::Parse(std::string_view line) {
    if (!line.starts_with(kSignatureMark)) return Malformed("簽章行須以破折號開頭。", "a signature line begins with an em dash and a space.");
    line.remove_prefix(kSignatureMark.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return Malformed("簽章行缺少簽章。", "a signature line lacks its signature.");
    const std::string_view name = line.substr(0, space);
    const auto bytes = crypto::Base64Decode(line.substr(space + 1));
    if (!IsKeyName(name) || !bytes || bytes->size() <= kIdBytes) {
        return Malformed("簽章行的名稱或 Base64 不正確。", "a signature line's name or base 64 is wrong.");
    }
    return NoteSignature{std::string(name), BigEndian(*bytes), {bytes->begin() + kIdBytes, bytes->end()}};
}

std::string NoteSignature::ToText() const {
    std::vector<std::uint8_t> whole;
    for (int shift = 24; shift >= 0; shift -= 8) whole.push_back(static_cast<std::uint8_t>(key_id >> shift));
    whole.insert(whole.end(), bytes.begin(), bytes.end());
    return fmt::format("{}{} {}", kSignatureMark, name, crypto::Base64Encode(whole));
}

Result<Note> Note::Parse(std::string_view bytes) {
    if (bytes.size() > kMaxBytes) return Malformed("超過 1 MiB。", "it is longer than 1 MiB.");
    if (!IsValidUtf8(bytes)) return Malformed("不是 UTF-8。", "it is not UTF-8.");
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
    if (std::ranges::any_of(bytes, is_control)) return Malformed("含有控制字元。", "it holds control characters.");
    const std::size_t empty_line = bytes.rfind("\n\n");
    if (empty_line == std::string_view::npos || !bytes.ends_with('\n')) {
        return Malformed("缺少內文與簽章之間的空行。", "the empty line between text and signatures is missing.");
    }
    Note note;
    note.text = std::string(bytes.substr(0, empty_line + 1));
    const auto lines = SplitLines(bytes.substr(empty_line + 2));
    if (lines.empty()) return Malformed("沒有簽章。", "it has no signature.");
    if (lines.size() > kMaxSignatures) return Malformed("簽章過多。", "it has too many signatures.");
    for (const std::string_view line : lines) {
        OPS_TRY(auto signature, NoteSignature::Parse(line));
        note.signatures.push_back(std::move(signature));
    }
    return note;
}

std::string Note::ToText() const {
    std::string bytes = text + '\n';
    for (const NoteSignature& signature : signatures) bytes += signature.ToText() + '\n';
    return bytes;
}

void Note::Sign(std::string_view name, const crypto::Ed25519SigningKey& key) {
    const NoteKey public_key{std::string(name), SignatureType::kEd25519, key.public_key()};
    const crypto::Ed25519Signature signature = key.Sign(text);
    signatures.push_back({std::string(name), public_key.id(), {signature.begin(), signature.end()}});
}

Result<void> VerifyNote(const Note& note, const NoteKey& key) {
    const std::uint32_t id = key.id();
    bool is_signed = false;
    for (const NoteSignature& signature : note.signatures) {
        if (signature.name != key.name || signature.key_id != id) continue;
        if (!crypto::VerifyEd25519(key.key, note.text, signature.bytes)) {
            return Error::Of(ErrorCode::kCorrupt, fmt::format("「{}」的簽章不符：內容或簽章被改過。", key.name),
                             fmt::format("The signature of {} does not fit: text or signature was altered.", key.name));
        }
        is_signed = true;
    }
    if (is_signed) return Ok();
    return Error::Of(ErrorCode::kCorrupt, fmt::format("沒有「{}」這把金鑰的簽章。", key.name), fmt::format("It is not signed by the key of {}.", key.name));
}

}  // namespace opsteward::vault
