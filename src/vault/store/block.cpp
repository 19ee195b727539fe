#include "vault/store/block.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cstdlib>

#include "base/log.hpp"
#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

constexpr std::string_view kMagic = "BLK1";
constexpr std::size_t kChecksumAt = 32;
constexpr std::size_t kHeader = 36;
/// A full block and one more message; its columns stay far below.
constexpr std::size_t kMaxUnpacked = BlockBuilder::kMessageBytes + 2 * kMaxMessage;

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

std::string Compress(std::string_view bytes, int level) {
    // A context is large: one is kept for each thread.
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
    std::string packed(ZSTD_compressBound(bytes.size()), '\0');
    const std::size_t size = ZSTD_compressCCtx(context.get(), packed.data(), packed.size(), bytes.data(), bytes.size(), level);
    if (ZSTD_isError(size) != 0) {
        log::critical("zstd can't compress: {}", ZSTD_getErrorName(size));
        std::abort();
    }
    packed.resize(size);
    return packed;
}

Error Corrupt(std::string_view why) { return Error::Hidden(ErrorCode::kCorrupt, fmt::format("block: {}", why)); }

Result<std::string> Decompress(std::string_view packed, std::size_t size) {
    if (size > kMaxUnpacked) return Corrupt("its unpacked size is out of bounds");
    std::string bytes(size, '\0');
    const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) != 0 || got != size) return Corrupt("it can't be unpacked to the size it gives");
    return bytes;
}

void AppendText(std::string& column, std::string_view text) {
    AppendVarint(column, text.size());
    column.append(text);
}

/// Takes fields off a column. After the first that does not fit everything is empty and `is_whole` false.
class ColumnReader {
  public:
    explicit ColumnReader(std::string_view bytes) : rest_(bytes) {}

    std::uint64_t Number() {
        const auto number = TakeVarint(rest_);
        if (!number) Fail();
        return number.value_or(0);
    }
    std::string_view Text() { return Bytes(Number()); }
    std::string_view Bytes(std::uint64_t length) {
        if (length > rest_.size()) {
            Fail();
            return {};
        }
        const std::string_view bytes = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return bytes;
    }
    bool is_whole() const { return is_whole_; }
    bool is_at_end() const { return is_whole_ && rest_.empty(); }

  private:
    void Fail() {
        is_whole_ = false;
        rest_ = {};
    }

    std::string_view rest_;
    bool is_whole_ = true;
};

std::uint32_t ChecksumOf(std::string_view block) { return Crc32c(block.substr(kHeader), Crc32c(block.substr(0, kChecksumAt))); }

}  // namespace

void BlockBuilder::Add(const RecordView& record) {
    auto known = streams_.find(std::tie(record.transport, record.source, record.kind, record.peer));
    if (known == streams_.end()) {
        known = streams_.emplace(Stream(record.transport, record.source, record.kind, record.peer), streams_.size()).first;
        stream_column_ += static_cast<char>(record.transport);
        AppendText(stream_column_, record.source);
        AppendText(stream_column_, record.kind);
        AppendText(stream_column_, record.peer);
    }
    const std::int64_t time = ToMillis(record.received);
    AppendVarint(number_column_, known->second);
    AppendVarint(time_column_, ZigZag(static_cast<std::int64_t>(static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(last_time_))));
    AppendVarint(length_column_, record.message.size());
    messages_.append(record.message);
    last_time_ = time;
    facts_.earliest = facts_.count == 0 ? record.received : std::min(facts_.earliest, record.received);
    facts_.latest = facts_.count == 0 ? record.received : std::max(facts_.latest, record.received);
    facts_.message_bytes = static_cast<std::uint32_t>(messages_.size());
    ++facts_.count;
}

