#include "features/firewall/formats/srx/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/firewall/formats/srx/objects.hpp"

namespace opsteward::firewall {
namespace {

void ReadAdministrators(WordNode system, ReaderNotes& notes) {
    std::vector<std::string> order;
    for (const WordNode method : ActiveChildren(ActiveChild(system, "authentication-order"))) {
        if (method.word() != "password") order.emplace_back(method.word());
    }
    const std::string remote = order.empty() ? "disable" : Join(order, ", ");
    const auto add = [&](std::string_view name, std::string_view profile, WordNode authentication, std::size_t line) {
        notes.AddFact("administrator", name, "profile", profile, line);
        notes.AddFact("administrator", name, "remote_authentication", remote, line);
        if (ActiveChild(authentication, "encrypted-password")) {
            notes.AddFact("administrator", name, "two_factor", "disable", authentication.line());
        } else if (!authentication.is_leaf()) {
            notes.AddFact("administrator", name, "public_key", "enable", authentication.line());
        }
    };
    if (const WordNode root = ActiveChild(system, "root-authentication")) add("root", "super-user", root, root.line());
    for (const WordNode user : ActiveChildren(ActiveChild(ActiveChild(system, "login"), "user"))) {
        add(user.word(), ActiveChild(user, "class").value(), ActiveChild(user, "authentication"), user.line());
    }
}

void ReadSystemServices(WordNode system, ReaderNotes& notes) {
    for (const WordNode service : ActiveChildren(ActiveChild(system, "services"))) {
        if (service.word() != "web-management") {
            notes.AddFact("remote_service", "system", "protocol", service.word(), service.line());
            continue;
        }
        for (const WordNode kind : ActiveChildren(service)) {
            if (kind.word() == "http" || kind.word() == "https") notes.AddFact("remote_service", "system", "protocol", kind.word(), kind.line());
        }
    }
}

void ReadInbound(WordNode node, const std::string& subject, ReaderNotes& notes) {
    for (const WordNode service : ActiveChildren(ActiveChild(ActiveChild(node, "host-inbound-traffic"), "system-services"))) {
        if (!ActiveChild(service, "except")) notes.AddFact("remote_service", subject, "protocol", service.word(), service.line());
    }
}

void ReadZoneServices(WordNode security, ReaderNotes& notes) {
    for (const WordNode zone : ActiveChildren(ActiveChild(ActiveChild(security, "zones"), "security-zone"))) {
        ReadInbound(zone, fmt::format("zone {}", zone.word()), notes);
        for (const WordNode interface : ActiveChildren(ActiveChild(zone, "interfaces"))) ReadInbound(interface, std::string(interface.word()), notes);
    }
}

void ReadLogTargets(WordNode system, WordNode security, ReaderNotes& notes) {
    for (const WordNode host : ActiveChildren(ActiveChild(ActiveChild(system, "syslog"), "host"))) {
        const std::string subject = fmt::format("syslog {}", host.word());
        notes.AddFact("log_target", subject, "server", host.word(), host.line());
        notes.AddFact("log_target", subject, "protocol", "udp", host.line());
        notes.AddFact("log_target", subject, "encryption", "disable", host.line());
    }
    const WordNode log = ActiveChild(security, "log");
    for (const WordNode stream : ActiveChildren(ActiveChild(log, "stream"))) {
        const WordNode host = ActiveChild(stream, "host");
        const std::string subject = fmt::format("stream {}", stream.word());
        notes.AddFact("log_target", subject, "server", host.value(), stream.line());
        const std::string_view own = ActiveChild(ActiveChild(stream, "transport"), "protocol").value();
        const std::string_view shared = ActiveChild(ActiveChild(log, "transport"), "protocol").value();
        const std::string_view protocol = !own.empty() ? own : !shared.empty() ? shared : "udp";
        notes.AddFact("log_target", subject, "protocol", protocol, stream.line());
        notes.AddFact("log_target", subject, "encryption", protocol == "tls" ? "enable" : "disable", stream.line());
    }
}

void ReadTimeSources(WordNode system, ReaderNotes& notes) {
    for (const WordNode server : ActiveChildren(ActiveChild(ActiveChild(system, "ntp"), "server"))) {
        notes.AddFact("time_source", server.word(), "protocol", "ntp", server.line());
        notes.AddFact("time_source", server.word(), "authentication", ActiveChild(server, "key") ? "enable" : "disable", server.line());
    }
}

}  // namespace

void ReadSrxFacts(WordNode root, Configuration& configuration, ReaderNotes& notes) {
    const WordNode system = ActiveChild(root, "system");
    const WordNode security = ActiveChild(root, "security");
    configuration.vendor_version = ReplaceInvalidUtf8(ActiveChild(root, "version").value());
    configuration.host_name = ReplaceInvalidUtf8(ActiveChild(system, "host-name").value());
    ReadAdministrators(system, notes);
    ReadSystemServices(system, notes);
    ReadZoneServices(security, notes);
    ReadLogTargets(system, security, notes);
    ReadTimeSources(system, notes);
    if (const WordNode zone = ActiveChild(system, "time-zone")) notes.AddFact("setting", "system", "timezone", zone.value(), zone.line());
    const WordNode cluster = ActiveChild(ActiveChild(root, "chassis"), "cluster");
    if (system || cluster) notes.AddFact("ha", "", "mode", cluster ? "chassis cluster" : "standalone", cluster ? cluster.line() : system.line());
}

bool IsSrxSecret(std::string_view key) {
    static constexpr std::array<std::string_view, 15> kKeys{
        "ascii-text", "authentication-key", "authentication-password",   "community",         "encrypted-password", "hexadecimal", "key-value",
        "passphrase", "password",           "plain-text-password-value", "pre-shared-secret", "privacy-password",   "secret",      "simple-password",
        "trap-group"};
    return std::ranges::find(kKeys, key) != kKeys.end();
}

}  // namespace opsteward::firewall
