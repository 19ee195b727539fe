#include "vault/store/gone_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "vault/store/crc32c.hpp"
#include "vault/store/file.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/store/numbered_file.hpp"

namespace opsteward::vault {

namespace {

constexpr std::string_view kHeader = "OPSGON1\n";
constexpr std::size_t kHead = 8 + 8 + 8 + 8;
constexpr std::size_t kChecksum = 4;

Error Unfit(std::string_view why) { return Error::Hidden(ErrorCode::kCorrupt, std::string(why)); }

}  // namespace

std::string GoneFileBytes(const GoneRange& range) {
    std::string bytes(kHeader);
    AppendNumber(bytes, range.first);
    AppendNumber(bytes, range.count);
    AppendNumber(bytes, range.event);
    for (const Hash& hash : range.hashes) bytes.append(hash.begin(), hash.end());
    AppendNumber(bytes, Crc32c(bytes));
    return bytes;
}

Result<GoneRange> ParseGoneFile(std::string_view bytes) {
    if (bytes.size() < kHead + kChecksum || !bytes.starts_with(kHeader)) return Unfit("no header of a deleted segment");
    const std::string_view checked = bytes.substr(0, bytes.size() - kChecksum);
    if (NumberAt<std::uint32_t>(bytes, checked.size()) != Crc32c(checked)) return Unfit("the checksum does not fit");
    GoneRange range{NumberAt<std::uint64_t>(bytes, 8), NumberAt<std::uint64_t>(bytes, 16), NumberAt<std::uint64_t>(bytes, 24), {}};
    if (range.count == 0 || range.count > std::numeric_limits<std::uint64_t>::max() - range.first) return Unfit("no range of records");
    if (range.event < range.end()) return Unfit("its event does not come after it");
    const std::string_view hashes = checked.substr(kHead);
    if (hashes.size() != SubtreesOf(range.first, range.count).size() * sizeof(Hash)) return Unfit("not as many hashes as the range needs");
    range.hashes.resize(hashes.size() / sizeof(Hash));
    for (std::size_t i = 0; i < range.hashes.size(); ++i) std::ranges::copy(hashes.substr(i * sizeof(Hash), sizeof(Hash)), range.hashes[i].begin());
    return range;
}

Result<GoneRange> ReadGoneFile(const std::filesystem::path& path) {
    OPS_TRY(const std::string bytes, ReadFile(path));
    auto range = ParseGoneFile(bytes);
    if (range.ok() && NumberOf(path, kGoneSuffix) != range->first) range = Unfit("the file was renamed");
    if (range.ok()) return range;
    Error error = Error::Of(ErrorCode::kCorrupt, fmt::format("已刪除區段的說明檔 {} 損壞或被改過；請以異地複本還原該檔。", path.filename().string()),
                            fmt::format("{}, which stands for a deleted segment, is damaged or altered; restore that file from the off-site copy.",
                                        path.filename().string()));
    error.operator_text = fmt::format("{}: {}", path.string(), range.error().operator_text);
    return error;
}

}  // namespace opsteward::vault
