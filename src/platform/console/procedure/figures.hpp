// How many clauses stand how, as tiles, a ring and strips.
#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>

#include "html/markup.hpp"
#include "platform/procedure/procedure.hpp"
#include "platform/web/charts.hpp"

namespace opsteward::console::compliance {

/// Clauses by state.
class StateCounts {
  public:
    void Add(procedure::State state) { ++counts_[static_cast<std::size_t>(state)]; }
    std::int64_t Of(procedure::State state) const { return counts_[static_cast<std::size_t>(state)]; }
    std::int64_t total() const;

  private:
    std::array<std::int64_t, 5> counts_ = {};
};

/// Where a state leads to: a board filtered by it.
using StateHref = std::function<std::string(procedure::State)>;

html::Markup StateTiles(const StateCounts& counts, const StateHref& href, Language language);
html::Markup StateDonut(const StateCounts& counts, std::string_view label, const StateHref& href, Language language);

/// One narrow bar a clause, in the order given: the worse, the taller. Nothing: the clause is not judged there.
html::Markup ClauseStrip(std::span<const std::optional<procedure::State>> states, std::string_view label);

}  // namespace opsteward::console::compliance
