// Seals the trail: what is not in the log vault yet is put there, in order, and signed with everything else.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/audit/seal_place.hpp"
#include "platform/audit/sealed_row.hpp"
#include "platform/audit/seals.hpp"
#include "vault/vault_reader.hpp"

namespace opsteward::audit {

struct Sealed {
    bool is_busy = false;      ///< somebody else writes to the vault: nothing was done, and there may be something to do
    std::int64_t rows = 0;     ///< put into the vault by this call
    std::string log = {};      ///< of the vault, when there is a seal
    std::optional<Seal> seal;  ///< to be recorded, unless it is known already
};

class Sealer {
  public:
    /// All outlive it.
    Sealer(db::Database& database, const Clock& clock, const SealPlace& place) : database_(database), clock_(clock), place_(place) {}

    /// How far to go on is read from the vault and not from the records: whatever was cut off before, no row is put there twice and none is left out.
    /// The vault is held only when there is something to do, and let go of at the end. kCorrupt, with nothing written, when the vault does not fit
    /// the records: it holds rows that they do not, or others, or it is shorter than a seal says. kCancelled when `go_on` says no. kFull when the disk
    /// is: what was put there before is signed.
    Result<Sealed> SealNew(const std::function<bool(std::int64_t done, std::int64_t all)>& go_on = {});

  private:
    struct Known;
    struct Held;

    Result<Known> ReadKnown() const;
    bool IsDue(const Known& known) const;
    Result<Held> LookIntoVault(const Known& known) const;
    void TellSpace(const vault::VaultWriter& vault);
    Result<void> CheckLastRow(std::int64_t sequence, std::string_view line) const;
    Result<std::int64_t> AppendAfter(vault::VaultWriter& vault, std::int64_t last, std::int64_t all, const std::function<bool(std::int64_t, std::int64_t)>& go_on,
                                     Sealed& sealed) const;
    Result<void> AppendLines(vault::VaultWriter& vault, const std::vector<RowLine>& lines) const;

    db::Database& database_;
    const Clock& clock_;
    const SealPlace& place_;
    std::atomic<bool> has_looked_ = false;  ///< into the vault, since the program was started
    std::atomic<vault::SpaceState> told_space_ = vault::SpaceState::kEnough;
};

/// Whether the vault still is what a seal says: kCorrupt when it has fewer records, or had another root at that size.
Result<void> CheckAgainstSeal(const vault::VaultReader& vault, const Seal& seal);

}  // namespace opsteward::audit
