// The vault of a data folder as the place that the audit trail is sealed in.
#pragma once

#include <filesystem>

#include "platform/audit/seal_place.hpp"

namespace opsteward::cli {

audit::SealPlace SealPlaceOf(const std::filesystem::path& data);

/// Makes the vault and its key when there is no key yet. What goes wrong is logged and not more: the server works without, and the job that seals
/// tries again and tells.
void MakeVault(const audit::SealPlace& place);

}  // namespace opsteward::cli
