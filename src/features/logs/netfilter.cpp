// The kernel's lines for logged packets (net/netfilter/nf_log_syslog.c): a prefix of the rule's, then KEY=value and bare words.
#include "features/logs/content_readers.hpp"
#include "features/logs/key_map.hpp"
#include "features/logs/key_value.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

constexpr KeyMap kKeys({
    {"IN", FieldId::kInInterface},
    {"OUT", FieldId::kOutInterface},
    {"SRC", FieldId::kSrcIp},
    {"DST", FieldId::kDstIp},
    {"PROTO", FieldId::kProto},
    {"SPT", FieldId::kSrcPort},
    {"DPT", FieldId::kDstPort},
    {"TYPE", FieldId::kIcmpType},
    {"CODE", FieldId::kIcmpCode},
});

/// Where "IN=" stands as a word of its own.
std::size_t FindStart(std::string_view text) {
    for (std::size_t at = text.find("IN="); at != std::string_view::npos; at = text.find("IN=", at + 1)) {
        const bool is_word = at == 0 || !IsLetter(text[at - 1]);
        if (is_word && text.find(" OUT=", at) != std::string_view::npos) return at;
        if (is_word) break;
    }
    return std::string_view::npos;
}

/// "[12345.678901] DROP-IN: " → "DROP-IN"
std::string_view RulePrefix(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        const std::string_view inside = TrimBlanks(text.substr(1, end == std::string_view::npos ? end : end - 1));
        if (end != std::string_view::npos && !inside.empty() && IsDigit(inside[0])) text.remove_prefix(end + 1);
    }
    text = TrimBlanks(text);
    if (text.ends_with(':')) text.remove_suffix(1);
    return TrimBlanks(text);
}

/// MAC= is the frame's header: destination, source, type.
void AddAddresses(std::string_view mac, ParsedLine& line) {
    constexpr std::size_t kOne = 17;  // 00:11:22:33:44:55
    if (mac.size() < 2 * kOne + 1) return;
    line.Add(FieldId::kDstMac, mac.substr(0, kOne));
    line.Add(FieldId::kSrcMac, mac.substr(kOne + 1, kOne));
}

/// The bare words between RES= and URGP=.
void AddTcpFlags(std::string_view text, ParsedLine& line) {
    const std::size_t res = text.find(" RES=");
    const std::size_t urgent = text.find(" URGP=", res);
    if (res == std::string_view::npos || urgent == std::string_view::npos) return;
    const std::size_t begin = text.find(' ', res + 1);
    if (begin < urgent) line.Add(FieldId::kTcpFlags, text.substr(begin + 1, urgent - begin - 1));
}

}  // namespace

bool ReadNetfilter(std::string_view text, const ReadContext& context, ParsedLine& line) {
    const std::size_t start = FindStart(text);
    if (start == std::string_view::npos) return false;
    line.content = ContentFormat::kNetfilter;
    line.Add(FieldId::kRule, RulePrefix(text.substr(0, start)));
    std::string_view packet = text.substr(start);
    // In brackets stands the packet that an ICMP error is about.
    packet = packet.substr(0, packet.find(" ["));
    KeyValueScanner scanner(packet, {}, context.encoding, line.owned);
    Pair pair;
    while (scanner.Next(pair)) {
        line.Add(kKeys.Find(pair.key), pair.key, pair.value);
        if (pair.key == "MAC") AddAddresses(pair.value, line);
    }
    AddTcpFlags(packet, line);
    return true;
}

FormatMapping NetfilterMapping() { return {ContentFormat::kNetfilter, kKeys.mappings()}; }

}  // namespace opsteward::logs
