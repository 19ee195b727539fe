#include "features/logs/neighbours.hpp"

#include <algorithm>
#include <ranges>

namespace opsteward::logs {

namespace {

/// The records before a hit may begin in one block and those after it end in another.
constexpr std::size_t kKeptBlocks = 4;

bool IsWhole(const vault::Block& block) { return block.records().size() == block.facts().count; }

/// None when it was not read.
const vault::RecordView* Find(const vault::Block& block, std::uint64_t number) {
    const auto places = std::views::iota(std::size_t{0}, block.records().size());
    const std::size_t place = static_cast<std::size_t>(std::ranges::lower_bound(places, number, {}, [&](std::size_t at) { return block.SequenceOf(at); }) - places.begin());
    return place < block.records().size() && block.SequenceOf(place) == number ? &block.records()[place] : nullptr;
}

}  // namespace

Neighbours::Neighbours(const vault::VaultReader& vault, Scope scope) : vault_(vault), scope_(std::move(scope)) {
    for (const vault::Segment& segment : vault.segments().segments()) {
        const ScopeBlocks blocks = BlocksOf(scope_, segment);
        for (std::size_t i = 0; i < segment.blocks().size(); ++i) {
            if ((blocks.with >> i & 1) == 0) continue;
            const vault::BlockEntry& entry = segment.blocks()[i];
            pieces_.push_back({entry.facts.first, entry.facts.first + entry.facts.count, &segment, &entry, (blocks.without >> i & 1) == 0});
        }
    }
    if (!vault.tail().empty()) pieces_.push_back({.first = vault.segments().end(), .end = vault.size(), .is_all = scope_.IsAll()});
}

Result<std::vector<std::uint64_t>> Neighbours::First(std::uint64_t begin, std::uint64_t end, std::uint64_t count) {
    std::vector<std::uint64_t> found;
    const auto ended_before = [begin](const Piece& piece) { return piece.end <= begin; };
    for (auto piece = std::ranges::partition_point(pieces_, ended_before); piece != pieces_.end() && piece->first < end; ++piece) {
        for (std::uint64_t number = std::max(begin, piece->first); number < std::min(end, piece->end); ++number) {
            if (found.size() == count) return found;
            OPS_TRY(const bool is_of_scope, Has(*piece, number));
            if (is_of_scope) found.push_back(number);
        }
    }
    return found;
}

Result<std::vector<std::uint64_t>> Neighbours::Last(std::uint64_t begin, std::uint64_t end, std::uint64_t count) {
    std::vector<std::uint64_t> found;
    const auto begins_before = [end](const Piece& piece) { return piece.first < end; };
    auto piece = std::ranges::partition_point(pieces_, begins_before);
    while (found.size() < count && piece != pieces_.begin() && (--piece)->end > begin) {
        for (std::uint64_t number = std::min(end, piece->end); number > std::max(begin, piece->first) && found.size() < count; --number) {
            OPS_TRY(const bool is_of_scope, Has(*piece, number - 1));
            if (is_of_scope) found.push_back(number - 1);
        }
    }
    std::ranges::reverse(found);
    return found;
}

Result<bool> Neighbours::Read(std::span<const std::uint64_t> numbers, Ahead ahead, const vault::OnRecord& on_record) {
    while (!numbers.empty()) {
        const auto ended_before = [&](const Piece& piece) { return piece.end <= numbers.front(); };
        const Piece& piece = *std::ranges::partition_point(pieces_, ended_before);
        const auto in_piece = static_cast<std::size_t>(std::ranges::lower_bound(numbers, piece.end) - numbers.begin());
        OPS_TRY(const bool goes_on, ReadFrom(piece, numbers.first(in_piece), ahead, on_record));
        if (!goes_on) return false;
        numbers = numbers.subspan(in_piece);
    }
    return true;
}

Result<bool> Neighbours::ReadFrom(const Piece& piece, std::span<const std::uint64_t> numbers, Ahead ahead, const vault::OnRecord& on_record) {
    if (piece.segment == nullptr) {
        for (const std::uint64_t number : numbers) {
            OPS_TRY(const vault::RecordView record, vault::ParseRecord(vault_.tail()[number - piece.first]));
            if (!on_record(number, record)) return false;
        }
        return true;
    }
    OPS_TRY(const vault::Block* const block, With(piece, numbers, ahead));
    return std::ranges::all_of(numbers, [&](std::uint64_t number) { return on_record(number, *Find(*block, number)); });
}

Result<bool> Neighbours::Has(const Piece& piece, std::uint64_t number) {
    if (piece.is_all) return true;
    if (piece.segment == nullptr) {
        OPS_TRY(const vault::RecordView record, vault::ParseRecord(vault_.tail()[number - piece.first]));
        return IsOfScope(record);
    }
    OPS_TRY(const vault::Block* const block, Whole(piece));
    return IsOfScope(block->records()[number - piece.first]);
}

const vault::Block* Neighbours::Kept(const Piece& piece) {
    const auto known = std::ranges::find(readings_, &piece, &Reading::piece);
    if (known == readings_.end()) return nullptr;
    std::rotate(known, known + 1, readings_.end());
    return &readings_.back().block;
}

Result<const vault::Block*> Neighbours::Whole(const Piece& piece) {
    if (const vault::Block* kept = Kept(piece); kept != nullptr && IsWhole(*kept)) return kept;
    OPS_TRY(vault::Block block, piece.segment->Read(*piece.entry));
    return Keep(piece, std::move(block));
}

Result<const vault::Block*> Neighbours::With(const Piece& piece, std::span<const std::uint64_t> numbers, Ahead ahead) {
    if (const vault::Block* kept = Kept(piece)) {
        const bool has_all = std::ranges::all_of(numbers, [&](std::uint64_t number) { return Find(*kept, number) != nullptr; });
        if (has_all) return kept;
        // Asked for a second time: no more reading of the same block piece by piece.
        return Whole(piece);
    }
    OPS_TRY(vault::Block block, piece.segment->Read(*piece.entry, [&](const vault::MessageColumns& messages) {
        vault::RowSet rows(messages.count());
        for (const std::uint64_t number : numbers) rows.Add(number - piece.first);
        for (std::uint64_t number = std::max(ahead.begin, piece.first); number < std::min(ahead.end, piece.end); ++number) rows.Add(number - piece.first);
        return rows;
    }));
    return Keep(piece, std::move(block));
}

const vault::Block* Neighbours::Keep(const Piece& piece, vault::Block block) {
    std::erase_if(readings_, [&](const Reading& reading) { return reading.piece == &piece; });
    if (readings_.size() == kKeptBlocks) readings_.erase(readings_.begin());
    readings_.push_back({&piece, std::move(block)});
    return &readings_.back().block;
}

}  // namespace opsteward::logs
