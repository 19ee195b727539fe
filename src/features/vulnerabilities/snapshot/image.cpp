#include "features/vulnerabilities/snapshot/image.hpp"

#include <algorithm>

#include "features/vulnerabilities/cpe/name.hpp"
#include "vault/store/crc32c.hpp"
#include "vault/store/replaced_file.hpp"

namespace opsteward::vuln {

namespace {

Error TooLarge() {
    return Error::Of(ErrorCode::kTooLarge, "弱點快照超過格式的上限（單一區段 4 GiB）。", "The snapshot would go beyond the limits of its format: 4 GiB for a section.");
}

template <typename T>
std::string_view BytesOfAll(const std::vector<T>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string AttributeBytes(const std::vector<std::string>& attributes) {
    std::string bytes;
    std::uint32_t offset = 0;
    for (const std::string& text : attributes) {
        bytes += BytesOf(offset);
        offset += static_cast<std::uint32_t>(text.size());
    }
    bytes += BytesOf(offset);
    for (const std::string& text : attributes) bytes += text;
    return bytes;
}

/// Unquoted "*" or "?" in part, vendor or product: match strings that are of many products.
bool IsWild(std::string_view key) {
    if (key.starts_with("pkg\n")) return false;
    const auto components = cpe::CutComponents<3>(key);
    return components && std::ranges::any_of(*components, cpe::HasWildcard);
}

std::size_t Aligned(std::size_t size) { return (size + kSectionAlignment - 1) / kSectionAlignment * kSectionAlignment; }

}  // namespace

Result<void> SnapshotImage::AddProduct(std::string_view key, std::string_view block) {
    if (product_keys.size() + key.size() > UINT32_MAX || block.size() > UINT32_MAX) return TooLarge();
    if (IsWild(key)) wild_products.push_back(static_cast<std::uint32_t>(products.size()));
    products.push_back({product_blocks.size(), static_cast<std::uint32_t>(block.size()), vault::Crc32c(block), static_cast<std::uint32_t>(product_keys.size()),
                        static_cast<std::uint32_t>(key.size())});
    product_keys += key;
    product_blocks += block;
    product_blocks.resize(Aligned(product_blocks.size()));
    return Ok();
}

std::uint32_t SharedStrings::OffsetOf(std::string_view text) {
    const auto [place, is_new] = offsets_.try_emplace(std::string(text), static_cast<std::uint32_t>(strings_.size()));
    if (is_new) strings_ += text;
    return place->second;
}

Result<void> WriteSnapshot(const SnapshotImage& image, const std::filesystem::path& path) {
    const std::string attributes = AttributeBytes(image.attributes);
    const std::array<std::string_view, kSections> sections{
        image.meta,
        image.strings,
        BytesOfAll(image.records),
        BytesOfAll(image.order),
        BytesOfAll(image.products),
        image.product_keys,
        BytesOfAll(image.wild_products),
        attributes,
        BytesOfAll(image.configurations),
        BytesOfAll(image.nodes),
        BytesOfAll(image.leaves),
        BytesOfAll(image.detail_index),
        image.product_blocks,
        image.details,
    };
    FileHeader header{};
    header.magic = kSnapshotMagic;
    header.version = kSnapshotVersion;
    header.section_count = kSections;
    header.attribute_sets = static_cast<std::uint32_t>(image.attributes.size());
    std::uint64_t offset = Aligned(sizeof(FileHeader));
    for (std::size_t i = 0; i < kSections; ++i) {
        const bool is_checked = IsCheckedAtOpening(static_cast<Section>(i));
        header.sections[i] = {offset, sections[i].size(), is_checked ? vault::Crc32c(sections[i]) : 0, 0};
        offset = Aligned(offset + sections[i].size());
    }
    header.file_size = offset;
    header.checksum = vault::Crc32c(BytesOf(header).substr(0, sizeof(FileHeader) - sizeof(header.checksum)));

    OPS_TRY(vault::ReplacedFile file, vault::ReplacedFile::Begin(path));
    const auto write = [&file](std::string_view bytes) -> Result<void> {
        OPS_CHECK(file.Write(bytes));
        return file.Write(std::string(Aligned(bytes.size()) - bytes.size(), '\0'));
    };
    OPS_CHECK(write(BytesOf(header)));
    for (const std::string_view section : sections) OPS_CHECK(write(section));
    return file.Finish();
}

}  // namespace opsteward::vuln
