// Checkpoints: how long the log is and what its root is, signed (C2SP tlog-checkpoint, https://c2sp.org/tlog-checkpoint).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "verifier/note.hpp"
#include "verifier/sha256.hpp"

namespace opsteward::verifier {

struct Checkpoint {
    std::uint64_t size = 0;
    Hash root{};

    bool operator==(const Checkpoint&) const = default;
};

/// The checkpoint in the bytes of a signed note. Malformed unless the key signed it and it is of the log of the key's name.
Checkpoint OpenCheckpoint(std::string_view note, const PublicKey& key);

/// ASCII digits without leading zeros, up to 2^64-1.
std::optional<std::uint64_t> ParseDecimal(std::string_view text);
/// 32 bytes in base 64.
std::optional<Hash> ParseHash(std::string_view text);

}  // namespace opsteward::verifier
