#include "cli/firewall/rule_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cli/logs/one_line.hpp"
#include "features/firewall/model/packet_text.hpp"

namespace opsteward::cli {

namespace {

constexpr std::size_t kLongestName = 80;
constexpr std::size_t kMostIds = 8;
constexpr std::size_t kMostParts = 4;

std::string Short(std::string_view text) { return OnOneLine(Shorten(text, kLongestName)); }

/// Ids of chains begin with the chain's name already.
std::string LabelOf(const firewall::RuleBase& base, const firewall::Rule& rule) {
    return base.name.empty() || rule.id.starts_with(base.name) ? Short(rule.id) : Short(base.name) + " " + Short(rule.id);
}

}  // namespace

std::string RuleWords(const firewall::RuleBase& base, std::size_t place, Language language) {
    const firewall::Rule& rule = base.rules[place];
    std::string words = LabelOf(base, rule);
    if (!rule.name.empty() && rule.name != rule.id) words += fmt::format(fmt::runtime(Phrase{"「{}」", " \"{}\""}.In(language)), Short(rule.name));
    if (rule.line != 0) words += fmt::format(fmt::runtime(Phrase{"（第 {} 行）", " (line {})"}.In(language)), rule.line);
    return words;
}

std::string DecidingWords(const firewall::RuleBase& base, std::optional<std::size_t> rule, Language language) {
    if (rule) return fmt::format(fmt::runtime(Phrase{"規則 {}", "rule {}"}.In(language)), RuleWords(base, *rule, language));
    const Phrase none{"沒有規則符合，由預設處理", "no rule matches, the default decides"};
    return std::string(none.In(language));
}

std::string RuleIds(const firewall::RuleBase& base, const std::vector<std::size_t>& rules, Language language) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < std::min(rules.size(), kMostIds); ++i) ids.push_back(Short(base.rules[rules[i]].id));
    std::string words = Join(ids, Phrase{"、", ", "}.In(language));
    if (rules.size() > kMostIds) words += fmt::format(fmt::runtime(Phrase{" 等 {} 條", " … {} rules"}.In(language)), rules.size());
    return words;
}

std::string UnknownPartWords(const std::vector<firewall::UnknownPart>& parts, Language language) {
    struct What {
        std::string_view name;
        Phrase phrase;
    };
    static constexpr auto kWhat = std::to_array<What>({{"schedule", {"排程", "schedule"}},
                                                       {"fqdn", {"網域名稱", "name"}},
                                                       {"geography", {"地理位置", "country"}},
                                                       {"application", {"應用程式", "application"}},
                                                       {"user", {"使用者", "user"}},
                                                       {"mac", {"MAC 位址", "MAC address"}},
                                                       {"rate", {"速率", "rate"}},
                                                       {"nat", {"位址轉換", "address translation"}},
                                                       {"state", {"連線狀態", "connection state"}},
                                                       {"interface", {"介面", "interface"}}});
    std::vector<std::string> words;
    for (std::size_t i = 0; i < std::min(parts.size(), kMostParts); ++i) {
        const auto* const known = std::ranges::find(kWhat, parts[i].what, &What::name);
        const std::string_view what = known == kWhat.end() ? Phrase{"其他條件", "other"}.In(language) : known->phrase.In(language);
        // Where the configuration's own words begin with what it is, they say it.
        const std::string text = Short(parts[i].text);
        words.push_back(text.starts_with(parts[i].what) ? text : fmt::format(fmt::runtime(Phrase{"{}「{}」", "{} \"{}\""}.In(language)), what, text));
    }
    if (parts.size() > kMostParts) words.emplace_back("…");
    return Join(words, Phrase{"、", ", "}.In(language));
}

std::string PacketWords(const firewall::Packet& packet, const firewall::RuleBase& base) { return OnOneLine(firewall::FormatPacket(packet, base)); }

std::string_view ActionWord(firewall::Action action, Language language) {
    switch (action) {
        case firewall::Action::kAccept: return Phrase{"允許", "accepted"}.In(language);
        case firewall::Action::kDeny: return Phrase{"拒絕", "denied"}.In(language);
        case firewall::Action::kReject: return Phrase{"拒絕並回應", "rejected"}.In(language);
    }
    return {};
}

}  // namespace opsteward::cli
