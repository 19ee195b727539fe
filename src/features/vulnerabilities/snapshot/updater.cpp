#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "features/vulnerabilities/record/merge.hpp"
#include "features/vulnerabilities/record/record_codec.hpp"
#include "features/vulnerabilities/snapshot/compiler.hpp"
#include "features/vulnerabilities/snapshot/detail_writer.hpp"
#include "features/vulnerabilities/snapshot/product_grouping.hpp"
#include "features/vulnerabilities/snapshot/record_entry.hpp"
#include "features/vulnerabilities/snapshot/snapshot_parts.hpp"

namespace opsteward::vuln {

namespace {

class Updater {
  public:
    Updater(const Snapshot& base, RecordStore& store, const UpdateOptions& options) : base_(base), store_(store), options_(options) {}

    Result<UpdateCounts> Run() {
        OPS_CHECK(MergeChanges());
        if (options_.is_cancelled()) return Cancelled();
        AddRecords();
        OPS_CHECK(AddDetails());
        AddBaseConfigurations();
        OPS_CHECK(AddProducts());
        counts_.whole = FinishMeta(options_.meta, ranges_, collector_.odd_criteria(), image_);
        if (options_.is_cancelled()) return Cancelled();
        OPS_CHECK(WriteSnapshot(image_, options_.out));
        return std::move(counts_);
    }

  private:
    bool IsWhole(Origin origin) const { return std::ranges::find(options_.whole_origins, origin) != options_.whole_origins.end(); }

    /// Slots of the base that an origin which is told as a whole said something of.
    Result<std::set<std::uint32_t>> SlotsToldAnew() const {
        std::set<std::uint32_t> slots;
        for (std::uint32_t slot = 0; IsWhole(Origin::kKev) && slot < base_.records(); ++slot) {
            if (base_.Record(slot).is_known_exploited != 0) slots.insert(slot);
        }
        if (IsWhole(Origin::kDebian) || IsWhole(Origin::kOsv)) {
            for (std::uint32_t product = 0; product < base_.products(); ++product) {
                if (!base_.ProductKey(product).starts_with("pkg\n")) continue;
                OPS_TRY(const ProductBlock block, base_.Block(product));
                for (const Range& range : block.ranges()) {
                    if (!range.has_leaf() && range.target_number() < base_.records()) slots.insert(range.target_number());
                }
            }
        }
        return slots;
    }

    void ForgetWholeOrigins(Vulnerability& record) const {
        std::erase_if(record.packages, [this](const AffectedPackage& package) { return IsWhole(package.origin); });
        if (IsWhole(Origin::kKev)) record.known_exploited.reset();
    }

    Result<void> MergeChanges() {
        OPS_TRY(std::set<std::uint32_t> slots, SlotsToldAnew());
        std::vector<std::string> new_ids;
        for (const std::string& id : store_.Ids()) {
            if (const auto slot = base_.SlotOf(id)) {
                slots.insert(*slot);
            } else {
                new_ids.push_back(id);
            }
        }
        for (const std::uint32_t slot : slots) OPS_CHECK(MergeChange(slot));
        auto slot = static_cast<std::uint32_t>(base_.records());
        for (const std::string& id : new_ids) {
            Vulnerability record = MergeRecords(std::nullopt, store_.Take(id));
            ScoreVectors(record);
            collector_.Add(record, slot);
            changed_.emplace(slot++, std::move(record));
        }
        counts_.new_records = new_ids.size();
        return Ok();
    }

    Result<void> MergeChange(std::uint32_t slot) {
        if (options_.is_cancelled()) return Cancelled();
        OPS_TRY(const Vulnerability before, Decoded(slot));
        Vulnerability kept = before;
        ForgetWholeOrigins(kept);
        Vulnerability after = MergeRecords(std::move(kept), store_.Take(before.id));
        ScoreVectors(after);
        if (after == before) return Ok();
        ++counts_.changed_records;
        if (after.configurations != before.configurations || after.packages != before.packages) {
            moved_slots_.insert(slot);
            for (const ProductRange& range : ApplicabilityOf(before).ranges) touched_products_.insert(range.product);
            collector_.Add(after, slot);
        }
        changed_.emplace(slot, std::move(after));
        return Ok();
    }

