#include "features/vulnerabilities/scan_reports/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/coverage.hpp"
#include "features/vulnerabilities/scan_reports/host_identity.hpp"

namespace opsteward::scans {
namespace {

constexpr char kBetween = '\x1f';

/// Without the version and what follows it (purl specification: pkg:type/namespace/name@version?qualifiers#subpath).
std::string_view WithoutVersion(std::string_view purl) {
    const std::size_t end = std::min(purl.find('?'), purl.find('#'));
    const std::string_view path = purl.substr(0, end);
    const std::size_t at = path.rfind('@');
    return at == std::string_view::npos || at < path.rfind('/') ? path : path.substr(0, at);
}

std::string KeyFront(std::size_t target, const Finding& finding) {
    return fmt::format("{}{}{}{}{}{}{}{}", target, kBetween, finding.check.empty() ? Join(finding.cves, ",") : finding.check, kBetween, finding.port, kBetween,
                       finding.protocol, kBetween);
}

std::string ExactKey(std::size_t target, const Finding& finding) {
    const Component& component = finding.component;
    return KeyFront(target, finding) + fmt::format("{}{}{}{}{}{}{}{}{}", component.name, kBetween, component.version, kBetween, component.purl, kBetween,
                                                   component.location, kBetween, finding.line);
}

std::string FingerprintKey(std::size_t target, const Finding& finding) {
    return finding.fingerprint.empty() ? "" : KeyFront(target, finding) + finding.fingerprint;
}

std::string LooseKey(std::size_t target, const Finding& finding) {
    const Component& component = finding.component;
    if (!component.purl.empty()) return KeyFront(target, finding) + "purl" + kBetween + std::string(WithoutVersion(component.purl));
    if (!component.name.empty()) return KeyFront(target, finding) + "name" + kBetween + component.name;
    return KeyFront(target, finding) + "place" + kBetween + component.location;
}

Text TargetNotThere(const Target& target) {
    if (target.kind != TargetKind::kHost && target.name.empty()) {
        return {"舊報告沒有說明掃描的是什麼，無從對照。", "The old report does not say what was scanned, so that nothing can be found again."};
    }
    return {"新報告中沒有這個掃描對象。", "The target is not in the new report."};
}

Text WithReason(Text text, const std::string& reason) {
    if (reason.empty()) return text;
    return {fmt::format("{}（{}）", text.zh, reason), fmt::format("{} ({})", text.en, reason)};
}

class Comparer {
  public:
    Comparer(const Report& earlier, const Report& later) : earlier_(earlier), later_(later), is_same_tool_(IsSameTool(earlier, later)) {}

    Comparison Run() {
        MatchTargets();
        matched_.assign(earlier_.findings.size(), std::nullopt);
        is_taken_.assign(later_.findings.size(), false);
        if (is_same_tool_) {
            MatchBy(ExactKey);
            MatchBy(FingerprintKey);
            MatchBy(LooseKey);
        } else {
            MatchByCve();
        }
        for (std::size_t i = 0; i < earlier_.findings.size(); ++i) {
            if (earlier_.findings[i].state == State::kOpen) Sort(i);
        }
        for (std::size_t i = 0; i < later_.findings.size(); ++i) {
            if (later_.findings[i].state == State::kOpen && !is_taken_[i]) comparison_.added.push_back({std::nullopt, i, {}});
        }
        return std::move(comparison_);
    }

  private:
    void MatchTargets() {
        std::unordered_map<std::string, std::vector<std::size_t>> by_identity;
        for (std::size_t i = 0; i < later_.targets.size(); ++i) {
            for (std::string& identity : IdentitiesOf(later_.targets[i])) by_identity[std::move(identity)].push_back(i);
        }
        targets_.resize(earlier_.targets.size());
        for (std::size_t i = 0; i < earlier_.targets.size(); ++i) {
            for (const std::string& identity : IdentitiesOf(earlier_.targets[i])) {
                const auto found = by_identity.find(identity);
                if (found == by_identity.end()) continue;
                for (const std::size_t other : found->second) {
                    const bool is_there = std::ranges::find(targets_[i], other) != targets_[i].end();
                    if (!is_there && targets_[i].size() < kMaxSameTargets && IsSameTarget(earlier_.targets[i], later_.targets[other]))
                        targets_[i].push_back(other);
                }
            }
            // The one that is called the same is looked at first.
            std::ranges::partition(targets_[i], [&](std::size_t other) { return later_.targets[other].name == earlier_.targets[i].name; });
        }
    }

