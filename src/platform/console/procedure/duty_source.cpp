#include "platform/console/procedure/duty_source.hpp"

#include <algorithm>

#include "platform/console/procedure/words.hpp"

namespace opsteward::console::compliance {

namespace {

std::chrono::milliseconds LongestLead(const procedure::Pack& pack) {
    std::chrono::milliseconds longest{0};
    for (const auto& duty : pack.duties) longest = std::max(longest, duty.lead);
    return longest;
}

}  // namespace

Result<std::shared_ptr<const PressingDuties>> DutySource::Pressing(Instant now) {
    constexpr std::chrono::seconds kFresh{10};
    const auto pack = procedure_.pack();
    std::int64_t generation = 0;
    {
        const MutexLock lock(mutex_);
        if (pressing_ != nullptr && pressing_->pack == pack && now >= read_at_ && now - read_at_ < kFresh) return pressing_;
        generation = generation_;
    }
    OPS_TRY(auto rounds, procedure_.OpenDuties(now + LongestLead(*pack), {}));
    auto pressing = std::make_shared<PressingDuties>();
    pressing->pack = pack;
    for (auto& round : rounds) {
        const auto* duty = FindDuty(*pack, round.duty_id);
        if (duty != nullptr && now >= round.due_at - duty->lead) pressing->by_owner[duty->owner].push_back({duty, std::move(round)});
    }
    const MutexLock lock(mutex_);
    // What was read before something was forgotten may lack it.
    if (generation == generation_) {
        pressing_ = pressing;
        read_at_ = now;
    }
    return std::shared_ptr<const PressingDuties>(pressing);
}

void DutySource::Forget() {
    const MutexLock lock(mutex_);
    pressing_ = nullptr;
    ++generation_;
}

}  // namespace opsteward::console::compliance
