#include "vault/retention/deletion_record.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "vault/leaf_source.hpp"
#include "vault/tree/proof.hpp"

namespace opsteward::vault {

namespace {

constexpr std::size_t kMostStreams = 1000;

Result<Hash> HashOfFile(const std::filesystem::path& path) {
    constexpr std::size_t kPiece = 1U << 20;
    OPS_TRY(const File file, File::Open(path, File::Mode::kRead));
    crypto::Sha256Stream hash;
    hash.Begin();
    std::uint64_t at = 0;
    while (true) {
        OPS_TRY(const std::string piece, file.ReadAt(at, kPiece));
        if (piece.empty()) return hash.Finish();
        hash.Add(piece);
        at += piece.size();
    }
}

/// `leaves` begin with the leaf `first` of the tree.
std::vector<Hash> HashesOf(const GoneRange& range, std::span<const Hash> leaves) {
    std::vector<Hash> hashes;
    for (const Subtree& subtree : SubtreesOf(range.first, range.count)) {
        hashes.push_back(RootOf(leaves.subspan(subtree.first() - range.first, std::uint64_t{1} << subtree.level)));
    }
    return hashes;
}

}  // namespace

Result<Deletion> DescribeDeletion(const Segment& segment) {
    Deletion deletion;
    deletion.range = {segment.first(), segment.end() - segment.first(), 0, {}};
    Instant earliest = segment.blocks().front().facts.earliest;
    Instant latest = segment.blocks().front().facts.latest;
    std::vector<Hash> leaves;
    for (const BlockEntry& entry : segment.blocks()) {
        OPS_TRY(const Block block, segment.Read(entry));
        OPS_TRY(const std::vector<Hash> of_block, LeavesOf(block));
        leaves.insert(leaves.end(), of_block.begin(), of_block.end());
        for (const RecordView& record : block.records()) ++deletion.records[{std::string(record.source), std::string(record.kind)}];
        earliest = std::min(earliest, entry.facts.earliest);
        latest = std::max(latest, entry.facts.latest);
    }
    deletion.from = TaipeiDate(earliest);
    deletion.to = TaipeiDate(latest);
    deletion.range.hashes = HashesOf(deletion.range, leaves);
    OPS_TRY(deletion.file_hash, HashOfFile(segment.path()));
    return deletion;
}

Result<void> CheckHashes(const GoneRange& range, std::uint64_t size, const Hash& root, const NodeReader& nodes) {
    const std::vector<Subtree> subtrees = SubtreesOf(range.first, range.count);
    for (std::size_t i = 0; i < subtrees.size(); ++i) {
        // A complete subtree is a leaf of the tree over the subtrees of its size, the last of which may be smaller.
        OPS_TRY(const std::vector<Hash> proof, InclusionProof(subtrees[i].first(), size, nodes));
        const auto above = std::span(proof).subspan(subtrees[i].level);
        const std::uint64_t width = ((size - 1) >> subtrees[i].level) + 1;
        if (VerifyInclusion(range.hashes[i], subtrees[i].index, width, above, root)) continue;
        return Error::Of(ErrorCode::kCorrupt,
                         fmt::format("第 {} 至 {} 筆的雜湊與樹不符，未刪除；請以 opsteward-verify 檢查記錄庫。", range.first, range.end() - 1),
                         fmt::format("The hashes of records {} to {} do not fit the tree; nothing was deleted. Check the vault with opsteward-verify.", range.first,
                                     range.end() - 1));
    }
    return Ok();
}

std::string DeletionClaim(const GoneRange& range) {
    std::string claim = fmt::format(R"({{"first":{},"count":{},"hashes":[)", range.first, range.count);
    for (const Hash& hash : range.hashes) claim += fmt::format(R"({}"{}")", &hash == range.hashes.data() ? "" : ",", crypto::ToHex(hash));
    return claim + "],";
}

std::string DeletionMessage(const Deletion& deletion, const RetentionRules& rules) {
    json::array streams;
    for (const auto& [stream, records] : deletion.records) {
        if (streams.size() == kMostStreams) break;
        json::object of{{"source", ReplaceInvalidUtf8(stream.source)}, {"kind", ReplaceInvalidUtf8(stream.kind)}, {"records", records}};
        of["days"] = rules.DaysFor(stream).value_or(0);
        streams.emplace_back(std::move(of));
    }
    const json::object rest{{"sha256", crypto::ToHex(deletion.file_hash)},
                            {"from", FormatIsoDate(deletion.from)},
                            {"to", FormatIsoDate(deletion.to)},
                            {"streams", deletion.records.size()},
                            {"of", std::move(streams)}};
    return DeletionClaim(deletion.range) + json::serialize(rest).substr(1);
}

Result<void> CheckClaim(const VaultReader& vault, const GoneRange& range) {
    if (range.event < vault.size()) {
        OPS_TRY(const std::string canonical, vault.Canonical(range.event));
        OPS_TRY(const RecordView record, ParseRecord(canonical));
        const bool is_ours = record.transport == Transport::kInternal && SourceAndKind{std::string(record.source), std::string(record.kind)} == kDeletionRecords;
        if (is_ours && record.message.starts_with(DeletionClaim(range))) return Ok();
    }
    return Error::Of(ErrorCode::kCorrupt,
                     fmt::format("第 {} 筆並未說明第 {} 至 {} 筆已刪除；請以 opsteward-verify 檢查記錄庫。", range.event, range.first, range.end() - 1),
                     fmt::format("Record {} does not say that records {} to {} are deleted as they lie there; check the vault with opsteward-verify.", range.event,
                                 range.first, range.end() - 1));
}

Result<GoneRange> ClaimedRange(std::string_view message) {
    const auto value = ParseJson(message);
    const json::object* claim = value.ok() ? value->if_object() : nullptr;
    const json::value* first = claim == nullptr ? nullptr : claim->if_contains("first");
    const json::value* count = claim == nullptr ? nullptr : claim->if_contains("count");
    if (first != nullptr && count != nullptr) {
        boost::system::error_code problem;
        const GoneRange range{first->to_number<std::uint64_t>(problem), problem ? 0 : count->to_number<std::uint64_t>(problem), 0, {}};
        if (!problem) return range;
    }
    return Error::Hidden(ErrorCode::kCorrupt, "a record of a deletion that names no range");
}

}  // namespace opsteward::vault
