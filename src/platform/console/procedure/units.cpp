#include "platform/console/procedure/units.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace opsteward::console::compliance {

UnitTree::UnitTree(std::vector<identity::Unit> units) : units_(std::move(units)) {
    for (std::size_t i = 0; i < units_.size(); ++i) places_[units_[i].id] = i;
}

std::string_view UnitTree::Name(std::int64_t id) const {
    const auto found = places_.find(id);
    return found == places_.end() ? std::string_view() : std::string_view(units_[found->second].name);
}

std::set<std::int64_t> UnitTree::WithThoseBelow(std::int64_t id) const {
    std::set<std::int64_t> below = {id};
    for (const auto& unit : units_) {
        if (unit.parent_id && below.contains(*unit.parent_id)) below.insert(unit.id);
    }
    return below;
}

std::vector<std::int64_t> UnitTree::WithThoseAbove(std::int64_t id) const {
    std::vector<std::int64_t> above;
    std::optional<std::int64_t> next = id;
    while (next && above.size() <= units_.size()) {
        above.push_back(*next);
        const auto found = places_.find(*next);
        next = found == places_.end() ? std::nullopt : units_[found->second].parent_id;
    }
    return above;
}

int UnitTree::DepthOf(const identity::Unit& unit) const { return static_cast<int>(WithThoseAbove(unit.id).size()) - 1; }

std::vector<web::Choice> UnitTree::Choices(const std::set<std::int64_t>& units, std::string_view all) const {
    std::vector<web::Choice> choices = {{"", std::string(all)}};
    for (const auto& unit : units_) {
        if (!units.contains(unit.id)) continue;
        std::string label;
        for (int depth = DepthOf(unit); depth > 0; --depth) label += "　";
        choices.push_back({std::to_string(unit.id), label + unit.name});
    }
    return choices;
}

std::vector<std::string> HoldersOf(const UnitTree& tree, const std::vector<identity::Account>& accounts, identity::Role role,
                                   std::int64_t unit_id, Instant now) {
    std::vector<std::string> names;
    for (const std::int64_t above : tree.WithThoseAbove(unit_id)) {
        for (const auto& account : accounts) {
            if (!account.is_enabled || (account.ends_at && *account.ends_at <= now)) continue;
            const bool holds = std::ranges::any_of(
                account.grants, [&](const identity::RoleGrant& grant) { return grant.role == role && grant.unit_id == above; });
            if (holds) names.push_back(account.display_name.empty() ? account.name : account.display_name);
        }
        if (!names.empty()) break;
    }
    return names;
}

Result<std::shared_ptr<const UnitTree>> UnitSource::Tree(const std::set<std::int64_t>& wanted, Instant now) {
    constexpr std::chrono::seconds kFresh{10};
    {
        const MutexLock lock(mutex_);
        const std::shared_ptr<const UnitTree> known = tree_;
        const bool is_fresh = known != nullptr && now >= read_at_ && now - read_at_ < kFresh;
        if (is_fresh && std::ranges::all_of(wanted, [&](std::int64_t id) { return known->Has(id); })) return known;
    }
    OPS_TRY(auto units, identity_.Units());
    auto tree = std::make_shared<const UnitTree>(std::move(units));
    const MutexLock lock(mutex_);
    tree_ = tree;
    read_at_ = now;
    return tree;
}

Result<std::set<std::int64_t>> ChosenUnits(const web::RequestContext& context, UnitSource& source, std::string_view permission,
                                           std::string_view unit) {
    const std::set<std::int64_t>& allowed = context.principal().UnitsFor(permission);
    std::set<std::int64_t> chosen = allowed;
    if (!unit.empty()) {
        const auto id = ParseInt(unit);
        if (!id || *id <= 0) {
            return Error::Of(ErrorCode::kInvalidInput, "參數 unit 必須是單位的編號。", "The parameter unit has to be the id of a unit.");
        }
        OPS_TRY(const auto tree, source.Tree(allowed, context.now));
        chosen = tree->WithThoseBelow(*id);
        std::erase_if(chosen, [&](std::int64_t below) { return !allowed.contains(below); });
    }
    if (chosen.empty()) return Error::Of(ErrorCode::kNotFound, "沒有這個單位，或您無權檢視。", "There is no such unit, or you may not see it.");
    return chosen;
}

}  // namespace opsteward::console::compliance
