// Envelopes and columns of arbitrary bytes in a block whose checksum fits: what the verifier takes, the server reads as the same records, with the same
// grams; what it refuses does not crash it. The first bytes choose the number of records (2), the length of the messages (2) and of the envelope (1),
// which follows; then come the strings of the columns, each after its length (2).
#include <string>
#include <string_view>
#include <vector>

#include "require.hpp"
#include "vault/columns/pack.hpp"
#include "vault/columns/tokens.hpp"
#include "vault/index/gram_set.hpp"
#include "vault/index/grams.hpp"
#include "vault/store/block.hpp"
#include "vault/store/compression.hpp"
#include "vault/store/little_endian.hpp"
#include "verifier/block_hasher.hpp"
#include "verifier/crc32c.hpp"
#include "verifier/fault.hpp"

using namespace opsteward;

namespace {

std::string ColumnsOf(std::string_view rest) {
    vault::PackWriter pack;
    while (rest.size() >= 2) {
        const std::string_view string = rest.substr(2, vault::NumberAt<std::uint16_t>(rest, 0));
        pack.Add(std::string(string));
        rest.remove_prefix(2 + string.size());
    }
    return pack.Finish(1);
}

std::string BlockOf(std::uint32_t count, std::string_view envelope, std::uint32_t message_bytes, std::string_view columns) {
    const std::string packed = vault::Compress(envelope, 1);
    std::string block = "BLK1";
    vault::AppendNumber(block, std::uint64_t{1000});
    vault::AppendNumber(block, count);
    for (const std::size_t number : {envelope.size(), packed.size(), std::size_t{message_bytes}, columns.size()}) {
        vault::AppendNumber(block, static_cast<std::uint32_t>(number));
    }
    vault::AppendNumber(block, verifier::Crc32c(columns, verifier::Crc32c(packed, verifier::Crc32c(block))));
    return block.append(packed).append(columns);
}

struct Read {
    std::vector<std::string> messages;
    verifier::GramRows rows;
};

Read ReadBlock(verifier::BlockReader& reader, std::string_view block) {
    Read read;
    const std::uint32_t count = reader.Open(block, verifier::GramRows::kMaxRows).count;
    for (std::uint32_t i = 0; i < count; ++i) read.messages.emplace_back(reader.NextMessage());
    read.rows = reader.TakeRows();
    return read;
}

void RequireSame(const verifier::BlockReader& mine, const Read& read, const std::vector<vault::RecordView>& records) {
    vault::GramSet grams;
    const auto add = [&](std::string_view run) { grams.AddRun(run); };
    Require(records.size() == read.messages.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        const vault::RecordView& record = records[i];
        const verifier::Envelope::Stream stream{static_cast<std::uint8_t>(record.transport), record.source, record.kind, record.peer};
        Require(mine.envelope().streams[mine.envelope().stream_of[i]] == stream && mine.envelope().times[i] == ToMillis(record.received));
        Require(read.messages[i] == record.message);
        vault::VisitTokens(record.message, add);
        vault::VisitEscapeRuns(record.message, add);
    }
    std::vector<std::uint32_t> rows;
    std::vector<std::uint32_t> others;
    read.rows.ForEach([&](std::uint32_t row) { rows.push_back(row); });
    grams.ForEach([&](std::uint32_t gram) { others.push_back(gram); });
    Require(rows == others);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size < 5) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string_view envelope = input.substr(5, data[4]);
    const std::string block = BlockOf(vault::NumberAt<std::uint16_t>(input, 0), envelope, vault::NumberAt<std::uint16_t>(input, 2),
                                      ColumnsOf(input.substr(5 + envelope.size())));
    static verifier::BlockReader reader;
    Read read;
    try {
        read = ReadBlock(reader, block);
    } catch (const verifier::Malformed&) {
        return 0;
    }
    const auto other = vault::Block::Parse(block);
    Require(other.ok());
    RequireSame(reader, read, other->records());
    Require(verifier::BlockHasher()(block).leaves.size() == read.messages.size());
    return 0;
}
