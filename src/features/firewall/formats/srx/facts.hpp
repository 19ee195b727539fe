// What a Junos configuration says of the device itself.
#pragma once

#include "features/firewall/formats/reader_notes.hpp"

namespace opsteward::firewall {

/// Administrators, remote services (of the system, and what zones and their interfaces let in), log targets, time servers, chassis cluster.
void ReadSrxFacts(WordNode root, Configuration& configuration, ReaderNotes& notes);

/// Words that a secret follows.
bool IsSrxSecret(std::string_view key);

}  // namespace opsteward::firewall