    /// Findings that were open, each with at most one that is not taken yet. Open ones first: the same check may have passed in one place and failed in
    /// another.
    template <typename Key>
    void MatchBy(const Key& key) {
        std::unordered_map<std::string, std::vector<std::size_t>> by_key;
        for (const bool is_open : {false, true}) {
            for (std::size_t i = later_.findings.size(); i-- > 0;) {
                if (is_taken_[i] || (later_.findings[i].state == State::kOpen) != is_open) continue;
                if (std::string text = key(later_.findings[i].target, later_.findings[i]); !text.empty()) by_key[std::move(text)].push_back(i);
            }
        }
        for (std::size_t i = 0; i < earlier_.findings.size(); ++i) {
            const Finding& finding = earlier_.findings[i];
            if (finding.state != State::kOpen || matched_[i]) continue;
            for (const std::size_t target : targets_[finding.target]) {
                const auto found = by_key.find(key(target, finding));
                if (found == by_key.end() || found->second.empty()) continue;
                matched_[i] = found->second.back();
                is_taken_[found->second.back()] = true;
                found->second.pop_back();
                break;
            }
        }
    }

    /// One finding of the one tool may stand for several of the other.
    void MatchByCve() {
        std::unordered_map<std::string, std::vector<std::size_t>> by_cve;
        for (std::size_t i = 0; i < later_.findings.size(); ++i) {
            if (later_.findings[i].state != State::kOpen) continue;
            for (const std::string& cve : later_.findings[i].cves) by_cve[fmt::format("{}{}{}", later_.findings[i].target, kBetween, cve)].push_back(i);
        }
        for (std::size_t i = 0; i < earlier_.findings.size(); ++i) {
            const Finding& finding = earlier_.findings[i];
            if (finding.state != State::kOpen) continue;
            for (const std::size_t target : targets_[finding.target]) {
                for (const std::string& cve : finding.cves) {
                    const auto found = by_cve.find(fmt::format("{}{}{}", target, kBetween, cve));
                    if (found == by_cve.end()) continue;
                    if (!matched_[i]) matched_[i] = found->second.front();
                    for (const std::size_t other : found->second) is_taken_[other] = true;
                    // All of them are known now.
                    found->second.resize(1);
                }
            }
        }
    }

    void Sort(std::size_t index) {
        if (matched_[index]) {
            SortMatched(index, *matched_[index]);
            return;
        }
        const Finding& finding = earlier_.findings[index];
        const auto& targets = targets_[finding.target];
        if (targets.empty()) {
            comparison_.not_looked_at.push_back({index, std::nullopt, TargetNotThere(earlier_.targets[finding.target])});
            return;
        }
        if (!is_same_tool_) {
            comparison_.not_looked_at.push_back(
                {index,
                 std::nullopt,
                 {"新報告來自其他工具，檢查項目不同。", "The new report is of another tool, or of another form of report, with other checks."}});
            return;
        }
        std::optional<Text> reason;
        for (const std::size_t target : targets) {
            reason = WhyNotLookedAt(earlier_, finding, later_, later_.targets[target]);
            if (!reason) break;
        }
        auto& list = reason ? comparison_.not_looked_at : comparison_.fixed;
        list.push_back({index, std::nullopt, reason.value_or(Text())});
    }

    void SortMatched(std::size_t index, std::size_t other) {
        const Finding& now = later_.findings[other];
        switch (now.state) {
            case State::kOpen:
                comparison_.still_there.push_back({index, other, {}});
                break;
            case State::kPassed:
                comparison_.fixed.push_back({index, other, WithReason({"新報告中這項檢查已通過。", "The check passes in the new report."}, now.reason)});
                break;
            case State::kSuppressed:
                comparison_.still_there.push_back({index, other, WithReason({"新報告中已列為不處理。", "It is suppressed in the new report."}, now.reason)});
                break;
            case State::kNotApplicable:
                comparison_.not_looked_at.push_back(
                    {index, other, WithReason({"新報告認為不適用。", "The new report says that it does not apply."}, now.reason)});
                break;
            case State::kNoAnswer:
                comparison_.not_looked_at.push_back(
                    {index, other, WithReason({"新掃描的檢查沒有結論。", "The check came to no answer in the new scan."}, now.reason)});
                break;
        }
    }

    /// A host of many names may be several targets of the other report; beyond this nothing is gained.
    static constexpr std::size_t kMaxSameTargets = 8;

    const Report& earlier_;
    const Report& later_;
    bool is_same_tool_;
    std::vector<std::vector<std::size_t>> targets_;    ///< of each earlier target, the later ones that are the same
    std::vector<std::optional<std::size_t>> matched_;  ///< of each earlier finding
    std::vector<bool> is_taken_;                       ///< of each later finding
    Comparison comparison_;
};

}  // namespace

Comparison Compare(const Report& earlier, const Report& later) {
    return Comparer(earlier, later).Run();
}

}  // namespace opsteward::scans
