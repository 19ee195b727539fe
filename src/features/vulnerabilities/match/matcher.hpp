// Every vulnerability of every machine of a fleet.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "features/vulnerabilities/match/fleet.hpp"
#include "features/vulnerabilities/match/identify.hpp"
#include "features/vulnerabilities/match/product_match.hpp"
#include "features/vulnerabilities/snapshot/snapshot.hpp"

namespace opsteward::vuln {

struct Finding {
    static constexpr std::uint32_t kSystem = UINT32_MAX;

    std::uint32_t host;
    std::uint32_t package;  ///< among the fleet's packages; kSystem: what the host runs
    std::uint32_t slot;     ///< of the record
    std::uint32_t product;  ///< the criterion: a range of a product's block
    std::uint32_t range;
    std::uint8_t confidence;
    bool is_conditional;  ///< it needs something that is not known of the host: a platform, a hardware, an edition, a version, which updates it has
};

struct MatchCounts {
    std::uint64_t hosts = 0;
    std::uint64_t findings = 0;
    std::uint64_t conditional = 0;
    std::uint64_t unknown_systems = 0;  ///< hosts whose system is not told, or in no known way
    /// Of the packages that differ, by Judgement.
    std::array<std::uint64_t, kJudgements> packages{};
    std::vector<std::uint32_t> unnamed;       ///< of the fleet's packages, which no product could be told for: a person has to look; kExamples at most
    std::vector<std::uint32_t> without_data;  ///< likewise, which there was no data for

    static constexpr std::size_t kExamples = 10'000;
};

struct MatchOptions {
    unsigned threads = 0;  ///< ThreadCount (base/work_together.hpp)
    Namer namer;
    std::function<bool()> is_cancelled = [] { return false; };
};

/// Gets the findings of some hosts that follow each other, in the order of the hosts, of each host by package and record; `batch` counts the batches from 0
/// on in the order of the hosts. Called from several threads at a time, not in the order of the batches.
using FindingSink = std::function<void(std::size_t batch, std::span<const Finding> findings)>;

/// A record is found once for a host and a package, by the surest of its criteria. What is rejected is never found.
Result<MatchCounts> MatchFleet(const Snapshot& snapshot, const Fleet& fleet, const MatchOptions& options, const FindingSink& sink);

/// The criterion of a finding as a text: the match string, and its range where it has one.
Result<std::string> CriterionText(const Snapshot& snapshot, std::uint32_t product, std::uint32_t range);

}  // namespace opsteward::vuln
