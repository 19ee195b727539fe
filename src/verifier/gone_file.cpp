#include "verifier/gone_file.hpp"

#include <algorithm>
#include <bit>

#include "verifier/bytes.hpp"
#include "verifier/crc32c.hpp"
#include "verifier/fault.hpp"
#include "verifier/file.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::string_view kMagic = "OPSGON1\n";
constexpr std::size_t kHead = 32;
constexpr std::size_t kChecksum = 4;
constexpr std::uint64_t kMaxNumber = std::uint64_t{1} << 62;
/// Two hashes of each size, and more than all else in a claim.
constexpr std::size_t kMaxFile = kHead + 128 * sizeof(Hash) + kChecksum;
constexpr std::size_t kMaxClaim = 128 * (2 * sizeof(Hash) + 3) + 128;
constexpr std::uint8_t kOwnTransport = 6;

std::string Hex(const Hash& hash) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const std::uint8_t byte : hash) hex.append({kDigits[byte >> 4], kDigits[byte & 15]});
    return hex;
}

}  // namespace

std::vector<Subtree> SubtreesOf(std::uint64_t first, std::uint64_t count) {
    std::vector<Subtree> subtrees;
    while (count > 0) {
        unsigned level = 0;
        while (level < 63 && ((first >> level) & 1) == 0 && (count >> level) > 1) ++level;
        subtrees.push_back({level, first >> level});
        first += std::uint64_t{1} << level;
        count -= std::uint64_t{1} << level;
    }
    return subtrees;
}

std::string GoneRange::Claim() const {
    std::string claim = "{\"first\":" + std::to_string(first) + ",\"count\":" + std::to_string(count) + ",\"hashes\":[";
    for (std::size_t i = 0; i < hashes.size(); ++i) claim.append(i == 0 ? "\"" : ",\"").append(Hex(hashes[i])).append("\"");
    return claim.append("],");
}

GoneRange ParseGoneFile(std::string_view bytes, std::uint64_t first) {
    const auto malformed = [] { return Malformed(Say("說明檔損壞或被改過。", "the file is damaged or altered.")); };
    if (bytes.size() < kHead + kChecksum || bytes.size() > kMaxFile || !bytes.starts_with(kMagic)) throw malformed();
    const std::string_view checked = bytes.substr(0, bytes.size() - kChecksum);
    if (Number<std::uint32_t>(bytes, checked.size()) != Crc32c(checked)) throw malformed();
    GoneRange range;
    range.first = Number<std::uint64_t>(bytes, 8);
    range.count = Number<std::uint64_t>(bytes, 16);
    range.event = Number<std::uint64_t>(bytes, 24);
    if (range.first != first) throw Malformed(Say("檔名與檔內的紀錄編號不符：檔名被改過。", "the number in it is not that of its name: the file was renamed."), 8);
    if (range.count == 0 || range.count > kMaxNumber || range.event < range.end()) throw malformed();
    const std::string_view hashes = checked.substr(kHead);
    if (hashes.size() != SubtreesOf(range.first, range.count).size() * sizeof(Hash)) throw malformed();
    range.hashes.resize(hashes.size() / sizeof(Hash));
    for (std::size_t i = 0; i < range.hashes.size(); ++i) std::ranges::copy(hashes.substr(i * sizeof(Hash), sizeof(Hash)), range.hashes[i].begin());
    return range;
}

std::vector<GoneRange> ReadGoneFiles(const VaultFolder& folder, VaultReport& report) {
    std::vector<GoneRange> ranges;
    for (const NumberedFile& file : folder.GoneFiles(report)) {
        try {
            ranges.push_back(ParseGoneFile(File(folder.PathOf(file.name)).ReadAt(0, kMaxFile + 1), file.first));
            ranges.back().file = file.name;
        } catch (const Malformed& fault) {
            report.Fail("deletion-malformed", {file.name, fault.offset}, fault.why);
        }
    }
    return ranges;
}

void TakeClaim(Claims& claims, const WantedClaims& wanted, std::uint64_t record, std::uint8_t transport, std::string_view source, std::string_view kind,
               std::string_view message) {
    if (transport != kOwnTransport || source != "opsteward" || kind != "deletion" || !wanted.contains(record)) return;
    claims[record] = message.substr(0, kMaxClaim);
}

}  // namespace opsteward::verifier
