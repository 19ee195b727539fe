// The dictionary of field names: what a value read from a log line is called, whatever its maker calls it.
// docs/formats/log-fields.md shows the same table; a test holds the two against each other.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/language.hpp"

namespace opsteward::logs {

enum class FieldType : std::uint8_t {
    kText,
    kNumber,   ///< decimal digits, as a rule; a device may still write something else
    kAddress,  ///< IPv4 or IPv6 as written
    kTime,     ///< as written by the device
};

/// Where values come from.
enum class FieldOrigin : std::uint8_t {
    kBytes,    ///< the bytes of the record; what was escaped there is unescaped
    kProgram,  ///< some are words of this program: worked out, or the same for all lines of a format
};

/// kVendor is what has no place in the dictionary; its name is "vendor." and the maker's own key.
enum class FieldId : std::uint8_t {
    kVendor,
    kHost,
    kProgram,
    kPid,
    kFacility,
    kSeverity,
    kMessageId,
    kSequence,
    kClockMark,
    kLevel,
    kSrcIp,
    kSrcPort,
    kSrcHost,
    kSrcMac,
    kSrcZone,
    kSrcCountry,
    kSrcNatIp,
    kSrcNatPort,
    kDstIp,
    kDstPort,
    kDstHost,
    kDstMac,
    kDstZone,
    kDstCountry,
    kDstNatIp,
    kDstNatPort,
    kInInterface,
    kOutInterface,
    kProto,
    kService,
    kApp,
    kDirection,
    kAction,
    kReason,
    kRule,
    kSession,
    kDuration,
    kBytes,
    kBytesIn,
    kBytesOut,
    kPacketsIn,
    kPacketsOut,
    kTcpFlags,
    kIcmpType,
    kIcmpCode,
    kUser,
    kDstUser,
    kGroup,
    kDomain,
    kAuthMethod,
    kCommand,
    kEventId,
    kEventType,
    kEventSubtype,
    kEventName,
    kCategory,
    kThreat,
    kFile,
    kFileHash,
    kUrl,
    kMethod,
    kStatus,
    kHttpVersion,
    kReferrer,
    kUserAgent,
    kCount,
    kText,
    kDeviceVendor,
    kDeviceProduct,
    kDeviceVersion,
    kDeviceId,
    kDeviceName,
    kVirtualSystem,
    kStartTime,
    kEndTime,
};

struct FieldSpec {
    FieldId id;
    std::string_view name;
    FieldType type;
    Phrase meaning;
    FieldOrigin origin = FieldOrigin::kBytes;
};

/// Every field but kVendor, in the order of FieldId.
inline constexpr auto kFieldSpecs = std::to_array<FieldSpec>({
    {FieldId::kHost, "host", FieldType::kText, {"發出紀錄的主機", "host that sent the record"}},
    {FieldId::kProgram, "program", FieldType::kText, {"程式名稱", "name of the program"}},
    {FieldId::kPid, "pid", FieldType::kNumber, {"程序編號", "process id"}},
    {FieldId::kFacility, "facility", FieldType::kNumber, {"syslog 類別，0–23", "syslog facility, 0–23"}, FieldOrigin::kProgram},
    {FieldId::kSeverity, "severity", FieldType::kNumber, {"syslog 嚴重度，0（最重）–7", "syslog severity, 0 (worst) to 7"}, FieldOrigin::kProgram},
    {FieldId::kMessageId, "message_id", FieldType::kText, {"RFC 5424 的訊息代號", "MSGID of RFC 5424"}},
    {FieldId::kSequence, "sequence", FieldType::kNumber, {"設備自編的流水號", "the device's own sequence number"}},
    {FieldId::kClockMark, "clock_mark", FieldType::kText, {"時間前的 * 或 .：設備時鐘未校時", "* or . before the time: the device's clock is not synchronised"}},
    {FieldId::kLevel, "level", FieldType::kText, {"設備所寫的嚴重度文字", "severity in the device's own words"}},
    {FieldId::kSrcIp, "src_ip", FieldType::kAddress, {"來源位址", "source address"}},
    {FieldId::kSrcPort, "src_port", FieldType::kNumber, {"來源埠", "source port"}},
    {FieldId::kSrcHost, "src_host", FieldType::kText, {"來源主機名稱", "source host name"}},
    {FieldId::kSrcMac, "src_mac", FieldType::kText, {"來源 MAC 位址", "source MAC address"}},
    {FieldId::kSrcZone, "src_zone", FieldType::kText, {"來源區域", "source zone"}},
    {FieldId::kSrcCountry, "src_country", FieldType::kText, {"來源國家", "source country"}},
    {FieldId::kSrcNatIp, "src_nat_ip", FieldType::kAddress, {"轉換後的來源位址", "source address after translation"}},
    {FieldId::kSrcNatPort, "src_nat_port", FieldType::kNumber, {"轉換後的來源埠", "source port after translation"}},
    {FieldId::kDstIp, "dst_ip", FieldType::kAddress, {"目的位址", "destination address"}},
    {FieldId::kDstPort, "dst_port", FieldType::kNumber, {"目的埠", "destination port"}},
    {FieldId::kDstHost, "dst_host", FieldType::kText, {"目的主機名稱", "destination host name"}},
    {FieldId::kDstMac, "dst_mac", FieldType::kText, {"目的 MAC 位址", "destination MAC address"}},
    {FieldId::kDstZone, "dst_zone", FieldType::kText, {"目的區域", "destination zone"}},
    {FieldId::kDstCountry, "dst_country", FieldType::kText, {"目的國家", "destination country"}},
    {FieldId::kDstNatIp, "dst_nat_ip", FieldType::kAddress, {"轉換後的目的位址", "destination address after translation"}},
    {FieldId::kDstNatPort, "dst_nat_port", FieldType::kNumber, {"轉換後的目的埠", "destination port after translation"}},
    {FieldId::kInInterface, "in_interface", FieldType::kText, {"進入的介面", "interface it came in by"}},
    {FieldId::kOutInterface, "out_interface", FieldType::kText, {"送出的介面", "interface it went out by"}},
    {FieldId::kProto, "proto", FieldType::kText, {"通訊協定名稱或編號", "protocol, by name or number"}},
    {FieldId::kService, "service", FieldType::kText, {"服務名稱", "name of the service"}},
    {FieldId::kApp, "app", FieldType::kText, {"應用程式", "application"}},
    {FieldId::kDirection, "direction", FieldType::kText, {"方向", "direction"}},
    {FieldId::kAction, "action", FieldType::kText, {"設備所採的動作，依設備用字", "what the device did, in its own word"}},
    {FieldId::kReason, "reason", FieldType::kText, {"原因", "reason"}},
    {FieldId::kRule, "rule", FieldType::kText, {"規則名稱或編號、存取清單", "name or number of the rule, access list"}},
    {FieldId::kSession, "session", FieldType::kText, {"連線或工作階段編號", "number of the connection or session"}},
    {FieldId::kDuration, "duration", FieldType::kText, {"歷時，依設備的單位", "how long it took, in the device's unit"}},
    {FieldId::kBytes, "bytes", FieldType::kNumber, {"兩方向合計位元組", "bytes both ways"}},
    {FieldId::kBytesIn, "bytes_in", FieldType::kNumber, {"來源收到的位元組；網站紀錄為伺服器收到者", "bytes the source received; in web logs, the server"}},
    {FieldId::kBytesOut, "bytes_out", FieldType::kNumber, {"來源送出的位元組；網站紀錄為伺服器送出者", "bytes the source sent; in web logs, the server"}},
    {FieldId::kPacketsIn, "packets_in", FieldType::kNumber, {"來源收到的封包", "packets the source received"}},
    {FieldId::kPacketsOut, "packets_out", FieldType::kNumber, {"來源送出的封包", "packets the source sent"}},
    {FieldId::kTcpFlags, "tcp_flags", FieldType::kText, {"TCP 旗標", "TCP flags"}},
    {FieldId::kIcmpType, "icmp_type", FieldType::kNumber, {"ICMP 類型", "ICMP type"}},
    {FieldId::kIcmpCode, "icmp_code", FieldType::kNumber, {"ICMP 代碼", "ICMP code"}},
    {FieldId::kUser, "user", FieldType::kText, {"使用者（動作者）", "user who acts"}},
    {FieldId::kDstUser, "dst_user", FieldType::kText, {"被操作或目的端的使用者", "user acted upon or at the destination"}},
    {FieldId::kGroup, "group", FieldType::kText, {"群組", "group"}},
    {FieldId::kDomain, "domain", FieldType::kText, {"網域", "domain"}},
    {FieldId::kAuthMethod, "auth_method", FieldType::kText, {"身分驗證方式", "how the user was authenticated"}},
    {FieldId::kCommand, "command", FieldType::kText, {"執行的命令", "command that was run"}},
    {FieldId::kEventId, "event_id", FieldType::kText, {"事件代號", "the maker's id of the event"}},
    {FieldId::kEventType, "event_type", FieldType::kText, {"事件類型", "type of the event"}},
    {FieldId::kEventSubtype, "event_subtype", FieldType::kText, {"事件子類型", "subtype of the event"}},
    {FieldId::kEventName, "event_name", FieldType::kText, {"事件名稱", "name of the event"}},
    {FieldId::kCategory, "category", FieldType::kText, {"分類（網址、應用程式、威脅）", "category (of a URL, application, threat)"}},
    {FieldId::kThreat, "threat", FieldType::kText, {"威脅名稱或編號", "name or number of the threat"}},
    {FieldId::kFile, "file", FieldType::kText, {"檔案名稱或路徑", "name or path of a file"}},
    {FieldId::kFileHash, "file_hash", FieldType::kText, {"檔案雜湊值", "digest of a file"}},
    {FieldId::kUrl, "url", FieldType::kText, {"網址或路徑", "URL or path"}},
    {FieldId::kMethod, "method", FieldType::kText, {"HTTP 方法", "HTTP method"}},
    {FieldId::kStatus, "status", FieldType::kText, {"HTTP 狀態碼或結果", "HTTP status code, or result"}},
    {FieldId::kHttpVersion, "http_version", FieldType::kText, {"HTTP 版本", "HTTP version"}},
    {FieldId::kReferrer, "referrer", FieldType::kText, {"來源網頁", "page that referred"}},
    {FieldId::kUserAgent, "user_agent", FieldType::kText, {"用戶端軟體", "client software"}},
    {FieldId::kCount, "count", FieldType::kNumber, {"次數", "how often"}},
    {FieldId::kText, "text", FieldType::kText, {"訊息中給人看的文字", "the text for people inside a structured message"}},
    {FieldId::kDeviceVendor, "device_vendor", FieldType::kText, {"設備廠商", "maker of the device"}, FieldOrigin::kProgram},
    {FieldId::kDeviceProduct, "device_product", FieldType::kText, {"設備產品", "product"}},
    {FieldId::kDeviceVersion, "device_version", FieldType::kText, {"設備版本", "version of the product"}},
    {FieldId::kDeviceId, "device_id", FieldType::kText, {"設備序號或代號", "serial number or id of the device"}},
    {FieldId::kDeviceName, "device_name", FieldType::kText, {"設備名稱", "name of the device"}},
    {FieldId::kVirtualSystem, "virtual_system", FieldType::kText, {"虛擬系統（VDOM、vsys）", "virtual system (VDOM, vsys)"}},
    {FieldId::kStartTime, "start_time", FieldType::kTime, {"開始時間", "when it began"}},
    {FieldId::kEndTime, "end_time", FieldType::kTime, {"結束時間", "when it ended"}},
});

/// Precondition: not kVendor.
constexpr const FieldSpec& SpecOf(FieldId id) { return kFieldSpecs[static_cast<std::size_t>(id) - 1]; }

static_assert(std::ranges::all_of(kFieldSpecs, [](const FieldSpec& spec) { return &SpecOf(spec.id) == &spec; }));
static_assert(kFieldSpecs.back().id == FieldId::kEndTime);

/// The field called `name`; nothing for a name that isn't in the dictionary ("vendor.…" is not).
constexpr std::optional<FieldId> FindField(std::string_view name) {
    const auto found = std::ranges::find(kFieldSpecs, name, &FieldSpec::name);
    if (found == kFieldSpecs.end()) return std::nullopt;
    return found->id;
}

/// Whether vault/query/needles.hpp may take the field called `name` for verbatim. So are the makers' own, and a name that no field has.
constexpr bool IsVerbatim(std::string_view name) {
    const auto id = FindField(name);
    return !id || SpecOf(*id).origin == FieldOrigin::kBytes;
}

/// As docs/formats/log-fields.md calls it.
constexpr std::string_view NameOf(FieldType type) {
    switch (type) {
        case FieldType::kNumber: return "number";
        case FieldType::kAddress: return "address";
        case FieldType::kTime: return "time";
        case FieldType::kText: break;
    }
    return "text";
}

inline constexpr std::string_view kVendorPrefix = "vendor.";

}  // namespace opsteward::logs
