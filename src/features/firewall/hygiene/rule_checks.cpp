// Checks of rules one by one.
#include <algorithm>
#include <cctype>
#include <chrono>

#include "base/civil_time.hpp"
#include "features/firewall/hygiene/checks.hpp"
#include "features/firewall/idle/requested_period.hpp"

namespace opsteward::firewall {

namespace {

bool IsEverything(const Traffic& traffic) {
    const bool all_addresses = traffic.family == Family::kIpv4 ? traffic.source4.IsAll() && traffic.destination4.IsAll()
                                                               : traffic.source6.IsAll() && traffic.destination6.IsAll();
    return all_addresses && traffic.services == AllServices() && traffic.source_ports == AllPorts() && traffic.states == AllStates();
}

/// A request's number is written with digits: "REQ-2026-031", "IS-04-025", "#1234".
bool NamesTicket(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

class RuleChecks {
  public:
    RuleChecks(const HygieneOptions& options, std::vector<HygieneFinding>& findings) : options_(options), findings_(findings) {}

    void Check(const RuleBase& base, const Rule& rule) {
        base_ = &base;
        rule_ = &rule;
        if (rule.is_enabled && rule.has_ended) {
            Add("rule_ended_enabled", HygieneLevel::kLow, {"排程或期限已過，規則仍是啟用", "its schedule is over and it is still enabled"});
        }
        if (!rule.IsActive()) return;
        CheckPeriod(rule);
        const bool lets_through = LetsThrough(rule.action);
        if (lets_through && !rule.is_logged) {
            Add("rule_not_logged", HygieneLevel::kMedium, {"放行而沒有記錄所有連線", "it lets through without logging every connection"});
        }
        // What has an unknown part may match less than it says: a user, an application.
        if (lets_through && rule.unknown.empty() && std::ranges::any_of(rule.traffic, IsEverything)) {
            Add("rule_any_any", HygieneLevel::kHigh, {"來源、目的與服務都是全部", "source, destination and service are all of them"});
        }
        if (options_.wants_ticket && !NamesTicket(rule.comment) && !NamesTicket(rule.name)) {
            Add("rule_without_ticket", HygieneLevel::kLow,
                rule.comment.empty() ? Text{"沒有註解，看不出依據哪一張申請單", "it has no comment, so that nothing tells which request it stands for"}
                                     : Text{"註解裡沒有申請單號", "its comment names no request"});
        }
    }

  private:
    void CheckPeriod(const Rule& rule) {
        const RequestedPeriod period = FindRequestedPeriod(rule.comment);
        if (options_.now == 0 || !period.end || *period.end > options_.now) return;
        const auto last_day = TaipeiDate(Instant(std::chrono::seconds(*period.end - 1)));
        Add("rule_period_over", HygieneLevel::kMedium,
            {"註解所寫的期限 " + FormatDate(last_day, Language::kZhHant) + " 已過，規則仍是啟用",
             "the period its comment names ended on " + FormatDate(last_day, Language::kEnglish) + ", and it is still enabled"});
    }

    void Add(std::string_view check, HygieneLevel level, Text what) {
        const std::string subject = base_->name + " " + rule_->id;
        what.zh = "規則 " + subject + "：" + what.zh;
        what.en = "rule " + subject + ": " + what.en;
        findings_.push_back({std::string(check), level, subject, std::move(what), rule_->line});
    }

    const HygieneOptions& options_;
    std::vector<HygieneFinding>& findings_;
    const RuleBase* base_ = nullptr;
    const Rule* rule_ = nullptr;
};

}  // namespace

void CheckRules(const Configuration& configuration, const HygieneOptions& options, std::vector<HygieneFinding>& findings) {
    RuleChecks checks(options, findings);
    for (const RuleBase& base : configuration.rule_bases) {
        for (const Rule& rule : base.rules) checks.Check(base, rule);
    }
}

}  // namespace opsteward::firewall
