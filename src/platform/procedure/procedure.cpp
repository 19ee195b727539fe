#include "platform/procedure/procedure.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "base/text.hpp"
#include "platform/identity/principal.hpp"
#include "platform/procedure/board.hpp"
#include "platform/procedure/check_runner.hpp"
#include "platform/procedure/duty_planning.hpp"
#include "platform/procedure/evaluation.hpp"
#include "platform/procedure/job_kinds.hpp"
#include "platform/procedure/store.hpp"

namespace opsteward::procedure {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxNote = 4000;

/// Names, sizes and times of a pack's files: changes whenever somebody edits one.
std::string SignatureOf(const fs::path& folder) {
    std::vector<std::string> lines;
    std::error_code failure;
    for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end; entry.increment(failure)) {
        struct stat status {};
        if (entry->path().extension() != ".toml" || ::stat(entry->path().c_str(), &status) != 0) continue;
        lines.push_back(
            fmt::format("{} {} {}.{}", entry->path().string(), status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec));
    }
    std::sort(lines.begin(), lines.end());
    return Join(lines, "\n");
}

Error FaultyPack(const fs::path& folder, const std::vector<PackFault>& faults) {
    constexpr std::size_t kShown = 20;
    std::string zh = fmt::format("程序書 {} 有 {} 處錯誤：", folder.string(), faults.size());
    std::string en = fmt::format("The procedure pack {} has {} faults:", folder.string(), faults.size());
    for (std::size_t i = 0; i < std::min(faults.size(), kShown); ++i) {
        zh += "\n  " + DescribeFault(faults[i], Language::kZhHant);
        en += "\n  " + DescribeFault(faults[i], Language::kEnglish);
    }
    return Error::Of(ErrorCode::kInvalidInput, std::move(zh), std::move(en));
}

Result<std::string> CheckedText(std::string_view text, std::string_view zh, std::string_view en) {
    const std::string trimmed(Trim(text));
    if (!trimmed.empty() && CountCodePoints(trimmed) <= kMaxNote) return trimmed;
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{}（{} 字以內）。", zh, kMaxNote),
                     fmt::format("{} (at most {} characters).", en, kMaxNote));
}

}  // namespace

class Procedure::Impl {
  public:
    Impl(db::Database& database, const Clock& clock, fs::path folder, FactSchema schema)
        : database_(database), clock_(clock), folder_(std::move(folder)), schema_(std::move(schema)) {}

    /// Reads the folder; with faults, what is in use stays.
    Result<void> Load() {
        std::string signature = SignatureOf(folder_);
        OPS_TRY(auto reading, ReadPack(folder_));
        std::shared_ptr<PackInUse> in_use;
        if (reading.faults.empty()) {
            in_use = std::make_shared<PackInUse>(PackInUse{std::move(reading.pack), {}});
            OPS_TRY(const auto faults, ValidateChecks(in_use->pack, schema_.migrations, schema_.views, clock_));
            for (const auto& fault : faults) {
                in_use->refused[fault.check_id] = {DescribeFault(fault, Language::kZhHant),
                                                   DescribeFault(fault, Language::kEnglish)};
                log::warn("{}", DescribeFault(fault, Language::kEnglish));
            }
        }
        const MutexLock lock(mutex_);
        signature_ = std::move(signature);
        faults_ = std::move(reading.faults);
        if (in_use != nullptr) in_use_ = std::move(in_use);
        return Ok();
    }

    bool HasChanged() {
        const std::string signature = SignatureOf(folder_);
        const MutexLock lock(mutex_);
        return signature != signature_;
    }

    std::shared_ptr<const PackInUse> in_use() {
        const MutexLock lock(mutex_);
        return in_use_;
    }
    std::shared_ptr<const Pack> pack() {
        auto used = in_use();
        return {used, &used->pack};
    }
    std::vector<PackFault> faults() {
        const MutexLock lock(mutex_);
        return faults_;
    }

    db::Database& database_;
    const Clock& clock_;
    const fs::path folder_;
    const FactSchema schema_;
    BoardCache boards_;

  private:
    Mutex mutex_;
    std::shared_ptr<const PackInUse> in_use_ OPS_GUARDED_BY(mutex_);
    std::vector<PackFault> faults_ OPS_GUARDED_BY(mutex_);
    std::string signature_ OPS_GUARDED_BY(mutex_);
};

