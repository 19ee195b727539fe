#include "platform/console/records/audit_reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/text.hpp"

namespace opsteward::console::records {

namespace {

audit::Filter FilterWithoutDates(const net::FormFields& query, const AuditReach& reach) {
    audit::Filter filter;
    filter.text = Trim(query.Get("q"));
    filter.actor = Trim(query.Get("actor"));
    filter.subject_kind = query.Get("kind");
    filter.subject_id = query.Get("id");
    filter.before_sequence = std::max<std::int64_t>(0, ParseInt(query.Get("before")).value_or(0));
    filter.units = reach.units;
    return filter;
}

std::optional<Instant> DayOf(std::string_view text, std::chrono::days later, Text& fault) {
    if (Trim(text).empty()) return std::nullopt;
    const auto date = ParseDate(Trim(text));
    if (date.ok()) return StartOfDay(Date(std::chrono::sys_days(*date) + later));
    fault = date.error().caller_text;
    return std::nullopt;
}

Result<std::optional<Instant>> TimeOf(const net::FormFields& query, std::string_view name, bool is_end) {
    const std::string_view text = query.Get(name);
    if (text.empty()) return std::optional<Instant>();
    const auto time = ParseRfc3339(text, is_end);
    if (!time.ok()) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("參數 {} 必須是 RFC 3339 的時間或日期。", name),
                         fmt::format("The parameter {} has to be a time or a date of RFC 3339.", name));
    }
    // The end of a day is its last millisecond, the end of the filter the first one after it.
    const bool is_date = text.find_first_of("Tt ") == std::string_view::npos;
    return std::optional(is_end && is_date ? *time + std::chrono::milliseconds(1) : *time);
}

}  // namespace

bool AuditReach::Covers(const audit::Entry& entry) const {
    return !units || (entry.change.unit_id && units->contains(*entry.change.unit_id));
}

Result<AuditReach> ReachOf(const web::RequestContext& context, const identity::Identity& identity) {
    AuditReach reach;
    OPS_TRY(const std::vector<identity::Unit> units, identity.Units());
    bool is_everywhere = false;
    for (const identity::Unit& unit : units) {
        reach.unit_names.emplace(unit.id, unit.name);
        is_everywhere = is_everywhere || (!unit.parent_id && context.principal().May(kMayReadAudit, unit.id));
    }
    if (!is_everywhere) reach.units = context.principal().UnitsFor(kMayReadAudit);
    return reach;
}

AuditQuestion QuestionOf(const net::FormFields& query, const AuditReach& reach) {
    AuditQuestion question;
    question.filter = FilterWithoutDates(query, reach);
    question.filter.from = DayOf(query.Get("from"), std::chrono::days(0), question.from_fault);
    question.filter.until = DayOf(query.Get("until"), std::chrono::days(1), question.until_fault);
    return question;
}

Result<audit::Filter> ApiFilterOf(const net::FormFields& query, const AuditReach& reach) {
    audit::Filter filter = FilterWithoutDates(query, reach);
    OPS_TRY(filter.from, TimeOf(query, "from", false));
    OPS_TRY(filter.until, TimeOf(query, "until", true));
    return filter;
}

Result<LinkedEntry> FindEntry(db::Session& session, std::int64_t sequence, const AuditReach& reach) {
    audit::Filter filter;
    filter.before_sequence = sequence + 1;
    filter.limit = 2;
    OPS_TRY(std::vector<audit::Entry> found, audit::Search(session, filter));
    if (found.empty() || found.front().sequence != sequence) {
        return Error::Of(ErrorCode::kNotFound, fmt::format("沒有第 {} 筆稽核紀錄。", sequence),
                         fmt::format("There is no row {} in the audit trail.", sequence));
    }
    if (!reach.Covers(found.front())) {
        return Error::Hidden(ErrorCode::kForbidden,
                             fmt::format("row {} of the audit trail belongs to another unit", sequence));
    }
    return LinkedEntry{std::move(found.front()), found.size() > 1 ? found.back().hash : std::string()};
}

}  // namespace opsteward::console::records
