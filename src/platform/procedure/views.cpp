// The fact view of this room, and what checks look at by default.
#include "platform/procedure/procedure.hpp"

namespace opsteward::procedure {

std::span<const db::ViewSpec> Views() {
    static const db::ViewSpec kViews[] = {
        {"duties",
         {"duty_id", "clause_id", "unit_id", "period_start_at", "due_at", "done_at", "done_by"},
         "SELECT duty_id, clause_id, unit_id, period_start_at, due_at, done_at, done_by FROM duty_rounds"},
    };
    return kViews;
}

std::string_view DefaultPopulation() { return "SELECT unit_id, device_id, name AS subject FROM devices"; }

}  // namespace opsteward::procedure