Procedure::Procedure(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Procedure::~Procedure() = default;

Result<std::unique_ptr<Procedure>> Procedure::Open(db::Database& database, const Clock& clock, fs::path folder,
                                                   FactSchema schema) {
    auto impl = std::make_unique<Impl>(database, clock, std::move(folder), std::move(schema));
    OPS_CHECK(impl->Load());
    if (!impl->faults().empty()) return FaultyPack(impl->folder_, impl->faults());
    return std::unique_ptr<Procedure>(new Procedure(std::move(impl)));
}

std::shared_ptr<const Pack> Procedure::pack() const { return impl_->pack(); }
std::vector<PackFault> Procedure::faults() const { return impl_->faults(); }

Result<std::vector<PackFault>> Procedure::Reload() {
    if (impl_->HasChanged()) OPS_CHECK(impl_->Load());
    return impl_->faults();
}

Result<jobs::Effect> Procedure::Evaluate(jobs::JobContext& context) {
    OPS_TRY(const auto faults, Reload());
    for (const auto& fault : faults) {
        context.Log({"程序書有誤，沿用原本的版本：" + DescribeFault(fault, Language::kZhHant),
                     "The pack is faulty, the one before stays in use: " + DescribeFault(fault, Language::kEnglish)});
    }
    return EvaluateAll(impl_->database_, impl_->in_use(), context);
}

Result<jobs::Effect> Procedure::PlanDuties(jobs::JobContext& context) { return PlanAllDuties(impl_->pack(), context.now()); }

namespace {

Result<std::shared_ptr<const Snapshot>> ReadSnapshot(db::Session& session, std::shared_ptr<const Pack> pack,
                                                     std::optional<Instant> as_of, Instant now) {
    OPS_TRY(const auto head, store::ReadHead(session));
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->pack = std::move(pack);
    snapshot->revision = head.revision;
    snapshot->as_of = as_of.value_or(now);
    snapshot->judged_at = std::min(head.judged_at.value_or(Instant{}), snapshot->as_of);
    OPS_TRY(snapshot->states, store::States(session, as_of));
    OPS_TRY(snapshot->findings, store::Findings(session, as_of));
    if (!as_of) {
        OPS_TRY(const auto refused, store::RefusedChecks(session));
        for (const auto& check : refused) snapshot->refused_checks.push_back(check.problem);
    }
    return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

}  // namespace

Result<std::shared_ptr<const Board>> Procedure::BoardFor(const std::set<std::int64_t>& units,
                                                         std::optional<Instant> as_of) const {
    const Instant now = impl_->clock_.Now();
    const auto pack = impl_->pack();
    const auto read = [&](std::optional<Instant> at) {
        return impl_->database_.Read<std::shared_ptr<const Snapshot>>(
            [&](db::Session& session) { return ReadSnapshot(session, pack, at, now); });
    };
    if (as_of && *as_of < now) {
        OPS_TRY(const auto snapshot, read(as_of));
        return std::make_shared<const Board>(MakeBoard(snapshot, snapshot->judged_at, units));
    }
    OPS_TRY(const auto head, impl_->database_.Read<store::Head>([](db::Session& session) { return store::ReadHead(session); }));
    const BoardWanted wanted{head.revision, head.judged_at.value_or(Instant{}), pack->digest, units};
    return impl_->boards_.Get(wanted, [&] { return read(std::nullopt); });
}

Result<std::vector<StateChange>> Procedure::History(std::string_view clause_id, const std::set<std::int64_t>& units,
                                                    int limit) const {
    const auto pack = impl_->pack();
    OPS_TRY(auto changes, impl_->database_.Read<std::vector<StateChange>>(
                              [&](db::Session& session) { return store::StateHistory(session, clause_id, units, limit); }));
    const Clause* clause = pack->FindClause(clause_id);
    for (auto& change : changes) {
        if (change.why.empty() && clause != nullptr) change.why = clause->missing;
    }
    return changes;
}

namespace {

/// The pack's word on the duty, alive as long as anybody holds it.
std::shared_ptr<const Duty> DutyIn(const std::shared_ptr<const Pack>& pack, std::string_view id) {
    for (const auto& duty : pack->duties) {
        if (duty.id == id) return {pack, &duty};
    }
    return nullptr;
}

}  // namespace

Result<std::vector<DutyRound>> Procedure::Duties(Instant from, Instant until, const std::set<std::int64_t>& units) const {
    OPS_TRY(auto rounds, impl_->database_.Read<std::vector<DutyRound>>(
                             [&](db::Session& session) { return store::DutyRounds(session, from, until); }));
    std::erase_if(rounds, [&](const DutyRound& round) { return !units.empty() && !units.contains(round.unit_id); });
    const auto pack = impl_->pack();
    for (auto& round : rounds) round.duty = DutyIn(pack, round.duty_id);
    return rounds;
}

Result<std::vector<DutyRound>> Procedure::OpenDuties(Instant due_before, const std::set<std::int64_t>& units) const {
    OPS_TRY(auto rounds, impl_->database_.Read<std::vector<DutyRound>>(
                             [&](db::Session& session) { return store::OpenDutyRounds(session, due_before); }));
    std::erase_if(rounds, [&](const DutyRound& round) { return !units.empty() && !units.contains(round.unit_id); });
    const auto pack = impl_->pack();
    for (auto& round : rounds) round.duty = DutyIn(pack, round.duty_id);
    return rounds;
}

Result<DutyRound> Procedure::FindDuty(std::int64_t id) const {
    OPS_TRY(auto round,
            impl_->database_.Read<DutyRound>([&](db::Session& session) { return store::FindDutyRound(session, id); }));
    round.duty = DutyIn(impl_->pack(), round.duty_id);
    return round;
}

Result<void> Procedure::CompleteDuty(const audit::Actor& actor, std::int64_t id, std::string_view note) {
    OPS_TRY(const std::string text, CheckedText(note, "請寫下做了什麼", "Write down what was done"));
    const Instant now = impl_->clock_.Now();
    return impl_->database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto round, store::FindDutyRound(transaction, id));
        if (StartOfDay(round.period_start) > now) {
            return Error::Of(ErrorCode::kConflict,
                             fmt::format("這一期從 {} 開始，還不能完成。", FormatDate(round.period_start, Language::kZhHant)),
                             fmt::format("This period begins on {}; it can't be done yet.",
                                         FormatDate(round.period_start, Language::kEnglish)));
        }
        OPS_TRY(const auto done, store::CompleteDutyRound(transaction, id, actor, text, now));
        if (done == 0) {
            return Error::Of(ErrorCode::kConflict, fmt::format("這項工作已由 {} 完成。", round.done_by),
                             fmt::format("{} has done this already.", round.done_by));
        }
        OPS_CHECK(audit::Append(transaction, actor,
                                {"duty.complete",
                                 "duty",
                                 std::to_string(id),
                                 round.duty_id,
                                 round.unit_id,
                                 nullptr,
                                 {{"duty", round.duty_id}, {"note", text}}},
                                now));
        return RequestEvaluation(transaction, now);
    });
}

