#include "features/inventory/topic.hpp"

#include <algorithm>

namespace opsteward::inventory {
namespace {

using enum ColumnType;
using enum ColumnUse;

/// Columns stand in the order of docs/formats/fact-views.md, without those that the store adds to every topic.
const std::vector<Topic>& Declared() {
    static const std::vector<Topic> topics = {
        {"operating_systems",
         {"作業系統", "Operating system"},
         {
             {"os_id", kText, kKey, {"代號", "Identifier"}},
             {"name", kText, kValue, {"名稱", "Name"}},
             {"version", kText, kValue, {"版本", "Version"}},
             {"codename", kText, kValue, {"版本代號", "Codename"}},
             {"kernel", kText, kValue, {"核心版本", "Kernel"}},
             {"architecture", kText, kValue, {"硬體架構", "Architecture"}},
             {"end_of_life_at", kInstant, kValue, {"支援終止日", "End of support"}},
             // The kernel derives it from the clock, so it wobbles by a second whenever the clock is corrected.
             {"booted_at", kInstant, kMeasured, {"開機時間", "Booted"}},
             {"reboot_required", kBoolean, kValue, {"需重新開機", "Reboot required"}},
         }},
        {"resources",
         {"資源使用", "Resource use"},
         {
             {"resource", kText, kKey, {"資源", "Resource"}},
             {"subject", kText, kKey, {"對象", "Subject"}},
             {"used_ratio", kReal, kMeasured, {"使用率", "Used"}},
             // Some file systems (ZFS, the inodes of XFS) change their own total with what is free.
             {"capacity", kInteger, kMeasured, {"容量", "Capacity"}},
             {"capacity_unit", kText, kValue, {"容量單位", "Unit"}},
         }},
        {"interfaces",
         {"網路介面", "Network interfaces"},
         {
             {"name", kText, kKey, {"名稱", "Name"}},
             {"mac", kText, kValue, {"實體位址", "MAC address"}},
             {"addresses", kText, kValue, {"網路位址", "Addresses"}},
             {"is_up", kBoolean, kValue, {"已啟用", "Up"}},
             {"speed_mbit", kInteger, kValue, {"速率 (Mbit/s)", "Speed (Mbit/s)"}},
             {"receive_bytes_per_s", kReal, kMeasured, {"每秒接收位元組", "Received bytes/s"}},
             {"transmit_bytes_per_s", kReal, kMeasured, {"每秒傳送位元組", "Transmitted bytes/s"}},
             {"errors_per_s", kReal, kMeasured, {"每秒錯誤數", "Errors/s"}},
         }},
        {"listening_sockets",
         {"對外開放的連接埠", "Listening sockets"},
         {
             {"protocol", kText, kKey, {"通訊協定", "Protocol"}},
             {"address", kText, kKey, {"位址", "Address"}},
             {"port", kInteger, kKey, {"連接埠", "Port"}},
             {"program", kText, kValue, {"程式", "Program"}},
             // Part of the key: programs of two users can share one datagram port, and each must be seen.
             {"uid", kInteger, kKey, {"使用者識別碼", "User ID"}},
             {"user_name", kText, kValue, {"使用者", "User"}},
             {"is_loopback", kBoolean, kValue, {"僅限本機", "Loopback only"}},
         },
         Approval::kListener},
        {"services",
         {"自動啟動的服務", "Services started at boot"},
         {
             {"name", kText, kKey, {"名稱", "Name"}},
             {"is_enabled", kBoolean, kValue, {"已啟用", "Enabled"}},
         }},
        {"processes",
         {"執行中的程式", "Running programs"},
         {
             {"name", kText, kKey, {"名稱", "Name"}},
             {"uid", kInteger, kKey, {"使用者識別碼", "User ID"}},
             {"user_name", kText, kValue, {"使用者", "User"}},
             {"instances", kInteger, kMeasured, {"數量", "Instances"}},
         },
         Approval::kNone,
         false},
        {"scheduled_tasks",
         {"排程工作", "Scheduled tasks"},
         {
             {"source", kText, kKey, {"來源", "Source"}},
             {"schedule", kText, kKey, {"時程", "Schedule"}},
             {"user_name", kText, kKey, {"使用者", "User"}},
             {"program", kText, kKey, {"程式", "Program"}},
         }},
        {"accounts",
         {"本機帳號", "Local accounts"},
         {
             {"name", kText, kKey, {"名稱", "Name"}},
             {"uid", kInteger, kValue, {"使用者識別碼", "User ID"}},
             {"is_enabled", kBoolean, kValue, {"已啟用", "Enabled"}},
             {"is_privileged", kBoolean, kValue, {"具特權", "Privileged"}},
             {"can_login", kBoolean, kValue, {"可登入", "Can log in"}},
             {"shell", kText, kValue, {"登入殼層", "Shell"}},
             {"groups", kText, kValue, {"群組", "Groups"}},
         },
         Approval::kAccount},
        {"remote_login_settings",
         {"遠端登入設定", "Remote login settings"},
         {
             {"service", kText, kKey, {"服務", "Service"}},
             {"setting", kText, kKey, {"設定項目", "Setting"}},
             {"value", kText, kValue, {"設定值", "Value"}},
         }},
        {"installed_software",
         {"已安裝軟體", "Installed software"},
         {
             {"name", kText, kKey, {"名稱", "Name"}},
             {"version", kText, kValue, {"版本", "Version"}},
             {"architecture", kText, kKey, {"硬體架構", "Architecture"}},
             {"publisher", kText, kValue, {"發行者", "Publisher"}},
             {"in_repository", kBoolean, kValue, {"來自套件庫", "In a package source"}},
         },
         Approval::kSoftware},
        {"pending_updates",
         {"待安裝更新", "Pending updates"},
         {
             {"name", kText, kKey, {"名稱", "Name"}},
             {"installed_version", kText, kValue, {"已安裝版本", "Installed version"}},
             {"offered_version", kText, kValue, {"可更新版本", "Offered version"}},
             {"is_security", kBoolean, kValue, {"安全性更新", "Security update"}},
         }},
        {"anti_virus",
         {"防毒軟體", "Anti-virus"},
         {
             {"product", kText, kKey, {"產品", "Product"}},
             {"version", kText, kValue, {"版本", "Version"}},
             {"is_running", kBoolean, kValue, {"執行中", "Running"}},
             {"scans_actively", kBoolean, kValue, {"主動掃描", "Scans actively"}},
             {"pattern_version", kText, kValue, {"病毒碼版本", "Pattern version"}},
             {"pattern_at", kInstant, kValue, {"病毒碼日期", "Pattern date"}},
         }},
        {"clock_status",
         {"時間同步", "Clock"},
         {
             {"service", kText, kKey, {"校時服務", "Service"}},
             {"is_running", kBoolean, kValue, {"執行中", "Running"}},
             {"is_synchronised", kBoolean, kValue, {"已同步", "Synchronised"}},
             {"estimated_error_ms", kReal, kMeasured, {"估計誤差 (毫秒)", "Estimated error (ms)"}},
             {"offset_ms", kReal, kMeasured, {"時差 (毫秒)", "Offset (ms)"}},
         }},
        {"time_sources",
         {"校時來源", "Time sources"},
         {
             {"source", kText, kKey, {"來源", "Source"}},
         }},
        {"log_services",
         {"日誌服務", "Logging services"},
         {
             {"service", kText, kKey, {"服務", "Service"}},
             {"is_running", kBoolean, kValue, {"執行中", "Running"}},
             {"is_persistent", kBoolean, kValue, {"重開機後保留", "Kept across restarts"}},
             // Moves on with every rotation.
             {"oldest_entry_at", kInstant, kMeasured, {"最早紀錄", "Oldest entry"}},
         }},
    };
    return topics;
}

}  // namespace

std::span<const Topic> AllTopics() { return Declared(); }

const Topic* FindTopic(std::string_view name) {
    const auto& topics = Declared();
    const auto found = std::ranges::find(topics, name, &Topic::name);
    return found == topics.end() ? nullptr : &*found;
}

}  // namespace opsteward::inventory
