#include "features/inventory/approval_store.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "features/inventory/device_store.hpp"
#include "features/inventory/difference.hpp"
#include "features/inventory/fact_store.hpp"
#include "features/inventory/sql_text_store.hpp"

namespace opsteward::inventory {
namespace {

struct KindInfo {
    Approval kind;
    std::string_view key;
    std::string_view topic;
    Phrase title;
};
constexpr KindInfo kKinds[] = {
    {Approval::kListener, "listener", "listening_sockets", {"連接埠", "Listener"}},
    {Approval::kAccount, "account", "accounts", {"帳號", "Account"}},
    {Approval::kSoftware, "software", "installed_software", {"軟體", "Software"}},
};

const KindInfo& InfoOf(Approval kind) { return *std::ranges::find(kKinds, kind, &KindInfo::kind); }

constexpr std::string_view kRecordColumns =
    "a.id, a.device_id, a.kind, a.name, a.protocol, a.port, a.program, a.address, a.reason, a.approved_by_name, a.approved_at, a.until_at, "
    "a.ended_at, a.ended_by_name, a.ended_why, "
    "(SELECT COUNT(*) FROM facts_listening_sockets f WHERE a.kind = 'listener' AND f.device_id = a.device_id AND f.approval_id = a.id) + "
    "(SELECT COUNT(*) FROM facts_accounts f WHERE a.kind = 'account' AND f.device_id = a.device_id AND f.approval_id = a.id) + "
    "(SELECT COUNT(*) FROM facts_installed_software f WHERE a.kind = 'software' AND f.name = a.name AND f.device_id = a.device_id AND f.approval_id = a.id)";

ApprovalRecord ReadRecord(const db::Row& row) {
    ApprovalRecord record;
    record.id = row[0].AsInt();
    record.device_id = row[1].AsInt();
    record.subject = {ParseApproval(row[2].AsText()).value_or(Approval::kNone),
                      row[3].AsText(),
                      row[4].AsText(),
                      row[5].AsInt(),
                      row[6].AsOptionalText(),
                      row[7].AsText()};
    record.reason = row[8].AsText();
    record.approved_by = row[9].AsText();
    record.approved_at = row[10].AsInstant();
    record.until_at = row[11].AsOptionalInstant();
    record.ended_at = row[12].AsOptionalInstant();
    record.ended_by = row[13].AsText();
    record.ended_why = row[14].AsText();
    record.covers = row[15].AsInt();
    return record;
}

/// Selects the approval that a row `f` is tied to.
std::string_view MatchSql(Approval kind) {
    switch (kind) {
        case Approval::kListener:
            return "SELECT a.id FROM inventory_approvals a WHERE a.device_id = f.device_id AND a.kind = 'listener' AND a.ended_at IS NULL "
                   "AND a.name IS NULL AND a.port = f.port AND a.protocol = f.protocol AND (a.program IS NULL OR a.program = f.program) "
                   "AND (a.address = 'any' OR (a.address = 'loopback' AND f.is_loopback = 1) OR a.address = f.address) "
                   "ORDER BY a.until_at IS NULL DESC, a.until_at DESC, a.id LIMIT 1";
        case Approval::kAccount:
            return "SELECT a.id FROM inventory_approvals a WHERE a.device_id = f.device_id AND a.kind = 'account' AND a.ended_at IS NULL "
                   "AND a.name = f.name ORDER BY a.until_at IS NULL DESC, a.until_at DESC, a.id LIMIT 1";
        case Approval::kSoftware:
        case Approval::kNone: break;
    }
    return "SELECT a.id FROM inventory_approvals a WHERE a.device_id = f.device_id AND a.kind = 'software' AND a.ended_at IS NULL "
           "AND a.name = f.name ORDER BY a.until_at IS NULL DESC, a.until_at DESC, a.id LIMIT 1";
}

std::size_t ColumnOf(const Topic& topic, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(topic.columns, name, &Column::name) - topic.columns.begin());
}

std::string DetailFor(Approval kind, const db::Row& row) {
    const Topic& topic = TopicOf(kind);
    const auto shown = [&](std::string_view column) { return row[ColumnOf(topic, column)].ToDisplay(); };
    switch (kind) {
        case Approval::kListener:
            return fmt::format("{} {}:{} · uid {} {}", shown("protocol"), shown("address"), shown("port"), shown("uid"),
                               shown("user_name"));
        case Approval::kAccount: return fmt::format("uid {} · {}", shown("uid"), shown("shell"));
        case Approval::kSoftware:
        case Approval::kNone: break;
    }
    return shown("version");
}

Result<void> EndSame(db::Transaction& transaction, const audit::Actor& actor, std::int64_t device_id,
                     const ApprovalSubject& subject, Instant now) {
    const bool is_listener = subject.kind == Approval::kListener;
    if (is_listener) {
        OPS_CHECK(transaction.Execute(
            "UPDATE inventory_approvals SET ended_at = $1, ended_by_name = $2, ended_why = 'replaced' WHERE device_id = $3 AND ended_at IS NULL "
            "AND kind = 'listener' AND name IS NULL AND protocol = $4 AND port = $5 AND address = $6 AND COALESCE(program, '') = $7",
            {now, actor.name, device_id, subject.protocol, subject.port, subject.address, subject.program.value_or("")}));
        return Ok();
    }
    OPS_CHECK(transaction.Execute(
        "UPDATE inventory_approvals SET ended_at = $1, ended_by_name = $2, ended_why = 'replaced' WHERE device_id = $3 AND ended_at IS NULL "
        "AND kind = $4 AND name = $5",
        {now, actor.name, device_id, ApprovalKey(subject.kind), subject.name}));
    return Ok();
}

Result<std::int64_t> Insert(db::Transaction& transaction, const audit::Actor& actor, const Grant& grant,
                            const ApprovalSubject& subject, Instant now) {
    const bool is_listener = subject.kind == Approval::kListener;
    const auto of_listener = [&](db::Value value) { return is_listener ? std::move(value) : db::Value(); };
    OPS_TRY(
        const db::Row row,
        transaction.QueryOne(
            "INSERT INTO inventory_approvals (device_id, kind, name, protocol, port, program, address, reason, approved_by, approved_by_name, "
            "approved_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
            {grant.device_id, ApprovalKey(subject.kind), is_listener ? db::Value() : db::Value(subject.name),
             of_listener(subject.protocol), of_listener(subject.port), of_listener(subject.program), of_listener(subject.address),
             grant.reason, actor.user_id, actor.name, now, grant.until_at}));
    return row[0].AsInt();
}

Result<void> CheckGrant(const Grant& grant, Instant now) {
    if (grant.subjects.empty()) return Error::Of(ErrorCode::kInvalidInput, "沒有要核准的項目。", "There is nothing to approve.");
    if (Trim(grant.reason).empty())
        return Error::Of(ErrorCode::kInvalidInput, "請填寫核准的理由。", "Enter the reason for the approval.");
    if (!IsValidUtf8(grant.reason) || CountCodePoints(grant.reason) > kMaxReasonLength) {
        return Error::Of(ErrorCode::kInvalidInput, "理由最多 1000 字。", "The reason has at most 1000 characters.");
    }
    if (grant.until_at && *grant.until_at <= now) {
        return Error::Of(ErrorCode::kInvalidInput, "核准期限已過。", "The end of the approval has passed already.");
    }
    for (const auto& subject : grant.subjects) {
        if (const Text fault = FaultOf(subject); !fault.empty()) return Error::Of(ErrorCode::kInvalidInput, fault.zh, fault.en);
    }
    return Ok();
}

/// The device's name and unit for the audit row, its row locked, so that observations and approvals of it go one after the other.
struct DeviceTag {
    std::string name;
    std::int64_t unit_id = 0;
};
Result<DeviceTag> LockDevice(db::Transaction& transaction, std::int64_t device_id) {
    OPS_TRY(const auto rows, transaction.Query(fmt::format("SELECT name, unit_id FROM inventory_devices WHERE id = $1{}",
                                                           transaction.dialect() == db::Dialect::kPostgres ? " FOR UPDATE" : ""),
                                               {device_id}));
    if (rows.empty()) return NoSuchDevice();
    return DeviceTag{rows.rows[0][0].AsText(), rows.rows[0][1].AsInt()};
}

Result<void> MatchAll(db::Transaction& transaction, std::int64_t device_id) {
    for (const auto& info : kKinds) OPS_CHECK(MatchApprovals(transaction, info.kind, device_id));
    return Ok();
}

}  // namespace

