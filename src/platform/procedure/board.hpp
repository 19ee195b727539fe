// What the board is made from, remembered while the procedure's revision stays the same.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <vector>

#include "base/mutex.hpp"
#include "platform/procedure/procedure.hpp"
#include "platform/procedure/store.hpp"

namespace opsteward::procedure {

/// States and findings of all units at one time.
struct Snapshot {
    std::shared_ptr<const Pack> pack;
    std::int64_t revision = 0;
    Instant as_of;
    Instant judged_at;
    std::vector<store::StateRow> states;
    std::vector<store::FindingRow> findings;  ///< in the order shown
    std::vector<Text> refused_checks;
};

/// The board for some units (empty: all). Pure; copies no finding, the board holds on to the snapshot. `judged_at` may be later
/// than the snapshot's: judged again, and everything was found as it was.
Board MakeBoard(const std::shared_ptr<const Snapshot>& snapshot, Instant judged_at, const std::set<std::int64_t>& units);

/// What a board has to show at least.
struct BoardWanted {
    std::int64_t revision = 0;
    Instant judged_at;
    std::string_view pack_digest;
    const std::set<std::int64_t>& units;
};

/// The newest snapshot and the boards made from it. Thread-safe.
class BoardCache {
  public:
    /// `load` reads a snapshot when the one remembered is too old; others who want it meanwhile wait for the same load.
    Result<std::shared_ptr<const Board>> Get(const BoardWanted& wanted,
                                             const std::function<Result<std::shared_ptr<const Snapshot>>()>& load);

  private:
    static constexpr std::size_t kMaxBoards = 64;

    std::shared_ptr<const Board> FindBoard(const BoardWanted& wanted);
    std::shared_ptr<const Snapshot> FindSnapshot(const BoardWanted& wanted);

    Mutex loading_;  ///< held while a snapshot is read and a board made; taken before mutex_
    Mutex mutex_;
    std::shared_ptr<const Snapshot> snapshot_ OPS_GUARDED_BY(mutex_);
    std::map<std::set<std::int64_t>, std::shared_ptr<const Board>> boards_ OPS_GUARDED_BY(mutex_);
};

}  // namespace opsteward::procedure
