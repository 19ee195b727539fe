// Blocks of any bytes, as they are and with a header and a checksum that fit them: nothing crashes, and what is read is written and read again as
// the same. The first four bytes choose the number of records, the length of the envelope (which follows, unpacked) and of the messages.
#include <string>
#include <string_view>

#include "require.hpp"
#include "vault/store/block.hpp"
#include "vault/store/compression.hpp"
#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"

using namespace opsteward::vault;

namespace {

void CheckBlock(std::string_view bytes) {
    const auto block = Block::Parse(bytes);
    if (!block.ok()) return;
    const BlockFacts& facts = block->facts();
    Require(block->records().size() == facts.count && facts.count > 0);
    BlockBuilder builder(facts.first);
    for (const RecordView& record : block->records()) {
        Require(record.received >= facts.earliest && record.received <= facts.latest);
        builder.Add(record);
    }
    Require(builder.facts() == facts);
    const auto again = Block::Parse(builder.Finish({1}).bytes);
    Require(again.ok() && again->records() == block->records());
}

std::string BlockOf(std::uint32_t count, std::string_view envelope, std::uint32_t message_bytes, std::string_view columns) {
    const std::string packed = Compress(envelope, 1);
    std::string block = "BLK1";
    AppendNumber(block, std::uint64_t{1000});
    AppendNumber(block, count);
    for (const std::size_t number : {envelope.size(), packed.size(), std::size_t{message_bytes}, columns.size()}) {
        AppendNumber(block, static_cast<std::uint32_t>(number));
    }
    const std::uint32_t header = Crc32c(block);
    AppendNumber(block, Crc32c(columns, Crc32c(packed, header)));
    return block.append(packed).append(columns);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    CheckBlock(input);
    if (size < 4) return 0;
    const std::string_view rest = input.substr(4);
    const std::string_view envelope = rest.substr(0, data[1]);
    CheckBlock(BlockOf(data[0], envelope, data[2] + 256U * data[3], rest.substr(envelope.size())));
    return 0;
}
