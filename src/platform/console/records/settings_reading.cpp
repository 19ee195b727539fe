#include "platform/console/records/settings_reading.hpp"

#include <system_error>

#include "platform/audit/trail.hpp"
#include "platform/console/records/records_store.hpp"

namespace opsteward::console::records {

Result<SettingsFacts> ReadSettings(const Services& services, Instant now) {
    SettingsFacts facts;
    OPS_CHECK(services.database.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_TRY(facts.database_bytes, DatabaseSize(session));
        OPS_TRY(facts.audit_rows, audit::CountRows(session));
        return Ok();
    }));
    std::error_code error;
    const auto space = std::filesystem::space(services.program.data_folder, error);
    if (!error) facts.disk = space;
    if (!services.program.certificate_file.empty()) {
        auto certificate = net::ReadCertificate(services.program.certificate_file);
        if (certificate.ok()) facts.certificate = std::move(certificate).value();
    }
    facts.pack = services.procedure.pack();
    facts.faults = services.procedure.faults();
    OPS_TRY(const auto board, services.procedure.BoardFor({}, std::nullopt));
    facts.refused_checks = board->refused_checks;
    OPS_TRY(facts.concerns, SettingsConcerns(services, now));
    return facts;
}

}  // namespace opsteward::console::records
