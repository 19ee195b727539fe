// Chains that jump to each other, and base chains that are asked one after the other, as one list of which the first rule that matches decides.
//
// - A rule of a chain stands once for every path to it, matching what gets there: its id is "FORWARD:3/CHAIN:2".
// - What returns from a chain is taken from the rules that follow in it. Where that would take too many products, or the rule that returns has an unknown part,
//   the rules that follow have an unknown part instead.
// - Several base chains of one hook: what one denies is denied; what one accepts goes on to the next. So a rule that accepts stands with every rule of the next
//   chain that its traffic meets ("first:3/second:2"), like one that goes to it. Where these would be too many, it has an unknown part instead.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::firewall {

inline constexpr std::size_t kMaxChainRules = 250'000;  ///< of one text, and of one rule base made of it
inline constexpr std::size_t kMaxChainDepth = 60;

enum class ChainVerdict : std::uint8_t {
    kAccept,
    kDeny,
    kReject,
    kReturn,
    kJump,
    kGoto,
    kLog,       ///< goes on; what it covers of the rules behind it is logged
    kContinue,  ///< goes on
};

struct ChainRule {
    Rule rule;  ///< id: the part for this chain, "FORWARD:3"; traffic: what it matches by itself; action: none yet
    ChainVerdict verdict = ChainVerdict::kContinue;
    std::size_t target = 0;  ///< chain that kJump and kGoto go to
};

struct Chain {
    std::string name;
    std::vector<ChainRule> rules;
};

struct BaseChain {
    std::size_t chain = 0;
    std::array<bool, 2> families{true, true};  ///< by Family: which packets it sees
    Action policy = Action::kAccept;
    std::size_t policy_line = 0;
    std::string policy_text;  ///< "policy drop"
};

struct ChainHook {
    std::string name;                   ///< of the rule base
    std::vector<std::string> zones;     ///< the last one is "*"
    std::array<bool, 2> families{true, true};
    bool has_in = true;   ///< packets come in by an interface; else only what asks for none, or for any, matches
    bool has_out = true;
    std::vector<BaseChain> bases;       ///< in the order in which they are asked
};

/// kInvalidInput: chains jump in a circle or too deep; kTooLarge: more than kMaxChainRules rules, or too much to work out. Both name the line.
Result<RuleBase> FlattenChains(const std::vector<Chain>& chains, ChainHook hook);

}  // namespace opsteward::firewall
