#include "features/vulnerabilities/snapshot/record_store.hpp"

#include <algorithm>

#include "features/vulnerabilities/record/record_codec.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kMaxIdBytes = 64;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// Takes the digits at the beginning off, without leading zeros.
std::string_view TakeDigits(std::string_view& text) {
    const auto size = static_cast<std::size_t>(std::ranges::find_if_not(text, IsDigit) - text.begin());
    std::string_view digits = text.substr(0, size);
    text.remove_prefix(size);
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

/// But for a prediction, if there is one.
bool SaysNothing(const Vulnerability& record) {
    return record.status_text.empty() && record.published.empty() && !record.description && record.metrics.empty() && record.weaknesses.empty() &&
           record.references.empty() && record.fixing_patches.empty() && record.configurations.empty() && record.packages.empty() && !record.known_exploited;
}

}  // namespace

bool IsIdBefore(std::string_view a, std::string_view b) {
    const std::string_view whole_a = a;
    const std::string_view whole_b = b;
    while (!a.empty() && !b.empty()) {
        if (IsDigit(a.front()) && IsDigit(b.front())) {
            const std::string_view number_a = TakeDigits(a);
            const std::string_view number_b = TakeDigits(b);
            if (number_a.size() != number_b.size()) return number_a.size() < number_b.size();
            if (number_a != number_b) return number_a < number_b;
            continue;
        }
        if (a.front() != b.front()) return a.front() < b.front();
        a.remove_prefix(1);
        b.remove_prefix(1);
    }
    if (a.empty() != b.empty()) return a.empty();
    return whole_a < whole_b;  // they differ in leading zeros, or not at all
}

Result<void> RecordStore::Add(const Vulnerability& record, std::size_t source) {
    const bool is_id = !record.id.empty() && record.id.size() <= kMaxIdBytes &&
                       std::ranges::all_of(record.id, [](char c) { return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7F; });
    if (!is_id) {
        return Error::Of(ErrorCode::kInvalidInput, "弱點編號不合規則（1 至 64 個 ASCII 字元）。", "A record's id is none: 1 to 64 ASCII characters are expected.");
    }
    const bool is_prediction_alone = record.exploit_prediction && SaysNothing(record);
    std::string bytes = is_prediction_alone ? std::string() : EncodeRecord(record);
    Shard& shard = ShardOf(record.id);
    const MutexLock lock(shard.mutex);
    if (record.exploit_prediction) {
        const auto [place, is_new] = shard.predictions.try_emplace(record.id, Said<ExploitPrediction>{source, *record.exploit_prediction});
        if (!is_new && place->second.source <= source) place->second = {source, *record.exploit_prediction};
    }
    if (!is_prediction_alone) shard.records[record.id].push_back({source, std::move(bytes)});
    return Ok();
}

std::vector<std::string> RecordStore::Ids() const {
    std::vector<std::string> ids;
    for (const Shard& shard : shards_) {
        const MutexLock lock(shard.mutex);
        for (const auto& [id, records] : shard.records) ids.push_back(id);
    }
    std::ranges::sort(ids, IsIdBefore);
    return ids;
}

std::vector<Vulnerability> RecordStore::Take(const std::string& id) {
    std::vector<Said<std::string>> encoded;
    {
        Shard& shard = ShardOf(id);
        const MutexLock lock(shard.mutex);
        const auto found = shard.records.find(id);
        if (found == shard.records.end()) return {};
        encoded = std::move(found->second);
        found->second.clear();
    }
    std::ranges::stable_sort(encoded, {}, &Said<std::string>::source);
    std::vector<Vulnerability> records;
    records.reserve(encoded.size());
    for (const Said<std::string>& said : encoded) records.push_back(DecodeRecord(said.what).value());
    return records;
}

std::optional<ExploitPrediction> RecordStore::Prediction(const std::string& id) const {
    const Shard& shard = ShardOf(id);
    const MutexLock lock(shard.mutex);
    const auto found = shard.predictions.find(id);
    if (found == shard.predictions.end()) return std::nullopt;
    return found->second.what;
}

bool RecordStore::has_predictions() const {
    return std::ranges::any_of(shards_, [](const Shard& shard) {
        const MutexLock lock(shard.mutex);
        return !shard.predictions.empty();
    });
}

}  // namespace opsteward::vuln
