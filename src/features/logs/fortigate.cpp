// FortiOS: key=value, text in quotes (FortiOS Log Message Reference, "Log message structure").
#include <algorithm>
#include <array>

#include "features/logs/content_readers.hpp"
#include "features/logs/key_map.hpp"
#include "features/logs/key_value.hpp"
#include "features/logs/log_time.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

constexpr KeyMap kKeys({
    {"devname", FieldId::kDeviceName},
    {"devid", FieldId::kDeviceId},
    {"vd", FieldId::kVirtualSystem},
    {"logid", FieldId::kEventId},
    {"type", FieldId::kEventType},
    {"subtype", FieldId::kEventSubtype},
    {"logdesc", FieldId::kEventName},
    {"level", FieldId::kLevel},
    {"srcip", FieldId::kSrcIp},
    {"srcport", FieldId::kSrcPort},
    {"srcname", FieldId::kSrcHost},
    {"srcmac", FieldId::kSrcMac},
    {"srcintf", FieldId::kInInterface},
    {"srccountry", FieldId::kSrcCountry},
    {"transip", FieldId::kSrcNatIp},
    {"transport", FieldId::kSrcNatPort},
    {"remip", FieldId::kSrcIp},
    {"remport", FieldId::kSrcPort},
    {"dstip", FieldId::kDstIp},
    {"dstport", FieldId::kDstPort},
    {"dstname", FieldId::kDstHost},
    {"hostname", FieldId::kDstHost},
    {"dstmac", FieldId::kDstMac},
    {"dstintf", FieldId::kOutInterface},
    {"dstcountry", FieldId::kDstCountry},
    {"tranip", FieldId::kDstNatIp},
    {"tranport", FieldId::kDstNatPort},
    {"locip", FieldId::kDstIp},
    {"locport", FieldId::kDstPort},
    {"proto", FieldId::kProto},
    {"service", FieldId::kService},
    {"app", FieldId::kApp},
    {"appcat", FieldId::kCategory},
    {"catdesc", FieldId::kCategory},
    {"direction", FieldId::kDirection},
    {"action", FieldId::kAction},
    {"reason", FieldId::kReason},
    {"status", FieldId::kStatus},
    {"policyid", FieldId::kRule},
    {"policyname", FieldId::kRule},
    {"sessionid", FieldId::kSession},
    {"duration", FieldId::kDuration},
    {"sentbyte", FieldId::kBytesOut},
    {"rcvdbyte", FieldId::kBytesIn},
    {"sentpkt", FieldId::kPacketsOut},
    {"rcvdpkt", FieldId::kPacketsIn},
    {"user", FieldId::kUser},
    {"dstuser", FieldId::kDstUser},
    {"group", FieldId::kGroup},
    {"attack", FieldId::kThreat},
    {"virus", FieldId::kThreat},
    {"filename", FieldId::kFile},
    {"filehash", FieldId::kFileHash},
    {"url", FieldId::kUrl},
    {"httpmethod", FieldId::kMethod},
    {"agent", FieldId::kUserAgent},
    {"referralurl", FieldId::kReferrer},
    {"count", FieldId::kCount},
    {"msg", FieldId::kText},
});

bool LooksLikeFortiGate(std::string_view text, bool is_expected) {
    const std::string_view head = text.substr(0, 400);
    const std::size_t first = head.find('=');
    if (first == std::string_view::npos || first > 16) return false;
    return is_expected || head.find(" devid=") != std::string_view::npos || head.find(" logid=") != std::string_view::npos ||
           (head.starts_with("devname=") && head.find(" type=") != std::string_view::npos);
}

struct Times {
    std::string_view date;
    std::string_view time;
    std::string_view zone;
    std::string_view epoch;
};

void OfferTimes(const Times& times, const ReadContext& context, ParsedLine& line) {
    OfferTime(ReadEpoch(times.epoch), line);
    std::array<char, 40> joined;
    if (times.date.size() != 10 || times.time.size() > 20) return;
    char* end = std::ranges::copy(times.date, joined.begin()).out;
    *end++ = 'T';
    end = std::ranges::copy(times.time, end).out;
    std::string_view text(joined.data(), static_cast<std::size_t>(end - joined.data()));
    auto time = TakeTime(text);
    if (!time) return;
    std::string_view zone = times.zone;
    if (const auto offset = TakeZone(zone)) time->offset_minutes = offset;
    OfferTime(*time, context.received, line);
}

}  // namespace

bool ReadFortiGate(std::string_view text, const ReadContext& context, bool is_expected, ParsedLine& line) {
    if (!LooksLikeFortiGate(text, is_expected)) return false;
    line.content = ContentFormat::kFortiGate;
    line.Add(FieldId::kDeviceVendor, "Fortinet");
    KeyValueScanner scanner(text, {}, context.encoding, line.owned);
    Times times;
    Pair pair;
    while (scanner.Next(pair)) {
        const FieldId id = kKeys.Find(pair.key);
        line.Add(id, pair.key, pair.value);
        if (id != FieldId::kVendor) continue;
        if (pair.key == "date") {
            times.date = pair.value;
        } else if (pair.key == "time") {
            times.time = pair.value;
        } else if (pair.key == "tz") {
            times.zone = pair.value;
        } else if (pair.key == "eventtime" || pair.key == "timestamp") {
            times.epoch = pair.value;
        }
    }
    OfferTimes(times, context, line);
    return true;
}

FormatMapping FortiGateMapping() { return {ContentFormat::kFortiGate, kKeys.mappings()}; }

}  // namespace opsteward::logs
