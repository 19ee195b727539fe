#include "verifier/block.hpp"

#include <algorithm>

#include "verifier/bytes.hpp"
#include "verifier/crc32c.hpp"
#include "verifier/fault.hpp"
#include "verifier/record.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::string_view kMagic = "BLK1";
constexpr std::size_t kChecksumAt = 32;
constexpr std::size_t kFull = 8U << 20;  ///< of messages: the record that brings a block above is its last
constexpr std::size_t kMaxMessages = kFull + kMaxMessage;
/// Nothing in a pack is longer packed than unpacked, but its four sizes.
constexpr std::size_t kMaxColumns = Pack::kMaxUnpacked + 4 * 10;

Malformed Bad(std::string_view zh, std::string_view en) { return Malformed(Say(zh, en)); }

}  // namespace

const std::uint64_t BlockHeader::kMaxBlockBytes = kBytes + ZSTD_compressBound(Envelope::kMaxBytes) + kMaxColumns;

std::optional<BlockHeader> BlockHeader::Parse(std::string_view bytes) {
    if (bytes.size() < kBytes || !bytes.starts_with(kMagic)) return std::nullopt;
    BlockHeader header;
    header.first = Number<std::uint64_t>(bytes, 4);
    header.count = Number<std::uint32_t>(bytes, 12);
    header.envelope = Number<std::uint32_t>(bytes, 16);
    header.packed_envelope = Number<std::uint32_t>(bytes, 20);
    header.messages = Number<std::uint32_t>(bytes, 24);
    header.columns = Number<std::uint32_t>(bytes, 28);
    header.checksum = Number<std::uint32_t>(bytes, kChecksumAt);
    const bool fits = header.count > 0 && header.count <= kMaxCount && header.envelope <= Envelope::kMaxBytes && header.messages <= kMaxMessages &&
                      header.packed_envelope <= ZSTD_compressBound(Envelope::kMaxBytes) && header.columns <= kMaxColumns &&
                      header.first + header.count > header.first;
    return fits ? std::optional(header) : std::nullopt;
}

const BlockFacts& BlockReader::Open(std::string_view bytes, std::uint32_t index_rows) {
    const auto header = BlockHeader::Parse(bytes);
    if (!header) throw Bad("區塊檔頭損壞。", "the block's header is damaged.");
    if (header->block_bytes() != bytes.size()) throw Bad("區塊長度不符。", "the block's sizes do not fit.");
    if (header->checksum != Crc32c(bytes.substr(BlockHeader::kBytes), Crc32c(bytes.substr(0, kChecksumAt)))) {
        throw Bad("區塊的檢查碼不符。", "the block's checksum does not fit.");
    }
    if (envelope_buffer_.size() < header->envelope) envelope_buffer_.resize(header->envelope);
    const std::string_view envelope = std::string_view(envelope_buffer_).substr(0, header->envelope);
    unpacker_.Unpack(bytes.substr(BlockHeader::kBytes, header->packed_envelope), std::span(envelope_buffer_).first(header->envelope));
    envelope_.Read(envelope, header->count);
    grams_.Begin(index_rows);
    messages_.Open(bytes.substr(BlockHeader::kBytes + header->packed_envelope), header->count, header->messages, grams_);
    const auto [earliest, latest] = std::ranges::minmax(envelope_.times);
    facts_ = {header->first, header->count, header->messages, earliest, latest};
    message_bytes_ = 0;
    return facts_;
}

std::string_view BlockReader::NextMessage() {
    if (message_bytes_ > kFull) throw Bad("區塊在超過 8 MiB 之後還有紀錄。", "the block has records after it passed 8 MiB.");
    const std::string_view message = messages_.Next();
    message_bytes_ += message.size();
    grams_.AddEscapesOf(message);
    return message;
}

}  // namespace opsteward::verifier
