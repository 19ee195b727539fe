#include "features/logs/block_rows.hpp"

#include <algorithm>
#include <variant>

namespace opsteward::logs {

using vault::MessageColumns;
using vault::RowSet;
using vault::query::Requirement;

namespace {

bool IsWord(const Requirement& requirement) {
    return requirement.kind == Requirement::Kind::kLiteral && requirement.text.find_first_of("0123456789") == std::string::npos;
}

/// Of these rows alone.
Result<RowSet> Narrow(const Requirement& requirement, MessageColumns& messages, RowSet rows) {
    switch (requirement.kind) {
        case Requirement::Kind::kLiteral: return messages.RowsWith(requirement.text, rows);
        case Requirement::Kind::kAll: {
            // Words first: which shapes have them costs next to nothing, and numbers are looked at in what they leave.
            for (const bool of_words : {true, false}) {
                for (const Requirement& child : requirement.children) {
                    if (IsWord(child) != of_words) continue;
                    if (rows.IsEmpty()) return rows;
                    OPS_TRY(rows, Narrow(child, messages, std::move(rows)));
                }
            }
            return rows;
        }
        case Requirement::Kind::kAny: {
            RowSet any(rows.size());
            for (const Requirement& child : requirement.children) {
                OPS_TRY(const RowSet with_child, Narrow(child, messages, rows));
                any |= with_child;
                if (any == rows) break;
            }
            return any;
        }
        // Not told by the messages' columns.
        case Requirement::Kind::kNothing:
        case Requirement::Kind::kNumber:
        case Requirement::Kind::kSource:
        case Requirement::Kind::kKind: break;
    }
    return rows;
}

}  // namespace

Result<RowSet> RowsThatMayMatch(const Requirement& requirement, MessageColumns& messages) {
    return Narrow(requirement, messages, RowSet::All(messages.count()));
}

bool IsToldByMessages(const vault::query::Query& query) {
    using vault::query::Operator;
    switch (query.op) {
        case Operator::kEverything: return true;
        case Operator::kNot: return false;
        case Operator::kAnd:
        case Operator::kOr: return std::ranges::all_of(query.children, IsToldByMessages);
        case Operator::kTerm: break;
    }
    return query.term.field.empty() && std::holds_alternative<vault::query::TextTest>(query.term.test);
}

}  // namespace opsteward::logs
