// What Cisco ASA counts of its access lists.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "features/firewall/formats/hit_counts.hpp"

namespace opsteward::firewall {

/// What `show access-list` prints, and `show access-list NAME brief` behind it (Cisco ASA Series Command Reference, "show access-list"): the one has an entry's
/// number, hash and count, with the lines that its groups stand for below; the other has, in hexadecimal, hashes, counts and the time of the last hit of
/// those that were hit, so that it says nothing without the first. Ids as ReadAsa gives them: list and number. Where the list does not count the entry itself,
/// the counts of its lines are added up. Lines not understood, and hashes that the list does not have, are `unknown`.
/// kInvalidInput: no line of the one form.
Result<HitCounts> ReadAsaHitCounts(std::string_view text);

}  // namespace opsteward::firewall
