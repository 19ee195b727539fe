// What the columns of a block say of its records, as a query asks for it.
#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "vault/columns/message_columns.hpp"
#include "vault/query/needles.hpp"
#include "vault/query/query.hpp"

namespace opsteward::logs {

/// A requirement made ready for many blocks. Thread-safe for const use.
class RowChooser {
  public:
    explicit RowChooser(const vault::query::Requirement& requirement) : root_(NodeOf(requirement)) {}

    /// The records of the block that may match. No other one matches the query that the requirement was derived from.
    Result<vault::RowSet> Choose(vault::MessageColumns& messages) const;

  private:
    struct Node {
        vault::query::Requirement::Kind kind{};
        std::optional<vault::SearchedText> text = {};  ///< of kLiteral
        std::vector<Node> children = {};               ///< words first: which shapes have them costs next to nothing, and numbers are looked at in what they leave
    };

    static Node NodeOf(const vault::query::Requirement& requirement);
    static Result<vault::RowSet> Narrow(const Node& node, vault::MessageColumns& messages, vault::RowSet rows);

    Node root_;
};

/// Whether every record that may match, so far as its message tells, does match: nothing is asked but which texts stand in it.
bool IsToldByMessages(const vault::query::Query& query);

}  // namespace opsteward::logs
