#include "platform/procedure/pack.hpp"

#include <fmt/format.h>

namespace opsteward::procedure {

const Clause* Pack::FindClause(std::string_view clause_id) const {
    for (const auto& clause : clauses) {
        if (clause.id == clause_id) return &clause;
    }
    return nullptr;
}

const Chapter* Pack::ChapterOf(std::string_view clause_id) const {
    const Chapter* longest = nullptr;
    for (const auto& chapter : chapters) {
        const bool is_prefix =
            clause_id == chapter.id || (clause_id.starts_with(chapter.id) && clause_id[chapter.id.size()] == '.');
        if (is_prefix && (longest == nullptr || chapter.id.size() > longest->id.size())) longest = &chapter;
    }
    return longest;
}

std::string DescribeFault(const PackFault& fault, Language language) {
    return fmt::format("{}:{}:{}: {}", fault.place.file, fault.place.line, fault.place.column, fault.expected.In(language));
}

}  // namespace opsteward::procedure
