// A snapshot before it is a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "features/vulnerabilities/snapshot/layout.hpp"

namespace opsteward::vuln {

struct SnapshotImage {
    std::string meta;
    std::string strings;
    std::vector<RecordEntry> records;
    std::vector<std::uint32_t> order;
    std::vector<ProductEntry> products;
    std::string product_keys;
    std::vector<std::uint32_t> wild_products;
    std::vector<std::string> attributes;
    std::vector<ConfigurationEntry> configurations;
    std::vector<NodeEntry> nodes;
    std::vector<LeafEntry> leaves;
    std::vector<DetailBlockEntry> detail_index;
    std::string product_blocks;
    std::string details;

    /// Products are added in the order of their keys. kTooLarge when a part grows beyond what its offsets can tell.
    Result<void> AddProduct(std::string_view key, std::string_view block);
};

/// Texts that many records share stand once among `strings`.
class SharedStrings {
  public:
    explicit SharedStrings(std::string& strings) : strings_(strings) {}
    std::uint32_t OffsetOf(std::string_view text);

  private:
    std::string& strings_;
    std::unordered_map<std::string, std::uint32_t> offsets_;
};

/// The file is there as a whole, or as it was before.
Result<void> WriteSnapshot(const SnapshotImage& image, const std::filesystem::path& path);

}  // namespace opsteward::vuln
