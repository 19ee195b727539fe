// PAN-OS 9.1 and later, the default formats of syslog: columns with a comma between them, known by their place (PAN-OS
// Administrator's Guide, "Syslog Field Descriptions"). Columns that a later version adds stand at the end.
#include <algorithm>
#include <array>
#include <span>

#include "features/logs/content_readers.hpp"
#include "features/logs/log_time.hpp"
#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

struct Column {
    FieldId id = FieldId::kVendor;
    std::string_view key;  ///< of a vendor's field; "" for a column that is passed over
};

constexpr Column Known(FieldId id) { return {id, {}}; }
constexpr Column Own(std::string_view key) { return {FieldId::kVendor, key}; }
constexpr Column kSkipped = {};

constexpr std::size_t kTimeColumn = 6;

template <std::size_t... N>
consteval auto Join(const std::array<Column, N>&... parts) {
    std::array<Column, (N + ...)> joined;
    auto to = joined.begin();
    ((to = std::ranges::copy(parts, to).out), ...);
    return joined;
}

constexpr auto kCommon = std::to_array<Column>({
    kSkipped, Own("receive_time"), Known(FieldId::kDeviceId), Known(FieldId::kEventType), Known(FieldId::kEventSubtype),
    kSkipped, Own("time_generated"),
});

/// What the logs of connections have in common.
constexpr auto kFlow = std::to_array<Column>({
    Known(FieldId::kSrcIp), Known(FieldId::kDstIp), Known(FieldId::kSrcNatIp), Known(FieldId::kDstNatIp), Known(FieldId::kRule),
    Known(FieldId::kUser), Known(FieldId::kDstUser), Known(FieldId::kApp), Known(FieldId::kVirtualSystem),
    Known(FieldId::kSrcZone), Known(FieldId::kDstZone), Known(FieldId::kInInterface), Known(FieldId::kOutInterface),
    Own("logset"), kSkipped, Known(FieldId::kSession), Known(FieldId::kCount), Known(FieldId::kSrcPort),
    Known(FieldId::kDstPort), Known(FieldId::kSrcNatPort), Known(FieldId::kDstNatPort), Own("flags"), Known(FieldId::kProto),
    Known(FieldId::kAction),
});

constexpr auto kGroups = std::to_array<Column>({
    Own("dg_hier_level_1"), Own("dg_hier_level_2"), Own("dg_hier_level_3"), Own("dg_hier_level_4"), Own("vsys_name"),
    Known(FieldId::kDeviceName),
});

constexpr auto kTrafficOwn = std::to_array<Column>({
    Known(FieldId::kBytes), Known(FieldId::kBytesOut), Known(FieldId::kBytesIn), Own("packets"), Known(FieldId::kStartTime),
    Known(FieldId::kDuration), Known(FieldId::kCategory), kSkipped, Own("seqno"), Own("actionflags"),
    Known(FieldId::kSrcCountry), Known(FieldId::kDstCountry), kSkipped, Known(FieldId::kPacketsOut),
    Known(FieldId::kPacketsIn), Known(FieldId::kReason),
});
constexpr auto kTraffic = Join(kCommon, kFlow, kTrafficOwn, kGroups, std::to_array<Column>({Own("action_source")}));

/// The first is a URL or a file, as the subtype says.
constexpr std::size_t kMiscColumn = kCommon.size() + kFlow.size();
constexpr auto kThreatOwn = std::to_array<Column>({
    kSkipped, Known(FieldId::kThreat), Known(FieldId::kCategory), Known(FieldId::kLevel), Known(FieldId::kDirection),
    Own("seqno"), Own("actionflags"), Known(FieldId::kSrcCountry), Known(FieldId::kDstCountry), kSkipped,
    Own("contenttype"), Own("pcap_id"), Known(FieldId::kFileHash), Own("cloud"), Own("url_idx"), Known(FieldId::kUserAgent),
    Own("filetype"), Own("xff"), Known(FieldId::kReferrer), Own("sender"), Own("subject"), Own("recipient"),
    Own("reportid"),
});
constexpr auto kAfterThreat = std::to_array<Column>({kSkipped, Own("src_uuid"), Own("dst_uuid"), Known(FieldId::kMethod)});
constexpr auto kThreat = Join(kCommon, kFlow, kThreatOwn, kGroups, kAfterThreat);