std::string_view ApprovalKey(Approval kind) { return kind == Approval::kNone ? std::string_view() : InfoOf(kind).key; }

Phrase ApprovalTitle(Approval kind) { return kind == Approval::kNone ? Phrase{} : InfoOf(kind).title; }

std::optional<Approval> ParseApproval(std::string_view key) {
    const auto* const found = std::ranges::find(kKinds, key, &KindInfo::key);
    return found == std::end(kKinds) ? std::nullopt : std::optional(found->kind);
}

const Topic& TopicOf(Approval kind) { return *FindTopic(InfoOf(kind).topic); }

std::string SubjectText(const ApprovalSubject& subject, Language language) {
    if (subject.kind != Approval::kListener) return subject.name;
    const bool is_english = language == Language::kEnglish;
    std::string where = subject.address;
    if (where == kAnyAddress) where = is_english ? "any address" : "任何位址";
    if (where == kLoopbackAddress) where = is_english ? "this machine only" : "僅限本機";
    const std::string program = subject.program.value_or(is_english ? "any program" : "任何程式");
    return fmt::format("{} {} · {} · {}", subject.protocol, subject.port, program, where);
}

json::object SubjectJson(const ApprovalSubject& subject) {
    json::object object{{"kind", ApprovalKey(subject.kind)}};
    if (subject.kind != Approval::kListener) {
        object["name"] = subject.name;
        return object;
    }
    object["protocol"] = subject.protocol;
    object["port"] = subject.port;
    object["program"] = subject.program ? json::value(*subject.program) : json::value(nullptr);
    object["address"] = subject.address;
    return object;
}

