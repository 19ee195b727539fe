#include "platform/procedure/board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/count_text.hpp"
#include "platform/procedure/judging.hpp"

namespace opsteward::procedure {

namespace {

/// The state of a clause over several units: the worst of them, in force since the first of those that have it.
void Summarise(ClauseState& state) {
    const UnitState* worst = nullptr;
    std::size_t as_bad = 0;
    for (const auto& unit : state.units) {
        if (worst == nullptr || IsWorse(unit.state, worst->state)) {
            worst = &unit;
            as_bad = 0;
        } else if (unit.state == worst->state) {
            ++as_bad;
        }
    }
    if (worst == nullptr) {
        state.state = State::kNotSetUp;
        state.why = state.clause->missing;
        return;
    }
    state.state = worst->state;
    state.why = worst->why;
    state.since = worst->since;
    for (const auto& unit : state.units) {
        if (unit.state == worst->state) state.since = std::min(state.since, unit.since);
    }
    if (as_bad > 0) {
        state.why.zh += CountText("（另有 {} 個單位）", as_bad);
        state.why.en += CountText(" (and {} more [unit|units])", as_bad);
    }
}

}  // namespace

Board MakeBoard(const std::shared_ptr<const Snapshot>& snapshot, Instant judged_at, const std::set<std::int64_t>& units) {
    Board board;
    board.pack = snapshot->pack;
    board.as_of = snapshot->as_of;
    board.judged_at = judged_at;
    board.revision = snapshot->revision;
    board.refused_checks = snapshot->refused_checks;
    board.records = snapshot;
    std::unordered_map<std::string_view, std::size_t> place;
    board.clauses.reserve(snapshot->pack->clauses.size());
    for (const auto& clause : snapshot->pack->clauses) {
        place[clause.id] = board.clauses.size();
        ClauseState state;
        state.clause = &clause;
        state.judged_at = judged_at;
        board.clauses.push_back(std::move(state));
    }
    const auto wanted = [&](std::int64_t unit_id) { return units.empty() || units.contains(unit_id); };
    for (const auto& row : snapshot->states) {
        const auto found = place.find(row.judgement.clause_id);
        if (found == place.end() || !wanted(row.judgement.unit_id)) continue;
        board.clauses[found->second].units.push_back({row.judgement.unit_id, row.judgement.state, row.judgement.why, row.from});
    }
    for (const auto& row : snapshot->findings) {
        const auto found = place.find(row.clause_id);
        if (found != place.end() && wanted(row.finding.unit_id)) board.clauses[found->second].findings.Add(row.finding);
    }
    for (auto& state : board.clauses) Summarise(state);
    return board;
}

std::shared_ptr<const Board> BoardCache::FindBoard(const BoardWanted& wanted) {
    const MutexLock lock(mutex_);
    const auto found = boards_.find(wanted.units);
    if (found == boards_.end()) return nullptr;
    const Board& board = *found->second;
    const bool is_new_enough = board.revision >= wanted.revision && board.judged_at >= wanted.judged_at;
    return is_new_enough && board.pack->digest == wanted.pack_digest ? found->second : nullptr;
}

std::shared_ptr<const Snapshot> BoardCache::FindSnapshot(const BoardWanted& wanted) {
    const MutexLock lock(mutex_);
    const bool fits =
        snapshot_ != nullptr && snapshot_->revision >= wanted.revision && snapshot_->pack->digest == wanted.pack_digest;
    return fits ? snapshot_ : nullptr;
}

Result<std::shared_ptr<const Board>> BoardCache::Get(const BoardWanted& wanted,
                                                     const std::function<Result<std::shared_ptr<const Snapshot>>()>& load) {
    if (auto board = FindBoard(wanted)) return board;
    const MutexLock loading(loading_);
    if (auto board = FindBoard(wanted)) return board;
    auto snapshot = FindSnapshot(wanted);
    const bool is_new = snapshot == nullptr;
    if (is_new) {
        OPS_TRY(snapshot, load());
    }
    const Instant judged_at = std::max(wanted.judged_at, snapshot->judged_at);
    auto board = std::make_shared<const Board>(MakeBoard(snapshot, judged_at, wanted.units));
    const MutexLock lock(mutex_);
    if (is_new || boards_.size() >= kMaxBoards) boards_.clear();
    snapshot_ = std::move(snapshot);
    boards_[wanted.units] = board;
    return std::shared_ptr<const Board>(std::move(board));
}

}  // namespace opsteward::procedure
