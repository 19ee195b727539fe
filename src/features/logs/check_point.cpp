// Check Point (Log Exporter guide sk122323): its syslog format, [action:"Accept"; origin:"10.1.1.1"; …], its generic one,
// key="value", and the key=value|key=value of LEA clients.
#include <algorithm>
#include <array>

#include "features/logs/content_readers.hpp"
#include "features/logs/key_map.hpp"
#include "features/logs/log_time.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

constexpr KeyMap kKeys({
    {"src", FieldId::kSrcIp},
    {"s_port", FieldId::kSrcPort},
    {"src_machine_name", FieldId::kSrcHost},
    {"mac_source_address", FieldId::kSrcMac},
    {"inzone", FieldId::kSrcZone},
    {"src_country", FieldId::kSrcCountry},
    {"xlatesrc", FieldId::kSrcNatIp},
    {"xlatesport", FieldId::kSrcNatPort},
    {"dst", FieldId::kDstIp},
    {"service", FieldId::kDstPort},
    {"dst_machine_name", FieldId::kDstHost},
    {"mac_destination_address", FieldId::kDstMac},
    {"outzone", FieldId::kDstZone},
    {"dst_country", FieldId::kDstCountry},
    {"xlatedst", FieldId::kDstNatIp},
    {"xlatedport", FieldId::kDstNatPort},
    {"ifname", FieldId::kInInterface},
    {"i/f_name", FieldId::kInInterface},
    {"ifdir", FieldId::kDirection},
    {"i/f_dir", FieldId::kDirection},
    {"proto", FieldId::kProto},
    {"service_id", FieldId::kService},
    {"appi_name", FieldId::kApp},
    {"app_category", FieldId::kCategory},
    {"action", FieldId::kAction},
    {"reason", FieldId::kReason},
    {"rule", FieldId::kRule},
    {"rule_name", FieldId::kRule},
    {"session_id", FieldId::kSession},
    {"elapsed", FieldId::kDuration},
    {"bytes", FieldId::kBytes},
    {"sent_bytes", FieldId::kBytesOut},
    {"received_bytes", FieldId::kBytesIn},
    {"icmp_type", FieldId::kIcmpType},
    {"icmp_code", FieldId::kIcmpCode},
    {"tcp_flags", FieldId::kTcpFlags},
    {"user", FieldId::kUser},
    {"src_user_name", FieldId::kUser},
    {"administrator", FieldId::kUser},
    {"dst_user_name", FieldId::kDstUser},
    {"auth_method", FieldId::kAuthMethod},
    {"protection_name", FieldId::kThreat},
    {"malware_action", FieldId::kThreat},
    {"file_name", FieldId::kFile},
    {"file_md5", FieldId::kFileHash},
    {"resource", FieldId::kUrl},
    {"method", FieldId::kMethod},
    {"web_client_type", FieldId::kUserAgent},
    {"product", FieldId::kDeviceProduct},
    {"origin", FieldId::kDeviceName},
    {"orig", FieldId::kDeviceName},
    {"start_time", FieldId::kStartTime},
    {"message_info", FieldId::kText},
});

void AddPair(std::string_view key, std::string_view value, const ReadContext& context, ParsedLine& line) {
    line.Add(kKeys.Find(key), key, value);
    if (key == "time") OfferTime(value, context.received, line);
}

bool IsKey(std::string_view key) {
    return !key.empty() && key.size() <= 64 && key.find_first_of("\"[]{}<>=:;|") == std::string_view::npos;
}

/// key:"value"; or key="value" with `mark` between them. False when the first is none of them.
bool ReadQuotedPairs(std::string_view text, char mark, const ReadContext& context, ParsedLine& line) {
    std::size_t at = 0;
    bool has_any = false;
    while (true) {
        at = text.find_first_not_of(" ;[", at);
        const std::size_t end = text.find(mark, at);
        if (at == std::string_view::npos || end == std::string_view::npos || end + 1 >= text.size()) break;
        const std::string_view key = text.substr(at, end - at);
        if (text[end + 1] != '"' || !IsKey(key)) break;
        const Quoted quoted = ReadQuoted(text, end + 2, '"', context.encoding);
        const std::string_view value =
            quoted.has_escape ? Unescape(quoted.text, "\"\\]", context.encoding, line.owned) : quoted.text;
        AddPair(key, value, context, line);
        has_any = true;
        at = quoted.end;
    }
    return has_any;
}

bool ReadPipes(std::string_view text, const ReadContext& context, ParsedLine& line) {
    if (text.find("|action=") == std::string_view::npos && text.find("|product=") == std::string_view::npos) return false;
    if (!IsKey(text.substr(0, text.find('=')))) return false;
    while (!text.empty()) {
        std::string_view value = TakeUntil(text, '|');
        const std::string_view key = TakeUntil(value, '=');
        AddPair(key, value, context, line);
    }
    return true;
}

bool LooksLikeQuotedPairs(std::string_view text, bool is_expected) {
    const std::string_view head = text.substr(0, 2000);
    if (head.find("=\"") > 64) return false;
    if (is_expected) return true;
    static constexpr std::array<std::string_view, 3> kOwn = {"loguid=\"", "ifdir=\"", "product=\""};
    return std::ranges::any_of(kOwn, [&](std::string_view key) { return head.find(key) != std::string_view::npos; });
}

}  // namespace

bool ReadCheckPoint(std::string_view text, const ReadContext& context, bool is_expected, ParsedLine& line) {
    const std::string_view bare = text.substr(text.starts_with('[') ? 1 : 0);
    const std::size_t colon = bare.find(":\"");
    bool is_read = colon != std::string_view::npos && IsKey(bare.substr(0, colon)) &&
                   bare.substr(0, colon).find(' ') == std::string_view::npos && ReadQuotedPairs(bare, ':', context, line);
    is_read = is_read || (LooksLikeQuotedPairs(text, is_expected) && ReadQuotedPairs(text, '=', context, line));
    is_read = is_read || ReadPipes(text, context, line);
    if (!is_read) return false;
    line.content = ContentFormat::kCheckPoint;
    line.Add(FieldId::kDeviceVendor, "Check Point");
    return true;
}

FormatMapping CheckPointMapping() { return {ContentFormat::kCheckPoint, kKeys.mappings()}; }

}  // namespace opsteward::logs
