#include "platform/console/procedure/setup_store.hpp"

namespace opsteward::console::compliance {

Result<SetupFacts> ReadSetup(db::Session& session) {
    OPS_TRY(const db::Row row,
            session.QueryOne("SELECT (SELECT COUNT(*) FROM units), (SELECT COUNT(DISTINCT user_id) FROM role_holders), "
                             "(SELECT COUNT(*) FROM devices), (SELECT MIN(device_id) FROM devices WHERE owner_id IS NULL), "
                             "(SELECT MIN(device_id) FROM listening_sockets WHERE is_approved = 0 AND is_loopback = 0), "
                             "(SELECT MAX(made_at) FROM backup_copies)"));
    return SetupFacts{row[0].AsInt(),         row[1].AsInt(),         row[2].AsInt(),
                      row[3].AsOptionalInt(), row[4].AsOptionalInt(), row[5].AsOptionalInstant()};
}

}  // namespace opsteward::console::compliance
