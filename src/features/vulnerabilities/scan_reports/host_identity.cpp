#include "features/vulnerabilities/scan_reports/host_identity.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/report_builder.hpp"

namespace opsteward::scans {
namespace {

std::string CanonicalName(std::string_view name) {
    std::string lower = ToLowerAscii(Trim(name));
    if (lower.ends_with('.')) lower.pop_back();
    return lower;
}

bool IsEveryones(std::string_view address) {
    return address.starts_with("127.") || address == "::1" || address.starts_with("169.254.") || address.starts_with("fe80:") || address == "0.0.0.0" ||
           address == "::";
}

bool IsEveryonesName(std::string_view name) {
    return name == "localhost" || name.starts_with("localhost.") || name == "localhost4" || name == "localhost6" || name == "ip6-localhost" ||
           name == "ip6-loopback";
}

void AddOnce(std::vector<std::string>& list, std::string text) {
    if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

bool Share(const std::vector<std::string>& one, const std::vector<std::string>& other) {
    return std::ranges::any_of(one, [&](const std::string& text) { return std::ranges::find(other, text) != other.end(); });
}

/// "web1" of "web1.example.gov.tw"; two full names agree only when they are equal.
bool IsFirstLabelOf(std::string_view label, std::string_view name) {
    return label.find('.') == std::string_view::npos && name.size() > label.size() && name.starts_with(label) && name[label.size()] == '.';
}

bool NamesAgree(const std::vector<std::string>& one, const std::vector<std::string>& other) {
    if (one.empty() || other.empty()) return true;
    return std::ranges::any_of(one, [&](const std::string& a) {
        return std::ranges::any_of(other, [&](const std::string& b) { return a == b || IsFirstLabelOf(a, b) || IsFirstLabelOf(b, a); });
    });
}

}  // namespace

std::string CanonicalAddress(std::string_view text) {
    const std::string_view trimmed = Trim(text);
    const std::string address(trimmed.substr(0, trimmed.find('%')));
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    std::array<char, INET6_ADDRSTRLEN> shown{};
    for (const int family : {AF_INET, AF_INET6}) {
        if (::inet_pton(family, address.c_str(), bytes.data()) == 1) {
            return ::inet_ntop(family, bytes.data(), shown.data(), shown.size()) != nullptr ? shown.data() : "";
        }
    }
    return "";
}

void AddHostIdentity(Target& target, std::string_view text) {
    if (Trim(text).empty()) return;
    if (std::string address = CanonicalAddress(text); !address.empty()) {
        if (!IsEveryones(address)) AddOnce(target.addresses, std::move(address));
        return;
    }
    if (std::string name = Bounded(CanonicalName(text), kMaxWord); !IsEveryonesName(name)) AddOnce(target.host_names, std::move(name));
}

void EnsureHostIdentity(Target& target) {
    if (!target.addresses.empty() || !target.host_names.empty() || target.name.empty()) return;
    if (std::string address = CanonicalAddress(target.name); !address.empty()) {
        target.addresses.push_back(std::move(address));
    } else {
        target.host_names.push_back(CanonicalName(target.name));
    }
}

std::vector<std::string> IdentitiesOf(const Target& target) {
    std::vector<std::string> identities;
    if (target.kind != TargetKind::kHost) {
        if (!target.name.empty()) identities.push_back(std::string(NameOf(target.kind)) + ' ' + target.name);
        return identities;
    }
    for (const auto& address : target.addresses) identities.push_back("host " + address);
    for (const auto& name : target.host_names) identities.push_back("host " + name);
    return identities;
}

bool IsSameTarget(const Target& one, const Target& other) {
    if (one.kind != other.kind) return false;
    if (one.kind != TargetKind::kHost) return !one.name.empty() && one.name == other.name;
    if (Share(one.host_names, other.host_names)) return true;
    return Share(one.addresses, other.addresses) && NamesAgree(one.host_names, other.host_names);
}

}  // namespace opsteward::scans
