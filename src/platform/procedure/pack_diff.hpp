// What a new version of a pack changes. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/language.hpp"
#include "platform/procedure/pack.hpp"

namespace opsteward::procedure {

enum class PackPart { kProcedure, kChapter, kRole, kClause, kCheck, kDuty };
std::string_view PackPartKey(PackPart part);  ///< "procedure", "chapter", "role", "clause", "check", "duty"
Phrase PackPartTitle(PackPart part);

enum class ChangeKind { kAdded, kRemoved, kChanged };
std::string_view ChangeKindKey(ChangeKind kind);  ///< "added", "removed", "changed"
Phrase ChangeKindTitle(ChangeKind kind);

/// One key of a part, as the pack's files name it ("text", "parameters" …). Both languages are the same where it is no text for
/// people.
struct FieldChange {
    std::string field;
    Text before;  ///< empty: it was not there
    Text after;   ///< empty: it is gone
};

struct PartChange {
    PackPart part = PackPart::kProcedure;
    ChangeKind kind = ChangeKind::kChanged;
    std::string id;                   ///< of the clause, check, duty or chapter; the key of the role; the procedure's own
    Text title;                       ///< the newer one
    std::vector<FieldChange> fields;  ///< what changed; of something added or removed nothing
};

struct PackDifference {
    std::string version_before;
    std::string version_after;
    Date effective_before;
    Date effective_after;
    std::vector<PartChange>
        changes;  ///< by part in the order of PackPart, within it in the order of the newer pack, removed ones last

    bool empty() const { return changes.empty(); }
};

PackDifference ComparePacks(const Pack& before, const Pack& after);

/// Lines of plain text, the last one ended too.
std::string DescribeDifference(const PackDifference& difference, Language language);
json::object DifferenceToJson(const PackDifference& difference);

}  // namespace opsteward::procedure