    /// Slots come in their order, so a block is unpacked once.
    Result<Vulnerability> Decoded(std::uint32_t slot) {
        const std::size_t block = slot / kRecordsInDetailBlock;
        if (block != open_block_) {
            OPS_TRY(open_records_, base_.DetailBlock(block));
            open_block_ = block;
        }
        return DecodeRecord(open_records_[slot % kRecordsInDetailBlock]);
    }

    void AddRecords() {
        image_.strings = base_.strings();
        SharedStrings shared(image_.strings);
        const bool predicts_anew = store_.has_predictions();
        const std::size_t total = base_.records() + counts_.new_records;
        for (std::uint32_t slot = 0; slot < total; ++slot) {
            const auto changed = changed_.find(slot);
            RecordEntry entry = changed != changed_.end() ? MakeRecordEntry(changed->second, image_.strings, shared) : base_.Record(slot);
            if (slot < base_.records()) {
                entry.probability = base_.Record(slot).probability;
                entry.percentile = base_.Record(slot).percentile;
            }
            if (predicts_anew) {
                const std::string id(std::string_view(image_.strings).substr(entry.id_offset, entry.id_size));
                const auto prediction = store_.Prediction(id);
                entry.probability = prediction ? prediction->probability : kUnpredicted;
                entry.percentile = prediction ? prediction->percentile : 0;
            }
            image_.records.push_back(entry);
            image_.order.push_back(slot);
        }
        std::ranges::sort(image_.order, IsIdBefore, [this](std::uint32_t slot) {
            return std::string_view(image_.strings).substr(image_.records[slot].id_offset, image_.records[slot].id_size);
        });
    }

    Result<void> AddDetails() {
        const std::size_t blocks = (image_.records.size() + kRecordsInDetailBlock - 1) / kRecordsInDetailBlock;
        const std::size_t base_blocks = (base_.records() + kRecordsInDetailBlock - 1) / kRecordsInDetailBlock;
        for (std::size_t block = 0; block < blocks; ++block) {
            const auto first = static_cast<std::uint32_t>(block * kRecordsInDetailBlock);
            const auto changed = changed_.lower_bound(first);
            const bool is_changed = changed != changed_.end() && changed->first < first + kRecordsInDetailBlock;
            DetailBlockEntry entry{};
            std::string packed;
            if (is_changed) {
                OPS_TRY(const std::vector<std::string> records, ChangedBlock(block, block < base_blocks));
                packed = PackDetails(records, entry);
            } else {
                OPS_TRY(packed, base_.PackedDetailBlock(block, entry));
            }
            entry.offset = image_.details.size();
            image_.details += packed;
            image_.detail_index.push_back(entry);
        }
        return Ok();
    }

    Result<std::vector<std::string>> ChangedBlock(std::size_t block, bool is_in_base) const {
        std::vector<std::string> records;
        if (is_in_base) {
            OPS_TRY(records, base_.DetailBlock(block));
        }
        const std::size_t first = block * kRecordsInDetailBlock;
        records.resize(std::min(kRecordsInDetailBlock, image_.records.size() - first));
        for (std::size_t i = 0; i < records.size(); ++i) {
            const auto changed = changed_.find(static_cast<std::uint32_t>(first + i));
            if (changed != changed_.end()) records[i] = EncodeRecord(changed->second);
        }
        return records;
    }

    void AddBaseConfigurations() {
        image_.configurations.assign(base_.configurations().begin(), base_.configurations().end());
        image_.nodes.assign(base_.nodes().begin(), base_.nodes().end());
        image_.leaves.assign(base_.leaves().begin(), base_.leaves().end());
    }

