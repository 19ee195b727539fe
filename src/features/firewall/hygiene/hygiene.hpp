// What a device's configuration leaves open of what the procedure asks for: administrators, remote services, logging, time, rules that are too wide.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/language.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

enum class HygieneLevel { kHigh, kMedium, kLow, kInformation };
/// "high", "medium", "low" or "information".
std::string_view NameOf(HygieneLevel level);

struct HygieneFinding {
    std::string check;    ///< see kHygieneChecks
    HygieneLevel level = HygieneLevel::kInformation;
    std::string subject;  ///< the administrator, interface, rule ("root 17") or server it is about; empty: the device
    Text what;
    std::size_t line = 0;  ///< 0: it is about something that is not there

    bool operator==(const HygieneFinding&) const = default;
};

struct HygieneOptions {
    bool wants_single_time_source = false;  ///< the procedure asks for one reference: a second one is a finding, not information
    std::int64_t now = 0;                   ///< seconds since 1970-01-01T00:00:00Z, for periods that comments name; 0: none is over
    bool wants_ticket = true;               ///< a rule without a comment that names its request is told of
    /// Interfaces that face what is outside, besides those that the configuration itself says so of.
    std::vector<std::string> outside_interfaces;
};

inline constexpr std::string_view kHygieneChecks[] = {
    "administrator_two_factor",   // medium for one whom another server authenticates
    "administrator_trusted_hosts",
    "administrator_default_name",
    "remote_service_cleartext",   // telnet, http, SNMP 1 and 2c
    "remote_service_old_ssh",
    "remote_service_outside",     // administration from outside
    "log_target_missing",
    "log_target_unencrypted",
    "time_source_missing",
    "time_source_several",
    "ha_unprotected",
    "ha_missing",
    "rule_not_logged",
    "rule_any_any",
    "rule_without_ticket",
    "rule_ended_enabled",
    "rule_period_over",           // "exp=2026-12-31" in its comment
    "password_policy_missing",
    "implicit_deny_not_logged",
};

/// From Configuration::facts (kinds and properties: docs/formats/firewall-configuration.md) and the rules. A check whose facts a configuration has none of says
/// nothing of it, but for those that ask for something that must be there (log target, time source), which are made only where the configuration has facts
/// besides settings: a list of rules alone says nothing of the device. Check Point's answers never tell of time, and ClassBench's sets of nothing at all.
/// Linear in facts and rules; in the order of kHygieneChecks, each in the order of the file.
std::vector<HygieneFinding> CheckHygiene(const Configuration& configuration, const HygieneOptions& options = {});

}  // namespace opsteward::firewall
