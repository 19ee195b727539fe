#include "features/vulnerabilities/snapshot/detail_writer.hpp"

#include "vault/store/compression.hpp"
#include "vault/store/crc32c.hpp"

namespace opsteward::vuln {

namespace {

/// Details are read one block at a time, by people; compiling waits for all of them.
constexpr int kCompressionLevel = 1;

}  // namespace

std::string PackDetails(std::span<const std::string> records, DetailBlockEntry& entry) {
    std::string bytes;
    for (const std::string& record : records) {
        bytes += BytesOf(static_cast<std::uint32_t>(record.size()));
        bytes += record;
    }
    std::string packed = vault::Compress(bytes, kCompressionLevel);
    entry.packed_size = static_cast<std::uint32_t>(packed.size());
    entry.size = static_cast<std::uint32_t>(bytes.size());
    entry.checksum = vault::Crc32c(packed);
    return packed;
}

}  // namespace opsteward::vuln
