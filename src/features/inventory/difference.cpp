#include "features/inventory/difference.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/text.hpp"

namespace opsteward::inventory {
namespace {

struct KindInfo {
    ChangeKind kind;
    std::string_view key;
    Phrase title;
};
constexpr KindInfo kKinds[] = {
    {ChangeKind::kAppeared, "appeared", {"新增", "Appeared"}},
    {ChangeKind::kChanged, "changed", {"變更", "Changed"}},
    {ChangeKind::kDisappeared, "disappeared", {"消失", "Disappeared"}},
    {ChangeKind::kFirstObserved, "first_observed", {"首次觀測", "First observed"}},
    {ChangeKind::kObserved, "observed", {"恢復觀測", "Observed again"}},
    {ChangeKind::kNotObserved, "not_observed", {"無法觀測", "Not observed"}},
};

std::string CleanText(std::string_view text) {
    std::string clean = ReplaceInvalidUtf8(text.substr(0, kMaxTextBytes));
    std::erase(clean, '\0');
    return clean;
}

db::Value NormaliseValue(ColumnType type, const db::Value& value) {
    if (value.is_null()) return nullptr;
    switch (type) {
        case ColumnType::kText: return CleanText(value.ToDisplay());
        case ColumnType::kReal: {
            const double real = value.AsReal();
            if (!std::isfinite(real)) return nullptr;
            return real;
        }
        case ColumnType::kBoolean: return value.AsInt() != 0;
        case ColumnType::kInteger:
        case ColumnType::kInstant: break;
    }
    if (const auto integer = value.AsOptionalInt()) return *integer;
    if (const auto* real = std::get_if<double>(&value.state()); real != nullptr && std::abs(*real) < 9e18) {
        return static_cast<std::int64_t>(std::llround(*real));
    }
    return nullptr;
}

/// Enough to be worth a write at once.
bool MovedMeaningfully(const Column& column, const db::Value& before, const db::Value& after) {
    if (before.is_null() != after.is_null()) return true;
    const double moved = std::abs(after.AsReal() - before.AsReal());
    const double size = std::max(std::abs(after.AsReal()), std::abs(before.AsReal()));
    switch (column.type) {
        case ColumnType::kReal:
            if (column.name.ends_with("_ratio")) return moved >= kRatioStep;
            return moved >= 1 && moved > 0.1 * size;
        case ColumnType::kInstant: return moved >= 60'000;
        case ColumnType::kInteger: return moved > 0.01 * size;
        case ColumnType::kText:
        case ColumnType::kBoolean: break;
    }
    return before != after;
}

FactChange ChangeOf(const Topic& topic, const db::Row& before, const db::Row& after) {
    FactChange change{ChangeKind::kChanged, RowSubject(topic, after), json::object(), json::object()};
    for (std::size_t i = 0; i < topic.columns.size(); ++i) {
        const Column& column = topic.columns[i];
        if (column.use != ColumnUse::kValue || before[i] == after[i]) continue;
        change.before.as_object()[column.name] = ValueJson(column, before[i]);
        change.after.as_object()[column.name] = ValueJson(column, after[i]);
    }
    return change;
}

void CompareRow(const Topic& topic, const KnownRow& known, db::Row observed, Instant at, Difference& difference) {
    bool has_changed = false;
    bool has_moved = false;
    bool must_write = false;
    for (std::size_t i = 0; i < topic.columns.size(); ++i) {
        const Column& column = topic.columns[i];
        if (known.values[i] == observed[i]) continue;
        if (column.use == ColumnUse::kValue) has_changed = true;
        if (column.use == ColumnUse::kMeasured) {
            has_moved = true;
            must_write = must_write || MovedMeaningfully(column, known.values[i], observed[i]);
        }
    }
    if (has_changed) difference.changes.push_back(ChangeOf(topic, known.values, observed));
    if (has_changed || must_write || (has_moved && at - known.written_at >= kMeasuredRefresh)) {
        difference.updates.push_back({known.id, std::move(observed)});
    }
}

}  // namespace

std::string_view ChangeKindKey(ChangeKind kind) { return kKinds[static_cast<std::size_t>(kind)].key; }

Phrase ChangeKindTitle(ChangeKind kind) { return kKinds[static_cast<std::size_t>(kind)].title; }

std::optional<ChangeKind> ParseChangeKind(std::string_view key) {
    const auto* const found = std::ranges::find(kKinds, key, &KindInfo::key);
    return found == std::end(kKinds) ? std::nullopt : std::optional(found->kind);
}

db::Row NormaliseRow(const Topic& topic, const db::Row& row) {
    db::Row normal(topic.columns.size());
    for (std::size_t i = 0; i < normal.size() && i < row.size(); ++i) {
        normal[i] = NormaliseValue(topic.columns[i].type, row[i]);
    }
    return normal;
}

std::string RowSubject(const Topic& topic, const db::Row& row) {
    std::string subject;
    for (std::size_t i = 0; i < topic.columns.size() && i < row.size(); ++i) {
        if (topic.columns[i].use != ColumnUse::kKey || row[i].is_null()) continue;
        if (!subject.empty()) subject += ' ';
        subject += row[i].ToDisplay();
    }
    return subject;
}

std::string RowKey(const Topic& topic, const db::Row& row) {
    std::string key;
    for (std::size_t i = 0; i < topic.columns.size() && i < row.size(); ++i) {
        if (topic.columns[i].use != ColumnUse::kKey) continue;
        // The length keeps neighbours apart, whatever characters they hold; NULL is unlike any text.
        const std::string text = row[i].ToDisplay();
        key += row[i].is_null() ? "-" : fmt::format("{}:{}", text.size(), text);
    }
    return key;
}

json::value ValueJson(const Column& column, const db::Value& value) {
    if (value.is_null()) return nullptr;
    switch (column.type) {
        case ColumnType::kBoolean: return value.AsBool();
        case ColumnType::kInstant: return json::string(FormatRfc3339(value.AsInstant()));
        case ColumnType::kReal: return value.AsReal();
        case ColumnType::kInteger: return value.AsInt();
        case ColumnType::kText: break;
    }
    return json::string(value.AsText());
}

json::object RowJson(const Topic& topic, const db::Row& row) {
    json::object object;
    for (std::size_t i = 0; i < topic.columns.size() && i < row.size(); ++i) {
        object[topic.columns[i].name] = ValueJson(topic.columns[i], row[i]);
    }
    return object;
}

Difference Compare(const Topic& topic, std::span<const KnownRow> known, const std::vector<db::Row>& observed, Instant at) {
    std::unordered_map<std::string, db::Row> seen;
    std::vector<std::string> order;
    for (const db::Row& row : observed) {
        db::Row normal = NormaliseRow(topic, row);
        std::string key = RowKey(topic, normal);
        if (seen.emplace(key, std::move(normal)).second) order.push_back(std::move(key));
    }

    Difference difference;
    for (const KnownRow& row : known) {
        const auto found = seen.find(RowKey(topic, row.values));
        if (found != seen.end()) {
            CompareRow(topic, row, std::move(found->second), at, difference);
            seen.erase(found);
            continue;
        }
        difference.deletes.push_back(row.id);
        difference.changes.push_back(
            {ChangeKind::kDisappeared, RowSubject(topic, row.values), RowJson(topic, row.values), nullptr});
    }
    for (const std::string& key : order) {
        const auto found = seen.find(key);
        if (found == seen.end()) continue;
        difference.changes.push_back(
            {ChangeKind::kAppeared, RowSubject(topic, found->second), nullptr, RowJson(topic, found->second)});
        difference.inserts.push_back(std::move(found->second));
    }
    return difference;
}

}  // namespace opsteward::inventory
