#include "platform/console/access/unit_tree.hpp"

#include <fmt/format.h>

namespace opsteward::console {

UnitTree::UnitTree(std::vector<identity::Unit> units) : units_(std::move(units)) {
    for (std::size_t i = 0; i < units_.size(); ++i) places_[units_[i].id] = i;
}

Result<UnitTree> UnitTree::Read(const identity::Identity& identity) {
    OPS_TRY(auto units, identity.Units());
    return UnitTree(std::move(units));
}

const identity::Unit* UnitTree::Find(std::int64_t id) const {
    const auto found = places_.find(id);
    return found == places_.end() ? nullptr : &units_[found->second];
}

std::string UnitTree::PathOf(std::int64_t id) const {
    const identity::Unit* unit = Find(id);
    if (unit == nullptr) return "?";
    return unit->parent_id ? PathOf(*unit->parent_id) + " / " + unit->name : unit->name;
}

int UnitTree::DepthOf(std::int64_t id) const {
    const identity::Unit* unit = Find(id);
    return unit != nullptr && unit->parent_id ? DepthOf(*unit->parent_id) + 1 : 0;
}

bool UnitTree::IsWithin(std::int64_t id, std::int64_t above) const {
    const identity::Unit* unit = Find(id);
    if (unit == nullptr) return false;
    return id == above || (unit->parent_id && IsWithin(*unit->parent_id, above));
}

std::vector<web::Choice> UnitTree::Choices(const std::set<std::int64_t>& allowed) const {
    std::vector<web::Choice> choices;
    for (const identity::Unit& unit : units_) {
        if (unit.is_active && allowed.contains(unit.id))
            choices.push_back({fmt::format("{}", unit.id), PathOf(unit.id)});
    }
    return choices;
}

}  // namespace opsteward::console
