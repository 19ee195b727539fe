#include "features/inventory/change_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"

namespace opsteward::inventory {
namespace {

std::string Shown(const Column* column, const json::value& value, Language language) {
    if (value.is_null()) return "—";
    if (value.is_bool()) {
        if (language == Language::kEnglish) return value.as_bool() ? "yes" : "no";
        return value.as_bool() ? "是" : "否";
    }
    if (value.is_string()) {
        const std::string text(value.as_string());
        if (column != nullptr && column->type == ColumnType::kInstant) {
            const auto instant = ParseRfc3339(text);
            if (instant.ok()) return FormatTime(*instant, language);
        }
        return text;
    }
    return json::serialize(value);
}

const Column* ColumnCalled(const Topic* topic, std::string_view name) {
    if (topic == nullptr) return nullptr;
    const auto found = std::ranges::find(topic->columns, name, &Column::name);
    return found == topic->columns.end() ? nullptr : &*found;
}

/// The columns that tell more than the subject, which stands beside it.
std::string Listing(const Topic* topic, const json::object& row, Language language) {
    std::string text;
    for (const auto& [name, value] : row) {
        const Column* const column = ColumnCalled(topic, name);
        if (value.is_null() || (column != nullptr && column->use != ColumnUse::kValue)) continue;
        const std::string title(column == nullptr ? std::string_view(name) : column->title.In(language));
        text += fmt::format("{}{} {}",
                            text.empty()                     ? ""
                            : language == Language::kEnglish ? "; "
                                                             : "；",
                            title, Shown(column, value, language));
    }
    return text;
}

std::string Differences(const Topic* topic, const json::object& before, const json::object& after, Language language) {
    std::string text;
    for (const auto& [name, value] : after) {
        const Column* const column = ColumnCalled(topic, name);
        const json::value* const old = before.if_contains(name);
        const std::string title(column == nullptr ? std::string_view(name) : column->title.In(language));
        text += fmt::format("{}{} {} → {}",
                            text.empty()                     ? ""
                            : language == Language::kEnglish ? "; "
                                                             : "；",
                            title, old == nullptr ? "—" : Shown(column, *old, language), Shown(column, value, language));
    }
    return text;
}

}  // namespace

std::string ChangeText(const StoredChange& stored, Language language) {
    const Topic* const topic = FindTopic(stored.topic);
    const auto* const before = stored.change.before.if_object();
    const auto* const after = stored.change.after.if_object();
    switch (stored.change.kind) {
        case ChangeKind::kAppeared: return after == nullptr ? std::string() : Listing(topic, *after, language);
        case ChangeKind::kDisappeared: return before == nullptr ? std::string() : Listing(topic, *before, language);
        case ChangeKind::kChanged:
            return before == nullptr || after == nullptr ? std::string() : Differences(topic, *before, *after, language);
        case ChangeKind::kFirstObserved: {
            const json::value* const rows = after == nullptr ? nullptr : after->if_contains("rows");
            const std::int64_t count = rows != nullptr && rows->is_number() ? rows->to_number<std::int64_t>() : 0;
            return CountText(Phrase{"{} 筆", "{} [row|rows]"}.In(language), count);
        }
        case ChangeKind::kNotObserved: {
            const json::value* const reason =
                after == nullptr ? nullptr : after->if_contains(language == Language::kEnglish ? "en" : "zh");
            return reason != nullptr && reason->is_string() ? std::string(reason->as_string()) : std::string();
        }
        case ChangeKind::kObserved: break;
    }
    return {};
}

}  // namespace opsteward::inventory
