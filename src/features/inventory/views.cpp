#include "features/inventory/views.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "features/inventory/fact_store.hpp"
#include "features/inventory/topic.hpp"

namespace opsteward::inventory {
namespace {

constexpr std::string_view kBackupCopies =
    "SELECT data_set, place, made_at, verified_at, size_bytes FROM inventory_backup_copies";

constexpr std::string_view kDevices = R"(SELECT d.id, d.unit_id, d.name, d.kind, d.is_core, d.owner_id,
  COALESCE(o.user_name, d.owner_name), d.address, d.registered_at, d.last_observed_at
FROM inventory_devices d
LEFT JOIN (SELECT user_id, MAX(user_name) AS user_name FROM role_holders GROUP BY user_id) o ON o.user_id = d.owner_id
WHERE d.retired_at IS NULL)";

constexpr std::string_view kCoverage =
    R"(SELECT c.device_id, d.unit_id, d.name, c.topic, c.status, c.reason_zh, c.reason_en, c.observed_at
FROM inventory_coverage c JOIN inventory_devices d ON d.id = c.device_id WHERE d.retired_at IS NULL)";

/// What stands after a topic's own columns.
struct Tail {
    std::string_view topic;
    bool has_until = false;
    bool has_first_seen = true;
    bool has_observed = false;  ///< when the topic was last observed
};
constexpr Tail kTails[] = {
    {.topic = "accounts", .has_until = true},
    {.topic = "resources", .has_first_seen = false, .has_observed = true},
    {.topic = "clock_status", .has_first_seen = false, .has_observed = true},
    {.topic = "anti_virus", .has_first_seen = false},
    {.topic = "log_services", .has_first_seen = false},
};

Tail TailOf(std::string_view topic) {
    const auto* const found = std::ranges::find(kTails, topic, &Tail::topic);
    return found == std::end(kTails) ? Tail{.topic = topic} : *found;
}

class ViewBuilder {
  public:
    explicit ViewBuilder(const Topic& topic) : topic_(topic) {}

    db::ViewSpec Build(std::deque<std::string>& texts) {
        Add("device_id", "f.device_id");
        Add("unit_id", "d.unit_id");
        Add("device", "d.name");
        for (const Column& column : topic_.columns) Add(column.name, fmt::format("f.{}", column.name));
        const Tail tail = TailOf(topic_.name);
        if (topic_.approval != Approval::kNone) Add("is_approved", "CASE WHEN f.approval_id IS NULL THEN 0 ELSE 1 END");
        std::string joins = " JOIN inventory_devices d ON d.id = f.device_id";
        if (tail.has_until) {
            Add("approved_until_at", "a.until_at");
            joins += " LEFT JOIN inventory_approvals a ON a.id = f.approval_id";
        }
        if (tail.has_first_seen) Add("first_seen_at", "f.first_seen_at");
        if (tail.has_observed) {
            Add("observed_at", "c.observed_at");
            joins += fmt::format(" LEFT JOIN inventory_coverage c ON c.device_id = f.device_id AND c.topic = '{}'", topic_.name);
        }
        texts.push_back(fmt::format("SELECT {} FROM {} f{} WHERE d.retired_at IS NULL", list_, FactTable(topic_), joins));
        return {topic_.name, std::move(columns_), texts.back()};
    }

  private:
    void Add(std::string_view name, std::string_view expression) {
        columns_.push_back(name);
        list_ += fmt::format("{}{}", list_.empty() ? "" : ", ", expression);
    }

    const Topic& topic_;
    std::vector<std::string_view> columns_;
    std::string list_;
};

}  // namespace

std::span<const db::ViewSpec> Views() {
    static std::deque<std::string> texts;
    static const std::vector<db::ViewSpec> views = [] {
        std::vector<db::ViewSpec> all = {
            {"backup_copies", {"data_set", "place", "made_at", "verified_at", "size_bytes"}, kBackupCopies},
            {"devices",
             {"device_id", "unit_id", "name", "kind", "is_core", "owner_id", "owner_name", "address", "registered_at",
              "last_observed_at"},
             kDevices},
            {"fact_coverage",
             {"device_id", "unit_id", "device", "topic", "status", "reason_zh", "reason_en", "observed_at"},
             kCoverage},
        };
        for (const Topic& topic : AllTopics()) all.push_back(ViewBuilder(topic).Build(texts));
        return all;
    }();
    return views;
}

}  // namespace opsteward::inventory
