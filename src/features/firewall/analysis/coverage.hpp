// Whether a product of sets is covered by a union of others: the primitive that everything else here asks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "features/firewall/analysis/compiled_rules.hpp"

namespace opsteward::firewall {

enum class Coverage : std::uint8_t { kCovered, kUncovered, kUndecided };

/// What a question may cost. A node is a product that was looked at; a step one comparison of a node with a candidate, or one interval made.
struct Budget {
    std::uint64_t nodes = 200'000;
    std::uint64_t steps = 200'000'000;

    bool IsSpent() const { return nodes == 0 || steps == 0; }
    void SpendNode() { nodes -= nodes > 0 ? 1 : 0; }
    void SpendSteps(std::uint64_t count) { steps -= std::min(steps, count); }
};

/// Answers for one family of a rule base. First a few packets of the product are tried, since most rules are live. Then the product is divided at the borders
/// of the candidate that has the largest share of it, until a part meets none of them or no part is left; candidates that do not meet a part are not asked
/// again within it. The answer does not depend on the order in which candidates are found, nor on rules that do not meet the product. Memory is kept from one
/// question to the next; not for two threads at once.
class CoverageSolver {
  public:
    explicit CoverageSolver(const FamilyRules& rules) : rules_(&rules) {}

    Coverage Ask(const Product& product, const Blockers& blockers, Budget& budget);
    /// Of products by their numbers.
    Coverage AskThese(const Product& product, std::span<const std::uint32_t> candidates, Budget& budget);

    /// After kUncovered: a packet that no candidate has.
    const Packet& witness() const { return witness_; }
    /// After kUncovered of AskThese: a product around it that no candidate meets. Valid until the next question.
    const Product& uncovered() const { return uncovered_; }
    /// After kCovered: numbers of products that together cover the product, ascending.
    std::vector<std::uint32_t> Covering() const;

  private:
    /// A part to be looked at, with the candidates that met the product it was made from.
    struct Pending {
        Product product;
        std::size_t begin = 0;  ///< of numbers_
        std::size_t end = 0;
        IntervalStore::Mark mark;
    };

    bool FindPacket(const Product& product, const Blockers& blockers);
    Coverage Solve(const Product& product, Budget& budget);
    /// Whether one of the candidates covers the part; else those that meet it are put behind numbers_, and `pivot` is the one to divide by, if there is any.
    bool IsCoveredByOne(const Pending& pending, std::optional<std::uint32_t>& pivot);
    void Push(const Product& product, std::size_t begin, std::size_t end) { pending_.push_back({product, begin, end, store_.mark()}); }
    double ShareOf(const Product& candidate, const Product& product) const;

    const FamilyRules* rules_;
    IntervalStore store_;
    std::vector<Pending> pending_;
    std::vector<std::uint32_t> numbers_;
    std::vector<std::uint32_t> covering_;
    Product uncovered_;
    Packet witness_;
};

}  // namespace opsteward::firewall