constexpr auto kSystemOwn = std::to_array<Column>({
    Known(FieldId::kVirtualSystem), Known(FieldId::kEventId), Own("object"), kSkipped, kSkipped, Own("module"),
    Known(FieldId::kLevel), Known(FieldId::kText), Own("seqno"), Own("actionflags"),
});
constexpr auto kSystem = Join(kCommon, kSystemOwn, kGroups);

constexpr auto kConfigOwn = std::to_array<Column>({
    Known(FieldId::kSrcIp), Known(FieldId::kVirtualSystem), Known(FieldId::kCommand), Known(FieldId::kUser), Own("client"),
    Known(FieldId::kStatus), Own("path"),
});
constexpr auto kConfig = Join(kCommon, kConfigOwn);

std::span<const Column> ColumnsOf(std::string_view type) {
    if (type == "TRAFFIC") return kTraffic;
    if (type == "THREAT") return kThreat;
    if (type == "SYSTEM") return kSystem;
    if (type == "CONFIG") return kConfig;
    return kCommon;
}

/// "" stands for a quote inside quotes, as in RFC 4180.
std::string_view WithoutDoubledQuotes(std::string_view text, TextStore& owned) {
    char* const begin = owned.Reserve(text.size());
    char* to = begin;
    for (std::size_t i = 0; i < text.size(); ++i) {
        *to++ = text[i];
        if (text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') ++i;
    }
    return owned.Commit(static_cast<std::size_t>(to - begin));
}

std::string_view TakeValue(std::string_view& text, TextStore& owned) {
    if (!text.starts_with('"')) return TakeUntil(text, ',');
    std::size_t end = 1;
    bool has_quote = false;
    while (end < text.size() && (text[end] != '"' || text.substr(end + 1, 1) == "\"")) {
        has_quote |= text[end] == '"';
        end += text[end] == '"' ? 2 : 1;
    }
    const std::string_view value = text.substr(1, end - 1);
    text.remove_prefix(std::min(end + 1, text.size()));
    TakeUntil(text, ',');
    return has_quote ? WithoutDoubledQuotes(value, owned) : value;
}

/// The type, which stands in the fourth column after a date in the second; "" for any other text.
std::string_view TypeOf(std::string_view text) {
    TakeUntil(text, ',');
    const std::string_view received = TakeUntil(text, ',');
    TakeUntil(text, ',');
    const std::string_view type = TakeUntil(text, ',');
    const bool is_date = received.size() >= 19 && received[4] == '/' && received[7] == '/' && IsDigit(received[0]);
    const bool is_type = type.size() >= 3 && type.size() <= 16 && type[0] >= 'A' && type[0] <= 'Z';
    return is_date && is_type ? type : std::string_view();
}

}  // namespace

bool ReadPaloAlto(std::string_view text, const ReadContext& context, ParsedLine& line) {
    const std::string_view type = TypeOf(text);
    if (type.empty()) return false;
    line.content = ContentFormat::kPaloAlto;
    line.Add(FieldId::kDeviceVendor, "Palo Alto Networks");
    const auto columns = ColumnsOf(type);
    const bool is_threat = type == "THREAT";
    std::string_view subtype;
    for (std::size_t i = 0; i < columns.size() && !text.empty(); ++i) {
        const std::string_view value = TakeValue(text, line.owned);
        const Column& column = columns[i];
        if (column.id == FieldId::kEventSubtype) subtype = value;
        if (is_threat && i == kMiscColumn) {
            line.Add(subtype == "url" ? FieldId::kUrl : FieldId::kFile, value);
        } else if (column.id != FieldId::kVendor || !column.key.empty()) {
            line.Add(column.id, column.key, value);
        }
        if (i == kTimeColumn) OfferTime(value, context.received, line);
    }
    return true;
}

}  // namespace opsteward::logs
