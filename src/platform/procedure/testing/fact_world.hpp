// A world of facts for tests of packs: every view of docs/formats/fact-views.md, over tables that a test fills by hand.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/database.hpp"
#include "platform/procedure/procedure.hpp"

namespace opsteward::procedure::testing {

class FactWorld {
  public:
    /// Reads the page of fact views; the columns get the types that their names stand for there.
    FactWorld();

    /// Migrations and views, for a database or for holding checks against them. Lives as long as this.
    const FactSchema& schema() const { return schema_; }

    /// One row of a view; columns not given are NULL.
    using Columns = std::vector<std::pair<std::string_view, db::Value>>;
    static Result<void> Add(db::Database& database, std::string_view view, const Columns& columns);

  private:
    FactSchema schema_;
    std::deque<std::string> texts_;  ///< what the specs of the schema point into
};

}  // namespace opsteward::procedure::testing
