// An event, and the bytes it is sealed by. Format: docs/formats/vault.md, "Record".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace opsteward::verifier {

inline constexpr std::size_t kMaxMessage = 4U << 20;
inline constexpr std::size_t kMaxName = 255;  ///< source, kind and peer
inline constexpr std::uint8_t kLastTransport = 6;

/// Views into bytes that somebody else holds.
struct Record {
    std::uint8_t transport = 0;
    std::int64_t received = 0;  ///< milliseconds since 1970-01-01T00:00:00Z
    std::string_view source;
    std::string_view kind;
    std::string_view peer;
    std::string_view message;

    bool operator==(const Record&) const = default;
};

/// The record of exactly these bytes; Malformed when they are none.
Record ParseRecord(std::string_view bytes);

/// What stands before the message in the input of a leaf's hash, for all records of one stream: they differ in time and length only.
class LeafPrefix {
  public:
    /// Precondition: the names are no longer than kMaxName.
    LeafPrefix(std::uint8_t transport, std::string_view source, std::string_view kind, std::string_view peer);

    /// Valid until the next call.
    std::string_view For(std::int64_t received, std::uint32_t message_bytes);

  private:
    std::string bytes_;
};

}  // namespace opsteward::verifier
