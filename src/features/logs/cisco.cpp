// Cisco's %FACILITY-SEVERITY-MNEMONIC messages (Cisco Secure Firewall ASA Series Syslog Messages; System Message Guides of IOS
// and NX-OS). Of ASA's, the connection, deny and login messages are read to fields.
#include <algorithm>
#include <array>

#include "features/logs/content_readers.hpp"
#include "features/logs/message_pattern.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

struct Tag {
    std::string_view facility;
    std::string_view mnemonic;
    std::string_view whole;  ///< without the % before and the colon after
    std::uint8_t severity = 0;
};

struct AsaPattern {
    int id;
    MessagePattern pattern;
};

// In the order of the numbers. The same number may have several wordings: the first that fits is taken. A Teardown does not say who
// began: its first end is given as the source.
constexpr auto kAsaPatterns = std::to_array<AsaPattern>({
    {106001, "{direction:Inbound} {proto} connection {action} from {src} to {dst} flags {tcp_flags} on interface {in_interface}"},
    {106006, "{action} {direction:inbound} {proto} from {src} to {dst} on interface {in_interface}"},
    {106007, "{action} {direction:inbound} {proto} from {src} to {dst} due to {reason}"},
    {106010, "{action} {direction:inbound} protocol {proto} src {src} dst {dst}"},
    {106014, "{action} {direction:inbound} {proto} src {src} dst {dst} (type {icmp_type}, code {icmp_code})"},
    {106015, "{action} {proto} (no connection) from {src} to {dst} flags {tcp_flags} on interface {in_interface}"},
    {106021, "{action} {proto} reverse path check from {src} to {dst} on interface {in_interface}"},
    {106023, "{action} {proto:icmp} src {src} dst {dst} (type {icmp_type}, code {icmp_code}) by access-group \"{rule}\""},
    {106023, "{action} {proto} src {src} dst {dst} by access-group \"{rule}\""},
    {106100, "access-list {rule} {action} {proto} {src} -> {dst} hit-cnt {count} "},
    {109005, "Authentication {action} for user '{user}' from {src} to {dst} on interface {in_interface}"},
    {109006, "Authentication {action} for user '{user}' from {src} to {dst} on interface {in_interface}"},
    {111008, "User '{user}' {action} the '{command}' command"},
    {111010, "User '{user}', running '{app}' from IP {src}, {action} '{command}'"},
    {113004, "AAA user {event_name} {action} : server = {} : user = {user}"},
    {113005, "AAA user {event_name} {action} : reason = {reason} : server = {} : user = {user} : user IP = {src}"},
    {113006, "User '{user}' {action} on exceeding {reason}"},
    {113012, "AAA user {event_name} {action} : local database : user = {user}"},
    {113015, "AAA user {event_name} {action} : reason = {reason} : local database : user = {user} : user IP = {src}"},
    {113019, "Group = {group}, Username = {user}, IP = {src}, Session {action}. Session Type: {event_subtype}, "
             "Duration: {duration}, Bytes xmt: {bytes_out}, Bytes rcv: {bytes_in}, Reason: {reason}"},
    {113039, "Group <{group}> User <{user}> IP <{src_ip}> {text}"},
    {302013, "{action} {direction:inbound} {proto} connection {session} for {src} ({src_nat} to {dst} ({dst_nat}) ({user})"},
    {302013, "{action} {direction:outbound} {proto} connection {session} for {dst} ({dst_nat} to {src} ({src_nat}) ({user})"},
    {302014, "{action} {proto} connection {session} for {src} to {dst} duration {duration} bytes {bytes} {reason}"},
    {302015, "{action} {direction:inbound} {proto} connection {session} for {src} ({src_nat} to {dst} ({dst_nat}) ({user})"},
    {302015, "{action} {direction:outbound} {proto} connection {session} for {dst} ({dst_nat} to {src} ({src_nat}) ({user})"},
    {302016, "{action} {proto} connection {session} for {src} to {dst} duration {duration} bytes {bytes} "},
    {302020, "{action} {direction:inbound} {proto} connection for faddr {src} gaddr {dst_nat} laddr {dst} "
             "type {icmp_type} code {icmp_code} "},
    {302020, "{action} {direction:outbound} {proto} connection for faddr {dst} gaddr {src_nat} laddr {src} "
             "type {icmp_type} code {icmp_code} "},
    {302021, "{action} {proto} connection for faddr {src} gaddr {dst_nat} laddr {dst} type {icmp_type} code {icmp_code} "},
    {305011, "{action} {event_subtype} {proto} translation from {src} to {src_nat}"},
    {305012, "{action} {event_subtype} {proto} translation from {src} to {src_nat} duration {duration}"},
    {313001, "{action} {proto} type={icmp_type}, code={icmp_code} from {src} on interface {in_interface}"},
    {315011, "SSH session from {src} on interface {in_interface} for user \"{user}\" {action} by SSH server, reason: {reason}"},
    {605004, "Login {action} from {src} to {dst} for user \"{user}\""},
    {605005, "Login {action} from {src} to {dst} for user \"{user}\""},
    {611101, "User authentication {action}: IP address: {src_ip}, Uname: {user}"},
    {611102, "User authentication {action}: IP address: {src_ip}, Uname: {user}"},
    {611103, "User {action}: Uname: {user}"},
    {710002, "{proto} access {action} from {src} to {dst}"},
    {710003, "{proto} access {action} by ACL from {src} to {dst}"},
    {710005, "{proto} request {action} from {src} to {dst}"},
    {716001, "Group <{group}> User <{user}> IP <{src_ip}> {text}"},
    {716002, "Group <{group}> User <{user}> IP <{src_ip}> {text}"},
    {716038, "Group <{group}> User <{user}> IP <{src_ip}> Authentication: {action}, "},
    {716039, "Group <{group}> User <{user}> IP <{src_ip}> Authentication: {action}, "},
    {722022, "Group <{group}> User <{user}> IP <{src_ip}> {text}"},
    {722051, "Group <{group}> User <{user}> IP <{src_ip}> {text}"},
});
static_assert(std::ranges::is_sorted(kAsaPatterns, {}, &AsaPattern::id));