Result<std::vector<Exemption>> Procedure::Exemptions(std::string_view clause_id) const {
    return impl_->database_.Read<std::vector<Exemption>>(
        [&](db::Session& session) { return store::Exemptions(session, clause_id); });
}

namespace {

/// The first moment at which it does not hold any more.
Instant EndOf(Date last_day) { return StartOfDay(last_day) + std::chrono::days(1); }

/// What the audit trail keeps of an exemption in a state.
json::object Describe(const Exemption& exemption, std::string_view state) {
    return {{"clause", exemption.clause_id}, {"reason", exemption.reason}, {"ends", FormatIsoDate(exemption.ends)}, {"state", state}};
}

audit::Change ExemptionChange(std::string_view action, const Exemption& exemption, json::value before, json::value after) {
    return {std::string(action), "exemption",       std::to_string(exemption.id), exemption.clause_id,
            exemption.unit_id,   std::move(before), std::move(after)};
}

}  // namespace

Result<std::int64_t> Procedure::RequestExemption(const audit::Actor& actor, std::string_view clause_id, std::int64_t unit_id,
                                                 std::string_view reason, Date ends) {
    OPS_TRY(const std::string text, CheckedText(reason, "請寫下不適用的理由", "Write down why it does not apply"));
    const Instant now = impl_->clock_.Now();
    if (impl_->pack()->FindClause(clause_id) == nullptr)
        return Error::Of(ErrorCode::kNotFound, "沒有這條條文。", "There is no such clause.");
    if (!ends.ok() || EndOf(ends) <= now)
        return Error::Of(ErrorCode::kInvalidInput, "期限不可早於今天。", "The end can't lie before today.");
    Exemption exemption;
    exemption.clause_id = clause_id;
    exemption.unit_id = unit_id;
    exemption.reason = text;
    exemption.ends = ends;
    exemption.requested_by = actor.user_id;
    exemption.requested_by_name = actor.name;
    exemption.requested_at = now;
    return impl_->database_.Write<std::int64_t>([&](db::Transaction& transaction) -> Result<std::int64_t> {
        OPS_TRY(const auto units, store::UnitsInUse(transaction));
        const bool is_known =
            std::any_of(units.begin(), units.end(), [&](const store::Unit& unit) { return unit.id == unit_id; });
        if (!is_known) return Error::Of(ErrorCode::kNotFound, "沒有這個單位。", "There is no such unit.");
        OPS_TRY(const bool is_waiting, store::HasWaitingExemption(transaction, clause_id, unit_id));
        if (is_waiting) {
            return Error::Of(ErrorCode::kConflict, "這個單位對這條條文已有待核准的申請。",
                             "A request of this unit for this clause is waiting already.");
        }
        OPS_TRY(exemption.id, store::InsertExemption(transaction, exemption, EndOf(ends)));
        OPS_CHECK(audit::Append(transaction, actor, ExemptionChange("exemption.request", exemption, nullptr, Describe(exemption, "waiting")), now));
        return exemption.id;
    });
}

