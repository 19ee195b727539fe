#include "verifier/proof.hpp"

#include <bit>
#include <optional>

#include "verifier/base64.hpp"
#include "verifier/fault.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kMaxHashes = 64;  // the height of the largest tree

/// Takes the first line with its end off `rest`.
std::string_view TakeLine(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) throw Malformed(Say("證明檔提早結束。", "the proof ends early."));
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

}  // namespace

Proof Proof::Parse(std::string_view bytes) {
    if (bytes.size() > kMaxBytes) throw Malformed(Say("證明檔過長。", "the proof is too long."));
    std::string_view rest = bytes;
    if (TakeLine(rest) != kFirstLine) throw Malformed(Say("第一行不是 {0}。", "its first line is not {0}.", {kFirstLine}));
    Proof proof;
    std::string_view line = TakeLine(rest);
    const bool has_extra = line.starts_with(kExtra);
    const auto extra = has_extra ? FromBase64(line.substr(kExtra.size())) : std::nullopt;
    if (!extra) throw Malformed(Say("缺少 extra 行（紀錄），或不是 Base64。", "its extra line with the record is missing or no base 64."));
    proof.extra = *extra;
    line = TakeLine(rest);
    const auto index = line.starts_with(kIndex) ? ParseDecimal(line.substr(kIndex.size())) : std::nullopt;
    if (!index) throw Malformed(Say("缺少 index 行。", "its index line is missing."));
    proof.index = *index;
    for (line = TakeLine(rest); !line.empty(); line = TakeLine(rest)) {
        const auto hash = ParseHash(line);
        if (!hash || proof.hashes.size() == kMaxHashes) throw Malformed(Say("雜湊行不正確或過多。", "a line of its hashes is wrong, or there are too many."));
        proof.hashes.push_back(*hash);
    }
    proof.checkpoint = std::string(rest);
    return proof;
}

bool IsIncluded(const Hash& leaf, const Proof& proof, const Checkpoint& tree) {
    if (proof.index >= tree.size) return false;
    // From the root down to the leaf: on which side of each node it lies.
    std::vector<bool> is_right;
    std::uint64_t index = proof.index;
    for (std::uint64_t width = tree.size; width > 1;) {
        const std::uint64_t left = std::bit_floor(width - 1);
        is_right.push_back(index >= left);
        index -= is_right.back() ? left : 0;
        width = is_right.back() ? width - left : left;
    }
    if (proof.hashes.size() != is_right.size()) return false;
    Sha256 sha256;
    Hash hash = leaf;
    for (const Hash& sibling : proof.hashes) {
        hash = is_right.back() ? sha256.Node(sibling, hash) : sha256.Node(hash, sibling);
        is_right.pop_back();
    }
    return hash == tree.root;
}

}  // namespace opsteward::verifier
