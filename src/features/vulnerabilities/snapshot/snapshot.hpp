// A snapshot file mapped into memory. What is read of it is checked against its checksum first: tables when it is opened, products and details when they are used.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "features/vulnerabilities/record/vulnerability.hpp"
#include "features/vulnerabilities/snapshot/layout.hpp"
#include "features/vulnerabilities/snapshot/product_block.hpp"

namespace opsteward::vuln {

/// Thread-safe. All numbers that come out of it are numbers of what it has.
class Snapshot {
  public:
    /// kNotFound, kForbidden; kCorrupt when it is no snapshot, of another version, cut short or damaged: the text names the part.
    static Result<std::shared_ptr<const Snapshot>> Open(const std::filesystem::path& path);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

    const std::filesystem::path& path() const { return path_; }
    Result<json::object> Meta() const;

    std::size_t records() const { return records_.size(); }
    const RecordEntry& Record(std::uint32_t slot) const { return records_[slot]; }
    std::string_view Id(std::uint32_t slot) const;
    /// Who gave the score that counts; "" when nobody did.
    std::string_view Scorer(std::uint32_t slot) const;
    std::optional<std::uint32_t> SlotOf(std::string_view id) const;
    /// The whole record. kCorrupt.
    Result<Vulnerability> Detail(std::uint32_t slot) const;
    /// The records of a detail block, as they were written (record_codec.hpp); the last block may have fewer than kRecordsInDetailBlock.
    Result<std::vector<std::string>> DetailBlock(std::size_t number) const;
    /// The frame of a detail block as it lies, checked; `entry` says what it is.
    Result<std::string> PackedDetailBlock(std::size_t number, DetailBlockEntry& entry) const;

    std::size_t products() const { return products_.size(); }
    std::string_view ProductKey(std::uint32_t product) const;
    std::optional<std::uint32_t> FindProduct(std::string_view key) const;
    /// Products whose vendor or product is a pattern.
    std::span<const std::uint32_t> wild_products() const { return wild_products_; }
    /// Whether there is any package of an ecosystem ("Debian:12").
    bool HasEcosystem(std::string_view ecosystem) const;
    Result<ProductBlock> Block(std::uint32_t product) const;
    /// The bytes of the block, checked.
    Result<std::string_view> BlockBytes(std::uint32_t product) const;

    std::size_t attribute_sets() const { return attribute_offsets_.size() - 1; }
    /// AttributeSet::Text; "" for a number that it does not have.
    std::string_view Attributes(std::uint32_t number) const;

    std::span<const ConfigurationEntry> configurations() const { return configurations_; }
    std::span<const NodeEntry> nodes() const { return nodes_; }
    std::span<const LeafEntry> leaves() const { return leaves_; }
    std::string_view strings() const { return strings_; }

  private:
    explicit Snapshot(std::filesystem::path path) : path_(std::move(path)) {}
    Result<void> Map();
    Result<void> ReadHeader();
    Result<void> ReadTables();
    /// That numbers and offsets in the tables point to what is there.
    bool PointsInside() const;
    std::string_view Bytes(Section section) const;
    template <typename T>
    std::span<const T> Table(Section section) const;
    Error Damaged(std::string_view part) const;
    /// The first product whose key is not before `key`.
    std::uint32_t LowerBound(std::string_view key) const;

    std::filesystem::path path_;
    std::string_view file_;
    std::span<const RecordEntry> records_;
    std::span<const std::uint32_t> order_;
    std::span<const ProductEntry> products_;
    std::string_view product_keys_;
    std::span<const std::uint32_t> wild_products_;
    std::span<const std::uint32_t> attribute_offsets_;
    std::string_view attribute_bytes_;
    std::span<const ConfigurationEntry> configurations_;
    std::span<const NodeEntry> nodes_;
    std::span<const LeafEntry> leaves_;
    std::span<const DetailBlockEntry> detail_index_;
    std::string_view strings_;
    /// By product: 0 not looked at, 1 sound, 2 damaged.
    mutable std::unique_ptr<std::atomic<std::uint8_t>[]> block_states_;
};

}  // namespace opsteward::vuln
