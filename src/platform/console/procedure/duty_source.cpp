#include "platform/console/procedure/duty_source.hpp"

#include <algorithm>
#include <map>
#include <string_view>

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
    for (const auto& duty : pack->duties) pressing->groups.push_back({&duty});
    std::map<std::string_view, PressingDuties::Group*> by_duty;
    for (auto& group : pressing->groups) by_duty[group.duty->id] = &group;
    for (const auto& round : rounds) {
        const auto found = by_duty.find(round.duty_id);
        if (found == by_duty.end() || now < round.due_at - found->second->duty->lead) continue;
        found->second->rounds.push_back({round.id, round.unit_id, round.due_at});
    }
    std::erase_if(pressing->groups, [](const PressingDuties::Group& group) { return group.rounds.empty(); });
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