struct IosPattern {
    std::string_view mnemonic;
    MessagePattern pattern;
};

constexpr auto kIosPatterns = std::to_array<IosPattern>({
    {"CONFIG_I", "Configured from {} by {user} on {} ({src_ip})"},
    {"IF_DOWN_LINK_FAILURE", "Interface {in_interface} is {status} ({reason})"},
    {"IF_UP", "Interface {in_interface} is {status} "},
    {"IPACCESSLOGDP", "list {rule} {action} {proto} {src} -> {dst} ({icmp_type}/{icmp_code}), {count} packet"},
    {"IPACCESSLOGNP", "list {rule} {action} {proto} {src} -> {dst}, {count} packet"},
    {"IPACCESSLOGP", "list {rule} {action} {proto} {src} -> {dst}, {count} packet"},
    {"IPACCESSLOGS", "list {rule} {action} {src} {count} packet"},
    {"LOGIN_FAILED", "Login failed [user: {user}] [Source: {src_ip}] [localport: {dst_port}] [Reason: {reason}]"},
    {"LOGIN_SUCCESS", "Login Success [user: {user}] [Source: {src_ip}] [localport: {dst_port}]"},
    {"LOGOUT", "User {user} has exited tty session {session}({src_ip})"},
    {"UPDOWN", "Interface {in_interface}, changed state to {status}"},
    {"UPDOWN", "Line protocol on Interface {in_interface}, changed state to {status}"},
    {"VSHD_SYSLOG_CONFIG_I", "Configured from {} by {user} on {src_ip}@"},
});
static_assert(std::ranges::is_sorted(kIosPatterns, {}, &IosPattern::mnemonic));

bool IsTagByte(char c) { return IsLetter(c) || IsDigit(c) || c == '_' || c == '-' || c == '/'; }

/// %FACILITY[-SUBFACILITY]-SEVERITY-MNEMONIC: off the front.
bool TakeTag(std::string_view& text, Tag& tag) {
    if (!text.starts_with('%')) return false;
    std::size_t end = 1;
    while (end < text.size() && IsTagByte(text[end])) ++end;
    const std::string_view whole = text.substr(1, end - 1);
    std::size_t dash = whole.find('-');
    while (dash != std::string_view::npos) {
        const bool is_severity =
            dash + 3 < whole.size() && whole[dash + 1] >= '0' && whole[dash + 1] <= '7' && whole[dash + 2] == '-';
        if (is_severity) break;
        dash = whole.find('-', dash + 1);
    }
    if (dash == std::string_view::npos || dash == 0) return false;
    tag = {whole.substr(0, dash), whole.substr(dash + 3), whole, static_cast<std::uint8_t>(whole[dash + 1] - '0')};
    text.remove_prefix(end);
    Skip(text, ":");
    SkipBlanks(text);
    return true;
}

bool IsFirewall(std::string_view facility) {
    const std::string_view product = facility.substr(0, facility.find('-'));
    return product == "ASA" || product == "FTD" || product == "PIX" || product == "FWSM";
}

int NumberOf(std::string_view mnemonic) {
    if (mnemonic.size() != 6 || !IsNumber(mnemonic)) return 0;
    int number = 0;
    for (const char c : mnemonic) number = number * 10 + (c - '0');
    return number;
}

void ReadAsa(const Tag& tag, std::string_view text, ParsedLine& line) {
    line.content = ContentFormat::kCiscoAsa;
    line.Add(FieldId::kEventId, tag.mnemonic);
    const auto patterns = std::ranges::equal_range(kAsaPatterns, NumberOf(tag.mnemonic), {}, &AsaPattern::id);
    for (const AsaPattern& entry : patterns) {
        if (entry.pattern.Read(text, line)) return;
    }
}

void ReadIos(const Tag& tag, std::string_view text, ParsedLine& line) {
    line.content = ContentFormat::kCisco;
    line.Add(FieldId::kEventId, tag.whole);
    line.Add(FieldId::kEventName, tag.mnemonic);
    const auto patterns = std::ranges::equal_range(kIosPatterns, tag.mnemonic, {}, &IosPattern::mnemonic);
    for (const IosPattern& entry : patterns) {
        if (entry.pattern.Read(text, line)) return;
    }
}

}  // namespace

bool ReadCisco(std::string_view text, const ReadContext&, ParsedLine& line) {
    Tag tag;
    if (!TakeTag(text, tag)) return false;
    line.Add(FieldId::kDeviceVendor, "Cisco");
    line.Add(FieldId::kEventType, tag.facility);
    if (!line.severity) {
        line.severity = tag.severity;
        line.Add(FieldId::kSeverity, tag.whole.substr(tag.facility.size() + 1, 1));
    }
    if (IsFirewall(tag.facility)) {
        ReadAsa(tag, text, line);
    } else {
        ReadIos(tag, text, line);
    }
    return true;
}

}  // namespace opsteward::logs
