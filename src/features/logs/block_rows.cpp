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

}  // namespace

RowChooser::Node RowChooser::NodeOf(const Requirement& requirement) {
    Node node{.kind = requirement.kind};
    if (requirement.kind == Requirement::Kind::kLiteral) node.text.emplace(requirement.text);
    for (const bool of_words : {true, false}) {
        for (const Requirement& child : requirement.children) {
            if (IsWord(child) == of_words) node.children.push_back(NodeOf(child));
        }
    }
    return node;
}

/// Of these rows alone.
Result<RowSet> RowChooser::Narrow(const Node& node, MessageColumns& messages, RowSet rows) {
    switch (node.kind) {
        case Requirement::Kind::kLiteral: return messages.RowsWith(*node.text, rows);
        case Requirement::Kind::kAll: {
            for (const Node& child : node.children) {
                if (rows.IsEmpty()) break;
                OPS_TRY(rows, Narrow(child, messages, std::move(rows)));
            }
            return rows;
        }
        case Requirement::Kind::kAny: {
            RowSet any(rows.size());
            for (const Node& child : node.children) {
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

Result<RowSet> RowChooser::Choose(MessageColumns& messages) const { return Narrow(root_, messages, RowSet::All(messages.count())); }

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
