// Checks of the device: administrators, remote services, logging, time, high availability.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.hpp"
#include "features/firewall/hygiene/checks.hpp"

namespace opsteward::firewall {

namespace {

bool IsOff(std::string_view value) {
    return value.empty() || value == "disable" || value == "disabled" || value == "no" || value == "none" || value == "false";
}

/// "0.0.0.0/0.0.0.0", "0.0.0.0/0" and "::/0" let everybody in.
bool LetsEverybodyIn(std::string_view hosts) {
    if (hosts.empty()) return true;
    for (const std::string_view host : Split(hosts, ',')) {
        const std::string_view trimmed = Trim(host);
        if (trimmed == "0.0.0.0/0.0.0.0" || trimmed == "0.0.0.0/0" || trimmed == "::/0" || trimmed == "any") return true;
    }
    return false;
}

class DeviceChecks {
  public:
    DeviceChecks(const Configuration& configuration, const HygieneOptions& options, std::vector<HygieneFinding>& findings)
        : options_(options), findings_(findings), facts_(configuration.facts), tells_of_time_(configuration.format != Format::kCheckPoint) {
        for (const DeviceFact& fact : facts_) {
            tells_of_device_ = tells_of_device_ || fact.kind != "setting";
            if (fact.kind == "remote_service" && fact.property == "role" && fact.value == "wan") outside_.insert(fact.subject);
            if (fact.kind == "administrator" && fact.property == "remote_authentication" && !IsOff(fact.value)) signs_in_elsewhere_.insert(fact.subject);
        }
        outside_.insert(options.outside_interfaces.begin(), options.outside_interfaces.end());
    }

    void Run() {
        for (const DeviceFact& fact : facts_) {
            if (fact.kind == "administrator") Administrator(fact);
            if (fact.kind == "remote_service" && fact.property == "protocol") RemoteService(fact);
            if (fact.kind == "setting") Setting(fact);
        }
        LogTargets();
        TimeSources();
        HighAvailability();
    }

  private:
    void Add(std::string_view check, HygieneLevel level, const DeviceFact& fact, Text what) {
        findings_.push_back({std::string(check), level, fact.subject, std::move(what), fact.line});
    }
    void AddMissing(std::string_view check, HygieneLevel level, Text what) { findings_.push_back({std::string(check), level, "", std::move(what), 0}); }

    void Administrator(const DeviceFact& fact) {
        static constexpr std::array<std::string_view, 6> kDefaultNames{"admin", "administrator", "root", "pfsense", "opnsense", "cisco"};
        if (fact.property == "two_factor" && IsOff(fact.value) && signs_in_elsewhere_.contains(fact.subject)) {
            Add("administrator_two_factor", HygieneLevel::kMedium, fact,
                {"管理者「" + fact.subject + "」由外部伺服器驗證，設備本身沒有雙因子驗證，請確認該伺服器是否要求",
                 "administrator \"" + fact.subject +
                     "\" is authenticated by another server; the device asks for no second factor, see whether that server does"});
        } else if (fact.property == "two_factor" && IsOff(fact.value)) {
            Add("administrator_two_factor", HygieneLevel::kHigh, fact,
                {"管理者「" + fact.subject + "」沒有啟用雙因子驗證", "administrator \"" + fact.subject + "\" signs in without a second factor"});
        }
        if (fact.property == "trusted_hosts" && LetsEverybodyIn(fact.value)) {
            Add("administrator_trusted_hosts", HygieneLevel::kHigh, fact,
                {"管理者「" + fact.subject + "」沒有限定可以登入的來源位址", "administrator \"" + fact.subject + "\" may sign in from any address"});
        }
        const std::string lower = ToLowerAscii(fact.subject);
        const bool is_default = std::ranges::find(kDefaultNames, lower) != kDefaultNames.end();
        if (is_default && named_.insert(fact.subject).second) {
            Add("administrator_default_name", HygieneLevel::kMedium, fact,
                {"管理者帳號沿用預設名稱「" + fact.subject + "」", "the administrator's account has the default name \"" + fact.subject + "\""});
        }
    }

    void RemoteService(const DeviceFact& fact) {
        static constexpr std::array<std::string_view, 4> kClear{"telnet", "http", "snmp-v1", "snmp-v2c"};
        static constexpr std::array<std::string_view, 6> kAdministration{"https", "ssh", "http", "telnet", "snmp", "asdm"};
        if (std::ranges::find(kClear, fact.value) != kClear.end()) {
            Add("remote_service_cleartext", fact.value == "telnet" || fact.value == "http" ? HygieneLevel::kHigh : HygieneLevel::kMedium, fact,
                {fact.subject + " 開放了不加密的 " + fact.value, fact.subject + " offers " + fact.value + ", which is not encrypted"});
        }
        if (fact.value == "ssh-v1") {
            Add("remote_service_old_ssh", HygieneLevel::kHigh, fact, {fact.subject + " 允許 SSH 第 1 版", fact.subject + " allows SSH version 1"});
        }
        const bool is_administration = std::ranges::find(kAdministration, fact.value) != kAdministration.end();
        if (is_administration && outside_.contains(fact.subject)) {
            Add("remote_service_outside", HygieneLevel::kHigh, fact,
                {"對外介面 " + fact.subject + " 開放管理服務 " + fact.value, "outside interface " + fact.subject + " offers " + fact.value + " for administration"});
        }
    }

