// The organisation's units for pages: names in the order of the tree, and which of them a reader asks for.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.hpp"
#include "platform/identity/identity.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::compliance {

class UnitTree {
  public:
    explicit UnitTree(std::vector<identity::Unit> units);

    /// "" when there is none.
    std::string_view Name(std::int64_t id) const;
    bool Has(std::int64_t id) const { return places_.contains(id); }
    /// The unit, and every unit below it.
    std::set<std::int64_t> WithThoseBelow(std::int64_t id) const;
    /// The unit and every unit above it, from the inside out.
    std::vector<std::int64_t> WithThoseAbove(std::int64_t id) const;
    /// Of `units`, in the order of the tree, set in by their depth; the first one says `all`.
    std::vector<web::Choice> Choices(const std::set<std::int64_t>& units, std::string_view all) const;

  private:
    int DepthOf(const identity::Unit& unit) const;

    std::vector<identity::Unit> units_;  ///< parents before children
    std::map<std::int64_t, std::size_t> places_;
};

/// Names of the people who hold `role` for the unit: those of the unit itself, else of the next unit above.
std::vector<std::string> HoldersOf(const UnitTree& tree, const std::vector<identity::Account>& accounts, identity::Role role,
                                   std::int64_t unit_id, Instant now);

/// Remembers the tree for some seconds. Thread-safe.
class UnitSource {
  public:
    explicit UnitSource(const identity::Identity& identity) : identity_(identity) {}
    /// Reads anew when one of `wanted` is not known yet.
    Result<std::shared_ptr<const UnitTree>> Tree(const std::set<std::int64_t>& wanted, Instant now);

  private:
    const identity::Identity& identity_;
    Mutex mutex_;
    std::shared_ptr<const UnitTree> tree_ OPS_GUARDED_BY(mutex_);
    Instant read_at_ OPS_GUARDED_BY(mutex_);
};

/// Where `permission` holds, cut down to `unit` (an id as text; "" for all) and what is below it. Never empty: kInvalidInput when `unit`
/// is no id, kNotFound when the reader may see nothing of it.
Result<std::set<std::int64_t>> ChosenUnits(const web::RequestContext& context, UnitSource& source, std::string_view permission,
                                           std::string_view unit);

}  // namespace opsteward::console::compliance
