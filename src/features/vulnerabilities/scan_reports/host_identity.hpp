// When two reports speak of the same machine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/scan_reports/report.hpp"

namespace opsteward::scans {

/// An IP address in its shortest form (RFC 5952), without a zone; "" when it is none.
std::string CanonicalAddress(std::string_view text);

/// Adds a name or an address to the list it belongs to, once. Loopback and link-local addresses and "localhost", which every machine has, are left out.
void AddHostIdentity(Target& target, std::string_view text);

/// Where a target has no identity after all, its own name is one, even if it is the loopback address.
void EnsureHostIdentity(Target& target);

/// By what a target is found again: addresses and names of a host, the name of anything else. Texts of different kinds never meet.
std::vector<std::string> IdentitiesOf(const Target& target);

/// Hosts are the same when they share a name, or share an address and their names do not contradict it: where both have names and none of the one is, whole or
/// as its first label, one of the other, the address has passed to another machine. Anything else is the same by kind and name.
bool IsSameTarget(const Target& one, const Target& other);

}  // namespace opsteward::scans