ApprovalSubject SubjectFor(Approval kind, const db::Row& row) {
    const Topic& topic = TopicOf(kind);
    const auto at = [&](std::string_view column) -> const db::Value& { return row[ColumnOf(topic, column)]; };
    ApprovalSubject subject;
    subject.kind = kind;
    if (kind != Approval::kListener) {
        subject.name = at("name").AsText();
        return subject;
    }
    subject.protocol = at("protocol").AsText();
    subject.port = at("port").AsInt();
    subject.program = at("program").AsOptionalText();
    subject.address = at("address").AsText();
    if (at("is_loopback").AsBool()) {
        subject.address = kLoopbackAddress;
    } else if (subject.address == "0.0.0.0" || subject.address == "::" || subject.address == "*") {
        subject.address = kAnyAddress;
    }
    return subject;
}

Text FaultOf(const ApprovalSubject& subject) {
    constexpr std::size_t kMaxLength = 500;
    const auto is_bad = [](std::string_view text) {
        return text.empty() || !IsValidUtf8(text) || text.find('\0') != std::string_view::npos || text.size() > kMaxLength;
    };
    if (subject.kind == Approval::kNone)
        return {"kind 應為 listener、account 或 software。", "kind is listener, account or software."};
    if (subject.kind != Approval::kListener) {
        if (is_bad(subject.name)) return {"name 不得空白，最多 500 位元組。", "name is needed, at most 500 bytes."};
        return {};
    }
    if (subject.protocol != "tcp" && subject.protocol != "udp") return {"protocol 應為 tcp 或 udp。", "protocol is tcp or udp."};
    if (subject.port < 0 || subject.port > 65535) return {"port 應為 0 到 65535。", "port is 0 to 65535."};
    if (subject.program && is_bad(*subject.program)) return {"program 最多 500 位元組。", "program has at most 500 bytes."};
    if (is_bad(subject.address)) {
        return {"address 應為 any、loopback 或一個位址。", "address is any, loopback or one address."};
    }
    return {};
}

Result<std::vector<ApprovalRecord>> ReadApprovals(db::Session& session, std::int64_t device_id, bool with_ended, int limit,
                                                  std::int64_t before_id) {
    SqlParameters parameters;
    std::string sql =
        fmt::format("SELECT {} FROM inventory_approvals a WHERE a.device_id = {}", kRecordColumns, parameters.Add(device_id));
    if (!with_ended) sql += " AND a.ended_at IS NULL";
    if (before_id > 0) sql += " AND a.id < " + parameters.Add(before_id);
    sql += " ORDER BY a.id DESC LIMIT " + parameters.Add(limit);
    OPS_TRY(const auto rows, session.Query(sql, parameters.values()));
    std::vector<ApprovalRecord> records;
    for (const db::Row& row : rows.rows) records.push_back(ReadRecord(row));
    return records;
}

Result<ApprovalRecord> FindApproval(db::Session& session, std::int64_t device_id, std::int64_t id) {
    OPS_TRY(
        const auto rows,
        session.Query(fmt::format("SELECT {} FROM inventory_approvals a WHERE a.device_id = $1 AND a.id = $2", kRecordColumns),
                      {device_id, id}));
    if (rows.empty()) return Error::Of(ErrorCode::kNotFound, "這部設備沒有這筆核准。", "The device has no such approval.");
    return ReadRecord(rows.rows[0]);
}

