#include "vault/store/record.hpp"

#include <fmt/format.h>

#include "vault/store/little_endian.hpp"

namespace opsteward::vault {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeader = 1 + 1 + 8 + 1 + 1 + 1 + 4;
constexpr std::size_t kMaxName = 255;

Error Corrupt(std::string why) { return Error::Hidden(ErrorCode::kCorrupt, "no canonical record: " + std::move(why)); }

}  // namespace

std::optional<Transport> TransportOf(std::uint8_t number) {
    if (number > static_cast<std::uint8_t>(Transport::kInternal)) return std::nullopt;
    return static_cast<Transport>(number);
}

std::string_view NameOf(Transport transport) {
    switch (transport) {
        case Transport::kImport: return "import";
        case Transport::kUdp: return "udp";
        case Transport::kTcp: return "tcp";
        case Transport::kTls: return "tls";
        case Transport::kRelp: return "relp";
        case Transport::kHttp: return "http";
        case Transport::kInternal: return "internal";
    }
    return "";
}

Result<void> AppendRecord(std::string& bytes, const RecordView& record) {
    if (record.source.empty() || record.source.size() > kMaxName || record.kind.size() > kMaxName || record.peer.size() > kMaxName) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("來源須為 1 至 {0} 位元組，種類與對端位址至多 {0} 位元組。", kMaxName),
                         fmt::format("A source has 1 to {0} bytes, kind and peer at most {0}.", kMaxName));
    }
    if (record.message.size() > kMaxMessage) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("單筆紀錄至多 {} 位元組，這筆有 {}。", kMaxMessage, record.message.size()),
                         fmt::format("An event has at most {} bytes; this one has {}.", kMaxMessage, record.message.size()));
    }
    bytes.reserve(bytes.size() + kHeader + record.source.size() + record.kind.size() + record.peer.size() + record.message.size());
    AppendNumber(bytes, kVersion);
    AppendNumber(bytes, static_cast<std::uint8_t>(record.transport));
    AppendNumber(bytes, static_cast<std::int64_t>(ToMillis(record.received)));
    AppendNumber(bytes, static_cast<std::uint8_t>(record.source.size()));
    AppendNumber(bytes, static_cast<std::uint8_t>(record.kind.size()));
    AppendNumber(bytes, static_cast<std::uint8_t>(record.peer.size()));
    AppendNumber(bytes, static_cast<std::uint32_t>(record.message.size()));
    bytes.append(record.source).append(record.kind).append(record.peer).append(record.message);
    return Ok();
}

Result<RecordView> ParseRecord(std::string_view bytes) {
    if (bytes.size() < kHeader) return Corrupt("shorter than its header");
    if (NumberAt<std::uint8_t>(bytes, 0) != kVersion) return Corrupt("unknown version");
    const auto transport = TransportOf(NumberAt<std::uint8_t>(bytes, 1));
    if (!transport) return Corrupt("unknown transport");
    const std::size_t source = NumberAt<std::uint8_t>(bytes, 10);
    const std::size_t kind = NumberAt<std::uint8_t>(bytes, 11);
    const std::size_t peer = NumberAt<std::uint8_t>(bytes, 12);
    const std::size_t message = NumberAt<std::uint32_t>(bytes, 13);
    if (source == 0 || message > kMaxMessage || bytes.size() != kHeader + source + kind + peer + message) return Corrupt("lengths do not fit");
    RecordView record;
    record.transport = *transport;
    record.received = FromMillis(NumberAt<std::int64_t>(bytes, 2));
    std::string_view rest = bytes.substr(kHeader);
    const auto take = [&rest](std::size_t length) {
        const std::string_view part = rest.substr(0, length);
        rest.remove_prefix(length);
        return part;
    };
    record.source = take(source);
    record.kind = take(kind);
    record.peer = take(peer);
    record.message = rest;
    return record;
}

}  // namespace opsteward::vault
