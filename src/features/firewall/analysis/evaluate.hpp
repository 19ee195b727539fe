// What a rule base does with one packet: rules asked one after the other. It shares nothing with the exact analysis, so that its packets can be replayed here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

/// Outcome of a packet, of traffic or of a question that unknown parts may leave open.
enum class Outcome : std::uint8_t { kAllowed, kBlocked, kDepends };
/// "allowed", "blocked" or "depends".
std::string_view NameOf(Outcome outcome);

struct Decision {
    std::optional<std::size_t> rule;       ///< the first without unknown parts that matches; none: the fallback decides
    std::vector<std::size_t> may_decide;   ///< rules before it that have unknown parts and may match, in order
    Action action = Action::kDeny;         ///< of `rule` or the fallback

    bool operator==(const Decision&) const = default;
};

Decision Evaluate(const RuleBase& base, const Packet& packet);
/// The same for many packets of one rule base: what may match lies in columns, so that most rules are passed over several at a time. The rule base must outlive
/// it and stay as it is.
class Evaluator {
  public:
    explicit Evaluator(const RuleBase& base);

    Decision Evaluate(const Packet& packet) const;

  private:
    static constexpr std::size_t kColumns = 6;
    /// Entries of one family in the order of the rules; of each the ends of the hulls of source, destination and service. The rest of the last row matches
    /// nothing.
    struct Table {
        std::vector<std::int32_t> columns[kColumns];
        std::vector<std::uint32_t> rules;
    };

    void Add(const Traffic& traffic, std::uint32_t rule);

    const RuleBase* base_;
    Table ipv4_;
    Table ipv6_;
};

/// kDepends when a rule that may decide has the other outcome.
Outcome OutcomeOf(const RuleBase& base, const Decision& decision);

}  // namespace opsteward::firewall
