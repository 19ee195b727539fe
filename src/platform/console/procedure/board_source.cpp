#include "platform/console/procedure/board_source.hpp"

#include <algorithm>

namespace opsteward::console::compliance {

Result<BoardPointer> BoardSource::For(const std::set<std::int64_t>& units, std::optional<Instant> as_of, Instant now) {
    // An evaluation that is being written may still belong to the last moments.
    constexpr std::chrono::minutes kSettled{5};
    constexpr std::size_t kMaxPast = 8;
    if (!as_of || *as_of > now - kSettled) return procedure_.BoardFor(units, as_of);
    const auto pack = procedure_.pack();
    {
        const MutexLock lock(mutex_);
        const auto found = std::ranges::find_if(
            past_, [&](const Past& past) { return past.as_of == *as_of && past.pack == pack && past.units == units; });
        if (found != past_.end()) {
            past_.splice(past_.begin(), past_, found);
            return past_.front().board;
        }
    }
    OPS_TRY(BoardPointer board, procedure_.BoardFor(units, as_of));
    const MutexLock lock(mutex_);
    past_.push_front({*as_of, units, pack, board});
    if (past_.size() > kMaxPast) past_.pop_back();
    return board;
}

std::shared_ptr<const UnmetFindings> BoardSource::UnmetOf(const BoardPointer& board) {
    constexpr std::size_t kMaxCounted = 64;
    const MutexLock lock(mutex_);
    const auto found = std::ranges::find(counted_, board, &Counted::board);
    if (found != counted_.end()) {
        counted_.splice(counted_.begin(), counted_, found);
        return counted_.front().counts;
    }
    auto counts = std::make_shared<UnmetFindings>();
    for (const auto& clause : board->clauses) {
        auto& of_clause = counts->emplace_back();
        for (const auto& finding : clause.findings) {
            if (finding.severity == procedure::State::kNotMet) ++of_clause[finding.unit_id];
        }
    }
    counted_.push_front({board, counts});
    if (counted_.size() > kMaxCounted) counted_.pop_back();
    return counts;
}

Result<std::shared_ptr<const std::string>> Fragments::Get(const BoardPointer& board, std::string_view key, Instant now,
                                                          const Maker& make) {
    const Found found = Find(board, key, now);
    if (found.is_due) return Make(board, key, now, make);
    if (found.text != nullptr) return found.text;
    const MutexLock making(making_);
    if (auto made = Find(board, key, now).text; made != nullptr) return made;
    return Make(board, key, now, make);
}

Result<std::shared_ptr<const std::string>> Fragments::Make(const BoardPointer& board, std::string_view key, Instant now,
                                                           const Maker& make) {
    OPS_TRY(std::string text, make());
    auto made = std::make_shared<const std::string>(std::move(text));
    Keep({board, std::string(key), now, made});
    return made;
}

std::list<Fragments::Entry>::iterator Fragments::Place(const BoardPointer& board, std::string_view key) {
    return std::ranges::find_if(entries_, [&](const Entry& entry) { return entry.board == board && entry.key == key; });
}

Fragments::Found Fragments::Find(const BoardPointer& board, std::string_view key, Instant now) {
    constexpr std::chrono::minutes kFresh{1};
    const MutexLock lock(mutex_);
    const auto found = Place(board, key);
    if (found == entries_.end()) return {};
    entries_.splice(entries_.begin(), entries_, found);
    const bool is_due = now < found->made_at || now - found->made_at >= kFresh;
    if (is_due) found->made_at = now;
    return {found->text, is_due};
}

void Fragments::Keep(Entry entry) {
    constexpr std::size_t kMaxBytes = 16U << 20U;
    constexpr std::size_t kMaxEntries = 64;
    const MutexLock lock(mutex_);
    const auto old = Place(entry.board, entry.key);
    if (old != entries_.end()) {
        bytes_ -= old->text->size();
        entries_.erase(old);
    }
    bytes_ += entry.text->size();
    entries_.push_front(std::move(entry));
    while (entries_.size() > kMaxEntries || (bytes_ > kMaxBytes && entries_.size() > 1)) {
        bytes_ -= entries_.back().text->size();
        entries_.pop_back();
    }
}

}  // namespace opsteward::console::compliance
