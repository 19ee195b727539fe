#include "features/logs/line_fields.hpp"

#include <algorithm>

namespace opsteward::logs {

void LineFields::PointAt(const vault::RecordView& record) {
    record_ = record;
    is_read_ = false;
}

bool LineFields::AnyValue(std::string_view name, const vault::query::ValueTest& test) const {
    if (!is_read_) {
        ReadLine(record_.message, record_.received, {.expected = FindContentFormat(record_.kind)}, line_);
        is_read_ = true;
    }
    return std::ranges::any_of(line_.fields, [&](const Field& field) { return field.IsCalled(name) && test(field.value); });
}

}  // namespace opsteward::logs
