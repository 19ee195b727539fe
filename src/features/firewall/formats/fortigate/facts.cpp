#include "features/firewall/formats/fortigate/facts.hpp"

#include <array>

#include "base/text.hpp"

namespace opsteward::firewall {

namespace {

class Facts {
  public:
    Facts(const FortigateTree& tree, FortigateNodeId scope, std::vector<DeviceFact>& facts) : tree_(tree), scope_(scope), facts_(facts) {}

    void Collect() {
        Administrators();
        Interfaces();
        Global();
        LogTargets();
        TimeSources();
        HighAvailability();
        Settings();
    }

  private:
    void Add(std::string kind, std::string subject, std::string property, std::string value, std::size_t line) {
        facts_.push_back({std::move(kind), std::move(subject), std::move(property), std::move(value), line});
    }
    std::size_t LineOf(const FortigateSettings& settings, const std::string& name, FortigateNodeId node) const {
        const std::uint32_t line = settings.Of(name).line;
        return line != 0 ? line : tree_.node(node).line;
    }
    template <typename Visit>
    void EachEntry(std::string_view section, Visit visit) {
        const FortigateNodeId table = tree_.Child(scope_, section);
        if (table == kNoFortigateNode) return;
        tree_.ForEachChild(table, [&](FortigateNodeId entry) {
            if (tree_.node(entry).is_entry) visit(entry, tree_.SettingsOf(entry));
        });
    }

    void Administrators() {
        EachEntry("system admin", [this](FortigateNodeId node, const FortigateSettings& settings) {
            const std::string& name = tree_.node(node).name;
            Add("administrator", name, "two_factor", std::string(settings.First("two-factor", "disable")), LineOf(settings, "two-factor", node));
            Add("administrator", name, "trusted_hosts", TrustedHosts(settings), tree_.node(node).line);
            Add("administrator", name, "profile", std::string(settings.First("accprofile")), LineOf(settings, "accprofile", node));
            Add("administrator", name, "remote_authentication", std::string(settings.First("remote-auth", "disable")), LineOf(settings, "remote-auth", node));
        });
    }

    /// "192.0.2.0/255.255.255.0, 2001:db8::/64"; one of all addresses is the same as none.
    static std::string TrustedHosts(const FortigateSettings& settings) {
        static constexpr int kMaxHosts = 10;
        std::vector<std::string> hosts;
        for (const char* const prefix : {"trusthost", "ip6-trusthost"}) {
            for (int i = 1; i <= kMaxHosts; ++i) {
                const std::vector<std::string>& values = settings.Of(prefix + std::to_string(i)).values;
                if (!values.empty()) hosts.push_back(Join(values, "/"));
            }
        }
        return Join(hosts, ", ");
    }

    void Interfaces() {
        EachEntry("system interface", [this](FortigateNodeId node, const FortigateSettings& settings) {
            if (settings.First("status") == "down") return;
            const std::string& name = tree_.node(node).name;
            for (const std::string& service : settings.Of("allowaccess").values)
                Add("remote_service", name, "protocol", service, settings.Of("allowaccess").line);
            if (settings.Of("allowaccess").values.empty()) return;
            Add("remote_service", name, "role", std::string(settings.First("role", "undefined")), LineOf(settings, "role", node));
            Add("remote_service", name, "address", Join(settings.Of("ip").values, "/"), LineOf(settings, "ip", node));
        });
    }

    void Global() {
        const FortigateNodeId node = tree_.Child(scope_, "system global");
        if (node == kNoFortigateNode) return;
        const FortigateSettings settings = tree_.SettingsOf(node);
        static constexpr std::array kSettings{"admin-telnet",
                                              "admin-ssh-v1",
                                              "admin-https-redirect",
                                              "admin-sport",
                                              "admin-port",
                                              "admin-ssh-port",
                                              "admintimeout",
                                              "strong-crypto",
                                              "private-data-encryption",
                                              "timezone",
                                              "admin-lockout-threshold",
                                              "admin-lockout-duration",
                                              "pre-login-banner"};
        for (const char* const name : kSettings) {
            const FortigateValue& value = settings.Of(name);
            if (!value.values.empty()) Add("setting", "system global", name, Join(value.values, " "), value.line);
        }
    }

