#include "platform/audit/sealer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/log.hpp"
#include "base/text.hpp"
#include "crypto/base64.hpp"

namespace opsteward::audit {

namespace {

namespace fs = std::filesystem;

constexpr int kPage = 200;
constexpr std::size_t kGroupBytes = 4U << 20;
/// With more than this in the write-ahead log segments are written, so that opening the vault stays a matter of milliseconds.
constexpr std::uint64_t kSegmentBytes = 8U << 20;

/// Whoever seals does it after writing: a log that is younger than the checkpoint may hold what nobody has signed.
bool MayHoldUnsealed(const vault::Layout& layout) {
    std::error_code failure;
    if (!fs::exists(layout.log(), failure)) return false;
    const auto sealed = fs::last_write_time(layout.checkpoint(), failure);
    if (failure) return true;
    for (fs::directory_iterator file(layout.log(), failure), end; !failure && file != end; file.increment(failure)) {
        if (file->last_write_time(failure) > sealed) return true;
    }
    return static_cast<bool>(failure);
}

Result<std::uint64_t> SealedSize(const vault::VaultReader& vault) {
    if (!vault.sealed()) return std::uint64_t{0};
    OPS_TRY(const vault::Note note, vault::Note::Parse(*vault.sealed()));
    OPS_TRY(const vault::Checkpoint checkpoint, vault::Checkpoint::Parse(note.text));
    return checkpoint.size;
}

}  // namespace

/// What the records say.
struct Sealer::Known {
    std::optional<std::string> log;
    std::optional<Seal> seal;
    std::int64_t rows = 0;

    std::int64_t through() const { return seal ? seal->through : 0; }
};

/// What the vault says.
struct Sealer::Held {
    std::int64_t last_row = 0;
    std::uint64_t size = 0;
    std::uint64_t sealed_size = 0;
    std::uint64_t tail_bytes = 0;
};

Result<void> CheckAgainstSeal(const vault::VaultReader& vault, const Seal& seal) {
    const auto size = static_cast<std::uint64_t>(seal.tree_size);
    if (size > vault.size()) {
        return Error::Of(ErrorCode::kCorrupt,
                         fmt::format("記錄庫只有 {} 筆，先前卻已簽署到第 {} 筆（檢查點 {}）：記錄庫可能遭刪減，或換成了較舊的複本。", vault.size(), size, size),
                         fmt::format("The vault holds {} records, and {} were signed before (checkpoint {}): it was cut short, or an older copy was put in its place.",
                                     vault.size(), size, size));
    }
    OPS_TRY(const vault::Hash root, vault.Root(size));
    if (crypto::Base64Encode(root) == seal.root) return Ok();
    return Error::Of(ErrorCode::kCorrupt, fmt::format("記錄庫前 {} 筆的內容與先前簽署的檢查點 {} 不符。", size, size),
                     fmt::format("The first {} records of the vault are not those of checkpoint {}, which was signed before.", size, size));
}

Result<Sealed> Sealer::SealNew(const std::function<bool(std::int64_t done, std::int64_t all)>& go_on) {
    OPS_TRY(Known known, ReadKnown());
    if (!IsDue(known)) return Sealed{};
    auto vault = place_.open();
    if (!vault.ok() && vault.error().code == ErrorCode::kConflict) return Sealed{.is_busy = true, .seal = {}};
    if (!vault.ok()) return vault.error();
    // The key is there by now, and nobody else writes.
    OPS_TRY(known, ReadKnown());
    OPS_TRY(const Held held, LookIntoVault(known));
    has_looked_ = true;
    TellSpace(**vault);

    Sealed sealed{.log = known.log.value_or(""), .seal = {}};
    const auto appended = AppendAfter(**vault, held.last_row, known.rows, go_on, sealed);
    if (!appended.ok()) {
        // A full disk may stay full for long; what found room is signed now.
        if (appended.error().code == ErrorCode::kFull && (*vault)->size() > held.sealed_size) OPS_CHECK((*vault)->Seal());
        return appended.error();
    }
    const std::int64_t last = *appended;
    const bool is_news = last > known.through();
    if (!is_news && (*vault)->size() == held.sealed_size) return sealed;
    // On a full disk the records stay in the write-ahead log; they are signed all the same.
    if (held.tail_bytes > kSegmentBytes) {
        if (auto moved = (*vault)->WriteSegments(); !moved.ok() && moved.error().code != ErrorCode::kFull) return moved.error();
    }
    OPS_TRY(const vault::Checkpoint checkpoint, (*vault)->Seal());
    if (is_news) sealed.seal = Seal{last, static_cast<std::int64_t>(checkpoint.size), crypto::Base64Encode(checkpoint.root), clock_.Now()};
    return sealed;
}

Result<Sealer::Known> Sealer::ReadKnown() const {
    Known known;
    OPS_TRY(known.log, LogOf(place_));
    OPS_CHECK(database_.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_TRY(known.rows, CountRows(session));
        if (known.log) {
            OPS_TRY(known.seal, LastSeal(session, *known.log));
        }
        return Ok();
    }));
    return known;
}

