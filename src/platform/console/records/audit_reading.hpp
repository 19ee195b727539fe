// The audit trail as one reader sees it: what was asked for, within what this person may see.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/language.hpp"
#include "base/result.hpp"
#include "platform/audit/trail.hpp"
#include "platform/identity/identity.hpp"
#include "platform/web/request_context.hpp"

namespace opsteward::console::records {

inline constexpr std::string_view kMayReadAudit = "audit.read";
inline constexpr std::string_view kVerifyJob = "audit.verify";

/// Rows that belong to a unit are for those who hold audit.read there; rows of no unit (jobs, settings) for those who
/// hold it at the top of the organisation, and so everywhere.
struct AuditReach {
    std::optional<std::set<std::int64_t>> units;     ///< nothing: every row
    std::map<std::int64_t, std::string> unit_names;  ///< of the whole organisation, for showing values

    bool Covers(const audit::Entry& entry) const;
};
Result<AuditReach> ReachOf(const web::RequestContext& context, const identity::Identity& identity);

/// The fields q, actor, kind, id, from, until and before of a query.
struct AuditQuestion {
    audit::Filter filter;
    Text from_fault;  ///< why the date was not understood; empty when it was, or there is none
    Text until_fault;

    bool has_fault() const { return !from_fault.empty() || !until_fault.empty(); }
};
/// For people: dates as ParseDate reads them; `until` includes its day.
AuditQuestion QuestionOf(const net::FormFields& query, const AuditReach& reach);
/// For programs: times and dates of RFC 3339; kInvalidInput names the parameter.
Result<audit::Filter> ApiFilterOf(const net::FormFields& query, const AuditReach& reach);

/// A row and the hash before it.
struct LinkedEntry {
    audit::Entry entry;
    std::string previous_hash;  ///< "" for the first row
};
/// kNotFound when there is no such row, kForbidden when it is not for this reader.
Result<LinkedEntry> FindEntry(db::Session& session, std::int64_t sequence, const AuditReach& reach);

}  // namespace opsteward::console::records
