#include "verifier/record.hpp"

#include "verifier/bytes.hpp"
#include "verifier/fault.hpp"

namespace opsteward::verifier {

namespace {

constexpr char kVersion = '\x01';
constexpr std::size_t kTransportAt = 1;
constexpr std::size_t kTimeAt = 2;
constexpr std::size_t kSourceAt = 10;
constexpr std::size_t kKindAt = 11;
constexpr std::size_t kPeerAt = 12;
constexpr std::size_t kMessageAt = 13;
constexpr std::size_t kHeader = 17;

void Put(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t length) {
    for (std::size_t i = 0; i < length; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

}  // namespace

Record ParseRecord(std::string_view bytes) {
    if (bytes.size() < kHeader || bytes[0] != kVersion) throw Malformed(Say("不是第 1 版的紀錄。", "it is no record of version 1."));
    Record record;
    record.transport = Number<std::uint8_t>(bytes, kTransportAt);
    record.received = Number<std::int64_t>(bytes, kTimeAt);
    if (record.transport > kLastTransport) throw Malformed(Say("紀錄的傳輸方式不明。", "the transport of the record is unknown."));
    Cursor rest(bytes.substr(kHeader));
    const auto source = rest.Take(Number<std::uint8_t>(bytes, kSourceAt));
    const auto kind = rest.Take(Number<std::uint8_t>(bytes, kKindAt));
    const auto peer = rest.Take(Number<std::uint8_t>(bytes, kPeerAt));
    const std::size_t message_bytes = Number<std::uint32_t>(bytes, kMessageAt);
    if (!source || source->empty() || !kind || !peer || rest.rest().size() != message_bytes || message_bytes > kMaxMessage) {
        throw Malformed(Say("紀錄各部分的長度不符。", "the lengths of the record's parts do not fit."));
    }
    record.source = *source;
    record.kind = *kind;
    record.peer = *peer;
    record.message = rest.rest();
    return record;
}

LeafPrefix::LeafPrefix(std::uint8_t transport, std::string_view source, std::string_view kind, std::string_view peer) : bytes_(1 + kHeader, '\0') {
    // The byte before the record is the 0x00 that makes a leaf of it.
    bytes_[1] = kVersion;
    Put(bytes_, 1 + kTransportAt, transport, 1);
    Put(bytes_, 1 + kSourceAt, source.size(), 1);
    Put(bytes_, 1 + kKindAt, kind.size(), 1);
    Put(bytes_, 1 + kPeerAt, peer.size(), 1);
    bytes_.append(source).append(kind).append(peer);
}

std::string_view LeafPrefix::For(std::int64_t received, std::uint32_t message_bytes) {
    Put(bytes_, 1 + kTimeAt, static_cast<std::uint64_t>(received), 8);
    Put(bytes_, 1 + kMessageAt, message_bytes, 4);
    return bytes_;
}

}  // namespace opsteward::verifier
