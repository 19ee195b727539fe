// What the administrator approved on a device: listeners, accounts, software. An approval in force is tied to the rows it covers,
// so that the fact views and pages need no matching when they are read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/language.hpp"
#include "db/database.hpp"
#include "features/inventory/topic.hpp"
#include "platform/audit/trail.hpp"

namespace opsteward::inventory {

std::string_view ApprovalKey(Approval kind);  ///< "listener", "account", "software"
Phrase ApprovalTitle(Approval kind);
std::optional<Approval> ParseApproval(std::string_view key);
/// The topic whose rows are approved this way. Precondition: not kNone.
const Topic& TopicOf(Approval kind);

/// What is approved.
struct ApprovalSubject {
    Approval kind = Approval::kNone;
    std::string name;      ///< of the account or software
    std::string protocol;  ///< listeners: "tcp", "udp"
    std::int64_t port = 0;
    std::optional<std::string> program;  ///< none: whatever program listens
    std::string address;                 ///< "any", "loopback", or one address as observed

    bool operator==(const ApprovalSubject&) const = default;
};
inline constexpr std::string_view kAnyAddress = "any";
inline constexpr std::string_view kLoopbackAddress = "loopback";

/// "tcp 22 sshd (any)", "root"
std::string SubjectText(const ApprovalSubject& subject, Language language);
json::object SubjectJson(const ApprovalSubject& subject);
/// The narrowest subject that covers a row of the topic of `kind`.
ApprovalSubject SubjectFor(Approval kind, const db::Row& row);
/// What is wrong with it; empty when nothing is.
Text FaultOf(const ApprovalSubject& subject);

struct ApprovalRecord {
    std::int64_t id = 0;
    std::int64_t device_id = 0;
    ApprovalSubject subject;
    std::string reason;
    std::string approved_by;
    Instant approved_at;
    std::optional<Instant> until_at;  ///< from then on it does not hold
    std::optional<Instant> ended_at;
    std::string ended_by;
    std::string ended_why;    ///< "withdrawn", "replaced", "expired"
    std::int64_t covers = 0;  ///< rows now

    bool is_in_force() const { return !ended_at.has_value(); }
};
/// Newest first. `with_ended`: also those that ended.
Result<std::vector<ApprovalRecord>> ReadApprovals(db::Session& session, std::int64_t device_id, bool with_ended, int limit,
                                                  std::int64_t before_id = 0);
/// kNotFound when there is none of that number on that device.
Result<ApprovalRecord> FindApproval(db::Session& session, std::int64_t device_id, std::int64_t id);

/// The unapproved rows of a device as the subjects that would cover them, without repetition, in the order shown.
struct Candidate {
    ApprovalSubject subject;
    std::string detail;  ///< what was seen, for the eye: "0.0.0.0, uid 0"
};
Result<std::vector<Candidate>> ReadCandidates(db::Session& session, std::int64_t device_id, Approval kind);

struct Grant {
    std::int64_t device_id = 0;
    std::vector<ApprovalSubject> subjects;
    std::string reason;
    std::optional<Instant> until_at;
};
/// Approves, in one audit row. An approval in force of the same subject is replaced. Gives the ids.
/// kInvalidInput: no subject, a faulty one, no reason, an end that has passed.
Result<std::vector<std::int64_t>> GrantApprovals(db::Transaction& transaction, const audit::Actor& actor, const Grant& grant,
                                                 Instant now);
/// kInvalidInput without a reason; kNotFound; kConflict when it has ended already.
Result<void> WithdrawApproval(db::Transaction& transaction, const audit::Actor& actor, std::int64_t device_id, std::int64_t id,
                              std::string_view reason, Instant now);
/// Ends those whose end has come; says whether there were any.
Result<bool> ExpireApprovals(db::Transaction& transaction, Instant now);
/// Ties rows to the approvals in force that cover them (the one that holds longest). Gives how many rows changed.
Result<std::int64_t> MatchApprovals(db::Transaction& transaction, Approval kind, std::int64_t device_id);

inline constexpr std::size_t kMaxReasonLength = 1000;

}  // namespace opsteward::inventory
