// The envelope of syslog: RFC 5424, and what RFC 3164 found in use, in the dialects of the makers.
#pragma once

#include <string_view>

#include "features/logs/content_readers.hpp"
#include "features/logs/parsed_line.hpp"

namespace opsteward::logs {

/// Reads the header of a record, as far as there is one, into `line`; `line.message` is what follows it. Read are:
///   <PRI> 0–191; a number beyond that is stepped over; none at all, as in files of /var/log; ':' right behind it (ASA's EMBLEM)
///   1 TIME HOST APP PROCID MSGID [SD] MSG   (RFC 5424; Check Point's blank in the time and bare SD are taken too)
///   TIME HOST TAG[PID]: MSG, without the host, the tag or the time
///   123: HOST: 000045: *TIME ZONE: %…       (IOS: sequence numbers, origin, unsynchronised clock), also behind a relay's header
///   TIME HOST : %…                          (ASA, NX-OS)
/// The forms of TIME are those of TakeTime that syslog senders use.
void ReadHeader(std::string_view text, const ReadContext& context, ParsedLine& line);

}  // namespace opsteward::logs
