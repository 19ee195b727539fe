#include "features/inventory/work.hpp"

#include <array>
#include <chrono>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "features/inventory/device_store.hpp"
#include "features/inventory/fact_store.hpp"
#include "features/inventory/page_parts.hpp"

namespace opsteward::inventory {
namespace {

using platform::SearchHit;
using platform::Task;

/// Of each kind; more would bury what else a person has to do.
constexpr int kMaxTasksOfAKind = 20;
/// Several cycles of observation.
constexpr std::chrono::minutes kOverdue{10};

struct DecisionWords {
    std::string_view topic;
    Phrase title;  ///< {0} device, {1} how many
};
constexpr std::array<DecisionWords, 3> kDecisions = {{
    {"listening_sockets", {"{0}：{1} 個對外的連接埠未經核准", "{0}: {1} [listening socket|listening sockets] not approved"}},
    {"accounts", {"{0}：{1} 個可登入的帳號未經核准", "{0}: {1} [account that can log in is|accounts that can log in are] not approved"}},
    {"installed_software", {"{0}：{1} 項來源不明的軟體未經核准", "{0}: {1} [piece|pieces] of software of unknown source not approved"}},
}};

Result<void> AddDecisions(const web::RequestContext& context, db::Session& session, std::vector<Task>& tasks) {
    for (const DecisionWords& words : kDecisions) {
        const Topic& topic = *FindTopic(words.topic);
        OPS_TRY(const auto counts, CountUndecided(session, topic, context.principal().UnitsFor(kMayApprove), kMaxTasksOfAKind));
        for (const UndecidedCount& one : counts) {
            tasks.push_back({.title = fmt::format(fmt::runtime(ChooseByCount(words.title.In(context.language), one.rows)), one.device, one.rows),
                             .detail = std::string(DecisionAdvice(topic.approval).In(context.language)),
                             .href = ToDecidePath(one.device_id, topic),
                             .tone = web::Tone::kAttention,
                             .due_at = {}});
        }
    }
    return Ok();
}

Task GapTask(const web::RequestContext& context, const ObservationGap& gap) {
    Task task{.title = {}, .detail = {}, .href = DevicePath(gap.device_id), .tone = web::Tone::kAttention, .due_at = {}};
    const bool is_overdue = !gap.last_observed_at || *gap.last_observed_at < context.now - kOverdue;
    if (!is_overdue) {
        task.title = fmt::format(fmt::runtime(ChooseByCount(context.Say("{}：{} 項資料觀測不到", "{}: {} [kind|kinds] of facts can't be observed"),
                                                          gap.missing_topics)),
                                 gap.device, gap.missing_topics);
        task.detail =
            context.Say("查看原因，補上讀取權限或安裝缺少的套件。", "See why, and give access or install what is missing.");
        return task;
    }
    task.title = fmt::format(fmt::runtime(context.Say("{}：沒有觀測資料進來", "{}: no observation comes in")), gap.device);
    task.detail =
        gap.last_observed_at
            ? fmt::format("{} {}", context.Say("最近一次：", "Last time:"), FormatTime(*gap.last_observed_at, context.language))
            : std::string(context.Say("從未觀測過；請到設備頁立即觀測。", "Never yet; observe it now on its page."));
    return task;
}

Result<void> AddManaging(const web::RequestContext& context, db::Session& session, std::vector<Task>& tasks) {
    const auto& units = context.principal().UnitsFor(kMayManage);
    OPS_TRY(const auto gaps, ObservationGaps(session, units, context.now - kOverdue, kMaxTasksOfAKind));
    for (const ObservationGap& gap : gaps) tasks.push_back(GapTask(context, gap));
    OPS_TRY(const std::int64_t ownerless, CountWithoutOwner(session, units));
    if (ownerless == 0) return Ok();
    tasks.push_back(
        {.title = CountText(context.Say("{} 部設備沒有負責人", "{} [device has|devices have] no owner"), ownerless),
         .detail = std::string(context.Say("編輯設備，指定負責日常維護的人。", "Edit them and name who maintains them daily.")),
         .href = "/devices?owner=none",
         .tone = web::Tone::kAttention,
         .due_at = {}});
    return Ok();
}

/// The port that is looked for, with or without ":", "tcp" or "udp" before it.
std::optional<std::int64_t> PortOf(std::string_view query) {
    std::string text = ToLowerAscii(Trim(query));
    if (text.starts_with("tcp") || text.starts_with("udp")) text.erase(0, 3);
    std::string_view number = Trim(text);
    if (number.starts_with(':') || number.starts_with('/')) number.remove_prefix(1);
    const auto port = ParseInt(number);
    if (!port || *port < 0 || *port > 65535) return std::nullopt;
    return port;
}

std::string DeviceDetail(const Device& device, Language language) {
    std::string detail(InfoOf(device.kind).title.In(language));
    for (const std::string& part : {device.unit_name, device.address}) {
        if (!part.empty()) detail += " · " + part;
    }
    return detail;
}

SearchHit SoftwareHitFor(const web::RequestContext& context, const SoftwareHit& hit) {
    const std::string where = hit.devices == 1
                                  ? hit.first_device
                                  : fmt::format(fmt::runtime(context.Say("{} 部設備，如 {}", "on {} devices, such as {}")),
                                                hit.devices, hit.first_device);
    return {hit.name, where,
            fmt::format("{}?topic=installed_software&q={}", DevicePath(hit.first_device_id), net::PercentEncode(hit.name)),
            "package"};
}

SearchHit ListenerHitFor(const ListenerHit& hit) {
    std::string title = fmt::format("{} {}:{}", hit.protocol, hit.address, hit.port);
    if (!hit.program.empty()) title += " · " + hit.program;
    return {std::move(title), hit.device, fmt::format("{}?topic=listening_sockets&q={}", DevicePath(hit.device_id), hit.port),
            "plug"};
}

}  // namespace

Result<std::vector<Task>> TasksFor(const web::RequestContext& context, const Surroundings& surroundings) {
    std::vector<Task> tasks;
    OPS_CHECK(surroundings.database.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_CHECK(AddDecisions(context, session, tasks));
        return AddManaging(context, session, tasks);
    }));
    return tasks;
}

Result<std::vector<SearchHit>> SearchFor(const web::RequestContext& context, const Surroundings& surroundings,
                                         std::string_view query, int limit) {
    std::vector<SearchHit> hits;
    const std::string_view text = Trim(query);
    const auto& units = context.principal().UnitsFor(kMayRead);
    if (text.empty() || units.empty() || limit <= 0) return hits;
    OPS_CHECK(surroundings.database.ReadWith([&](db::Session& session) -> Result<void> {
        const auto left = [&] { return limit - static_cast<int>(hits.size()); };
        if (const auto port = PortOf(text)) {
            OPS_TRY(const auto listeners, SearchListeners(session, units, *port, left()));
            for (const ListenerHit& hit : listeners) hits.push_back(ListenerHitFor(hit));
        }
        if (left() == 0) return Ok();
        OPS_TRY(const auto devices, SearchDevices(session, units, text, left()));
        for (const Device& device : devices) {
            hits.push_back(
                {device.name, DeviceDetail(device, context.language), DevicePath(device.id), InfoOf(device.kind).icon});
        }
        if (left() == 0) return Ok();
        OPS_TRY(const auto software, SearchSoftware(session, units, text, left()));
        for (const SoftwareHit& hit : software) hits.push_back(SoftwareHitFor(context, hit));
        return Ok();
    }));
    return hits;
}

}  // namespace opsteward::inventory
