// Signed notes: a text and the signatures of those who stand for it (C2SP signed-note, https://c2sp.org/signed-note).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/ed25519.hpp"

namespace opsteward::vault {

/// What a key signs. The type is part of the key's identity, so that one key's signatures are never taken for another kind.
enum class SignatureType : std::uint8_t {
    kEd25519 = 0x01,      ///< over the note text
    kCosignature = 0x04,  ///< of a witness, with a time (C2SP tlog-cosignature)
};

/// A public key under the name it signs with. Written "name+keyid in hex+base64(type ‖ key)", in one line.
struct NoteKey {
    std::string name;  ///< not empty, without spaces and '+'
    SignatureType type = SignatureType::kEd25519;
    crypto::Ed25519PublicKey key{};

    static Result<NoteKey> Parse(std::string_view line);
    std::string ToText() const;
    /// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key), big-endian.
    std::uint32_t id() const;
    bool operator==(const NoteKey&) const = default;
};

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    std::vector<std::uint8_t> bytes;

    /// One line "— name base64(key id ‖ bytes)", without its end.
    static Result<NoteSignature> Parse(std::string_view line);
    std::string ToText() const;
};

/// A text with signatures that nobody has verified yet.
struct Note {
    std::string text;  ///< ends in a newline
    std::vector<NoteSignature> signatures;

    /// Refuses what is longer than 1 MiB, has more than 64 signatures, is no UTF-8 or holds control characters.
    static Result<Note> Parse(std::string_view bytes);
    std::string ToText() const;
    /// Adds a signature of type kEd25519.
    void Sign(std::string_view name, const crypto::Ed25519SigningKey& key);
};

/// Ok when `key` signed the note and no signature under its name and id is wrong. `key` is of type kEd25519.
Result<void> VerifyNote(const Note& note, const NoteKey& key);

}  // namespace opsteward::vault
