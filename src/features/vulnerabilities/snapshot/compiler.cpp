#include "features/vulnerabilities/snapshot/compiler.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/work_together.hpp"
#include "features/vulnerabilities/record/merge.hpp"
#include "features/vulnerabilities/record/record_codec.hpp"
#include "features/vulnerabilities/snapshot/detail_writer.hpp"
#include "features/vulnerabilities/snapshot/image.hpp"
#include "features/vulnerabilities/snapshot/product_grouping.hpp"
#include "features/vulnerabilities/snapshot/range_collector.hpp"
#include "features/vulnerabilities/snapshot/record_entry.hpp"
#include "features/vulnerabilities/snapshot/snapshot_parts.hpp"

namespace opsteward::vuln {

namespace {

/// What one thread makes of its share of the records.
struct Share {
    std::vector<Vulnerability> heads;  ///< of each record what its entry needs
    RangeCollector collector;
    std::vector<DetailBlockEntry> detail_index;
    std::string details;
};

/// What MakeRecordEntry looks at, without what takes room.
Vulnerability HeadOf(Vulnerability&& record) {
    Vulnerability head;
    head.id = std::move(record.id);
    head.status = record.status;
    head.metrics = std::move(record.metrics);
    head.known_exploited = std::move(record.known_exploited);
    head.exploit_prediction = record.exploit_prediction;
    return head;
}

void CompileShare(RecordStore& store, std::span<const std::string> ids, std::uint32_t first_slot, const std::function<bool()>& is_cancelled, Share& share) {
    std::vector<std::string> block;
    const auto finish_block = [&] {
        DetailBlockEntry entry{};
        entry.offset = share.details.size();
        share.details += PackDetails(block, entry);
        share.detail_index.push_back(entry);
        block.clear();
    };
    for (std::size_t i = 0; i < ids.size(); ++i) {
        if (block.empty() && is_cancelled()) return;
        Vulnerability record = MergeRecords(std::nullopt, store.Take(ids[i]));
        ScoreVectors(record);
        block.push_back(EncodeRecord(record));
        if (block.size() == kRecordsInDetailBlock) finish_block();
        share.collector.Add(record, first_slot + static_cast<std::uint32_t>(i));
        record.exploit_prediction = store.Prediction(ids[i]);
        share.heads.push_back(HeadOf(std::move(record)));
    }
    if (!block.empty()) finish_block();
}

/// Shares begin with a detail block.
std::vector<Share> CompileShares(RecordStore& store, const std::vector<std::string>& ids, const CompileOptions& options) {
    const std::size_t blocks = (ids.size() + kRecordsInDetailBlock - 1) / kRecordsInDetailBlock;
    std::vector<Share> shares(std::clamp<std::size_t>(ThreadCount(options.threads), 1, std::max<std::size_t>(blocks, 1)));
    WorkTogether(options.threads, shares.size(), [&] {
        return [&](std::size_t i) {
            const std::size_t begin = std::min(blocks * i / shares.size() * kRecordsInDetailBlock, ids.size());
            const std::size_t end = std::min(blocks * (i + 1) / shares.size() * kRecordsInDetailBlock, ids.size());
            CompileShare(store, std::span(ids).subspan(begin, end - begin), static_cast<std::uint32_t>(begin), options.is_cancelled, shares[i]);
            return true;
        };
    });
    return shares;
}

void AddRecords(const std::vector<Share>& shares, SnapshotImage& image) {
    SharedStrings shared(image.strings);
    for (const Share& share : shares) {
        for (const Vulnerability& head : share.heads) {
            image.order.push_back(static_cast<std::uint32_t>(image.records.size()));
            image.records.push_back(MakeRecordEntry(head, image.strings, shared));
        }
        for (DetailBlockEntry entry : share.detail_index) {
            entry.offset += image.details.size();
            image.detail_index.push_back(entry);
        }
        image.details += share.details;
    }
}

}  // namespace

Error Cancelled() { return Error::Of(ErrorCode::kCancelled, "已取消；原有的快照不變。", "Cancelled; the snapshot that was there stays as it was."); }

void AddConfigurations(const RangeCollector& collector, SnapshotImage& image) {
    const auto first_configuration = static_cast<std::uint32_t>(image.configurations.size());
    const auto first_node = static_cast<std::uint32_t>(image.nodes.size());
    const auto first_leaf = static_cast<std::uint32_t>(image.leaves.size());
    for (ConfigurationEntry configuration : collector.configurations()) {
        configuration.first_node += first_node;
        image.configurations.push_back(configuration);
    }
    for (NodeEntry node : collector.nodes()) {
        node.first_leaf += first_leaf;
        image.nodes.push_back(node);
    }
    for (LeafEntry leaf : collector.leaves()) {
        leaf.node += first_node;
        leaf.configuration += first_configuration;
        image.leaves.push_back(leaf);
    }
}

std::vector<std::string> MakeBlocks(std::size_t count, unsigned threads, const std::function<std::string(std::size_t)>& make) {
    constexpr std::size_t kAtOnce = 64;
    std::vector<std::string> blocks(count);
    WorkTogether(threads, (count + kAtOnce - 1) / kAtOnce, [&] {
        return [&](std::size_t piece) {
            for (std::size_t i = piece * kAtOnce; i < std::min((piece + 1) * kAtOnce, count); ++i) blocks[i] = make(i);
            return true;
        };
    });
    return blocks;
}

CompileCounts FinishMeta(json::object meta, std::uint64_t ranges, std::uint64_t odd_criteria, SnapshotImage& image) {
    const CompileCounts counts{image.records.size(), image.products.size(), ranges, image.configurations.size(), odd_criteria};
    meta["records"] = counts.records;
    meta["products"] = counts.products;
    meta["ranges"] = counts.ranges;
    meta["configurations"] = counts.configurations;
    meta["odd_criteria"] = counts.odd_criteria;
    image.meta = json::serialize(meta);
    return counts;
}

Result<CompileCounts> CompileSnapshot(RecordStore& store, const CompileOptions& options) {
    SnapshotImage image;
    std::uint64_t ranges = 0;
    std::uint64_t odd_criteria = 0;
    {
        const std::vector<std::string> ids = store.Ids();
        std::vector<Share> shares = CompileShares(store, ids, options);
        if (options.is_cancelled()) return Cancelled();
        AddRecords(shares, image);
        std::vector<RangeCollector> collectors;
        for (Share& share : shares) {
            AddConfigurations(share.collector, image);
            ranges += share.collector.size();
            odd_criteria += share.collector.odd_criteria();
            collectors.push_back(std::move(share.collector));
        }
        shares.clear();
        TextNumbers attributes;
        attributes.NumberOf("");
        const ProductGrouping grouping(collectors, attributes, 0);
        if (attributes.texts().size() >= kMaxAttributeSets) {
            return Error::Of(ErrorCode::kTooLarge, "CPE 屬性組合過多。", "There are more combinations of CPE attributes than the format can number.");
        }
        image.attributes = attributes.texts();
        const std::vector<std::string> blocks = MakeBlocks(grouping.size(), options.threads, [&](std::size_t product) {
            std::vector<KeyedRange> of_product;
            grouping.AppendRanges(product, of_product);
            return WriteProductBlock(grouping.SchemeOf(product), of_product);
        });
        for (std::size_t i = 0; i < blocks.size(); ++i) OPS_CHECK(image.AddProduct(grouping.Key(i), blocks[i]));
    }
    const CompileCounts counts = FinishMeta(options.meta, ranges, odd_criteria, image);
    if (options.is_cancelled()) return Cancelled();
    OPS_CHECK(WriteSnapshot(image, options.out));
    return counts;
}

}  // namespace opsteward::vuln
