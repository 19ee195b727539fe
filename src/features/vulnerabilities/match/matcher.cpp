#include "features/vulnerabilities/match/matcher.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/mutex.hpp"
#include "base/work_together.hpp"
#include "features/vulnerabilities/match/configuration_state.hpp"
#include "features/vulnerabilities/match/unit_hits.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kHostsInBatch = 16;
constexpr std::size_t kUnitsAtOnce = 32;

Error Cancelled() { return Error::Of(ErrorCode::kCancelled, "已取消。", "Cancelled."); }

/// WorkTogether on pieces that may fail; the first error ends it.
class Team {
  public:
    Team(unsigned threads, const std::function<bool()>& is_cancelled) : threads_(threads), is_cancelled_(is_cancelled) {}

    /// `begin` makes what a thread needs for itself, which works on the pieces 0 … count - 1 that it takes.
    template <typename Begin>
    Result<void> Run(std::size_t count, const Begin& begin) {
        WorkTogether(threads_, count, [&] {
            return [this, piece = begin()](std::size_t i) mutable {
                if (has_failed_) return false;
                Keep(is_cancelled_() ? Result<void>(Cancelled()) : piece(i));
                return !has_failed_;
            };
        });
        const MutexLock lock(mutex_);
        if (failure_) return *failure_;
        return Ok();
    }

  private:
    void Keep(Result<void> done) {
        if (done.ok()) return;
        const MutexLock lock(mutex_);
        if (!failure_) failure_ = std::move(done).error();
        has_failed_ = true;
    }

    unsigned threads_;
    const std::function<bool()>& is_cancelled_;
    std::atomic<bool> has_failed_ = false;
    Mutex mutex_;
    std::optional<Error> failure_ OPS_GUARDED_BY(mutex_);
};

/// Which Windows updates mend a record, looked up once.
class Patches {
  public:
    explicit Patches(const Snapshot& snapshot) : snapshot_(snapshot) {}

    Result<bool> AreMended(std::uint32_t slot, std::span<const std::string_view> installed) {
        const MutexLock lock(mutex_);
        auto place = patches_.find(slot);
        if (place == patches_.end()) {
            OPS_TRY(Vulnerability record, snapshot_.Detail(slot));
            place = patches_.emplace(slot, std::move(record.fixing_patches)).first;
        }
        return std::ranges::any_of(place->second, [installed](const Told& patch) { return std::ranges::find(installed, patch.text) != installed.end(); });
    }

  private:
    const Snapshot& snapshot_;
    Mutex mutex_;
    std::unordered_map<std::uint32_t, std::vector<Told>> patches_ OPS_GUARDED_BY(mutex_);
};

class Matcher {
  public:
    Matcher(const Snapshot& snapshot, const Fleet& fleet, const MatchOptions& options, const FindingSink& sink)
        : snapshot_(snapshot), fleet_(fleet), options_(options), sink_(sink), attributes_(snapshot), patches_(snapshot),
          team_(options.threads, options.is_cancelled) {}

    Result<MatchCounts> Run() {
        ReadSystems();
        NumberUnits();
        OPS_CHECK(MatchSystems());
        OPS_CHECK(MatchUnits());
        OPS_CHECK(MatchHosts());
        counts_.hosts = fleet_.hosts();
        counts_.findings = findings_;
        counts_.conditional = conditional_;
        return std::move(counts_);
    }

  private:
    /// A package on systems of one kind.
    struct Unit {
        std::uint32_t package;
        std::uint32_t kind;
        bool is_hardware = false;
        UnitHits hits;
    };

    void ReadSystems() {
        for (const std::string_view text : fleet_.systems()) {
            systems_.push_back(ReadOperatingSystem(text));
            const SystemKind kind = KindOf(systems_.back());
            const auto known = std::ranges::find(kinds_, kind);
            kind_of_system_.push_back(static_cast<std::uint32_t>(known - kinds_.begin()));
            if (known == kinds_.end()) kinds_.push_back(kind);
        }
    }

