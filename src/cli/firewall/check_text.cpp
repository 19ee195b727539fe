#include "cli/firewall/check_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/count_text.hpp"
#include "base/text.hpp"
#include "cli/firewall/rule_words.hpp"
#include "cli/logs/one_line.hpp"
#include "cli/more_line.hpp"

namespace opsteward::cli {

namespace {

using firewall::MemberReason;
using firewall::Rule;
using firewall::RuleBase;
using firewall::RuleBaseCheck;
using firewall::RuleVerdict;
using firewall::VerdictCause;
using firewall::VerdictKind;

constexpr std::size_t kMostLines = 40;
constexpr std::size_t kMostWide = 5;
constexpr std::size_t kLongestLine = 200;

struct VendorName {
    firewall::Format format;
    std::string_view name;
};
constexpr VendorName kVendors[] = {
    {firewall::Format::kFortigate, "FortiGate"},    {firewall::Format::kPaloAlto, "Palo Alto"}, {firewall::Format::kAsa, "Cisco ASA"},
    {firewall::Format::kCheckPoint, "Check Point"}, {firewall::Format::kIptables, "iptables"},  {firewall::Format::kNft, "nftables"},
    {firewall::Format::kOpnsense, "OPNsense"},      {firewall::Format::kSrx, "Juniper SRX"},    {firewall::Format::kClassbench, "ClassBench"}};

/// One rule with all that was judged of it.
struct Judged {
    const RuleBase* rule_base;
    const RuleBaseCheck* rule_base_check;
    std::size_t place;

    const RuleBase& base() const { return *rule_base; }
    const RuleBaseCheck& check() const { return *rule_base_check; }
    const Rule& rule() const { return base().rules[place]; }
    const RuleVerdict& verdict() const { return check().verdicts[place]; }
    std::string_view kind() const { return firewall::KindOf(rule(), verdict(), check().removals[place]); }
    /// Whether it decides of packets, perhaps under a condition.
    bool MayDecide() const { return verdict().kind == VerdictKind::kLive || verdict().kind == VerdictKind::kLiveUnless; }
};

class CheckText {
  public:
    CheckText(const firewall::ConfigurationCheck& check, const std::optional<firewall::CountersTaken>& counters, Language language)
        : check_(check), configuration_(*check.configuration), totals_(firewall::TotalsOf(check)), counters_(counters), language_(language) {}

    std::string Write() {
        WriteHead();
        WriteDead();
        WriteOther();
        WriteMembers();
        WriteReversed();
        WriteWidest();
        WriteHygiene();
        WriteCounters();
        WriteUnknown({"設定檔中未能解讀的部分", "Not understood in the configuration"}, configuration_.unknown);
        return std::move(text_);
    }

  private:
    template <typename... Values>
    std::string Say(Phrase phrase, const Values&... values) const {
        return fmt::format(fmt::runtime(phrase.In(language_)), values...);
    }
    std::string Words(const Judged& judged) const { return RuleWords(judged.base(), judged.place, language_); }

    void WriteHead() {
        const auto* const vendor = std::ranges::find(kVendors, configuration_.format, &VendorName::format);
        text_ += vendor->name;
        if (!configuration_.vendor_version.empty()) text_ += " " + OnOneLine(configuration_.vendor_version);
        if (!configuration_.host_name.empty()) text_ += Say({"，{}", ", {}"}, OnOneLine(configuration_.host_name));
        text_ += "\n";
        for (std::size_t i = 0; i < configuration_.rule_bases.size() && i < kMostLines; ++i) {
            const RuleBase& base = configuration_.rule_bases[i];
            text_ += Say({"  {}：{} 條規則，不符合任何規則者{}\n", "  {}: {} rules, what none matches is {}\n"}, OnOneLine(base.name), base.rules.size(),
                         ActionWord(base.fallback, language_));
        }
        text_ += MoreLine(configuration_.rule_bases.size(), kMostLines, language_);
        text_ +=
            Say({"規則 {} 條：有作用 {}，無作用 {}（被遮蔽 {}、多餘 {}），附條件 {}，未能判定 {}，停用或已到期 {}\n",
                 "{} rules: {} live, {} dead ({} shadowed, {} redundant), {} live under a condition, {} undecided, {} disabled or ended\n"},
                totals_.rules, totals_.Of(VerdictKind::kLive), totals_.Of(VerdictKind::kDead), totals_.OfKind("shadowed") + totals_.OfKind("partly_shadowed"),
                totals_.OfKind("redundant"), totals_.Of(VerdictKind::kLiveUnless), totals_.Of(VerdictKind::kUndecided), totals_.Of(VerdictKind::kInactive));
    }

