#include "features/firewall/formats/palo_alto/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace opsteward::firewall {
namespace {

std::string WordsBelow(WordNode node) {
    std::vector<std::string> words;
    for (const WordNode child : node.children()) words.emplace_back(child.word());
    return Join(words, ", ");
}

void ReadAdministrators(WordNode device, ReaderNotes& notes) {
    for (const WordNode user : device["mgt-config"]["users"].children()) {
        const std::string_view name = user.word();
        for (const WordNode role : user["permissions"]["role-based"].children()) {
            const WordNode profile = role["profile"];
            const std::string value = profile ? fmt::format("{} {}", role.word(), profile.value()) : std::string(role.word());
            if (role.value() != "no") notes.AddFact("administrator", name, "profile", value, role.line());
        }
        const WordNode profile = user["authentication-profile"];
        notes.AddFact("administrator", name, "remote_authentication", profile ? profile.value() : "disable", profile ? profile.line() : user.line());
        const WordNode certificate = user["client-certificate-only"];
        if (certificate && certificate.value() == "yes") {
            notes.AddFact("administrator", name, "client_certificate", "enable", certificate.line());
        } else if (!profile) {
            notes.AddFact("administrator", name, "two_factor", "disable", user.line());
        }
        notes.AddFact("administrator", name, "trusted_hosts", WordsBelow(device["deviceconfig"]["system"]["permitted-ip"]), user.line());
    }
}

/// HTTPS and SSH are on unless switched off, the others off unless "disable-… no" (PAN-OS Administrator's Guide, "Management Interfaces").
void ReadManagementServices(WordNode system, ReaderNotes& notes) {
    struct Service {
        std::string_view name;
        bool is_on_by_default;
    };
    static constexpr std::array<Service, 5> kServices{{{"https", true}, {"ssh", true}, {"http", false}, {"telnet", false}, {"snmp", false}}};
    if (!system) return;
    const WordNode services = system["service"];
    for (const Service& service : kServices) {
        const WordNode setting = services[fmt::format("disable-{}", service.name)];
        const bool is_on = setting ? setting.value() != "yes" : service.is_on_by_default;
        if (is_on)
            notes.AddFact("remote_service", "management", "protocol", service.name, setting ? setting.line() : services ? services.line() : system.line());
    }
    if (const WordNode permitted = system["permitted-ip"])
        notes.AddFact("remote_service", "management", "trusted_hosts", WordsBelow(permitted), permitted.line());
}

/// Interfaces stand in a tree of kinds and units; where one names a management profile, its path's nearest name is the interface.
void ReadInterfaceServices(WordNode node, std::string_view interface, WordNode profiles, ReaderNotes& notes) {
    for (const WordNode child : node.children()) {
        const std::string_view word = child.word();
        if (word != "interface-management-profile") {
            const bool is_name = word.find_first_of("0123456789") != std::string_view::npos && word.find_first_of(" :") == std::string_view::npos &&
                                 !word.starts_with("layer") && word != "ipv6";
            ReadInterfaceServices(child, is_name ? word : interface, profiles, notes);
            continue;
        }
        for (const WordNode setting : profiles[child.value()].children()) {
            if (setting.word() == "permitted-ip") {
                notes.AddFact("remote_service", interface, "trusted_hosts", WordsBelow(setting), setting.line());
            } else if (setting.value() == "yes") {
                notes.AddFact("remote_service", interface, "protocol", setting.word(), setting.line());
            }
        }
    }
}

void ReadTimeSources(WordNode system, ReaderNotes& notes) {
    for (const WordNode server : system["ntp-servers"].children()) {
        const WordNode address = server["ntp-server-address"];
        if (!address) continue;
        notes.AddFact("time_source", address.value(), "protocol", "ntp", address.line());
        const WordNode type = server["authentication-type"];
        notes.AddFact("time_source", address.value(), "authentication", type && type.value() != "none" ? type.value() : "disable", address.line());
    }
}

void ReadHighAvailability(WordNode device, ReaderNotes& notes) {
    const WordNode deviceconfig = device["deviceconfig"];
    if (!deviceconfig) return;
    const WordNode ha = deviceconfig["high-availability"];
    const WordNode enabled = ha["enabled"];
    if (enabled.value() != "yes") {
        notes.AddFact("ha", "", "mode", "standalone", ha ? ha.line() : deviceconfig.line());
        return;
    }
    // "group mode …", or "group 1 mode …" of older releases.
    const WordNode group = ha["group"];
    const WordNode settings = group.is_leaf() || group["mode"] || group["peer-ip"] ? group : *group.children().begin();
    for (const WordNode mode : settings["mode"].children()) notes.AddFact("ha", "", "mode", mode.word(), mode.line());
    if (const WordNode peer = settings["peer-ip"]) notes.AddFact("ha", "", "peer", peer.value(), peer.line());
    const WordNode encryption = ha["interface"]["ha1"]["encryption"]["enabled"];
    notes.AddFact("ha", "", "encryption", encryption.value() == "yes" ? "enable" : "disable", encryption ? encryption.line() : ha.line());
}

}  // namespace

