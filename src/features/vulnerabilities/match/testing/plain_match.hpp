// What MatchFleet does, done plainly: every criterion of every record against everything that a host has. Slow, and right on sight.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "features/vulnerabilities/match/item.hpp"
#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln::testing {

/// What a package, or the system, of a host is.
struct PlainUnit {
    std::uint32_t package = 0;  ///< Finding::package
    std::vector<Item> items;
};

struct PlainHost {
    bool knows_system = false;
    bool knows_hardware = false;
    std::vector<PlainUnit> units;
};

/// Package, id of the record, confidence, is conditional.
using PlainFinding = std::tuple<std::uint32_t, std::string, std::uint8_t, bool>;

/// A record with its match strings read.
class PlainRecord {
  public:
    /// `record` lives as long as this does.
    explicit PlainRecord(const Vulnerability& record);

    /// Appends what the record finds on a host.
    void Match(const PlainHost& host, std::vector<PlainFinding>& findings) const;

    struct ParsedCriterion {
        const Criterion* criterion;
        std::optional<cpe::Name> name;  ///< none: it is no match string
        std::string product;
    };

  private:
    const Vulnerability& record_;
    std::vector<std::vector<std::vector<ParsedCriterion>>> configurations_;  ///< by configuration and node
};

}  // namespace opsteward::vuln::testing
