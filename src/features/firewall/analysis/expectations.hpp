// What people expect of a rule base, proved or refuted. The file's format: docs/formats/firewall-expectations.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/analysis/query.hpp"

namespace opsteward::firewall {

/// One end of the traffic. Zones by name; none: all. A family's addresses may be empty.
struct ExpectedEnd {
    std::vector<std::string> zones;
    Ipv4Set ipv4 = Ipv4Set::All();
    Ipv6Set ipv6 = Ipv6Set::All();

    bool operator==(const ExpectedEnd&) const = default;
};

struct Expectation {
    std::string name;
    std::string rule_base;  ///< empty: each that has its zones
    ExpectedEnd from;
    ExpectedEnd to;
    NumberSet services = AllServices();
    NumberSet states = AllStates();
    bool is_accepted = false;  ///< else denied
    bool is_only = false;      ///< the same traffic with all other services is denied
    std::size_t line = 0;
    std::size_t column = 0;

    bool operator==(const Expectation&) const = default;
};

inline constexpr std::size_t kMaxExpectationBytes = 1U << 20;
inline constexpr std::size_t kMaxExpectations = 10'000;

/// kInvalidInput, naming line and column, when something in it is wrong: then nothing of it is used. kTooLarge above kMaxExpectationBytes or kMaxExpectations.
Result<std::vector<Expectation>> ReadExpectations(std::string_view text);

enum class ExpectationState : std::uint8_t {
    kProved,
    kRefuted,    ///< the example surely has the other outcome
    kDepends,    ///< on unknown parts of rules
    kUndecided,  ///< the budget was spent
};
/// "proved", "refuted", "depends" or "undecided".
std::string_view NameOf(ExpectationState state);

struct ExpectationResult {
    std::size_t expectation = 0;  ///< place in what was read
    std::size_t rule_base = 0;    ///< place in what was asked
    ExpectationState state = ExpectationState::kUndecided;
    bool is_about_rest = false;         ///< it is the "and nothing else" of `only` that does not hold or is open
    std::optional<Packet> example;      ///< of kRefuted and kDepends
    std::optional<std::size_t> rule;    ///< that decides, or may decide, of the example; none: the fallback

    bool operator==(const ExpectationResult&) const = default;
};

/// By expectation, then by rule base. kInvalidInput, naming line and column, when an expectation names a rule base that is not there, or zones that no rule
/// base has.
Result<std::vector<ExpectationResult>> CheckExpectations(std::span<const Expectation> expectations, std::span<const RuleBase> bases, const Budget& budget);

}  // namespace opsteward::firewall
