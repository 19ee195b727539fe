// One event as it came in, and the bytes it is sealed by. Format: docs/formats/vault.md, "Record".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace opsteward::vault {

/// How an event arrived. The numbers are part of the format.
enum class Transport : std::uint8_t {
    kImport = 0,    ///< read from a file or standard input
    kUdp = 1,
    kTcp = 2,
    kTls = 3,
    kRelp = 4,
    kHttp = 5,
    kInternal = 6,  ///< of this program itself: audit rows, deletions
};

/// Nothing for a number that the format does not know.
std::optional<Transport> TransportOf(std::uint8_t number);
std::string_view NameOf(Transport transport);  ///< "import", "udp", "tcp", …

/// The source of records that this program itself makes; nobody else's records are taken in under it.
inline constexpr std::string_view kOwnSource = "opsteward";

/// Views into bytes that somebody else holds.
struct RecordView {
    Instant received{};
    Transport transport = Transport::kImport;
    std::string_view source;   ///< 1 to 255 bytes: the system it is of
    std::string_view kind;     ///< up to 255 bytes: os, web, firewall …
    std::string_view peer;     ///< up to 255 bytes: address it was received from
    std::string_view message;  ///< verbatim, up to kMaxMessage bytes

    bool operator==(const RecordView&) const = default;
};

inline constexpr std::size_t kMaxMessage = 4U << 20;

/// Appends the canonical bytes of the record, which its leaf in the tree is the hash of. kInvalidInput or kTooLarge, with nothing
/// appended, when a part is out of its bounds.
Result<void> AppendRecord(std::string& bytes, const RecordView& record);
/// The record of exactly these bytes. Views into `bytes`. kCorrupt if they are no canonical record.
Result<RecordView> ParseRecord(std::string_view bytes);

}  // namespace opsteward::vault