    /// A head, and a line for each rule that `fits`, with what `words` says of it; nothing at all where there is none.
    template <typename Fits, typename RuleSays>
    void WriteRules(Phrase head, const Fits& fits, const RuleSays& words) {
        std::size_t count = 0;
        std::string lines;
        for (std::size_t i = 0; i < check_.rule_bases.size(); ++i) {
            const RuleBase& base = configuration_.rule_bases[i];
            for (std::size_t place = 0; place < base.rules.size(); ++place) {
                const Judged judged{&base, &check_.rule_bases[i], place};
                if (fits(judged) && count++ < kMostLines) lines += fmt::format("  {}{}\n", Words(judged), words(judged));
            }
        }
        if (count > 0) text_ += fmt::format("\n{} ({})\n{}{}", head.In(language_), count, lines, MoreLine(count, kMostLines, language_));
    }
    template <typename Fits>
    void WriteRules(Phrase head, const Fits& fits) {
        WriteRules(head, fits, [](const Judged&) { return std::string_view(); });
    }

    void WriteDead() {
        WriteRules({"無作用的規則：沒有封包會由它決定；可刪除，或移到遮蔽它的規則之前",
                    "Dead rules: no packet reaches them; remove them, or move them before what covers them"},
                   [](const Judged& judged) { return judged.verdict().kind == VerdictKind::kDead; }, [this](const Judged& judged) { return DeadWords(judged); });
    }

    std::string DeadWords(const Judged& judged) const {
        const RuleVerdict& verdict = judged.verdict();
        if (verdict.cause == VerdictCause::kEmpty) return Say({"：不符合任何封包", ": matches nothing"});
        const std::string ids = RuleIds(judged.base(), verdict.covered_by, language_);
        if (verdict.cause == VerdictCause::kRedundant) return Say({"：與前面的 {} 結果相同", ": the same happens already by {}"}, ids);
        if (!verdict.opposed) return Say({"：全由 {} 先決定", ": {} decide of all of it"}, ids);
        std::string words = verdict.cause == VerdictCause::kShadowed ? Say({"：被 {} 遮蔽", ": shadowed by {}"}, ids)
                                                                     : Say({"：部分被遮蔽，全由 {} 先決定", ": shadowed in part; {} decide of all of it"}, ids);
        const Rule& opposed = judged.base().rules[*verdict.opposed];
        words += Say({"；由 {0} {1}", "; {1} by {0}"}, OnOneLine(opposed.id), ActionWord(opposed.action, language_));
        if (verdict.witness) words += Say({"，例如 {}", ": {}"}, PacketWords(*verdict.witness, judged.base()));
        return words;
    }