Result<void> Procedure::DecideExemption(const audit::Actor& actor, std::int64_t id, bool approve) {
    const Instant now = impl_->clock_.Now();
    return impl_->database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto exemption, store::FindExemption(transaction, id));
        if (exemption.decided_at || exemption.is_withdrawn) {
            return Error::Of(ErrorCode::kConflict, "這項申請已經決定或撤回。", "This request is decided or withdrawn already.");
        }
        if (approve && EndOf(exemption.ends) <= now) {
            return Error::Of(ErrorCode::kConflict, "申請的期限已過，不能核准。",
                             "The end asked for has passed; it can't be approved.");
        }
        OPS_CHECK(identity::RequireDifferentPerson(actor, exemption.requested_by, {"提出這項申請", "made this request"}));
        OPS_CHECK(store::DecideExemption(transaction, id, actor, approve, now));
        OPS_CHECK(audit::Append(transaction, actor,
                                ExemptionChange(approve ? "exemption.approve" : "exemption.reject", exemption, Describe(exemption, "waiting"),
                                                Describe(exemption, approve ? "approved" : "rejected")),
                                now));
        return RequestEvaluation(transaction, now);
    });
}

Result<void> Procedure::WithdrawExemption(const audit::Actor& actor, std::int64_t id) {
    const Instant now = impl_->clock_.Now();
    return impl_->database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_TRY(const auto exemption, store::FindExemption(transaction, id));
        if (exemption.is_withdrawn || (exemption.decided_at && !exemption.is_approved)) {
            return Error::Of(ErrorCode::kConflict, "已經撤回或駁回。", "It is withdrawn or rejected already.");
        }
        OPS_CHECK(store::WithdrawExemption(transaction, id));
        OPS_CHECK(audit::Append(transaction, actor,
                                ExemptionChange("exemption.withdraw", exemption, Describe(exemption, exemption.decided_at ? "approved" : "waiting"),
                                                Describe(exemption, "withdrawn")),
                                now));
        return RequestEvaluation(transaction, now);
    });
}

Result<void> RequestEvaluation(db::Transaction& transaction, Instant now) {
    // A moment later, so that a burst of changes is judged once.
    constexpr std::chrono::milliseconds kGather{500};
    OPS_CHECK(jobs::Enqueue(transaction, kEvaluate, nullptr, "evaluate", now + kGather, {}));
    return Ok();
}

}  // namespace opsteward::procedure
