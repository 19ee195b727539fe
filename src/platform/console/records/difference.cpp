#include "platform/console/records/difference.hpp"

#include <string_view>

namespace opsteward::console::records {

namespace {

const json::object& FieldsOf(const json::value* state) {
    static const json::object kNone;
    return state != nullptr && state->is_object() ? state->as_object() : kNone;
}

bool IsFieldless(const json::value* state) {
    return state == nullptr || state->is_null() || state->is_object();
}

std::optional<json::value> Copy(const json::value* value) {
    return value == nullptr ? std::nullopt : std::optional(*value);
}

class Comparison {
  public:
    std::vector<FieldChange> changes;

    void Compare(const std::string& prefix, const json::value* before, const json::value* after) {
        for (const auto& [key, value] : FieldsOf(after)) {
            CompareField(prefix, key, FieldsOf(before).if_contains(key), &value);
        }
        for (const auto& [key, value] : FieldsOf(before)) {
            if (!FieldsOf(after).contains(key)) CompareField(prefix, key, &value, nullptr);
        }
    }

  private:
    void CompareField(const std::string& prefix, std::string_view key, const json::value* before,
                      const json::value* after) {
        const std::string name = prefix + std::string(key);
        const bool has_fields = (before != nullptr && before->is_object()) || (after != nullptr && after->is_object());
        if (has_fields && IsFieldless(before) && IsFieldless(after)) {
            Compare(name + ".", before, after);
        } else if (before == nullptr || after == nullptr || *before != *after) {
            changes.push_back({name, Copy(before), Copy(after)});
        }
    }
};

}  // namespace

std::vector<FieldChange> ChangedFields(const json::value& before, const json::value& after) {
    if (!IsFieldless(&before) || !IsFieldless(&after)) {
        if (before == after) return {};
        return {{"", before.is_null() ? std::nullopt : std::optional(before),
                 after.is_null() ? std::nullopt : std::optional(after)}};
    }
    Comparison comparison;
    comparison.Compare("", &before, &after);
    return std::move(comparison.changes);
}

}  // namespace opsteward::console::records
