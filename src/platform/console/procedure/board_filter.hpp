// What part of the board a reader looks at, as it stands in the address.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::compliance {

struct BoardFilter {
    std::string chapter;                     ///< id; "": all
    std::string unit;                        ///< id
    std::optional<identity::Role> owner;
    std::optional<procedure::State> state;
    std::optional<procedure::Mode> mode;
    std::string as_of_text;                  ///< as entered
    std::optional<Instant> as_of;
    bool is_every_unit_shown = false;        ///< in the strips

    /// Address of the board with this filter; `extra` is appended as it is ("view=print").
    std::string Href(std::string_view extra = {}) const;
    BoardFilter With(std::optional<procedure::State> other_state) const;
    /// Everything but the state.
    bool FitsApartFromState(const procedure::Pack& pack, const procedure::ClauseState& clause) const;
    bool Fits(const procedure::Pack& pack, const procedure::ClauseState& clause) const {
        return FitsApartFromState(pack, clause) && (!state || clause.state == *state);
    }
    bool is_narrowed() const { return !chapter.empty() || !unit.empty() || owner || state || mode; }
};

/// kInvalidInput names the field that can't be read.
Result<BoardFilter> ReadBoardFilter(const web::RequestContext& context);
/// The form that sets it; `as_of_error` stands at the field of the time.
html::Markup BoardFilterForm(const web::RequestContext& context, const BoardFilter& filter, const procedure::Pack& pack,
                             const UnitTree& units, std::string_view as_of_error);

}  // namespace opsteward::console::compliance
