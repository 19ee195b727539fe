// Everything that the page of a clause shows, read once; the parts of the page are made from it.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "platform/console/procedure/surroundings.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::compliance {

struct ClauseView {
    BoardPointer board;
    const procedure::ClauseState* state = nullptr;  ///< of `board`
    std::set<std::int64_t> units;                   ///< looked at
    std::shared_ptr<const UnitTree> tree;
    std::string unit_text;                          ///< as in the address
    std::string as_of_text;
    std::optional<Instant> as_of;
    std::vector<procedure::StateChange> history;    ///< newest first
    std::vector<procedure::DutyRound> rounds;       ///< of its duties, begun and not done; oldest due first
    std::vector<procedure::Exemption> exemptions;   ///< newest first
    std::vector<identity::Account> accounts;

    const procedure::Clause& clause() const { return *state->clause; }
    const procedure::Pack& pack() const { return *board->pack; }
    /// Address of the page with what it is narrowed to; `extra` is appended as it is.
    std::string Href(std::string_view extra = {}) const;
};

/// kNotFound when there is no such clause; kInvalidInput for a unit or time that can't be read.
Result<ClauseView> ReadClause(const web::RequestContext& context, Surroundings& surroundings);

}  // namespace opsteward::console::compliance
