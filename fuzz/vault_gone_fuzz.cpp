// What stands in the place of a deleted segment, of any bytes, as it is or (an odd first byte) with its checksum mended: what is taken is written again as it was,
// and finds its own hashes; the server's reader and the verifier's take the same.
#include <string>
#include <string_view>

#include "require.hpp"
#include "vault/store/crc32c.hpp"
#include "vault/store/gone_file.hpp"
#include "vault/store/little_endian.hpp"
#include "verifier/fault.hpp"
#include "verifier/gone_file.hpp"

using namespace opsteward::vault;
namespace verifier = opsteward::verifier;

namespace {

void CheckRange(const GoneRange& range) {
    const auto subtrees = SubtreesOf(range.first, range.count);
    Require(range.count > 0 && range.end() > range.first && range.event >= range.end() && subtrees.size() == range.hashes.size());
    GoneRanges ranges;
    ranges.Add(range);
    Require(ranges.records() == range.count);
    Require(ranges.Find(range.first) != nullptr && ranges.Find(range.end() - 1) != nullptr && ranges.Find(range.end()) == nullptr);
    Require(range.first == 0 || ranges.Find(range.first - 1) == nullptr);
    for (std::size_t i = 0; i < subtrees.size(); ++i) Require(ranges.Kept(subtrees[i]) == range.hashes[i]);
}

/// The number that the file's own name would have.
std::uint64_t FirstOf(std::string_view file) { return file.size() < 16 ? 0 : NumberAt<std::uint64_t>(file, 8); }

bool IsTakenByTheVerifier(std::string_view file) {
    try {
        const verifier::GoneRange range = verifier::ParseGoneFile(file, FirstOf(file));
        const auto ours = ParseGoneFile(file);
        Require(ours.ok() && ours->hashes == range.hashes && ours->event == range.event && ours->end() == range.end());
        return true;
    } catch (const verifier::Malformed&) {
        return false;
    }
}

/// It has no number above this in a name or a range.
constexpr std::uint64_t kMaxNumber = std::uint64_t{1} << 62;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    std::string file(reinterpret_cast<const char*>(data) + 1, size - 1);
    if ((data[0] & 1) != 0 && file.size() >= 4) PutNumber(file, file.size() - 4, Crc32c(std::string_view(file).substr(0, file.size() - 4)));
    if (FirstOf(file) > kMaxNumber) return 0;
    const bool is_taken = IsTakenByTheVerifier(file);
    const auto range = ParseGoneFile(file);
    Require(is_taken == (range.ok() && range->count <= kMaxNumber));
    if (!range.ok()) return 0;
    Require(GoneFileBytes(*range) == file);
    CheckRange(*range);
    return 0;
}