    Result<void> AddProducts() {
        TextNumbers attributes;
        for (std::uint32_t i = 0; i < base_.attribute_sets(); ++i) attributes.NumberOf(std::string(base_.Attributes(i)));
        const ProductGrouping added({&collector_, 1}, attributes, static_cast<std::uint32_t>(image_.leaves.size()));
        AddConfigurations(collector_, image_);
        image_.attributes = attributes.texts();
        std::size_t next_added = 0;
        for (std::uint32_t product = 0; product < base_.products(); ++product) {
            const std::string_view key = base_.ProductKey(product);
            for (; next_added < added.size() && added.Key(next_added) < key; ++next_added) OPS_CHECK(AddProduct(added.Key(next_added), std::nullopt, added, next_added));
            const bool has_added = next_added < added.size() && added.Key(next_added) == key;
            if (has_added || touched_products_.contains(std::string(key))) {
                OPS_CHECK(AddProduct(key, product, added, has_added ? next_added++ : added.size()));
                continue;
            }
            OPS_TRY(const std::string_view bytes, base_.BlockBytes(product));
            OPS_TRY(const ProductBlock block, base_.Block(product));
            ranges_ += block.ranges().size();
            OPS_CHECK(image_.AddProduct(key, bytes));
        }
        for (; next_added < added.size(); ++next_added) OPS_CHECK(AddProduct(added.Key(next_added), std::nullopt, added, next_added));
        return Ok();
    }

    /// A product that is touched: what the base has of records that stay, and what the changed ones say now.
    Result<void> AddProduct(std::string_view key, std::optional<std::uint32_t> in_base, const ProductGrouping& added, std::size_t in_added) {
        std::vector<KeyedRange> ranges;
        versions::Scheme scheme = versions::Scheme::kGeneric;
        std::string_view before;
        if (in_base) {
            OPS_TRY(before, base_.BlockBytes(*in_base));
            OPS_TRY(const ProductBlock block, base_.Block(*in_base));
            scheme = block.scheme();
            for (std::size_t i = 0; i < block.ranges().size(); ++i) {
                if (moved_slots_.contains(OwnerOf(block.ranges()[i]))) continue;
                const auto keyed = block.Keyed(i);
                if (!keyed) return Error::Hidden(ErrorCode::kCorrupt, "a range of " + std::string(key) + " has ends that its block does not hold");
                ranges.push_back(*keyed);
            }
        }
        if (in_added < added.size()) {
            scheme = added.SchemeOf(in_added);
            added.AppendRanges(in_added, ranges);
        }
        ranges_ += ranges.size();
        const std::string block = ranges.empty() ? std::string() : WriteProductBlock(scheme, ranges);
        if (block != before) counts_.changed_products.emplace_back(key);
        return block.empty() ? Ok() : image_.AddProduct(key, block);
    }

    /// The record that a range is of; none of them for a range that points nowhere.
    std::uint32_t OwnerOf(const Range& range) const {
        if (!range.has_leaf()) return range.target_number();
        if (range.target_number() >= base_.leaves().size()) return UINT32_MAX;
        return base_.configurations()[base_.leaves()[range.target_number()].configuration].slot;
    }

    const Snapshot& base_;
    RecordStore& store_;
    const UpdateOptions& options_;
    SnapshotImage image_;
    UpdateCounts counts_;
    RangeCollector collector_;                        ///< ranges of changed records
    std::map<std::uint32_t, Vulnerability> changed_;  ///< by slot, as they are now
    std::unordered_set<std::uint32_t> moved_slots_;   ///< records that apply to something else now
    std::unordered_set<std::string> touched_products_;
    std::uint64_t ranges_ = 0;
    std::size_t open_block_ = SIZE_MAX;
    std::vector<std::string> open_records_;
};

}  // namespace

Result<UpdateCounts> UpdateSnapshot(const Snapshot& base, RecordStore& store, const UpdateOptions& options) { return Updater(base, store, options).Run(); }

}  // namespace opsteward::vuln
