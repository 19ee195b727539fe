#include "vault/store/block.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vault/index/grams.hpp"
#include "vault/store/compression.hpp"
#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/store/varint.hpp"

namespace opsteward::vault {

namespace {

constexpr std::string_view kMagic = "BLK1";
constexpr std::size_t kChecksumAt = 32;
constexpr std::size_t kHeader = 36;
/// A full block and one more message.
constexpr std::size_t kMaxMessages = BlockBuilder::kMessageBytes + kMaxMessage;
/// Streams of kMaxCount records with the longest names.
constexpr std::size_t kMaxEnvelope = 64U << 20;

Error Corrupt(std::string_view why) { return Error::Hidden(ErrorCode::kCorrupt, fmt::format("block: {}", why)); }

void AppendText(std::string& column, std::string_view text) {
    AppendVarint(column, text.size());
    column.append(text);
}

/// Takes fields off the envelope. After the first that does not fit everything is empty and `is_whole` false.
class EnvelopeReader {
  public:
    explicit EnvelopeReader(std::string_view bytes) : rest_(bytes) {}

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
    lengths_.push_back(static_cast<std::uint32_t>(record.message.size()));
    messages_.append(record.message);
    last_time_ = time;
    facts_.earliest = facts_.count == 0 ? record.received : std::min(facts_.earliest, record.received);
    facts_.latest = facts_.count == 0 ? record.received : std::max(facts_.latest, record.received);
    facts_.message_bytes = static_cast<std::uint32_t>(messages_.size());
    ++facts_.count;
}

bool BlockBuilder::IsOf(const SourceAndKind& stream) const {
    const Stream& any = streams_.begin()->first;
    return std::get<1>(any) == stream.source && std::get<2>(any) == stream.kind;
}

FinishedBlock BlockBuilder::Finish(PackEffort effort) const {
    std::vector<std::string_view> messages;
    messages.reserve(lengths_.size());
    std::size_t at = 0;
    for (const std::uint32_t length : lengths_) {
        messages.push_back(std::string_view(messages_).substr(at, length));
        at += length;
    }
    std::string envelope;
    AppendVarint(envelope, streams_.size());
    envelope.append(stream_column_).append(number_column_).append(time_column_);
    const std::string packed_envelope = Compress(envelope, effort.level);
    GramSet grams;
    const auto add = [&grams](std::string_view run) { grams.AddRun(run); };
    const std::string columns = WriteMessageColumns(messages, effort, add);
    for (const std::string_view message : messages) VisitEscapeRuns(message, add);
    std::string block(kMagic);
    AppendNumber(block, facts_.first);
    AppendNumber(block, facts_.count);
    AppendNumber(block, static_cast<std::uint32_t>(envelope.size()));
    AppendNumber(block, static_cast<std::uint32_t>(packed_envelope.size()));
    AppendNumber(block, facts_.message_bytes);
    AppendNumber(block, static_cast<std::uint32_t>(columns.size()));
    AppendNumber(block, std::uint32_t{0});  // the checksum, once all it covers is there
    block.append(packed_envelope).append(columns);
    PutNumber(block, kChecksumAt, ChecksumOf(block));
    std::set<SourceAndKind> sources;
    for (const auto& [stream, number] : streams_) sources.insert({std::get<1>(stream), std::get<2>(stream)});
    return {facts_, std::move(block), std::move(grams), std::move(sources)};
}

Result<FinishedBlock> BlockBuilder::FinishChecked(PackEffort effort) const {
    FinishedBlock finished = Finish(effort);
    auto block = Block::Parse(finished.bytes);
    if (!block.ok()) return Error::Hidden(ErrorCode::kInternal, "a block that was just made can't be read: " + block.error().operator_text);
    // The messages stand one after the other in both.
    const std::vector<RecordView>& records = block->records();
    bool is_same = block->facts() == facts_;
    std::size_t at = 0;
    for (std::size_t i = 0; is_same && i < records.size(); ++i) {
        is_same = records[i].message == std::string_view(messages_).substr(at, lengths_[i]);
        at += lengths_[i];
    }
    if (!is_same) return Error::Hidden(ErrorCode::kInternal, "a block that was just made holds something else");
    return finished;
}

Result<Block> Block::Parse(std::string_view bytes, const ChooseRows& choose) {
    if (bytes.size() < kHeader || !bytes.starts_with(kMagic)) return Corrupt("it has no header");
    if (NumberAt<std::uint32_t>(bytes, kChecksumAt) != ChecksumOf(bytes)) return Corrupt("its checksum does not fit");
    Block block;
    block.facts_.first = NumberAt<std::uint64_t>(bytes, 4);
    block.facts_.count = NumberAt<std::uint32_t>(bytes, 12);
    const std::size_t envelope = NumberAt<std::uint32_t>(bytes, 16);
    const std::size_t packed_envelope = NumberAt<std::uint32_t>(bytes, 20);
    block.facts_.message_bytes = NumberAt<std::uint32_t>(bytes, 24);
    const std::size_t columns = NumberAt<std::uint32_t>(bytes, 28);
    if (bytes.size() != kHeader + packed_envelope + columns) return Corrupt("its sizes do not fit");
    if (block.facts_.count == 0 || block.facts_.count > BlockBuilder::kMaxCount) return Corrupt("its count is out of bounds");
    if (envelope > kMaxEnvelope || block.facts_.message_bytes > kMaxMessages) return Corrupt("its unpacked size is out of bounds");
    OPS_TRY(MessageColumns messages, MessageColumns::Open(bytes.substr(kHeader + packed_envelope), block.facts_.count, block.facts_.message_bytes));
    RowSet rows = RowSet::All(block.facts_.count);
    if (choose) {
        OPS_TRY(rows, choose(messages));
    }
    block.rows_ = rows.Rows();
    OPS_TRY(block.messages_, messages.Join(block.rows_));
    OPS_TRY(std::string unpacked_envelope, Decompress(bytes.substr(kHeader, packed_envelope), envelope));
    block.envelope_ = std::make_unique<std::string>(std::move(unpacked_envelope));
    OPS_CHECK(block.ReadEnvelope());
    return block;
}

Result<void> Block::ReadEnvelope() {
    EnvelopeReader envelope(*envelope_);
    const std::uint64_t stream_count = envelope.Number();
    if (stream_count == 0 || stream_count > facts_.count) return Corrupt("its number of streams does not fit");
    std::vector<RecordView> streams(stream_count);
    for (RecordView& stream : streams) {
        const std::string_view byte = envelope.Bytes(1);
        const auto transport = byte.empty() ? std::nullopt : TransportOf(static_cast<std::uint8_t>(byte[0]));
        if (!transport) return Corrupt("a stream's transport is unknown");
        stream.transport = *transport;
        stream.source = envelope.Text();
        stream.kind = envelope.Text();
        stream.peer = envelope.Text();
    }
    records_.reserve(rows_.size());
    for (std::uint32_t row = 0; row < facts_.count; ++row) {
        const std::uint64_t number = envelope.Number();
        if (number >= streams.size()) return Corrupt("a record is of no stream");
        if (records_.size() < rows_.size() && rows_[records_.size()] == row) records_.push_back(streams[number]);
    }
    std::uint64_t time = 0;
    std::size_t at = 0;    // of the records, the next
    std::size_t used = 0;  // bytes of the messages before it
    for (std::uint32_t row = 0; row < facts_.count; ++row) {
        time += static_cast<std::uint64_t>(UnZigZag(envelope.Number()));
        const Instant received = FromMillis(static_cast<std::int64_t>(time));
        facts_.earliest = row == 0 ? received : std::min(facts_.earliest, received);
        facts_.latest = row == 0 ? received : std::max(facts_.latest, received);
        if (at == rows_.size() || rows_[at] != row) continue;
        records_[at].received = received;
        records_[at].message = messages_.bytes().substr(used, messages_.lengths()[at]);
        used += messages_.lengths()[at];
        ++at;
    }
    return envelope.is_at_end() ? Ok() : Corrupt("its envelope does not fit");
}

}  // namespace opsteward::vault
