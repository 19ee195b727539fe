// Notes and keys of arbitrary bytes: the verifier takes what the server takes and reads the same from it, and nobody signs by accident.
#include <optional>
#include <string_view>

#include "require.hpp"
#include "vault/seal/checkpoint.hpp"
#include "verifier/checkpoint.hpp"
#include "verifier/fault.hpp"
#include "verifier/utf8.hpp"

using namespace opsteward;

namespace {

template <class Read>
auto Try(Read read) -> std::optional<decltype(read())> {
    try {
        return read();
    } catch (const verifier::Malformed&) {
        return std::nullopt;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto mine = Try([&] { return verifier::Note::Parse(bytes); });
    const auto other = vault::Note::Parse(bytes);
    Require(mine.has_value() == other.ok());
    if (mine) {
        Require(mine->text == other->text && mine->signatures.size() == other->signatures.size());
        const auto key = verifier::PublicKey::Parse("ops.example.gov.tw/vault+a0b6e5e9+AcqWvp3OwCtMue7R3/Zf9yD/iy3EYaMIuR1ra6yRcfon");
        const auto server_key = vault::NoteKey::Parse("ops.example.gov.tw/vault+a0b6e5e9+AcqWvp3OwCtMue7R3/Zf9yD/iy3EYaMIuR1ra6yRcfon");
        const auto checkpoint = Try([&] { return verifier::OpenCheckpoint(bytes, key); });
        const auto server_checkpoint = vault::OpenCheckpoint(other.value(), server_key.value());
        Require(checkpoint.has_value() == server_checkpoint.ok());
        if (checkpoint) Require(checkpoint->size == server_checkpoint->size && checkpoint->root == server_checkpoint->root);
    }
    if (const auto key = Try([&] { return verifier::PublicKey::Parse(bytes); })) Require(vault::NoteKey::Parse(bytes).ok());
    const std::string shown = verifier::Printable(bytes);
    Require(verifier::IsUtf8(shown) && shown.find_first_of("\n\r\x1b") == std::string::npos);
    return 0;
}
