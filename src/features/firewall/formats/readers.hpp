// The readers of firewall configurations, one for each vendor's form, and the one that knows them apart.
//
// What every reader keeps to:
// - Texts up to kMaxConfigurationBytes, else kTooLarge. Depth, counts and time are bounded: time grows with the length of the text and of what it names.
// - A text that is not of the form at all is kInvalidInput, naming the line. A line that is not understood is Configuration::unknown; a section that is known
//   and does not matter for rules becomes an Item. Nothing is passed over in silence.
// - Rules are in first-match order; `line` is where they stand in the text, from 1. Disabled and ended ones stay.
// - What a rule asks for and the model has no dimension for becomes an UnknownPart of that rule.
// - Secrets stand in items as SecretMark() (formats/secret_mark.hpp), nowhere in clear.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

inline constexpr std::size_t kMaxConfigurationBytes = 64U << 20;

/// What one text may come to: a small one can name a big group very often.
struct ReadBounds {
    std::size_t ranges = 8'000'000;         ///< of addresses and services, in its groups and rules; above: kTooLarge
    std::size_t member_ranges = 4'000'000;  ///< of the members of its rules' lists; above: lists are left out from there on
    std::size_t members = 200'000;          ///< of FortiOS's lists; the same
};

struct ReadOptions {
    std::int64_t now = 0;  ///< seconds since 1970-01-01T00:00:00Z, for schedules that end; 0: none has ended
    std::string hash_key{};  ///< of the keyed hashes of secrets (HMAC-SHA-256, first 16 hexadecimal digits); empty: a fixed one
    ReadBounds bounds = {};
};

/// FortiOS: a full configuration, or what `show` and `show full-configuration` print.
Result<Configuration> ReadFortigate(std::string_view text, const ReadOptions& options);
/// PAN-OS and Panorama: the XML of a running or exported configuration, `set` commands, or what `show` prints in braces. A rule base for each virtual system or
/// device group; the two default rules stand last.
Result<Configuration> ReadPaloAlto(std::string_view text, const ReadOptions& options);
/// Cisco ASA: a running configuration.
Result<Configuration> ReadAsa(std::string_view text, const ReadOptions& options);
/// Check Point: the answers of the management API in JSON, one after the other or in one array: show-access-rulebase (all pages, inline layers too), and where
/// it has no dictionary of objects, show-hosts, show-networks, show-groups … Files of a folder may be put together in any order.
Result<Configuration> ReadCheckPoint(std::string_view text, const ReadOptions& options);
/// iptables-save, ip6tables-save, with or without -c; several of them one after the other.
Result<Configuration> ReadIptables(std::string_view text, const ReadOptions& options);
/// nft -j list ruleset.
Result<Configuration> ReadNft(std::string_view text, const ReadOptions& options);
/// OPNsense and pfSense: config.xml.
Result<Configuration> ReadOpnsense(std::string_view text, const ReadOptions& options);
/// Juniper SRX: a configuration in braces or as `set` commands.
Result<Configuration> ReadSrx(std::string_view text, const ReadOptions& options);
/// ClassBench filter sets: "@192.0.2.0/24\t198.51.100.0/24\t0 : 65535\t80 : 80\t0x06/0xFF\t…", for measuring.
Result<Configuration> ReadClassbench(std::string_view text);

}  // namespace opsteward::firewall