    void NumberUnits() {
        std::unordered_map<std::uint64_t, std::uint32_t> numbers;
        for (std::size_t host = 0; host < fleet_.hosts(); ++host) {
            const std::uint32_t system = fleet_.SystemOf(host);
            if (!systems_[system]) ++counts_.unknown_systems;
            const std::uint32_t kind = kind_of_system_[system];
            for (const std::uint32_t package : fleet_.PackagesOf(host)) {
                const auto [place, is_new] = numbers.try_emplace(std::uint64_t{kind} << 32 | package, static_cast<std::uint32_t>(units_.size()));
                if (is_new) units_.push_back({package, kind, false, {}});
                unit_of_installed_.push_back(place->second);
            }
            first_installed_.push_back(unit_of_installed_.size());
        }
    }

    Result<void> MatchSystems() {
        system_hits_.resize(systems_.size());
        return team_.Run(systems_.size(), [this] {
            return [this](std::size_t i) -> Result<void> {
                if (!systems_[i]) return Ok();
                OPS_TRY(system_hits_[i], HitsOfUnit(snapshot_, attributes_, ItemsOfSystem(*systems_[i])));
                return Ok();
            };
        });
    }

    Result<void> MatchUnits() {
        std::vector<Judgement> judgements(units_.size());
        OPS_CHECK(team_.Run((units_.size() + kUnitsAtOnce - 1) / kUnitsAtOnce, [&] {
            return [&](std::size_t piece) -> Result<void> {
                const std::size_t end = std::min((piece + 1) * kUnitsAtOnce, units_.size());
                for (std::size_t i = piece * kUnitsAtOnce; i < end; ++i) {
                    Unit& unit = units_[i];
                    const Identity identity = IdentifyPackage(fleet_.packages()[unit.package], kinds_[unit.kind], snapshot_, options_.namer);
                    judgements[i] = identity.judgement;
                    unit.is_hardware = std::ranges::any_of(identity.items, [](const Item& item) { return item.product.starts_with("h:"); });
                    OPS_TRY(unit.hits, HitsOfUnit(snapshot_, attributes_, identity.items));
                }
                return Ok();
            };
        }));
        for (std::size_t i = 0; i < units_.size(); ++i) {
            ++counts_.packages[static_cast<std::size_t>(judgements[i])];
            if (judgements[i] == Judgement::kUnnamed) AddExample(units_[i].package, counts_.unnamed);
            if (judgements[i] == Judgement::kNoData) AddExample(units_[i].package, counts_.without_data);
        }
        KeepOnce(counts_.unnamed);
        KeepOnce(counts_.without_data);
        return Ok();
    }

    static void AddExample(std::uint32_t package, std::vector<std::uint32_t>& examples) {
        if (examples.size() < MatchCounts::kExamples) examples.push_back(package);
    }
    static void KeepOnce(std::vector<std::uint32_t>& examples) {
        std::ranges::sort(examples);
        const auto rest = std::ranges::unique(examples);
        examples.erase(rest.begin(), rest.end());
    }

    Result<void> MatchHosts() {
        return team_.Run((fleet_.hosts() + kHostsInBatch - 1) / kHostsInBatch, [this] {
            return [this, state = std::make_shared<ConfigurationState>(snapshot_), findings = std::vector<Finding>()](std::size_t batch) mutable -> Result<void> {
                findings.clear();
                const std::size_t end = std::min((batch + 1) * kHostsInBatch, fleet_.hosts());
                for (std::size_t host = batch * kHostsInBatch; host < end; ++host) OPS_CHECK(MatchHost(host, *state, findings));
                findings_ += findings.size();
                conditional_ += static_cast<std::uint64_t>(std::ranges::count(findings, true, &Finding::is_conditional));
                sink_(batch, findings);
                return Ok();
            };
        });
    }

    Result<void> MatchHost(std::size_t host, ConfigurationState& state, std::vector<Finding>& findings) {
        const std::uint32_t system = fleet_.SystemOf(host);
        const std::size_t begin = host == 0 ? 0 : first_installed_[host - 1];
        std::vector<std::uint32_t> installed(unit_of_installed_.begin() + static_cast<std::ptrdiff_t>(begin),
                                             unit_of_installed_.begin() + static_cast<std::ptrdiff_t>(first_installed_[host]));
        std::ranges::sort(installed);
        const auto rest = std::ranges::unique(installed);
        installed.erase(rest.begin(), rest.end());

        state.BeginHost(systems_[system].has_value(), std::ranges::any_of(installed, [this](std::uint32_t unit) { return units_[unit].is_hardware; }));
        MarkLeaves(system_hits_[system], state);
        for (const std::uint32_t unit : installed) MarkLeaves(units_[unit].hits, state);

        const std::size_t first = findings.size();
        AddFindings(host, Finding::kSystem, system_hits_[system], state, findings);
        OPS_CHECK(DropMended(host, first, findings));
        for (const std::uint32_t unit : installed) AddFindings(host, units_[unit].package, units_[unit].hits, state, findings);
        return Ok();
    }

