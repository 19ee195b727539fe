// The text of a check's statement: its named parameters become the numbered ones of the database.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "db/value.hpp"
#include "platform/procedure/pack.hpp"

namespace opsteward::procedure {

struct NumberedSql {
    std::string sql;                 ///< with $1, $2 …
    std::vector<std::string> names;  ///< of $1, $2 …
};

/// Replaces every `:name` outside of quotes and comments ('…', "…", -- …, /* … */; `::` is a cast). Takes a final `;` away.
/// kInvalidInput for a quote or comment that does not end, or a parameter written `$…`, `@…` or `?`.
Result<NumberedSql> NumberParameters(std::string_view sql);

/// Values for the names, `now` among them; kInvalidInput names one that the check does not have.
Result<std::vector<db::Value>> ValuesFor(const NumberedSql& sql, const std::map<std::string, Parameter>& parameters, Instant now);

}  // namespace opsteward::procedure
