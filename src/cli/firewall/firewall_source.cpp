#include "cli/firewall/firewall_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"
#include "cli/logs/whole_input.hpp"
#include "crypto/crypto.hpp"
#include "features/firewall/formats/detect_format.hpp"
#include "features/firewall/formats/read_configuration.hpp"

namespace opsteward::cli {

namespace {

/// Readers take what they can, and a report on next to nothing would say that all is well. Any two of: no rules, most lines not understood, and what stands in
/// it speaks of another vendor.
Result<void> CheckIsUnderstood(const FirewallText& file, const firewall::Configuration& configuration) {
    const auto told = firewall::DetectFormat(file.text);
    const bool is_anothers = told && *told != file.format;
    const bool is_mostly_unknown = configuration.unknown.size() * 2 >= static_cast<std::size_t>(std::ranges::count(file.text, '\n'));
    const bool has_no_rules = std::ranges::all_of(configuration.rule_bases, [](const firewall::RuleBase& base) { return base.rules.empty(); });
    if (int{has_no_rules} + int{is_mostly_unknown && !configuration.unknown.empty()} + int{is_anothers} < 2) return Ok();
    std::string zh = fmt::format("不像是 {} 的設定：{} 處未能解讀", firewall::NameOf(file.format), configuration.unknown.size());
    std::string en =
        fmt::format("This does not look like a configuration of {}: not understood in {} places", firewall::NameOf(file.format), configuration.unknown.size());
    if (is_anothers) {
        zh += fmt::format("，可能是 {} 的", firewall::NameOf(*told));
        en += fmt::format("; it may be one of {}", firewall::NameOf(*told));
    }
    return Error::Of(ErrorCode::kInvalidInput, zh + "。", en + ".");
}

}  // namespace

Result<FirewallText> ReadFirewallText(const FirewallSource& source, Language language) {
    FirewallText file{source.format.value_or(firewall::Format::kFortigate), {}};
    OPS_TRY(file.text, ReadWholeInput(source.path, firewall::kMaxConfigurationBytes, language));
    if (source.format) return file;
    const auto format = firewall::DetectFormat(file.text);
    if (!format) {
        return InFile(source.path,
                      Error::Of(ErrorCode::kInvalidInput,
                                "看不出是哪一種防火牆設定；請以 --format 指定（FortiGate、Palo Alto、Cisco ASA、Check Point JSON、"
                                "iptables-save、nft -j、OPNsense/pfSense、Juniper SRX、ClassBench）。",
                                "It can't be told which firewall's configuration this is; name it by --format (FortiGate, Palo Alto, Cisco ASA, Check Point "
                                "JSON, iptables-save, nft -j, OPNsense/pfSense, Juniper SRX, ClassBench)."));
    }
    file.format = *format;
    return file;
}

Result<firewall::Configuration> ParseFirewall(const FirewallSource& source, const FirewallText& file, const std::string& hash_key) {
    auto configuration = firewall::ReadConfiguration(file.format, file.text, {.now = SecondsNow(), .hash_key = hash_key});
    if (!configuration.ok()) return InFile(source.path, std::move(configuration).error());
    if (const auto understood = CheckIsUnderstood(file, *configuration); !understood.ok()) return InFile(source.path, understood.error());
    return configuration;
}

Result<firewall::Configuration> ReadFirewall(const FirewallSource& source, const std::string& hash_key, Language language) {
    OPS_TRY(const FirewallText file, ReadFirewallText(source, language));
    return ParseFirewall(source, file, hash_key);
}

std::int64_t SecondsNow() { return std::chrono::floor<std::chrono::seconds>(SystemClock().Now()).time_since_epoch().count(); }

std::string SingleUseKey() { return crypto::RandomToken(); }

}  // namespace opsteward::cli
