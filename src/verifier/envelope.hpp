// Everything of a block's records but their messages. Format: docs/formats/vault.md, "Block".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace opsteward::verifier {

/// Views into the bytes it was read from.
struct Envelope {
    /// As many streams as records, all names as long as they may be: transport, three texts after their lengths; stream, time.
    static constexpr std::size_t kMaxBytes = 3 + (1U << 16) * (1 + 3 * (2 + 255) + 3 + 10);

    /// What records have in common. Records of one stream differ in time and message only.
    struct Stream {
        std::uint8_t transport = 0;
        std::string_view source;
        std::string_view kind;
        std::string_view peer;

        auto operator<=>(const Stream&) const = default;
    };

    std::vector<Stream> streams;
    std::vector<std::uint32_t> stream_of;  ///< of each record
    std::vector<std::int64_t> times;       ///< of receipt

    /// Of `count` records. Malformed when anything does not fit: sizes, order of the streams, what is left over.
    void Read(std::string_view bytes, std::uint32_t count);
};

}  // namespace opsteward::verifier
