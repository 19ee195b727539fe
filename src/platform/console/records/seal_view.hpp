// What people see of the seals of the audit trail.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "html/markup.hpp"
#include "platform/audit/seals.hpp"
#include "platform/console/services.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::records {

inline constexpr std::string_view kPublicKeyPath = "/audit/vault.pub";

/// "audit-12.tlog-proof"
std::string ProofFileName(std::int64_t sequence);

/// The seals of some rows in the vault of this server.
struct RowSeals {
    std::map<std::int64_t, audit::Seal> seals = {};

    /// Null: not sealed yet.
    const audit::Seal* Of(std::int64_t sequence) const;
};
Result<RowSeals> ReadRowSeals(const Services& services, db::Session& session, std::span<const audit::Entry> entries);
/// "已封存於檢查點 1234", "尚未封存"
std::string SealText(const audit::Seal* seal, Language language);

/// Why rows are not sealed.
struct SealFault {
    Text text;
    std::optional<Instant> at = {};  ///< of the job that failed
};
/// Nothing when all is well, or the job has not run yet.
Result<std::optional<SealFault>> ReadSealFault(const Services& services, db::Session& session);

struct SealView {
    std::optional<std::string> log;  ///< this server's vault; nothing before its key was made
    std::string key_digest;          ///< SHA-256 of the file of the public key, hex
    audit::SealState state;
    std::optional<SealFault> fault;
    std::vector<std::pair<std::string, audit::Seal>> others;  ///< vaults of other servers, and earlier ones, with their last seals
};
Result<SealView> ReadSealView(const Services& services, db::Session& session);

/// How far the trail is sealed, what waits and since when; or why nothing is sealed, and what to do.
html::Markup SealAlert(const web::RequestContext& context, const SealView& view);
/// The public key: its fingerprint and the file. Nothing before it was made.
html::Markup SealKeyCard(const web::RequestContext& context, const SealView& view);

}  // namespace opsteward::console::records
