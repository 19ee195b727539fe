// ArcSight Common Event Format 0.1 and 1, IBM Log Event Extended Format 1.0 and 2.0: a head of columns, then key=value.
#include <charconv>

#include "features/logs/content_readers.hpp"
#include "features/logs/key_map.hpp"
#include "features/logs/log_time.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

constexpr KeyMap kCefKeys({
    {"src", FieldId::kSrcIp},
    {"spt", FieldId::kSrcPort},
    {"shost", FieldId::kSrcHost},
    {"smac", FieldId::kSrcMac},
    {"sourceTranslatedAddress", FieldId::kSrcNatIp},
    {"sourceTranslatedPort", FieldId::kSrcNatPort},
    {"sourceZone", FieldId::kSrcZone},
    {"dst", FieldId::kDstIp},
    {"dpt", FieldId::kDstPort},
    {"dhost", FieldId::kDstHost},
    {"dmac", FieldId::kDstMac},
    {"destinationTranslatedAddress", FieldId::kDstNatIp},
    {"destinationTranslatedPort", FieldId::kDstNatPort},
    {"destinationZone", FieldId::kDstZone},
    {"destinationServiceName", FieldId::kService},
    {"deviceInboundInterface", FieldId::kInInterface},
    {"deviceOutboundInterface", FieldId::kOutInterface},
    {"deviceDirection", FieldId::kDirection},
    {"proto", FieldId::kProto},
    {"app", FieldId::kApp},
    {"act", FieldId::kAction},
    {"reason", FieldId::kReason},
    {"outcome", FieldId::kStatus},
    {"in", FieldId::kBytesIn},
    {"out", FieldId::kBytesOut},
    {"cnt", FieldId::kCount},
    {"suser", FieldId::kUser},
    {"duser", FieldId::kDstUser},
    {"sntdom", FieldId::kDomain},
    {"cat", FieldId::kCategory},
    {"fname", FieldId::kFile},
    {"filePath", FieldId::kFile},
    {"fileHash", FieldId::kFileHash},
    {"request", FieldId::kUrl},
    {"requestMethod", FieldId::kMethod},
    {"requestClientApplication", FieldId::kUserAgent},
    {"requestContext", FieldId::kReferrer},
    {"dvchost", FieldId::kDeviceName},
    {"deviceExternalId", FieldId::kDeviceId},
    {"start", FieldId::kStartTime},
    {"end", FieldId::kEndTime},
    {"msg", FieldId::kText},
});

constexpr KeyMap kLeefKeys({
    {"src", FieldId::kSrcIp},
    {"srcPort", FieldId::kSrcPort},
    {"srcMAC", FieldId::kSrcMac},
    {"srcPostNAT", FieldId::kSrcNatIp},
    {"srcPostNATPort", FieldId::kSrcNatPort},
    {"identHostName", FieldId::kSrcHost},
    {"dst", FieldId::kDstIp},
    {"dstPort", FieldId::kDstPort},
    {"dstMAC", FieldId::kDstMac},
    {"dstPostNAT", FieldId::kDstNatIp},
    {"dstPostNATPort", FieldId::kDstNatPort},
    {"proto", FieldId::kProto},
    {"action", FieldId::kAction},
    {"reason", FieldId::kReason},
    {"policy", FieldId::kRule},
    {"usrName", FieldId::kUser},
    {"accountName", FieldId::kDstUser},
    {"groupID", FieldId::kGroup},
    {"domain", FieldId::kDomain},
    {"cat", FieldId::kCategory},
    {"sev", FieldId::kLevel},
    {"url", FieldId::kUrl},
    {"resource", FieldId::kFile},
    {"srcBytes", FieldId::kBytesOut},
    {"dstBytes", FieldId::kBytesIn},
    {"totalBytes", FieldId::kBytes},
    {"srcPackets", FieldId::kPacketsOut},
    {"dstPackets", FieldId::kPacketsIn},
    {"msg", FieldId::kText},
});

/// One column of the head, up to a '|' that no backslash precedes; the escapes \| and \\ taken out.
std::string_view TakeColumn(std::string_view& text, const ReadContext& context, ParsedLine& line) {
    const Quoted column = ReadQuoted(text, 0, '|', context.encoding);
    text.remove_prefix(column.end);
    return column.has_escape ? Unescape(column.text, "|\\", context.encoding, line.owned) : column.text;
}

bool IsCefKeyByte(char c) { return IsLetter(c) || IsDigit(c) || c == '_' || c == '.' || c == '-'; }

