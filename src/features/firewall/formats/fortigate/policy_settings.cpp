#include "features/firewall/formats/fortigate/policy_settings.hpp"

#include <algorithm>
#include <array>

namespace opsteward::firewall {

namespace {

constexpr std::array<std::string_view, 32> kMatch{
    "action", "comments", "dstaddr", "dstaddr-negate", "dstaddr4", "dstaddr4-negate", "dstaddr6", "dstaddr6-negate", "dstintf", "expiry", "intf",
    "logtraffic", "match-vip", "match-vip-only", "name", "policy-expiry", "policy-expiry-date", "policy-expiry-date-utc", "policyid", "schedule",
    "send-deny-packet", "service", "service-negate", "srcaddr", "srcaddr-negate", "srcaddr4", "srcaddr4-negate", "srcaddr6", "srcaddr6-negate", "srcintf",
    "status", "uuid"};

constexpr std::array<std::string_view, 149> kIrrelevant{
    "anti-replay", "app-monitor", "application-list", "auth-cert", "auth-method", "auth-path", "auth-redirect-addr", "auto-asic-offload", "av-profile",
    "block-notification", "captive-portal-exempt", "capture-packet", "casb-profile", "cgn-eif", "cgn-eim", "cgn-log-server-grp", "cgn-resource-quota",
    "cgn-session-quota", "cifs-profile", "client-reputation", "color", "custom-log-fields", "decrypted-traffic-mirror", "delay-tcp-npu-session",
    "device-detection-portal", "diameter-filter-profile", "diffserv-copy", "diffserv-forward", "diffserv-reverse", "diffservcode-forward", "diffservcode-rev",
    "disclaimer", "dlp-profile", "dlp-sensor", "dnsfilter-profile", "dsri", "dynamic-profile", "dynamic-shaping", "email-collect", "emailfilter-profile",
    "endpoint-check", "endpoint-compliance", "endpoint-keepalive-interface", "eif-check", "eif-learn", "fec", "fixedport", "file-filter-profile",
    "firewall-session-dirty", "forticlient-compliance-devices", "forticlient-compliance-enforcement-portal", "fsso-agent-for-ntlm", "geoip-anycast",
    "geoip-match", "global-label", "http-policy-redirect", "http-tunnel-auth", "icap-profile", "identity-based-route", "inbound", "inspection-mode",
    "ips-sensor", "ips-voip-filter", "ippool", "isolator-server", "label", "learning-mode", "log-unmatched-traffic", "logtraffic-app", "logtraffic-start",
    "max-session-per-user", "mms-profile", "nat", "natinbound", "natip", "natoutbound", "np-acceleration", "ntlm-enabled-browsers", "ntlm-guest", "outbound",
    "passive-wan-health-measurement", "pcp-inbound", "pcp-outbound", "pcp-poolname", "per-ip-shaper", "permit-any-host", "permit-stun-host", "pfcp-profile",
    "poolname", "poolname6", "port-preserve", "port-random", "profile-group", "profile-protocol-options", "profile-type", "protocol-options",
    "radius-ip-auth-bypass", "radius-mac-auth-bypass", "redirect-url", "replacemsg-override-group", "require-tfa", "rtp-nat", "scan-botnet-connections",
    "schedule-timeout", "sctp-filter-profile", "session-ttl", "spamfilter-profile", "ssh-filter-profile", "ssh-policy-redirect", "ssl-mirror",
    "ssl-mirror-intf", "ssl-ssh-profile", "sso-auth-method", "tags", "tcp-mss-receiver", "tcp-mss-sender", "tcp-reset", "tcp-session-without-syn",
    "tcp-timeout-pid", "telemetry-profile", "template", "timeout-send-rst", "traffic-shaper", "traffic-shaper-reverse", "transparent", "type",
    "udp-timeout-pid", "utm-inspection-mode", "utm-status", "videofilter-profile", "virtual-patch", "virtual-patch-profile", "vlan-cos-fwd", "vlan-cos-rev",
    "voip-profile", "vpntunnel", "waf-profile", "wanopt", "wanopt-detection", "wanopt-passive-opt", "wanopt-peer", "wanopt-profile", "wccp",
    "web-auth-cookie", "webcache", "webcache-https", "webfilter-profile", "webproxy-forward-server", "webproxy-profile"};

struct Narrowing {
    std::string_view name;
    std::string_view what;
};
constexpr std::array kNarrows{Narrowing{"app-category", "application"},
                              Narrowing{"app-group", "application"},
                              Narrowing{"application", "application"},
                              Narrowing{"devices", "mac"},
                              Narrowing{"fsso-groups", "user"},
                              Narrowing{"groups", "user"},
                              Narrowing{"ha-mgmt-intf-only", "interface"},
                              Narrowing{"internet-service-custom", "application"},
                              Narrowing{"internet-service-custom-group", "application"},
                              Narrowing{"internet-service-fortiguard", "application"},
                              Narrowing{"internet-service-group", "application"},
                              Narrowing{"internet-service-id", "application"},
                              Narrowing{"internet-service-name", "application"},
                              Narrowing{"network-service-dynamic", "other"},
                              Narrowing{"network-service-src-dynamic", "other"},
                              Narrowing{"reputation-minimum", "other"},
                              Narrowing{"reputation-minimum6", "other"},
                              Narrowing{"sgt", "other"},
                              Narrowing{"src-vendor-mac", "mac"},
                              Narrowing{"tos", "other"},
                              Narrowing{"tos-mask", "other"},
                              Narrowing{"url-category", "application"},
                              Narrowing{"users", "user"},
                              Narrowing{"vlan-filter", "interface"},
                              Narrowing{"ztna-device-ownership", "user"},
                              Narrowing{"ztna-ems-tag", "user"},
                              Narrowing{"ztna-ems-tag-secondary", "user"},
                              Narrowing{"ztna-geo-tag", "geography"}};
constexpr std::array kNarrowsIfOn{Narrowing{"dscp-match", "other"},
                                  Narrowing{"fsso", "user"},
                                  Narrowing{"identity-based", "user"},
                                  Narrowing{"internet-service", "application"},
                                  Narrowing{"internet-service-src", "application"},
                                  Narrowing{"internet-service6", "application"},
                                  Narrowing{"internet-service6-src", "application"},
                                  Narrowing{"nat46", "nat"},
                                  Narrowing{"nat64", "nat"},
                                  Narrowing{"ntlm", "user"},
                                  Narrowing{"rsso", "user"},
                                  Narrowing{"sgt-check", "other"},
                                  Narrowing{"wsso", "user"},
                                  Narrowing{"ztna-policy-redirect", "user"},
                                  Narrowing{"ztna-status", "user"}};
/// Settings that only say how another one that narrows is meant.
constexpr std::array<std::string_view, 14> kOfNarrowing{
    "dscp-negate", "dscp-value", "enforce-default-app-port", "internet-service-negate", "internet-service-src-negate", "internet-service6-negate",
    "internet-service6-src-negate", "reputation-direction", "reputation-direction6", "rtp-addr", "tos-negate", "ztna-tags-match-logic", "app-type",
    "service-connector"};

}  // namespace

FortigatePolicySettingKind KindOfFortigatePolicySetting(std::string_view name) {
    if (std::ranges::find(kMatch, name) != kMatch.end()) return {FortigatePolicySetting::kMatch, {}};
    if (std::ranges::find(kIrrelevant, name) != kIrrelevant.end() || std::ranges::find(kOfNarrowing, name) != kOfNarrowing.end()) {
        return {FortigatePolicySetting::kIrrelevant, {}};
    }
    if (const auto found = std::ranges::find(kNarrows, name, &Narrowing::name); found != kNarrows.end()) return {FortigatePolicySetting::kNarrows, found->what};
    if (const auto found = std::ranges::find(kNarrowsIfOn, name, &Narrowing::name); found != kNarrowsIfOn.end()) {
        return {FortigatePolicySetting::kNarrowsIfOn, found->what};
    }
    // Internet services come with many names: -src-name, 6-group, -src-custom …
    if (name.starts_with("internet-service")) return {FortigatePolicySetting::kNarrows, "application"};
    return {};
}

}  // namespace opsteward::firewall
