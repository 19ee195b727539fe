// What the settings page and its API show.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "net/certificate_facts.hpp"
#include "platform/console/records/concerns.hpp"

namespace opsteward::console::records {

struct SettingsFacts {
    std::int64_t database_bytes = 0;
    std::int64_t audit_rows = 0;
    std::optional<std::filesystem::space_info> disk;  ///< of the data folder
    std::optional<net::CertificateFacts>
        certificate;                              ///< nothing: no TLS, or it can't be read (then there is a concern)
    std::shared_ptr<const procedure::Pack> pack;  ///< in use
    std::vector<procedure::PackFault> faults;     ///< of the files on disk
    std::vector<Text> refused_checks;
    std::vector<Concern> concerns;
};
Result<SettingsFacts> ReadSettings(const Services& services, Instant now);

}  // namespace opsteward::console::records
