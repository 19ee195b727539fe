#include "vault/group_commit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/log.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/store/log_frame.hpp"

namespace opsteward::vault {

namespace {

/// A seal that failed is tried again after this.
constexpr std::chrono::seconds kSealAgain{1};

Error IsStopped() {
    return Error::Of(ErrorCode::kUnavailable, "記錄庫正在停止，不再接收；請稍後重送。", "The log vault is stopping and takes nothing in; send it again later.");
}

/// The records as a frame of the write-ahead log has them: what is counted is what will be written.
Result<std::string> Encode(std::span<const RecordView> records) {
    constexpr std::size_t kNumbers = 32;  // of a record, at most
    std::string bytes;
    std::size_t expected = 0;
    for (const RecordView& record : records) expected += kNumbers + record.source.size() + record.kind.size() + record.peer.size() + record.message.size();
    bytes.reserve(std::min(expected, WriteAheadLog::kMaxGroup));
    for (const RecordView& record : records) {
        const std::size_t begin = bytes.size();
        AppendNumber(bytes, std::uint32_t{0});
        OPS_CHECK(AppendRecord(bytes, record));
        PutNumber(bytes, begin, static_cast<std::uint32_t>(bytes.size() - begin - sizeof(std::uint32_t)));
        if (bytes.size() > WriteAheadLog::kMaxGroup) {
            return Error::Of(ErrorCode::kTooLarge, fmt::format("一次交付的紀錄合計至多 {} 位元組。", WriteAheadLog::kMaxGroup),
                             fmt::format("Records that are handed over together have at most {} bytes.", WriteAheadLog::kMaxGroup));
        }
    }
    return bytes;
}

}  // namespace

GroupCommit::GroupCommit(Vault vault, GroupCommitOptions options) : vault_(std::move(vault)), options_(options), thread_([this] { Work(); }) {}

GroupCommit::GroupCommit(VaultWriter& vault, GroupCommitOptions options)
    : GroupCommit({[&vault](std::span<const RecordView> records) { return vault.Append(records); },
                   [&vault]() -> Result<void> {
                       OPS_CHECK(vault.Seal());
                       return Ok();
                   }},
                  options) {}

GroupCommit::~GroupCommit() { (void)Stop(); }

Result<void> GroupCommit::Submit(std::span<const RecordView> records, Answer answer, const std::stop_token& stop) {
    OPS_TRY(std::string bytes, Encode(records));
    const std::stop_callback wake(stop, [this] {
        const MutexLock lock(mutex_);  // nobody is between looking at the token and waiting
        room_.notify_all();
    });
    MutexLock lock(mutex_);
    // Room for one byte is room for all of them: the bound is passed by one submission at most, and a large one does not wait for ever behind small ones.
    while (!is_stopping_ && unanswered_bytes_ >= options_.max_unanswered_bytes) {
        if (stop.stop_requested()) return Error::Hidden(ErrorCode::kCancelled, "waiting for room in the log vault was stopped");
        lock.Wait(room_);
    }
    if (is_stopping_) return IsStopped();
    const std::size_t size = bytes.size();
    const bool is_first = waiting_.empty();
    waiting_.emplace_back(Submission{std::move(bytes), records.size(), std::move(answer), Clock::now()});
    waiting_bytes_ += size;
    unanswered_bytes_ += size;
    if (is_first || waiting_bytes_ >= options_.group_bytes) work_.notify_one();
    return Ok();
}

Result<std::uint64_t> GroupCommit::Append(std::span<const RecordView> records, const std::stop_token& stop) {
    // Shared: this thread may go on before the other one is done with it.
    const auto answered = std::make_shared<std::promise<Result<std::uint64_t>>>();
    auto first = answered->get_future();
    OPS_CHECK(Submit(records, [answered](const Result<std::uint64_t>& answer) { answered->set_value(answer); }, stop));
    return first.get();
}

Result<void> GroupCommit::Run(std::function<Result<void>()> job) {
    Job task(std::move(job));
    auto outcome = task.get_future();
    {
        const MutexLock lock(mutex_);
        if (is_stopping_) return IsStopped();
        waiting_.emplace_back(std::move(task));
        ++waiting_jobs_;
        work_.notify_one();
    }
    return outcome.get();
}

Result<void> GroupCommit::Stop() {
    {
        const MutexLock lock(mutex_);
        is_stopping_ = true;
        work_.notify_one();
        room_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
    return sealed_;
}

void GroupCommit::Work() {
    while (auto step = Next()) {
        std::visit([this](auto& what) { CarryOut(what); }, *step);
    }
    if (seal_at_) Seal();
}

std::optional<GroupCommit::Step> GroupCommit::Next() {
    MutexLock lock(mutex_);
    while (true) {
        const Clock::time_point now = Clock::now();
        if (auto step = TakeStep(now)) return step;
        if (is_stopping_) return std::nullopt;
        if (const auto deadline = NextDeadline()) {
            lock.WaitFor(work_, *deadline - now);
        } else {
            lock.Wait(work_);
        }
    }
}

std::optional<GroupCommit::Step> GroupCommit::TakeStep(Clock::time_point now) {
    if (seal_at_ && now >= *seal_at_) return SealNow{};
    if (waiting_.empty()) return std::nullopt;
    if (auto* job = std::get_if<Job>(&waiting_.front())) {
        Step step(std::move(*job));
        waiting_.pop_front();
        --waiting_jobs_;
        return step;
    }
    if (IsGroupDue(now)) return TakeGroup();
    return std::nullopt;
}

bool GroupCommit::IsGroupDue(Clock::time_point now) const {
    return is_stopping_ || waiting_jobs_ > 0 || waiting_bytes_ >= options_.group_bytes || now >= std::get<Submission>(waiting_.front()).since + options_.gathering;
}

GroupCommit::Group GroupCommit::TakeGroup() {
    Group group;
    std::size_t bytes = 0;
    while (!waiting_.empty()) {
        auto* next = std::get_if<Submission>(&waiting_.front());
        if (next == nullptr || (!group.empty() && bytes + next->records.size() > options_.max_group_bytes)) break;
        bytes += next->records.size();
        group.push_back(std::move(*next));
        waiting_.pop_front();
    }
    waiting_bytes_ -= bytes;
    return group;
}

std::optional<GroupCommit::Clock::time_point> GroupCommit::NextDeadline() const {
    if (waiting_.empty()) return seal_at_;
    const Clock::time_point group_at = std::get<Submission>(waiting_.front()).since + options_.gathering;
    return seal_at_ ? std::min(*seal_at_, group_at) : group_at;
}

void GroupCommit::CarryOut(Group& group) {
    Result<std::uint64_t> first = Write(group);
    std::size_t bytes = 0;
    for (Submission& submission : group) {
        submission.answer(first);
        if (first.ok()) *first += submission.count;
        bytes += submission.records.size();
    }
    group.clear();
    const MutexLock lock(mutex_);
    unanswered_bytes_ -= bytes;
    room_.notify_all();
}

Result<std::uint64_t> GroupCommit::Write(const Group& group) {
    records_.clear();
    for (const Submission& submission : group) {
        std::string_view rest = submission.records;
        while (const auto canonical = TakeRecord(rest)) records_.push_back(ParseRecord(*canonical).value());
    }
    auto first = vault_.append(records_);
    if (first.ok() && !records_.empty() && !seal_at_) seal_at_ = Clock::now() + options_.seal_period;
    return first;
}

void GroupCommit::Seal() {
    const bool is_news = sealed_.ok();
    sealed_ = vault_.seal();
    if (sealed_.ok()) {
        seal_at_.reset();
        return;
    }
    if (is_news) log::error("the log vault could not be sealed, it is tried again: {}", sealed_.error().operator_text);
    seal_at_ = Clock::now() + kSealAgain;
}

}  // namespace opsteward::vault