Result<std::vector<Candidate>> ReadCandidates(db::Session& session, std::int64_t device_id, Approval kind) {
    FactQuery query;
    query.device_id = device_id;
    query.approval = ApprovalFilter::kUnapproved;
    query.limit = static_cast<int>(kMaxRowsPerTopic);
    OPS_TRY(const FactPage page, ReadFacts(session, TopicOf(kind), query));
    std::vector<Candidate> candidates;
    std::map<std::string, std::size_t> places;
    for (const FactRow& row : page.rows) {
        ApprovalSubject subject = SubjectFor(kind, row.values);
        std::string detail = DetailFor(kind, row.values);
        const auto [place, is_new] = places.emplace(json::serialize(SubjectJson(subject)), candidates.size());
        if (is_new) {
            candidates.push_back({std::move(subject), std::move(detail)});
        } else {
            candidates[place->second].detail += ", " + detail;
        }
    }
    return candidates;
}

Result<std::vector<std::int64_t>> GrantApprovals(db::Transaction& transaction, const audit::Actor& actor, const Grant& grant,
                                                 Instant now) {
    OPS_CHECK(CheckGrant(grant, now));
    OPS_TRY(const DeviceTag device, LockDevice(transaction, grant.device_id));
    std::vector<std::int64_t> ids;
    json::array subjects;
    for (const auto& subject : grant.subjects) {
        OPS_CHECK(EndSame(transaction, actor, grant.device_id, subject, now));
        OPS_TRY(const std::int64_t id, Insert(transaction, actor, grant, subject, now));
        ids.push_back(id);
        subjects.push_back(SubjectJson(subject));
    }
    OPS_CHECK(MatchAll(transaction, grant.device_id));
    json::object after{{"reason", grant.reason}, {"approved", std::move(subjects)}};
    if (grant.until_at) after["until"] = FormatRfc3339(*grant.until_at);
    OPS_CHECK(audit::Append(
        transaction, actor,
        {"device.approve", "device", fmt::format("{}", grant.device_id), device.name, device.unit_id, nullptr, std::move(after)},
        now));
    return ids;
}

Result<void> WithdrawApproval(db::Transaction& transaction, const audit::Actor& actor, std::int64_t device_id, std::int64_t id,
                              std::string_view reason, Instant now) {
    if (Trim(reason).empty())
        return Error::Of(ErrorCode::kInvalidInput, "請填寫撤回的理由。", "Enter the reason for withdrawing.");
    OPS_TRY(const DeviceTag device, LockDevice(transaction, device_id));
    OPS_TRY(const ApprovalRecord record, FindApproval(transaction, device_id, id));
    if (!record.is_in_force()) return Error::Of(ErrorCode::kConflict, "這筆核准已經失效。", "This approval has ended already.");
    OPS_CHECK(transaction.Execute(
        "UPDATE inventory_approvals SET ended_at = $1, ended_by_name = $2, ended_why = 'withdrawn' WHERE id = $3",
        {now, actor.name, id}));
    OPS_CHECK(MatchApprovals(transaction, record.subject.kind, device_id));
    return audit::Append(
        transaction, actor,
        {"device.withdraw_approval", "device", fmt::format("{}", device_id), device.name, device.unit_id,
         SubjectJson(record.subject), json::object{{"withdrawn", id}, {"reason", Shorten(reason, kMaxReasonLength)}}},
        now);
}

Result<bool> ExpireApprovals(db::Transaction& transaction, Instant now) {
    OPS_TRY(
        const auto due,
        transaction.Query(
            "SELECT id, device_id, kind FROM inventory_approvals WHERE ended_at IS NULL AND until_at IS NOT NULL AND until_at <= $1 ORDER BY id LIMIT 1000",
            {now}));
    for (const db::Row& row : due.rows) {
        const std::int64_t id = row[0].AsInt();
        const std::int64_t device_id = row[1].AsInt();
        OPS_TRY(const DeviceTag device, LockDevice(transaction, device_id));
        OPS_TRY(const ApprovalRecord record, FindApproval(transaction, device_id, id));
        if (!record.is_in_force()) continue;
        OPS_CHECK(transaction.Execute(
            "UPDATE inventory_approvals SET ended_at = until_at, ended_by_name = 'system', ended_why = 'expired' WHERE id = $1",
            {id}));
        OPS_CHECK(MatchApprovals(transaction, record.subject.kind, device_id));
        OPS_CHECK(audit::Append(transaction, audit::Actor(),
                                {"device.approval_expired", "device", fmt::format("{}", device_id), device.name, device.unit_id,
                                 SubjectJson(record.subject), json::object{{"expired", id}}},
                                now));
    }
    return !due.empty();
}

Result<std::int64_t> MatchApprovals(db::Transaction& transaction, Approval kind, std::int64_t device_id) {
    return transaction.Execute(
        fmt::format("UPDATE {0} AS f SET approval_id = ({1}) WHERE f.device_id = $1 AND f.approval_id IS DISTINCT FROM ({1})",
                    FactTable(TopicOf(kind)), MatchSql(kind)),
        {device_id});
}

}  // namespace opsteward::inventory
