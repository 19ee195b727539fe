#include "features/logs/tally.hpp"

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "features/logs/line_reader.hpp"
#include "vault/query/query.hpp"

namespace opsteward::logs {

Instant Histogram::StartOf(Instant instant) const {
    LocalTime local = ToTaipei(instant);
    local.second = 0;
    if (step_ != TimeStep::kMinute) local.minute = 0;
    if (step_ == TimeStep::kDay) local.hour = 0;
    return FromTaipei(local);
}

TopValues::TopValues(std::string_view field, std::size_t max_values) : field_(ToLowerAscii(field)), max_values_(max_values) {}

void TopValues::Add(const vault::RecordView& record) {
    if (field_ == vault::query::kSourceField) return AddValue(record.source);
    if (field_ == vault::query::kKindField) return AddValue(record.kind);
    ReadLine(record.message, record.received, {.expected = FindContentFormat(record.kind)}, line_);
    bool has_any = false;
    for (const Field& field : line_.fields) {
        if (!field.IsCalled(field_)) continue;
        AddValue(field.value);
        has_any = true;
    }
    if (!has_any) ++without_;
}

void TopValues::AddValue(std::string_view value) {
    if (counts_.size() < max_values_) {
        ++counts_[std::string(value)];
    } else if (const auto known = counts_.find(std::string(value)); known != counts_.end()) {
        ++known->second;
    } else {
        ++others_;
    }
}

std::vector<ValueCount> TopValues::Top(std::size_t count) const {
    std::vector<ValueCount> values;
    values.reserve(counts_.size());
    for (const auto& [value, times] : counts_) values.push_back({value, times});
    const auto end = values.begin() + static_cast<std::ptrdiff_t>(std::min(count, values.size()));
    std::partial_sort(values.begin(), end, values.end(), [](const ValueCount& a, const ValueCount& b) {
        return a.count != b.count ? a.count > b.count : a.value < b.value;
    });
    values.erase(end, values.end());
    return values;
}

}  // namespace opsteward::logs