/// Where the next '=' stands that ends a key.
std::size_t FindEquals(std::string_view text, std::size_t from) {
    for (std::size_t at = text.find('=', from); at != std::string_view::npos; at = text.find('=', at + 1)) {
        if (at > 0 && IsCefKeyByte(text[at - 1])) return at;
    }
    return std::string_view::npos;
}

std::size_t KeyStart(std::string_view text, std::size_t equals) {
    std::size_t start = equals;
    while (start > 0 && IsCefKeyByte(text[start - 1])) --start;
    return start;
}

/// Blanks may stand inside a value: it goes on up to the blank before the next key.
void ReadCefExtension(std::string_view text, const ReadContext& context, ParsedLine& line) {
    std::size_t equals = FindEquals(text, 0);
    while (equals != std::string_view::npos) {
        const std::size_t start = KeyStart(text, equals);
        std::size_t next = FindEquals(text, equals + 1);
        while (next != std::string_view::npos && (KeyStart(text, next) == 0 || text[KeyStart(text, next) - 1] != ' ')) {
            next = FindEquals(text, next + 1);
        }
        const std::size_t end = next == std::string_view::npos ? text.size() : KeyStart(text, next);
        const std::string_view key = text.substr(start, equals - start);
        std::string_view value = TrimBlanks(text.substr(equals + 1, end > equals ? end - equals - 1 : 0));
        if (value.find('\\') != std::string_view::npos) value = Unescape(value, "=\\", context.encoding, line.owned);
        line.Add(kCefKeys.Find(key), key, value);
        if (key == "rt") OfferTime(value, context.received, line);
        equals = next;
    }
}

/// The byte between the pairs: a character, or its number as in x09 and 0x5E; a tab when it is not named.
char TakeDelimiter(std::string_view& text) {
    const std::string_view column = text.substr(0, text.find('|'));
    if (column.size() == text.size() || column.size() > 4 || column.find('=') != std::string_view::npos) return '\t';
    text.remove_prefix(column.size() + 1);
    if (column.size() == 1) return column[0];
    const std::size_t x = column.find_first_of("xX");
    if (x > 1 || x == std::string_view::npos) return '\t';
    unsigned value = 0;
    const char* const end = column.data() + column.size();
    const auto [stop, error] = std::from_chars(column.data() + x + 1, end, value, 16);
    return error == std::errc() && stop == end && value < 256 && value > 0 ? static_cast<char>(value) : '\t';
}

}  // namespace

bool ReadCef(std::string_view text, const ReadContext& context, ParsedLine& line) {
    const std::size_t start = text.find("CEF:");
    if (start != 0) return false;
    text.remove_prefix(4);
    if (text.find('|') > 5) return false;
    line.content = ContentFormat::kCef;
    TakeUntil(text, '|');
    line.Add(FieldId::kDeviceVendor, TakeColumn(text, context, line));
    line.Add(FieldId::kDeviceProduct, TakeColumn(text, context, line));
    line.Add(FieldId::kDeviceVersion, TakeColumn(text, context, line));
    line.Add(FieldId::kEventId, TakeColumn(text, context, line));
    line.Add(FieldId::kEventName, TakeColumn(text, context, line));
    line.Add(FieldId::kLevel, TakeColumn(text, context, line));
    ReadCefExtension(text, context, line);
    return true;
}

bool ReadLeef(std::string_view text, const ReadContext& context, ParsedLine& line) {
    if (!Skip(text, "LEEF:") || text.find('|') > 5) return false;
    line.content = ContentFormat::kLeef;
    const std::string_view version = TakeUntil(text, '|');
    line.Add(FieldId::kDeviceVendor, TakeUntil(text, '|'));
    line.Add(FieldId::kDeviceProduct, TakeUntil(text, '|'));
    line.Add(FieldId::kDeviceVersion, TakeUntil(text, '|'));
    line.Add(FieldId::kEventId, TakeUntil(text, '|'));
    const char delimiter = version.starts_with('2') ? TakeDelimiter(text) : '\t';
    while (!text.empty()) {
        std::string_view value = TakeUntil(text, delimiter);
        if (value.find('=') == std::string_view::npos) continue;
        const std::string_view key = TrimBlanks(TakeUntil(value, '='));
        line.Add(kLeefKeys.Find(key), key, value);
        if (key == "devTime") OfferTime(value, context.received, line);
    }
    return true;
}

FormatMapping CefMapping() { return {ContentFormat::kCef, kCefKeys.mappings()}; }
FormatMapping LeefMapping() { return {ContentFormat::kLeef, kLeefKeys.mappings()}; }

}  // namespace opsteward::logs
