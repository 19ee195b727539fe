#include "features/inventory/api_input.hpp"

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "platform/web/json_fields.hpp"

namespace opsteward::inventory {
namespace {

Error BadField(std::string_view name, std::string_view zh, std::string_view en) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("欄位 {} {}。", name, zh), fmt::format("The field {} {}.", name, en));
}

Result<void> ReadText(const json::object& body, std::string_view name, std::string& text) {
    if (!body.contains(name)) return Ok();
    constexpr std::size_t kMaxBytes = 20'000;
    OPS_TRY(text, web::RequiredString(body, name, kMaxBytes));
    return Ok();
}

Result<void> ReadOwner(const json::object& body, Device& device) {
    const json::value* const value = body.if_contains("owner_id");
    if (value == nullptr) return Ok();
    if (!value->is_null() && !value->is_int64()) return BadField("owner_id", "應為整數或 null", "has to be an integer or null");
    device.owner_id = value->is_null() ? std::nullopt : std::optional(value->as_int64());
    return Ok();
}

Result<void> ReadCore(const json::object& body, Device& device) {
    const json::value* const value = body.if_contains("is_core");
    if (value == nullptr) return Ok();
    if (!value->is_bool()) return BadField("is_core", "應為 true 或 false", "has to be true or false");
    device.is_core = value->as_bool();
    return Ok();
}

Result<void> ReadState(const json::object& body, Instant now, Device& device) {
    if (!body.contains("state")) return Ok();
    OPS_TRY(const std::string state, web::RequiredString(body, "state"));
    if (state == "in_service") {
        device.retired_at.reset();
    } else if (state == "retired") {
        device.retired_at = device.retired_at.value_or(now);
    } else {
        return BadField("state", "應為 in_service 或 retired", "is in_service or retired");
    }
    return Ok();
}

Result<ApprovalSubject> ReadSubject(const json::value& value) {
    const json::object* const body = value.if_object();
    if (body == nullptr) return BadField("subjects", "的每一項都應為物件", "holds objects");
    ApprovalSubject subject;
    OPS_TRY(const std::string kind, web::RequiredString(*body, "kind"));
    subject.kind = ParseApproval(kind).value_or(Approval::kNone);
    if (subject.kind == Approval::kListener) {
        OPS_CHECK(web::OnlyFields(*body, {"kind", "protocol", "port", "program", "address"}));
        OPS_TRY(subject.protocol, web::RequiredString(*body, "protocol"));
        OPS_TRY(subject.port, web::RequiredInt(*body, "port"));
        OPS_TRY(subject.address, web::RequiredString(*body, "address"));
        const json::value* const program = body->if_contains("program");
        if (program != nullptr && !program->is_null()) {
            OPS_TRY(subject.program, web::RequiredString(*body, "program"));
        }
    } else if (subject.kind != Approval::kNone) {
        OPS_CHECK(web::OnlyFields(*body, {"kind", "name"}));
        OPS_TRY(subject.name, web::RequiredString(*body, "name"));
    }
    if (const Text fault = FaultOf(subject); !fault.empty()) return Error::Of(ErrorCode::kInvalidInput, fault.zh, fault.en);
    return subject;
}

}  // namespace

Error BadParameter(std::string_view name, std::string_view expected) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("參數 {} 應為：{}。", name, expected),
                     fmt::format("The parameter {} is: {}.", name, expected));
}

Result<int> LimitOf(const web::RequestContext& context) {
    constexpr std::int64_t kUsual = 100;
    constexpr std::int64_t kMost = 1000;
    const std::string_view given = context.request.query.Get("limit");
    const auto limit = given.empty() ? std::optional(kUsual) : ParseInt(given);
    if (!limit || *limit < 1 || *limit > kMost) return BadParameter("limit", "1 … 1000");
    return static_cast<int>(*limit);
}

Result<std::optional<std::int64_t>> NumberParameter(const web::RequestContext& context, std::string_view name) {
    const std::string_view given = context.request.query.Get(name);
    if (given.empty()) return std::optional<std::int64_t>();
    const auto number = ParseInt(given);
    if (!number || *number < 1) return BadParameter(name, "1, 2, 3 …");
    return number;
}

Result<void> ReadDeviceFields(const json::object& body, bool is_new, Instant now, Device& device) {
    if (is_new) {
        OPS_CHECK(web::OnlyFields(body, {"name", "kind", "unit_id", "owner_id", "is_core", "address", "notes"}));
    } else {
        OPS_CHECK(web::OnlyFields(body, {"name", "kind", "unit_id", "owner_id", "is_core", "address", "notes", "state"}));
    }
    if (is_new || body.contains("name")) {
        OPS_TRY(device.name, web::RequiredString(body, "name"));
    }
    if (is_new || body.contains("kind")) {
        OPS_TRY(const std::string key, web::RequiredString(body, "kind"));
        const auto kind = ParseDeviceKind(key);
        if (!kind)
            return BadField("kind", "應為 server、workstation、network 或 firewall",
                            "is server, workstation, network or firewall");
        device.kind = *kind;
    }
    if (is_new || body.contains("unit_id")) {
        OPS_TRY(device.unit_id, web::RequiredInt(body, "unit_id"));
    }
    OPS_CHECK(ReadOwner(body, device));
    OPS_CHECK(ReadCore(body, device));
    OPS_CHECK(ReadText(body, "address", device.address));
    OPS_CHECK(ReadText(body, "notes", device.notes));
    return ReadState(body, now, device);
}

Result<Grant> ReadGrant(const json::object& body, std::int64_t device_id) {
    constexpr std::size_t kMostSubjects = 10'000;
    OPS_CHECK(web::OnlyFields(body, {"subjects", "reason", "until_at"}));
    Grant grant;
    grant.device_id = device_id;
    OPS_TRY(grant.reason, web::RequiredString(body, "reason"));
    const json::value* const subjects = body.if_contains("subjects");
    if (subjects == nullptr || !subjects->is_array())
        return BadField("subjects", "必須有，且為陣列", "has to be there and be an array");
    if (subjects->as_array().size() > kMostSubjects) return BadField("subjects", "最多 10000 項", "has at most 10000 entries");
    for (const json::value& one : subjects->as_array()) {
        OPS_TRY(auto subject, ReadSubject(one));
        grant.subjects.push_back(std::move(subject));
    }
    const json::value* const until = body.if_contains("until_at");
    if (until != nullptr && !until->is_null()) {
        OPS_TRY(const std::string text, web::RequiredString(body, "until_at"));
        OPS_TRY(grant.until_at, ParseRfc3339(text, true));
    }
    return grant;
}

Result<std::string> ReadReason(const json::object& body) {
    OPS_CHECK(web::OnlyFields(body, {"reason"}));
    return web::RequiredString(body, "reason");
}

}  // namespace opsteward::inventory