    void WriteOther() {
        WriteRules({"由下而上多餘的規則：拿掉它，結果不變", "Redundant because of rules below: without them nothing changes"},
                   [](const Judged& judged) { return judged.kind() == "redundant_below"; });
        WriteRules({"附條件才有作用的規則：條件不在位址與服務之內", "Live under a condition that addresses and services do not tell"},
                   [](const Judged& judged) { return judged.verdict().cause == VerdictCause::kOwnUnknownPart; },
                   [this](const Judged& judged) { return Say({"：{}", ": {}"}, UnknownPartWords(judged.rule().unknown, language_)); });
        WriteRules({"前面附條件的規則若都成立，就輪不到的規則", "Live unless earlier rules with such conditions match all that they may"},
                   [](const Judged& judged) { return judged.verdict().cause == VerdictCause::kEarlierUnknownPart; },
                   [this](const Judged& judged) { return Say({"：{}", ": {}"}, RuleIds(judged.base(), judged.verdict().covered_by, language_)); });
        WriteRules({"未能判定的規則：超過每條規則的計算上限", "Undecided: the work allowed for one rule was spent"},
                   [](const Judged& judged) { return judged.verdict().kind == VerdictKind::kUndecided; });
        WriteRules({"停用或已到期的規則", "Disabled or ended"}, [](const Judged& judged) { return judged.verdict().kind == VerdictKind::kInactive; },
                   [this](const Judged& judged) {
                       return judged.rule().is_enabled ? Phrase{"：已到期", ": ended"}.In(language_) : Phrase{"：停用", ": disabled"}.In(language_);
                   });
    }

    void WriteMembers() {
        if (totals_.dead_members == 0) return;
        text_ += fmt::format("\n{} ({})\n", Phrase{"規則或群組中沒有作用的成員", "Members of rules and groups that never matter"}.In(language_),
                             totals_.dead_members);
        std::size_t shown = 0;
        for (std::size_t i = 0; i < check_.rule_bases.size(); ++i) {
            const RuleBase& base = configuration_.rule_bases[i];
            for (const firewall::DeadMember& dead : check_.rule_bases[i].dead_members) {
                if (shown++ == kMostLines) break;
                const firewall::MemberList& list = base.rules[dead.rule].members[dead.list];
                text_ += Say({"  {}，{}：{}（{}）\n", "  {}, {}: {} ({})\n"}, RuleWords(base, dead.rule, language_), OnOneLine(list.where),
                             OnOneLine(list.members[dead.member].name), ReasonWords(list, dead));
            }
            if (shown > kMostLines) break;
        }
        text_ += MoreLine(totals_.dead_members, kMostLines, language_);
    }

    std::string ReasonWords(const firewall::MemberList& list, const firewall::DeadMember& dead) const {
        switch (dead.reason) {
            case MemberReason::kEarlierRules: return Say({"前面的規則已決定", "earlier rules decide of it"});
            case MemberReason::kOtherMember: return Say({"{} 已包含它", "{} has all of it"}, OnOneLine(list.members[*dead.other].name));
            case MemberReason::kEmpty: return Say({"不符合任何封包", "it matches nothing"});
        }
        return {};
    }

    void WriteReversed() {
        WriteRules({"方向疑似顛倒的規則：依介面與路由，來源在出口端、目的在入口端",
                    "Look turned round: by interfaces and routes, sources lie where packets leave and destinations where they come in"},
                   [](const Judged& judged) { return std::ranges::binary_search(judged.check().reversed, judged.place); });
    }

    void WriteWidest() {
        struct Wide {
            Judged judged;
            double width;
        };
        std::vector<Wide> widest;
        for (std::size_t i = 0; i < check_.rule_bases.size(); ++i) {
            const RuleBase& base = configuration_.rule_bases[i];
            for (std::size_t place = 0; place < base.rules.size(); ++place) {
                const Judged judged{&base, &check_.rule_bases[i], place};
                const firewall::Breadth& breadth = judged.check().breadths[place];
                const int any = int{breadth.has_any_source} + int{breadth.has_any_destination} + int{breadth.has_any_service};
                if (judged.MayDecide() && any >= 2 && firewall::LetsThrough(judged.rule().action)) widest.push_back({judged, breadth.log2_packets});
            }
        }
        if (widest.empty()) return;
        std::ranges::stable_sort(widest, std::ranges::greater(), &Wide::width);
        text_ += fmt::format("\n{} ({})\n", Phrase{"允許範圍最廣的規則", "Widest rules that let through"}.In(language_), widest.size());
        for (std::size_t i = 0; i < std::min(widest.size(), kMostWide); ++i)
            text_ += Say({"  {}：{}\n", "  {}: {}\n"}, Words(widest[i].judged), AnyWords(widest[i].judged));
        text_ += MoreLine(widest.size(), kMostWide, language_);
    }