void ReadPaloAltoFacts(WordNode device, Configuration& configuration, ReaderNotes& notes) {
    const WordNode system = device["deviceconfig"]["system"];
    if (const WordNode name = system["hostname"]) configuration.host_name = ReplaceInvalidUtf8(name.value());
    if (const WordNode zone = system["timezone"]) notes.AddFact("setting", "system", "timezone", zone.value(), zone.line());
    ReadAdministrators(device, notes);
    ReadManagementServices(system, notes);
    ReadInterfaceServices(device["network"]["interface"], "", device["network"]["profiles"]["interface-management-profile"], notes);
    ReadTimeSources(system, notes);
    ReadHighAvailability(device, notes);
}

void ReadPaloAltoLogTargets(WordNode scope, ReaderNotes& notes) {
    static constexpr std::array<std::string_view, 4> kKinds{"syslog", "snmptrap", "email", "http"};
    for (const std::string_view kind : kKinds) {
        for (const WordNode profile : scope["log-settings"][kind].children()) {
            for (const WordNode server : profile["server"].children()) {
                const WordNode address = server["server"]    ? server["server"]
                                         : server["address"] ? server["address"]
                                         : server["manager"] ? server["manager"]
                                                             : server["gateway"];
                const std::string subject = fmt::format("{} {}", kind, profile.word());
                notes.AddFact("log_target", subject, "server", address ? address.value() : server.word(), server.line());
                const std::string transport = ToLowerAscii(server["transport"].value());
                if (kind != "syslog") continue;
                notes.AddFact("log_target", subject, "protocol", transport.empty() ? "udp" : transport, server.line());
                notes.AddFact("log_target", subject, "encryption", transport == "ssl" ? "enable" : "disable", server.line());
            }
        }
    }
}

bool IsPaloAltoSecret(std::string_view key) {
    static constexpr std::array<std::string_view, 24> kKeys{"api-key",
                                                            "auth-key",
                                                            "auth-password",
                                                            "authpwd",
                                                            "bind-password",
                                                            "community",
                                                            "fingerprint-key",
                                                            "key",
                                                            "md5",
                                                            "passphrase",
                                                            "password",
                                                            "phash",
                                                            "phrase",
                                                            "pre-shared-key",
                                                            "priv-password",
                                                            "private-key",
                                                            "privpwd",
                                                            "proxy-password",
                                                            "psk",
                                                            "secret",
                                                            "secure-proxy-password",
                                                            "snmp-community-string",
                                                            "authentication-key",
                                                            "encryption-key"};
    return std::ranges::find(kKeys, key) != kKeys.end();
}

}  // namespace opsteward::firewall