bool Sealer::IsDue(const Known& known) const {
    return !has_looked_ || known.rows != known.through() || MayHoldUnsealed({place_.vault});
}

Result<Sealer::Held> Sealer::LookIntoVault(const Known& known) const {
    OPS_TRY(const auto vault, vault::VaultReader::Open(place_.vault));
    if (known.seal) OPS_CHECK(CheckAgainstSeal(vault, *known.seal));
    Held held;
    held.size = vault.size();
    for (const std::string_view canonical : vault.tail()) held.tail_bytes += canonical.size();
    OPS_TRY(held.sealed_size, SealedSize(vault));
    OPS_TRY(const auto last, vault::LastRecord(vault, SealedStream()));
    // Where records were deleted by their age, later rows may have been among them; then the seal, which the vault fits, knows better.
    if (vault.segments().gone().Touch(last ? last->sequence : 0, vault.size())) held.last_row = known.through();
    if (!last) return held;
    const auto sequence = SequenceOf(last->message);
    if (!sequence) {
        return Error::Of(ErrorCode::kCorrupt, fmt::format("記錄庫第 {} 筆不是稽核紀錄的格式。", last->sequence),
                         fmt::format("Record {} of the vault is no row of the audit trail.", last->sequence));
    }
    OPS_CHECK(CheckLastRow(*sequence, last->message));
    held.last_row = std::max(held.last_row, *sequence);
    return held;
}

/// Once each time it changes.
void Sealer::TellSpace(const vault::VaultWriter& vault) {
    const auto space = vault.MeasureSpace(clock_.Now());
    if (!space.ok()) return;
    const vault::SpaceState state = vault::Judge(*space);
    if (told_space_.exchange(state) == state) return;
    const auto level = state == vault::SpaceState::kEnough ? spdlog::level::info : spdlog::level::warn;
    spdlog::log(level, "space for the log vault: {}; {} free, {} reserved for sealing, low below {}", vault::NameOf(state), FormatBytes(space->free),
                FormatBytes(space->reserved), FormatBytes(vault::LowBelow(*space)));
}

Result<void> Sealer::CheckLastRow(std::int64_t sequence, std::string_view line) const {
    OPS_TRY(const auto rows, database_.Read<std::vector<RowLine>>([&](db::Session& session) { return ReadLines(session, sequence, 1); }));
    const bool is_there = !rows.empty() && rows.front().sequence == sequence;
    if (is_there && rows.front().line == line) return Ok();
    return Error::Of(ErrorCode::kCorrupt,
                     fmt::format("記錄庫已封存到稽核紀錄第 {} 筆，資料庫裡{}：紀錄遭竄改，或還原了較舊的備份。未封存任何紀錄；"
                                 "請執行 opsteward db verify 找出最早的差異。",
                                 sequence, is_there ? "的這一筆卻不同" : "卻沒有這一筆"),
                     fmt::format("The audit trail is sealed up to row {}, and {}: rows were tampered with, or an older backup was restored. "
                                 "Nothing was sealed; opsteward db verify finds the first difference.",
                                 sequence, is_there ? "in the database that row is another" : "the database does not have it"));
}

Result<std::int64_t> Sealer::AppendAfter(vault::VaultWriter& vault, std::int64_t last, std::int64_t all,
                                         const std::function<bool(std::int64_t, std::int64_t)>& go_on, Sealed& sealed) const {
    while (true) {
        OPS_TRY(const auto lines, database_.Read<std::vector<RowLine>>([&](db::Session& session) { return ReadLines(session, last + 1, kPage); }));
        if (lines.empty()) return last;
        OPS_CHECK(AppendLines(vault, lines));
        last = lines.back().sequence;
        sealed.rows += static_cast<std::int64_t>(lines.size());
        if (go_on && !go_on(last, std::max(last, all))) return Error::Hidden(ErrorCode::kCancelled, "sealing the audit trail was stopped");
    }
}

Result<void> Sealer::AppendLines(vault::VaultWriter& vault, const std::vector<RowLine>& lines) const {
    const vault::Stream& stream = SealedStream();
    std::vector<vault::RecordView> group;
    std::size_t bytes = 0;
    for (const RowLine& row : lines) {
        group.push_back({clock_.Now(), stream.transport, stream.source, stream.kind, "", row.line});
        bytes += row.line.size();
        if (bytes < kGroupBytes && &row != &lines.back()) continue;
        OPS_CHECK(vault.Append(group));
        group.clear();
        bytes = 0;
    }
    return Ok();
}

}  // namespace opsteward::audit
