#include "features/vulnerabilities/record/merge.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace opsteward::vuln {

namespace {

/// In this order an origin is asked for what only one can give.
bool IsBefore(Origin a, Origin b) { return static_cast<int>(a) < static_cast<int>(b); }

void MergeMetrics(std::vector<Metric>& into, std::vector<Metric>&& newer) {
    for (Metric& metric : newer) {
        const auto same = std::ranges::find_if(into, [&metric](const Metric& known) {
            return known.origin == metric.origin && known.version == metric.version && known.source == metric.source;
        });
        if (same == into.end()) {
            into.push_back(std::move(metric));
        } else {
            *same = std::move(metric);
        }
    }
}

void MergeTold(std::vector<Told>& into, std::vector<Told>&& newer) {
    for (Told& told : newer) {
        const bool is_known = std::ranges::any_of(into, [&told](const Told& known) { return known.text == told.text; });
        if (!is_known) into.push_back(std::move(told));
    }
}

void MergeDescription(std::optional<Told>& into, std::optional<Told>&& newer) {
    if (newer && (!into || !IsBefore(into->origin, newer->origin))) into = std::move(newer);
}

void MergeConfigurations(std::vector<Configuration>& into, std::vector<Configuration>&& newer) {
    if (newer.empty()) return;
    // One record of a feed may hold those of its authority and of a publisher.
    const Origin best = std::ranges::min(newer, {}, [](const Configuration& c) { return static_cast<int>(c.origin); }).origin;
    if (!into.empty() && IsBefore(into.front().origin, best)) return;
    std::erase_if(newer, [best](const Configuration& configuration) { return configuration.origin != best; });
    into = std::move(newer);
}

void MergePackages(std::vector<AffectedPackage>& into, std::vector<AffectedPackage>&& newer) {
    for (AffectedPackage& package : newer) {
        if (std::ranges::find(into, package) == into.end()) into.push_back(std::move(package));
    }
}

void MergeStatus(Vulnerability& into, const Vulnerability& newer) {
    // Feeds of scores and packages know nothing of a record's status.
    if (newer.status == Status::kOpen && newer.status_text.empty()) return;
    // What one authority rejects stays so until that authority takes it back.
    if (into.status == Status::kRejected && newer.status != Status::kRejected && into.status_origin != newer.status_origin) return;
    const bool is_weaker = newer.status == Status::kOpen && IsBefore(into.status_origin, newer.status_origin) && !into.status_text.empty();
    if (is_weaker) return;
    into.status = newer.status;
    into.status_text = newer.status_text;
    into.status_origin = newer.status_origin;
}

void MergeInto(Vulnerability& into, Vulnerability&& newer) {
    MergeStatus(into, newer);
    if (into.published.empty() || (!newer.published.empty() && newer.status_origin == Origin::kNvd)) {
        if (!newer.published.empty()) into.published = std::move(newer.published);
    }
    if (newer.modified > into.modified) {
        into.modified = std::move(newer.modified);
        into.modified_origin = newer.modified_origin;
    }
    MergeDescription(into.description, std::move(newer.description));
    MergeMetrics(into.metrics, std::move(newer.metrics));
    MergeTold(into.weaknesses, std::move(newer.weaknesses));
    MergeTold(into.references, std::move(newer.references));
    MergeTold(into.fixing_patches, std::move(newer.fixing_patches));
    MergeConfigurations(into.configurations, std::move(newer.configurations));
    MergePackages(into.packages, std::move(newer.packages));
    if (newer.known_exploited) into.known_exploited = std::move(newer.known_exploited);
    if (newer.exploit_prediction) into.exploit_prediction = newer.exploit_prediction;
}

/// Packages are told anew as a whole.
void DropRetoldPackages(Vulnerability& base, const std::vector<Vulnerability>& records) {
    std::array<bool, 256> is_retold{};
    for (const Vulnerability& record : records) {
        for (const AffectedPackage& package : record.packages) is_retold[static_cast<std::uint8_t>(package.origin)] = true;
    }
    std::erase_if(base.packages, [&](const AffectedPackage& package) { return is_retold[static_cast<std::uint8_t>(package.origin)]; });
}

}  // namespace

Vulnerability MergeRecords(std::optional<Vulnerability> base, std::vector<Vulnerability> records) {
    std::ranges::stable_sort(records, {}, &Vulnerability::modified);
    if (base) {
        DropRetoldPackages(*base, records);
    } else {
        base = std::move(records.front());
        records.erase(records.begin());
    }
    for (Vulnerability& record : records) MergeInto(*base, std::move(record));
    if (base->status == Status::kRejected) {
        base->configurations.clear();
        base->packages.clear();
    }
    return std::move(*base);
}

}  // namespace opsteward::vuln
