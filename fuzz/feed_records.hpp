// What is held of every text of a feed: it is refused as bad input or read, each time the same; what is read of it is text that people can be shown, within
// what the records promise; and the text stays as it is.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "features/vulnerabilities/feed/feed.hpp"
#include "require.hpp"

using FeedReader = std::function<opsteward::Result<opsteward::vuln::FeedCount>(std::string&, const opsteward::vuln::RecordSink&)>;

inline void CheckRecord(const opsteward::vuln::Vulnerability& record) {
    using namespace opsteward::vuln;
    const auto is_text = [](const std::string& text) { return opsteward::IsValidUtf8(text); };
    Require(!record.id.empty() && is_text(record.id) && is_text(record.status_text) && is_text(record.published) && is_text(record.modified));
    Require(!record.description || is_text(record.description->text));
    for (const Metric& metric : record.metrics) {
        Require(metric.version == 20 || metric.version == 30 || metric.version == 31 || metric.version == 40);
        Require(metric.score_tenths <= 100 || metric.score_tenths == Metric::kUnscored);
        Require(is_text(metric.vector) && is_text(metric.source));
    }
    Require(record.references.size() <= 50);
    for (const Told& told : record.references) Require(!told.text.empty() && is_text(told.text));
    for (const Told& told : record.weaknesses) Require(told.text.starts_with("CWE-"));
    for (const Told& told : record.fixing_patches) Require(told.text.starts_with("KB"));
    for (const Configuration& configuration : record.configurations) {
        Require(!configuration.nodes.empty());
        for (const Node& node : configuration.nodes) {
            for (const Criterion& criterion : node.criteria) Require(!criterion.cpe.empty() && is_text(criterion.cpe) && is_text(criterion.start) && is_text(criterion.end));
        }
    }
    for (const AffectedPackage& package : record.packages) {
        Require(is_text(package.name) && is_text(package.ecosystem) && is_text(package.start) && is_text(package.end) && is_text(package.note));
        Require(!package.ecosystem.empty());
    }
    Require(!record.exploit_prediction || (record.exploit_prediction->probability <= 1'000'000 && record.exploit_prediction->percentile <= 1'000'000));
}

inline void CheckFeed(std::string_view bytes, const FeedReader& read) {
    using namespace opsteward::vuln;
    std::vector<Vulnerability> records;
    std::string text(bytes);
    text.shrink_to_fit();  // so that the room behind it is not there by chance
    const auto count = read(text, [&](Vulnerability&& record) { records.push_back(std::move(record)); });
    Require(text == bytes);
    Require(count.ok() ? count->records == records.size() : count.error().code == opsteward::ErrorCode::kInvalidInput);
    if (!count.ok()) Require(opsteward::IsValidUtf8(count.error().caller_text.en) && opsteward::IsValidUtf8(count.error().caller_text.zh));
    for (const Vulnerability& record : records) CheckRecord(record);
    std::size_t again = 0;
    static_cast<void>(read(text, [&](Vulnerability&& record) { Require(again < records.size() && record == records[again++]); }));
    Require(again == records.size());
}