std::string BlockBuilder::Finish(int level) const {
    std::string columns;
    AppendVarint(columns, streams_.size());
    columns.append(stream_column_).append(number_column_).append(time_column_).append(length_column_);
    const std::string packed_columns = Compress(columns, level);
    const std::string packed_messages = Compress(messages_, level);
    std::string block(kMagic);
    AppendNumber(block, facts_.first);
    AppendNumber(block, facts_.count);
    AppendNumber(block, static_cast<std::uint32_t>(columns.size()));
    AppendNumber(block, static_cast<std::uint32_t>(packed_columns.size()));
    AppendNumber(block, static_cast<std::uint32_t>(messages_.size()));
    AppendNumber(block, static_cast<std::uint32_t>(packed_messages.size()));
    AppendNumber(block, std::uint32_t{0});  // the checksum, once all it covers is there
    block.append(packed_columns).append(packed_messages);
    PutNumber(block, kChecksumAt, ChecksumOf(block));
    return block;
}

Result<Block> Block::Parse(std::string_view bytes) {
    if (bytes.size() < kHeader || !bytes.starts_with(kMagic)) return Corrupt("it has no header");
    if (NumberAt<std::uint32_t>(bytes, kChecksumAt) != ChecksumOf(bytes)) return Corrupt("its checksum does not fit");
    Block block;
    block.facts_.first = NumberAt<std::uint64_t>(bytes, 4);
    block.facts_.count = NumberAt<std::uint32_t>(bytes, 12);
    const std::size_t columns = NumberAt<std::uint32_t>(bytes, 16);
    const std::size_t packed_columns = NumberAt<std::uint32_t>(bytes, 20);
    const std::size_t messages = NumberAt<std::uint32_t>(bytes, 24);
    const std::size_t packed_messages = NumberAt<std::uint32_t>(bytes, 28);
    if (bytes.size() != kHeader + packed_columns + packed_messages) return Corrupt("its sizes do not fit");
    if (block.facts_.count == 0 || block.facts_.count > BlockBuilder::kMaxCount) return Corrupt("its count is out of bounds");
    OPS_TRY(block.unpacked_->columns, Decompress(bytes.substr(kHeader, packed_columns), columns));
    OPS_TRY(block.unpacked_->messages, Decompress(bytes.substr(kHeader + packed_columns), messages));
    OPS_CHECK(block.ReadColumns());
    return block;
}

Result<void> Block::ReadColumns() {
    ColumnReader columns(unpacked_->columns);
    const std::uint64_t stream_count = columns.Number();
    if (stream_count == 0 || stream_count > facts_.count) return Corrupt("its number of streams does not fit");
    std::vector<RecordView> streams(stream_count);
    for (RecordView& stream : streams) {
        const std::string_view byte = columns.Bytes(1);
        const auto transport = byte.empty() ? std::nullopt : TransportOf(static_cast<std::uint8_t>(byte[0]));
        if (!transport) return Corrupt("a stream's transport is unknown");
        stream.transport = *transport;
        stream.source = columns.Text();
        stream.kind = columns.Text();
        stream.peer = columns.Text();
    }
    records_.reserve(facts_.count);
    for (std::uint32_t i = 0; i < facts_.count; ++i) {
        const std::uint64_t number = columns.Number();
        if (number >= streams.size()) return Corrupt("a record is of no stream");
        records_.push_back(streams[number]);
    }
    std::uint64_t time = 0;
    for (RecordView& record : records_) {
        time += static_cast<std::uint64_t>(UnZigZag(columns.Number()));
        record.received = FromMillis(static_cast<std::int64_t>(time));
    }
    std::string_view rest = unpacked_->messages;
    for (RecordView& record : records_) {
        const std::uint64_t length = columns.Number();
        if (length > rest.size()) return Corrupt("its messages end early");
        record.message = rest.substr(0, length);
        rest.remove_prefix(length);
    }
    if (!columns.is_at_end() || !rest.empty()) return Corrupt("its columns do not fit");
    const auto [earliest, latest] = std::ranges::minmax(records_, {}, &RecordView::received);
    facts_.earliest = earliest.received;
    facts_.latest = latest.received;
    facts_.message_bytes = static_cast<std::uint32_t>(unpacked_->messages.size());
    return Ok();
}

}  // namespace opsteward::vault
