#include "vault/seal/proof_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/base64.hpp"
#include "vault/seal/values.hpp"
#include "vault/tree/proof.hpp"

namespace opsteward::vault {

namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr std::size_t kMaxBytes = 8 << 20;  // the longest record in base 64, and more
constexpr std::size_t kMaxHashes = 64;  // the height of the largest tree

Error Malformed(std::string zh, std::string en) {
    return Error::Of(ErrorCode::kCorrupt, "證明檔格式不符：" + std::move(zh), "The proof is malformed: " + std::move(en));
}

/// Takes the first line with its end off `rest`; nothing when no line ends in it.
std::optional<std::string_view> TakeLine(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

}  // namespace

Result<ProofFile> ProofFile::Parse(std::string_view bytes) {
    if (bytes.size() > kMaxBytes) return Malformed("超過 8 MiB。", "it is longer than 8 MiB.");
    std::string_view rest = bytes;
    if (TakeLine(rest) != kFirstLine) return Malformed("第一行不是 c2sp.org/tlog-proof@v1。", "its first line is not c2sp.org/tlog-proof@v1.");
    ProofFile proof;
    auto line = TakeLine(rest);
    if (line && line->starts_with(kExtra)) {
        auto extra = crypto::Base64Decode(line->substr(kExtra.size()));
        if (!extra) return Malformed("extra 行不是 Base64。", "its extra line is not base 64.");
        proof.extra = std::move(*extra);
        line = TakeLine(rest);
    }
    const auto index = line && line->starts_with(kIndex) ? ParseDecimal(line->substr(kIndex.size())) : std::nullopt;
    if (!index) return Malformed("缺少 index 行。", "its index line is missing.");
    proof.index = *index;
    for (line = TakeLine(rest); line && !line->empty(); line = TakeLine(rest)) {
        const auto hash = ParseHash(*line);
        if (!hash || proof.hashes.size() == kMaxHashes) return Malformed("雜湊行不正確或過多。", "a line of its hashes is wrong, or there are too many.");
        proof.hashes.push_back(*hash);
    }
    if (!line) return Malformed("缺少檢查點。", "its checkpoint is missing.");
    proof.checkpoint = std::string(rest);
    return proof;
}

std::string ProofFile::ToText() const {
    std::string text = fmt::format("{}\n", kFirstLine);
    if (!extra.empty()) text += fmt::format("{}{}\n", kExtra, crypto::Base64Encode(extra));
    text += fmt::format("{}{}\n", kIndex, index);
    for (const Hash& hash : hashes) text += crypto::Base64Encode(hash) + '\n';
    return text + '\n' + checkpoint;
}

Result<Checkpoint> VerifyProof(const ProofFile& proof, std::string_view record, const NoteKey& key) {
    OPS_TRY(const Note note, Note::Parse(proof.checkpoint));
    OPS_TRY(Checkpoint checkpoint, OpenCheckpoint(note, key));
    if (!VerifyInclusion(LeafHasher()(record), proof.index, checkpoint.size, proof.hashes, checkpoint.root)) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("這筆紀錄不是檢查點內的第 {} 筆：紀錄或證明被改過。", proof.index),
                         fmt::format("The record is not leaf {} of the checkpoint: record or proof was altered.", proof.index));
    }
    return checkpoint;
}

}  // namespace opsteward::vault
