// The tree of organisation units.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/identity/identity.hpp"
#include "platform/identity/principal_cache.hpp"
#include "platform/identity/sign_in_throttle.hpp"
#include "platform/identity/store.hpp"

namespace opsteward::identity {

namespace {

constexpr std::size_t kMaxUnitName = 100;

Result<std::string> CheckedName(std::string_view name) {
    const std::string trimmed(Trim(name));
    if (!trimmed.empty() && CountCodePoints(trimmed) <= kMaxUnitName) return trimmed;
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("請填單位名稱（{} 字以內）。", kMaxUnitName),
                     fmt::format("Give the unit a name of at most {} characters.", kMaxUnitName));
}

json::object Describe(const Unit& unit) {
    return {{"name", unit.name}, {"parent", unit.parent_id ? json::value(*unit.parent_id) : json::value(nullptr)}, {"is_active", unit.is_active}};
}

const Unit* FindIn(const std::vector<Unit>& units, std::int64_t id) {
    const auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) { return unit.id == id; });
    return found == units.end() ? nullptr : &*found;
}

Error NoSuchUnit() { return Error::Of(ErrorCode::kNotFound, "沒有這個單位。", "There is no such unit."); }

}  // namespace

Result<std::vector<Unit>> Identity::Units() const {
    return database_.Read<std::vector<Unit>>([](db::Session& session) { return store::Units(session); });
}

Result<std::int64_t> Identity::CreateUnit(const audit::Actor& actor, std::int64_t parent_id, std::string_view name) {
    OPS_TRY(const std::string checked, CheckedName(name));
    return database_.Write<std::int64_t>([&](db::Transaction& transaction) -> Result<std::int64_t> {
        OPS_CHECK(store::RaiseRevision(transaction));
        OPS_TRY(const auto units, store::Units(transaction));
        const Unit* parent = FindIn(units, parent_id);
        if (parent == nullptr || !parent->is_active) return NoSuchUnit();
        OPS_TRY(const auto id, store::InsertUnit(transaction, parent_id, checked));
        OPS_CHECK(audit::Append(transaction, actor,
                                {"unit.create", "unit", std::to_string(id), checked, id, nullptr, Describe({id, parent_id, checked, true})},
                                clock_.Now()));
        return id;
    });
}

Result<void> Identity::UpdateUnit(const audit::Actor& actor, const Unit& unit) {
    OPS_TRY(const std::string checked, CheckedName(unit.name));
    return database_.WriteWith([&](db::Transaction& transaction) -> Result<void> {
        OPS_CHECK(store::RaiseRevision(transaction));
        OPS_TRY(const auto units, store::Units(transaction));
        const Unit* before = FindIn(units, unit.id);
        if (before == nullptr) return NoSuchUnit();
        if (before->parent_id.has_value() != unit.parent_id.has_value()) {
            return Error::Of(ErrorCode::kInvalidInput, "最上層單位不能移動。", "The top of the organisation cannot be moved.");
        }
        for (auto above = unit.parent_id; above;) {
            const Unit* step = FindIn(units, *above);
            if (step == nullptr) return NoSuchUnit();
            if (step->id == unit.id) {
                return Error::Of(ErrorCode::kInvalidInput, "單位不能放到自己之下。", "A unit cannot stand below itself.");
            }
            above = step->parent_id;
        }
        if (unit.is_active && unit.parent_id && !FindIn(units, *unit.parent_id)->is_active) {
            return Error::Of(ErrorCode::kConflict, "上層單位已停用，請先啟用上層單位，未做任何變更。",
                             "The unit above is closed. Open that one first; nothing was changed.");
        }
        if (!unit.is_active) {
            const bool has_children = std::any_of(units.begin(), units.end(), [&](const Unit& other) {
                return other.parent_id == unit.id && other.is_active;
            });
            OPS_TRY(const auto people, store::CountActivePeople(transaction, unit.id));
            if (has_children || people > 0 || !unit.parent_id) {
                return Error::Of(ErrorCode::kConflict, "單位下還有啟用中的單位或人員，未停用。",
                                 "The unit still has active units or people below it and was not closed.");
            }
        }
        const Unit after{unit.id, unit.parent_id, checked, unit.is_active};
        OPS_CHECK(store::UpdateUnit(transaction, after));
        std::string_view action = "unit.update";
        if (before->is_active != after.is_active) action = after.is_active ? "unit.open" : "unit.close";
        return audit::Append(transaction, actor,
                             {std::string(action), "unit", std::to_string(unit.id), checked, unit.id, Describe(*before), Describe(after)},
                             clock_.Now());
    });
}

}  // namespace opsteward::identity
