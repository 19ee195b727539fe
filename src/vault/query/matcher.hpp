// Does a record match a query? Twice: as the plain reading of the query, which is the specification of what it means, and
// compiled for many records.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "vault/query/field_source.hpp"
#include "vault/query/query.hpp"
#include "vault/store/record.hpp"

namespace opsteward::vault::query {

/// The meaning of a query. A term about `source` or `kind` asks the record's own; a term about any other field holds when one of
/// the field's values passes the test; a negation holds exactly when what it negates does not, so also for a record without the
/// field. Prepares everything anew at each call. A regular expression that does not compile (ParseQuery gives none) matches
/// nothing.
bool Matches(const Query& query, const RecordView& record, const FieldSource& fields);

/// The same for many records: expressions are compiled and texts folded once, and within AND and OR what costs least is asked
/// first, fields last. A value that is cheap to copy; thread-safe for const use.
class CompiledQuery {
  public:
    /// Fails only for a regular expression that does not compile.
    static Result<CompiledQuery> Compile(const Query& query);

    bool Matches(const RecordView& record, const FieldSource& fields) const;

    struct Node;

  private:
    explicit CompiledQuery(std::shared_ptr<const Node> root) : root_(std::move(root)) {}

    std::shared_ptr<const Node> root_;
};

}  // namespace opsteward::vault::query