    std::string AnyWords(const Judged& judged) const {
        const firewall::Breadth& breadth = judged.check().breadths[judged.place];
        std::vector<std::string> words;
        if (breadth.has_any_source) words.push_back(Say({"任何來源", "any source"}));
        if (breadth.has_any_destination) words.push_back(Say({"任何目的", "any destination"}));
        if (breadth.has_any_service) words.push_back(Say({"任何服務", "any service"}));
        return Join(words, Phrase{"、", ", "}.In(language_));
    }

    void WriteHygiene() {
        if (check_.hygiene.empty()) return;
        static constexpr std::pair<firewall::HygieneLevel, Phrase> kLevels[] = {{firewall::HygieneLevel::kHigh, {"高", "high"}},
                                                                                {firewall::HygieneLevel::kMedium, {"中", "medium"}},
                                                                                {firewall::HygieneLevel::kLow, {"低", "low"}},
                                                                                {firewall::HygieneLevel::kInformation, {"參考", "to know"}}};
        text_ += fmt::format("\n{} ({})\n", Phrase{"設定上的缺口", "What the configuration leaves open"}.In(language_), check_.hygiene.size());
        std::size_t shown = 0;
        for (const auto& [level, word] : kLevels) {
            for (const firewall::HygieneFinding& finding : check_.hygiene) {
                if (finding.level != level || shown++ >= kMostLines) continue;
                text_ += fmt::format("  {}  {}", word.In(language_), OnOneLine(Shorten(finding.what.In(language_), kLongestLine)));
                if (finding.line != 0) text_ += Say({"（第 {} 行）", " (line {})"}, finding.line);
                text_ += "\n";
            }
        }
        text_ += MoreLine(check_.hygiene.size(), kMostLines, language_);
    }

    void WriteCounters() {
        if (counters_) {
            text_ += Say({"\n計數 {} 筆，其中 {} 筆對應到規則\n", "\nCounters: {}, of which {} met a rule\n"}, counters_->counts, counters_->met);
            WriteUnknown({"計數檔中未能解讀的部分", "Not understood in the counters"}, counters_->unknown);
        }
        WriteRules({"計數為零的有效規則", "Live rules with a count of zero"}, [](const Judged& judged) {
            const auto& counter = judged.rule().counter;
            return judged.MayDecide() && counter && counter->hits == 0U;
        });
    }

    void WriteUnknown(Phrase head, const std::vector<firewall::UnknownLine>& lines) {
        if (lines.empty()) return;
        text_ += fmt::format("\n{} ({})\n", head.In(language_), lines.size());
        for (std::size_t i = 0; i < std::min(lines.size(), kMostLines); ++i) {
            text_ += Say({"  第 {} 行：{}\n", "  line {}: {}\n"}, lines[i].line, OnOneLine(Shorten(lines[i].text, kLongestLine)));
        }
        text_ += MoreLine(lines.size(), kMostLines, language_);
    }

    const firewall::ConfigurationCheck& check_;
    const firewall::Configuration& configuration_;
    firewall::CheckTotals totals_;
    const std::optional<firewall::CountersTaken>& counters_;
    Language language_;
    std::string text_;
};

}  // namespace

std::string FirewallCheckText(const firewall::ConfigurationCheck& check, const std::optional<firewall::CountersTaken>& counters, Language language) {
    return CheckText(check, counters, language).Write();
}

}  // namespace opsteward::cli
