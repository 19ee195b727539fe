// Public keys and signed notes (C2SP signed-note, https://c2sp.org/signed-note) with Ed25519.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace opsteward::verifier {

using KeyId = std::array<std::uint8_t, 4>;

struct PublicKey {
    std::string name;  ///< of the log
    KeyId id{};        ///< the first bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)
    std::array<std::uint8_t, 32> key{};

    /// From "name+id+base64(0x01 ‖ key)", one line, its end optional. Malformed when anything else is there or the id is not the key's.
    static PublicKey Parse(std::string_view line);
    bool operator==(const PublicKey&) const = default;
};

struct Signature {
    std::string name;
    KeyId id{};
    std::string bytes;
};

struct Note {
    std::string text;  ///< what is signed; ends in a newline
    std::vector<Signature> signatures;

    /// Malformed when it is longer than kMaxBytes, no UTF-8, or not a text, an empty line and 1 to 64 signatures.
    static Note Parse(std::string_view bytes);

    static constexpr std::size_t kMaxBytes = 1U << 20;
};

/// Malformed unless the key signed the note and every signature under its name and id fits.
void RequireSignature(const Note& note, const PublicKey& key);

}  // namespace opsteward::verifier
