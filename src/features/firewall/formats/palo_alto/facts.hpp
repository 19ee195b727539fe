// What a PAN-OS configuration says of the device itself.
#pragma once

#include "features/firewall/formats/reader_notes.hpp"

namespace opsteward::firewall {

/// Administrators (role, authentication profile, client certificate, key), remote services of the management interface and of interfaces' management profiles,
/// time servers, high availability, host name and time zone. `device`: where deviceconfig, network and mgt-config stand.
void ReadPaloAltoFacts(WordNode device, Configuration& configuration, ReaderNotes& notes);
/// Log targets of a scope's log-settings: syslog, and what else has servers.
void ReadPaloAltoLogTargets(WordNode scope, ReaderNotes& notes);

/// Words that a secret follows.
bool IsPaloAltoSecret(std::string_view key);

}  // namespace opsteward::firewall