    static void MarkLeaves(const UnitHits& hits, ConfigurationState& state) {
        for (const LeafHit& leaf : hits.leaves) state.Mark(leaf.hit.target, leaf.is_fulfilled ? Fit::kYes : Fit::kPossible);
    }

    static Finding FindingOf(std::size_t host, std::uint32_t package, const Hit& hit, std::uint32_t slot, bool is_conditional) {
        return {static_cast<std::uint32_t>(host), package, slot, hit.product, hit.range, hit.confidence, is_conditional};
    }

    static bool ComesBefore(const Finding& a, const Finding& b) {
        if (a.slot != b.slot) return a.slot < b.slot;
        if (a.is_conditional != b.is_conditional) return !a.is_conditional;
        if (a.confidence != b.confidence) return a.confidence > b.confidence;
        return std::pair(a.product, a.range) < std::pair(b.product, b.range);
    }

    /// Several configurations of a record may apply, and criteria that decide alone: the surest is the finding.
    void AddFindings(std::size_t host, std::uint32_t package, const UnitHits& hits, ConfigurationState& state, std::vector<Finding>& findings) const {
        const auto first = static_cast<std::ptrdiff_t>(findings.size());
        for (const LeafHit& leaf : hits.leaves) {
            if (!leaf.hit.is_vulnerable) continue;
            const Fit fit = state.Evaluate(leaf.configuration);
            if (fit == Fit::kNo) continue;
            const std::uint32_t slot = snapshot_.configurations()[leaf.configuration].slot;
            findings.push_back(FindingOf(host, package, leaf.hit, slot, leaf.hit.is_possible || fit == Fit::kPossible));
        }
        const auto middle = static_cast<std::ptrdiff_t>(findings.size());
        for (const Hit& hit : hits.plain) findings.push_back(FindingOf(host, package, hit, hit.target, hit.is_possible));
        if (first == middle) return;
        std::sort(findings.begin() + first, findings.begin() + middle, ComesBefore);
        std::inplace_merge(findings.begin() + first, findings.begin() + middle, findings.end(), ComesBefore);
        findings.erase(std::unique(findings.begin() + first, findings.end(), [](const Finding& a, const Finding& b) { return a.slot == b.slot; }), findings.end());
    }

    /// Where a build does not decide, the updates that are installed do.
    Result<void> DropMended(std::size_t host, std::size_t first, std::vector<Finding>& findings) {
        const auto installed = fleet_.PatchesOf(host);
        if (installed.empty()) return Ok();
        std::size_t kept = first;
        for (std::size_t i = first; i < findings.size(); ++i) {
            if (findings[i].is_conditional) {
                OPS_TRY(const bool is_mended, patches_.AreMended(findings[i].slot, installed));
                if (is_mended) continue;
            }
            findings[kept++] = findings[i];
        }
        findings.resize(kept);
        return Ok();
    }

    const Snapshot& snapshot_;
    const Fleet& fleet_;
    const MatchOptions& options_;
    const FindingSink& sink_;
    const AttributeTable attributes_;
    Patches patches_;
    Team team_;
    std::vector<std::optional<OperatingSystem>> systems_;
    std::vector<SystemKind> kinds_;
    std::vector<std::uint32_t> kind_of_system_;
    std::vector<UnitHits> system_hits_;
    std::vector<Unit> units_;
    std::vector<std::uint32_t> unit_of_installed_;
    std::vector<std::uint64_t> first_installed_;  ///< of the next host
    MatchCounts counts_;
    std::atomic<std::uint64_t> findings_ = 0;
    std::atomic<std::uint64_t> conditional_ = 0;
};

}  // namespace

Result<MatchCounts> MatchFleet(const Snapshot& snapshot, const Fleet& fleet, const MatchOptions& options, const FindingSink& sink) {
    return Matcher(snapshot, fleet, options, sink).Run();
}

}  // namespace opsteward::vuln
