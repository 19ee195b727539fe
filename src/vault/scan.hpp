// Reading records in order of arrival: only the blocks that are chosen, several at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "vault/vault_reader.hpp"

namespace opsteward::vault {

struct Scan {
    /// Which blocks of a segment to read; without it all.
    std::function<Result<BlockSet>(const Segment& segment)> choose = {};
    /// Which records of a block to put together; without it all. Called from several threads at a time.
    ChooseRows choose_rows = {};
    /// Which of these records are wanted, by their places, in rising order. Called from several threads at a time; without it all.
    std::function<std::vector<std::uint32_t>(std::span<const RecordView> records)> find = {};
    unsigned threads = 0;  ///< 0: as many as the machine has
};

/// False ends the reading.
using OnRecord = std::function<bool(std::uint64_t sequence, const RecordView& record)>;

/// Hands over the wanted records, in order, on the calling thread. The views hold during the call.
Result<void> ForEach(const VaultReader& vault, const Scan& scan, const OnRecord& on_record);

}  // namespace opsteward::vault
