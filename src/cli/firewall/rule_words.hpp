// Rules and packets in sentences for people.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/language.hpp"
#include "features/firewall/model/rule_base.hpp"

namespace opsteward::cli {

/// root 17 "Web" (line 123)
std::string RuleWords(const firewall::RuleBase& base, std::size_t rule, Language language);
/// The same; without a rule, that it is none and the fallback decides.
std::string DecidingWords(const firewall::RuleBase& base, std::optional<std::size_t> rule, Language language);
/// Their ids alone, of many the first ones.
std::string RuleIds(const firewall::RuleBase& base, const std::vector<std::size_t>& rules, Language language);
/// schedule "NIGHT", fqdn "example.net" …
std::string UnknownPartWords(const std::vector<firewall::UnknownPart>& parts, Language language);
std::string PacketWords(const firewall::Packet& packet, const firewall::RuleBase& base);
/// accepted, denied, rejected
std::string_view ActionWord(firewall::Action action, Language language);

}  // namespace opsteward::cli