    void LogTargets() {
        struct Target {
            std::string_view section;
            const char* server;
        };
        static constexpr std::array kTargets{Target{"log syslogd setting", "server"},        Target{"log syslogd2 setting", "server"},
                                             Target{"log syslogd3 setting", "server"},       Target{"log syslogd4 setting", "server"},
                                             Target{"log fortianalyzer setting", "server"},  Target{"log fortianalyzer2 setting", "server"},
                                             Target{"log fortianalyzer3 setting", "server"}, Target{"log fortianalyzer-cloud setting", "server"},
                                             Target{"log fortiguard setting", "server"},     Target{"log tacacs+accounting setting", "server"}};
        for (const Target& target : kTargets) {
            const FortigateNodeId node = tree_.Child(scope_, target.section);
            if (node == kNoFortigateNode) continue;
            const FortigateSettings settings = tree_.SettingsOf(node);
            if (!settings.IsEnabled("status")) continue;
            const std::string subject(target.section.substr(4, target.section.rfind(' ') - 4));
            const bool is_syslog = subject.starts_with("syslogd");
            Add("log_target", subject, "server", std::string(settings.First(target.server, is_syslog ? "" : subject)), LineOf(settings, target.server, node));
            Add("log_target", subject, "protocol", std::string(settings.First("mode", is_syslog ? "udp" : "tls")), LineOf(settings, "mode", node));
            Add("log_target", subject, "encryption", std::string(settings.First("enc-algorithm", is_syslog ? "disable" : "high")),
                LineOf(settings, "enc-algorithm", node));
        }
        const FortigateNodeId log = tree_.Child(scope_, "log setting");
        if (log == kNoFortigateNode) return;
        const FortigateSettings settings = tree_.SettingsOf(log);
        Add("setting", "log setting", "implicit_deny_log", std::string(settings.First("fwpolicy-implicit-log", "disable")),
            LineOf(settings, "fwpolicy-implicit-log", log));
    }

    void TimeSources() {
        const FortigateNodeId node = tree_.Child(scope_, "system ntp");
        if (node == kNoFortigateNode) return;
        const FortigateSettings settings = tree_.SettingsOf(node);
        Add("setting", "system ntp", "ntpsync", std::string(settings.First("ntpsync", "disable")), LineOf(settings, "ntpsync", node));
        if (!settings.IsEnabled("ntpsync")) return;
        if (settings.First("type", "fortiguard") == "fortiguard") {
            Add("time_source", "FortiGuard", "protocol", "ntp", LineOf(settings, "type", node));
            return;
        }
        const FortigateNodeId servers = tree_.Child(node, "ntpserver");
        if (servers == kNoFortigateNode) return;
        tree_.ForEachChild(servers, [&](FortigateNodeId entry) {
            const FortigateSettings server = tree_.SettingsOf(entry);
            if (server.First("server").empty()) return;
            Add("time_source", std::string(server.First("server")), "protocol", "ntp", LineOf(server, "server", entry));
            Add("time_source", std::string(server.First("server")), "authentication", std::string(server.First("authentication", "disable")),
                LineOf(server, "authentication", entry));
        });
    }

    void HighAvailability() {
        const FortigateNodeId node = tree_.Child(scope_, "system ha");
        if (node == kNoFortigateNode) return;
        const FortigateSettings settings = tree_.SettingsOf(node);
        const std::string mode(settings.First("mode", "standalone"));
        Add("ha", "", "mode", mode, LineOf(settings, "mode", node));
        if (mode == "standalone") return;
        Add("ha", "", "encryption", std::string(settings.First("encryption", "disable")), LineOf(settings, "encryption", node));
        Add("ha", "", "authentication", std::string(settings.First("authentication", "disable")), LineOf(settings, "authentication", node));
        Add("ha", "", "heartbeat", Join(settings.Of("hbdev").values, " "), LineOf(settings, "hbdev", node));
    }

    void Settings() {
        const FortigateNodeId policy = tree_.Child(scope_, "system password-policy");
        if (policy != kNoFortigateNode) {
            const FortigateSettings settings = tree_.SettingsOf(policy);
            Add("setting", "system password-policy", "status", std::string(settings.First("status", "disable")), LineOf(settings, "status", policy));
        }
        EachEntry("system zone", [this](FortigateNodeId node, const FortigateSettings& settings) {
            Add("setting", "zone " + tree_.node(node).name, "intrazone", std::string(settings.First("intrazone", "deny")), LineOf(settings, "intrazone", node));
        });
        EachEntry("system snmp community", [this](FortigateNodeId node, const FortigateSettings& settings) {
            if (settings.First("status") == "disable") return;
            for (const char* const version : {"v1", "v2c"}) {
                const std::string name = std::string("query-") + version + "-status";
                if (settings.First(name, "enable") == "enable") {
                    Add("remote_service", "snmp community " + tree_.node(node).name, "protocol", std::string("snmp-") + version, LineOf(settings, name, node));
                }
            }
        });
    }

    const FortigateTree& tree_;
    FortigateNodeId scope_;
    std::vector<DeviceFact>& facts_;
};

}  // namespace

void AddFortigateFacts(const FortigateTree& tree, FortigateNodeId scope, std::vector<DeviceFact>& facts) { Facts(tree, scope, facts).Collect(); }

}  // namespace opsteward::firewall
