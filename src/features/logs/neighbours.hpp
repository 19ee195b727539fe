// The records of a scope next to a place of the vault. Blocks that hold none of the scope are passed over on the word of their segment's footer, so that
// a neighbour may be any distance away; of the others no more is read than it takes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "features/logs/scope.hpp"
#include "vault/scan.hpp"

namespace opsteward::logs {

/// Records by their numbers; those that were deleted are in no scope. kCorrupt, naming file and place, when a block that is read is damaged. Not for use
/// from two threads at a time. The vault has to outlive it.
class Neighbours {
  public:
    Neighbours(const vault::VaultReader& vault, Scope scope);

    /// Numbers of the first records of the scope from `begin` to before `end`, at most `count`, in rising order.
    Result<std::vector<std::uint64_t>> First(std::uint64_t begin, std::uint64_t end, std::uint64_t count);
    /// Likewise of the last ones.
    Result<std::vector<std::uint64_t>> Last(std::uint64_t begin, std::uint64_t end, std::uint64_t count);

    /// Numbers that will be asked for soon: read along with others of their block.
    struct Ahead {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
    };
    /// Hands over these records and says whether to go on. The views hold during the call. Precondition: numbers of the scope in rising order.
    Result<bool> Read(std::span<const std::uint64_t> numbers, Ahead ahead, const vault::OnRecord& on_record);

  private:
    /// Records that lie together: a block, or what lies in the write-ahead log alone.
    struct Piece {
        std::uint64_t first = 0;
        std::uint64_t end = 0;
        const vault::Segment* segment = nullptr;  ///< none: in the log
        const vault::BlockEntry* entry = nullptr;
        bool is_all = false;  ///< whether all of its records are of the scope
    };
    /// What was read of a block, all of it or some.
    struct Reading {
        const Piece* piece;
        vault::Block block;
    };

    bool IsOfScope(const vault::RecordView& record) const { return scope_.Has(record.source, record.kind); }
    Result<bool> Has(const Piece& piece, std::uint64_t number);
    Result<bool> ReadFrom(const Piece& piece, std::span<const std::uint64_t> numbers, Ahead ahead, const vault::OnRecord& on_record);
    const vault::Block* Kept(const Piece& piece);
    Result<const vault::Block*> Whole(const Piece& piece);
    Result<const vault::Block*> With(const Piece& piece, std::span<const std::uint64_t> numbers, Ahead ahead);
    const vault::Block* Keep(const Piece& piece, vault::Block block);

    const vault::VaultReader& vault_;
    Scope scope_;
    std::vector<Piece> pieces_;      ///< in rising order, all that hold records of the scope
    std::vector<Reading> readings_;  ///< the one used last at the end
};

}  // namespace opsteward::logs
