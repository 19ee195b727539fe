// One reader per format of the message inside. Each is given the message, adds fields to the line, offers the time if the
// message holds one, and sets `line.content`. False, with nothing added, when the message is not of its format. Where other
// formats look alike, marks of its own are asked for, unless the source is known for it: `is_expected`.
#pragma once

#include <string_view>

#include "base/clock.hpp"
#include "features/logs/key_map.hpp"
#include "features/logs/parsed_line.hpp"
#include "features/logs/text_encoding.hpp"

namespace opsteward::logs {

struct ReadContext {
    Instant received;
    Encoding encoding = Encoding::kUtf8;
};

bool ReadFortiGate(std::string_view text, const ReadContext& context, bool is_expected, ParsedLine& line);
/// The comma-separated default formats of PAN-OS: TRAFFIC, THREAT, SYSTEM, CONFIG; of other types the common columns.
bool ReadPaloAlto(std::string_view text, const ReadContext& context, ParsedLine& line);
/// Log Exporter's syslog format (key:"value"; …), its key="value" form, and key=value|… of LEA clients.
bool ReadCheckPoint(std::string_view text, const ReadContext& context, bool is_expected, ParsedLine& line);
bool ReadCef(std::string_view text, const ReadContext& context, ParsedLine& line);
bool ReadLeef(std::string_view text, const ReadContext& context, ParsedLine& line);
/// %ASA-6-302013: … of ASA, FTD, PIX, and %FACILITY-SEVERITY-MNEMONIC: … of IOS and NX-OS.
bool ReadCisco(std::string_view text, const ReadContext& context, ParsedLine& line);
/// What the LOG target of iptables and the log statement of nftables write.
bool ReadNetfilter(std::string_view text, const ReadContext& context, ParsedLine& line);
/// Common and combined access logs of Apache and nginx, a virtual host in front or not.
bool ReadWebAccess(std::string_view text, const ReadContext& context, ParsedLine& line);
/// The error logs of nginx and Apache.
bool ReadWebError(std::string_view text, const ReadContext& context, ParsedLine& line);
bool ReadSshd(std::string_view text, const ReadContext& context, ParsedLine& line);
/// One object; names of nested ones are joined with dots, elements of an array share its name. Of what is cut off, the part that is
/// there.
bool ReadJson(std::string_view text, const ReadContext& context, ParsedLine& line);
/// key=value anywhere in the text: two or more of them, or one when `is_expected`.
bool ReadKeyValue(std::string_view text, const ReadContext& context, bool is_expected, ParsedLine& line);

/// How a format's keys become fields, for the documentation.
struct FormatMapping {
    ContentFormat format;
    std::span<const KeyMapping> mappings;
};
FormatMapping FortiGateMapping();
FormatMapping CheckPointMapping();
FormatMapping CefMapping();
FormatMapping LeefMapping();
FormatMapping NetfilterMapping();
FormatMapping JsonMapping();
FormatMapping KeyValueMapping();

}  // namespace opsteward::logs