    void Setting(const DeviceFact& fact) {
        if (fact.property == "admin-ssh-v1" && fact.value == "enable") {
            Add("remote_service_old_ssh", HygieneLevel::kHigh, fact, {"允許以 SSH 第 1 版登入管理", "administrators may sign in by SSH version 1"});
        }
        if (fact.property == "implicit_deny_log" && IsOff(fact.value)) {
            Add("implicit_deny_not_logged", HygieneLevel::kLow, fact, {"沒有規則符合而擋下的連線不留紀錄", "what no rule matches is kept out without a log"});
        }
        if (fact.subject == "system password-policy" && fact.property == "status" && IsOff(fact.value)) {
            Add("password_policy_missing", HygieneLevel::kMedium, fact, {"沒有啟用密碼原則", "the password policy is off"});
        }
    }

    void LogTargets() {
        bool has_target = false;
        std::map<std::string, const DeviceFact*> encryption;
        std::map<std::string, const DeviceFact*> protocol;
        for (const DeviceFact& fact : facts_) {
            if (fact.kind != "log_target") continue;
            has_target = true;
            if (fact.property == "encryption") encryption[fact.subject] = &fact;
            if (fact.property == "protocol") protocol[fact.subject] = &fact;
        }
        for (const auto& [subject, fact] : protocol) {
            const auto found = encryption.find(subject);
            const bool is_encrypted = (found != encryption.end() && !IsOff(found->second->value)) || fact->value == "tls" || fact->value == "ssl";
            if (is_encrypted) continue;
            Add("log_target_unencrypted", HygieneLevel::kMedium, *fact,
                {"送往 " + subject + " 的紀錄沒有加密（" + fact->value + "）", "logs go to " + subject + " without encryption (" + fact->value + ")"});
        }
        if (!has_target && tells_of_device_) {
            AddMissing("log_target_missing", HygieneLevel::kHigh, {"沒有把紀錄送往任何外部主機", "logs go to no other host"});
        }
    }

    void TimeSources() {
        std::vector<const DeviceFact*> sources;
        std::set<std::string> seen;
        for (const DeviceFact& fact : facts_) {
            if (fact.kind == "time_source" && seen.insert(fact.subject).second) sources.push_back(&fact);
        }
        if (sources.empty() && tells_of_device_ && tells_of_time_) {
            AddMissing("time_source_missing", HygieneLevel::kHigh, {"沒有設定校時來源", "there is no source of time"});
        }
        if (sources.size() > 1) {
            std::vector<std::string> names;
            for (const DeviceFact* source : sources) names.push_back(source->subject);
            const std::string list = Join(names, ", ");
            findings_.push_back({"time_source_several", options_.wants_single_time_source ? HygieneLevel::kMedium : HygieneLevel::kInformation, "",
                                 {"校時來源不只一個：" + list, "there is more than one source of time: " + list}, sources[1]->line});
        }
    }

    void HighAvailability() {
        const DeviceFact* mode = nullptr;
        const DeviceFact* encryption = nullptr;
        const DeviceFact* authentication = nullptr;
        for (const DeviceFact& fact : facts_) {
            if (fact.kind != "ha") continue;
            if (fact.property == "mode") mode = &fact;
            if (fact.property == "encryption") encryption = &fact;
            if (fact.property == "authentication") authentication = &fact;
        }
        if (mode == nullptr) return;
        if (mode->value == "standalone" || IsOff(mode->value)) {
            Add("ha_missing", HygieneLevel::kInformation, *mode, {"沒有設定高可用性備援", "there is no second device for high availability"});
            return;
        }
        for (const DeviceFact* protection : {encryption, authentication}) {
            if (protection == nullptr || !IsOff(protection->value)) continue;
            const bool is_encryption = protection == encryption;
            Add("ha_unprotected", HygieneLevel::kLow, *protection,
                {is_encryption ? "高可用性的心跳沒有加密" : "高可用性的心跳沒有驗證", is_encryption ? "the heartbeat is not encrypted" : "the heartbeat is not authenticated"});
        }
    }

    const HygieneOptions& options_;
    std::vector<HygieneFinding>& findings_;
    const std::vector<DeviceFact>& facts_;
    std::set<std::string> outside_;
    std::set<std::string> named_;
    std::set<std::string> signs_in_elsewhere_;
    bool tells_of_device_ = false;  ///< more than a list of rules and zones
    bool tells_of_time_;
};

}  // namespace

void CheckDevice(const Configuration& configuration, const HygieneOptions& options, std::vector<HygieneFinding>& findings) {
    DeviceChecks(configuration, options, findings).Run();
}

}  // namespace opsteward::firewall
