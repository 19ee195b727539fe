// The organisation as a tree, for pages that name places in it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "platform/identity/identity.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::console {

class UnitTree {
  public:
    /// `units` as Identity::Units gives them: parents before children.
    explicit UnitTree(std::vector<identity::Unit> units);
    static Result<UnitTree> Read(const identity::Identity& identity);

    const std::vector<identity::Unit>& units() const { return units_; }
    /// Null when there is none.
    const identity::Unit* Find(std::int64_t id) const;
    /// "民政局 / 殯葬管理處"; "?" for a unit that is not there.
    std::string PathOf(std::int64_t id) const;
    /// 0 at the top.
    int DepthOf(std::int64_t id) const;
    /// Whether `id` is `above` or stands below it.
    bool IsWithin(std::int64_t id, std::int64_t above) const;
    /// The active units among `allowed` by their path.
    std::vector<web::Choice> Choices(const std::set<std::int64_t>& allowed) const;

  private:
    std::vector<identity::Unit> units_;
    std::map<std::int64_t, std::size_t> places_;  ///< id → index in units_
};

}  // namespace opsteward::console
