#include "features/vulnerabilities/snapshot/snapshot.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "features/vulnerabilities/record/record_codec.hpp"
#include "features/vulnerabilities/snapshot/record_store.hpp"
#include "vault/store/compression.hpp"
#include "vault/store/crc32c.hpp"

namespace opsteward::vuln {

namespace {

/// A block of 64 records with 50,000 criteria each would be smaller.
constexpr std::uint32_t kMaxDetailBytes = 512U << 20;

constexpr std::array<std::string_view, kSections> kSectionNames{
    "meta", "strings", "records", "order", "products", "product keys", "wild products", "attributes", "configurations", "nodes", "leaves", "detail index",
    "product blocks", "details"};

bool IsWithin(std::uint64_t offset, std::uint64_t size, std::uint64_t whole) { return offset <= whole && size <= whole - offset; }

}  // namespace

Result<std::shared_ptr<const Snapshot>> Snapshot::Open(const std::filesystem::path& path) {
    std::shared_ptr<Snapshot> snapshot(new Snapshot(path));
    OPS_CHECK(snapshot->Map());
    OPS_CHECK(snapshot->ReadHeader());
    OPS_CHECK(snapshot->ReadTables());
    return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

Snapshot::~Snapshot() {
    if (!file_.empty()) ::munmap(const_cast<char*>(file_.data()), file_.size());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

Error Snapshot::Damaged(std::string_view part) const {
    return Error::Of(ErrorCode::kCorrupt, "弱點快照 " + path_.string() + " 已損壞（" + std::string(part) + "），請重新編譯或重新複製。",
                     "The snapshot " + path_.string() + " is damaged (" + std::string(part) + "): compile it again, or copy it again.");
}

Result<void> Snapshot::Map() {
    const int descriptor = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return Error::System("open " + path_.string(), errno);
    struct stat facts {};
    const int failure = ::fstat(descriptor, &facts) == 0 ? 0 : errno;
    const auto size = static_cast<std::size_t>(std::max<off_t>(facts.st_size, 0));
    if (failure != 0 || !S_ISREG(facts.st_mode) || size < sizeof(FileHeader)) {
        ::close(descriptor);
        if (failure != 0) return Error::System("fstat " + path_.string(), failure);
        return Error::Of(ErrorCode::kCorrupt, path_.string() + " 不是弱點快照。", path_.string() + " is no snapshot of vulnerabilities.");
    }
    void* const mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const int map_failure = errno;
    ::close(descriptor);
    if (mapped == MAP_FAILED) return Error::System("mmap " + path_.string(), map_failure);
    file_ = {static_cast<const char*>(mapped), size};
    return Ok();
}

Result<void> Snapshot::ReadHeader() {
    const auto& header = *reinterpret_cast<const FileHeader*>(file_.data());
    if (header.magic != kSnapshotMagic) {
        return Error::Of(ErrorCode::kCorrupt, path_.string() + " 不是弱點快照。", path_.string() + " is no snapshot of vulnerabilities.");
    }
    if (header.version != kSnapshotVersion) {
        return Error::Of(ErrorCode::kCorrupt, path_.string() + " 是其他版本的弱點快照（" + std::to_string(header.version) + "），請以本程式重新編譯。",
                         path_.string() + " is a snapshot of another version (" + std::to_string(header.version) + "): compile it again with this program.");
    }
    const std::string_view checked = BytesOf(header).substr(0, sizeof(FileHeader) - sizeof(header.checksum));
    if (vault::Crc32c(checked) != header.checksum || header.section_count != kSections) return Damaged("header");
    if (header.file_size != file_.size()) return Damaged("the file is " + std::to_string(file_.size()) + " bytes long, not " + std::to_string(header.file_size));
    for (std::size_t i = 0; i < kSections; ++i) {
        const SectionEntry& section = header.sections[i];
        if (!IsWithin(section.offset, section.size, file_.size()) || section.offset % kSectionAlignment != 0) return Damaged(kSectionNames[i]);
        const bool is_checked = IsCheckedAtOpening(static_cast<Section>(i));
        if (is_checked && vault::Crc32c(Bytes(static_cast<Section>(i))) != section.checksum) return Damaged(kSectionNames[i]);
    }
    return Ok();
}

std::string_view Snapshot::Bytes(Section section) const {
    const auto& header = *reinterpret_cast<const FileHeader*>(file_.data());
    const SectionEntry& entry = header.sections[static_cast<std::size_t>(section)];
    return file_.substr(entry.offset, entry.size);
}

template <typename T>
std::span<const T> Snapshot::Table(Section section) const {
    const std::string_view bytes = Bytes(section);
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
}

Result<void> Snapshot::ReadTables() {
    strings_ = Bytes(Section::kStrings);
    records_ = Table<RecordEntry>(Section::kRecords);
    order_ = Table<std::uint32_t>(Section::kOrder);
    products_ = Table<ProductEntry>(Section::kProducts);
    product_keys_ = Bytes(Section::kProductKeys);
    wild_products_ = Table<std::uint32_t>(Section::kWildProducts);
    configurations_ = Table<ConfigurationEntry>(Section::kConfigurations);
    nodes_ = Table<NodeEntry>(Section::kNodes);
    leaves_ = Table<LeafEntry>(Section::kLeaves);
    detail_index_ = Table<DetailBlockEntry>(Section::kDetailIndex);

    const std::span<const std::uint32_t> words = Table<std::uint32_t>(Section::kAttributes);
    const std::string_view bytes = Bytes(Section::kAttributes);
    const auto& header = *reinterpret_cast<const FileHeader*>(file_.data());
    const std::size_t sets = header.attribute_sets;
    if (words.size() < sets + 1) return Damaged("attributes");
    attribute_offsets_ = words.subspan(0, sets + 1);
    attribute_bytes_ = bytes.substr((sets + 1) * sizeof(std::uint32_t));
    if (!PointsInside()) return Damaged("tables");
    block_states_ = std::make_unique<std::atomic<std::uint8_t>[]>(products_.size());
    return Ok();
}

bool Snapshot::PointsInside() const {
    const auto is_slot = [this](std::uint32_t slot) { return slot < records_.size(); };
    return order_.size() == records_.size() && records_.size() <= Range::kLeafBit && leaves_.size() <= Range::kLeafBit &&
           detail_index_.size() == (records_.size() + kRecordsInDetailBlock - 1) / kRecordsInDetailBlock && std::ranges::all_of(order_, is_slot) &&
           std::ranges::all_of(records_,
                               [this](const RecordEntry& record) {
                                   return IsWithin(record.id_offset, record.id_size, strings_.size()) &&
                                          IsWithin(record.scorer_offset, record.scorer_size, strings_.size());
                               }) &&
           std::ranges::all_of(products_,
                               [this](const ProductEntry& product) {
                                   return IsWithin(product.key_offset, product.key_size, product_keys_.size()) && product.block_offset % kSectionAlignment == 0;
                               }) &&
           std::ranges::all_of(wild_products_, [this](std::uint32_t product) { return product < products_.size(); }) &&
           std::ranges::all_of(attribute_offsets_, [this](std::uint32_t offset) { return offset <= attribute_bytes_.size(); }) &&
           std::ranges::is_sorted(attribute_offsets_) &&
           std::ranges::all_of(configurations_,
                               [&](const ConfigurationEntry& configuration) {
                                   return is_slot(configuration.slot) && IsWithin(configuration.first_node, configuration.nodes, nodes_.size());
                               }) &&
           std::ranges::all_of(nodes_, [this](const NodeEntry& node) { return IsWithin(node.first_leaf, node.leaves, leaves_.size()); }) &&
           std::ranges::all_of(leaves_, [this](const LeafEntry& leaf) { return leaf.node < nodes_.size() && leaf.configuration < configurations_.size(); });
}

Result<json::object> Snapshot::Meta() const {
    OPS_TRY(json::value meta, ParseJson(Bytes(Section::kMeta)));
    if (!meta.is_object()) return Damaged("meta");
    return std::move(meta.as_object());
}

std::string_view Snapshot::Id(std::uint32_t slot) const { return strings_.substr(records_[slot].id_offset, records_[slot].id_size); }

std::string_view Snapshot::Scorer(std::uint32_t slot) const { return strings_.substr(records_[slot].scorer_offset, records_[slot].scorer_size); }

std::optional<std::uint32_t> Snapshot::SlotOf(std::string_view id) const {
    const auto found = std::ranges::lower_bound(order_, id, IsIdBefore, [this](std::uint32_t slot) { return Id(slot); });
    if (found == order_.end() || Id(*found) != id) return std::nullopt;
    return *found;
}

Result<std::string> Snapshot::PackedDetailBlock(std::size_t number, DetailBlockEntry& entry) const {
    entry = detail_index_[number];
    const std::string_view details = Bytes(Section::kDetails);
    if (!IsWithin(entry.offset, entry.packed_size, details.size()) || entry.size > kMaxDetailBytes) return Damaged("detail index");
    const std::string_view packed = details.substr(entry.offset, entry.packed_size);
    if (vault::Crc32c(packed) != entry.checksum) return Damaged("details");
    return std::string(packed);
}

Result<std::vector<std::string>> Snapshot::DetailBlock(std::size_t number) const {
    DetailBlockEntry entry;
    OPS_TRY(const std::string packed, PackedDetailBlock(number, entry));
    auto unpacked = vault::Decompress(packed, entry.size);
    if (!unpacked) return Damaged("details");
    std::vector<std::string> records;
    std::string_view rest = *unpacked;
    while (rest.size() >= sizeof(std::uint32_t)) {
        std::uint32_t size = 0;
        std::copy_n(rest.data(), sizeof(size), reinterpret_cast<char*>(&size));
        rest.remove_prefix(sizeof(size));
        if (size > rest.size()) return Damaged("details");
        records.emplace_back(rest.substr(0, size));
        rest.remove_prefix(size);
    }
    const std::size_t expected = std::min(kRecordsInDetailBlock, records_.size() - number * kRecordsInDetailBlock);
    if (!rest.empty() || records.size() != expected) return Damaged("details");
    return records;
}

Result<Vulnerability> Snapshot::Detail(std::uint32_t slot) const {
    OPS_TRY(const std::vector<std::string> records, DetailBlock(slot / kRecordsInDetailBlock));
    auto record = DecodeRecord(records[slot % kRecordsInDetailBlock]);
    if (!record) return Damaged("details");
    const RecordEntry& entry = records_[slot];
    if (entry.probability != kUnpredicted) record->exploit_prediction = ExploitPrediction{entry.probability, entry.percentile};
    return record;
}

std::string_view Snapshot::ProductKey(std::uint32_t product) const {
    return product_keys_.substr(products_[product].key_offset, products_[product].key_size);
}

std::uint32_t Snapshot::LowerBound(std::string_view key) const {
    const auto found = std::ranges::lower_bound(products_, key, {}, [this](const ProductEntry& product) {
        return product_keys_.substr(product.key_offset, product.key_size);
    });
    return static_cast<std::uint32_t>(found - products_.begin());
}

std::optional<std::uint32_t> Snapshot::FindProduct(std::string_view key) const {
    const std::uint32_t product = LowerBound(key);
    if (product == products_.size() || ProductKey(product) != key) return std::nullopt;
    return product;
}

bool Snapshot::HasEcosystem(std::string_view ecosystem) const {
    const std::string prefix = "pkg\n" + std::string(ecosystem) + "\n";
    const std::uint32_t product = LowerBound(prefix);
    return product < products_.size() && ProductKey(product).starts_with(prefix);
}

Result<std::string_view> Snapshot::BlockBytes(std::uint32_t product) const {
    enum : std::uint8_t { kUnseen, kSound, kDamaged };
    const ProductEntry& entry = products_[product];
    const std::string_view blocks = Bytes(Section::kProductBlocks);
    std::uint8_t state = block_states_[product].load(std::memory_order_relaxed);
    if (state == kUnseen) {
        const bool is_sound = IsWithin(entry.block_offset, entry.block_size, blocks.size()) &&
                              vault::Crc32c(blocks.substr(entry.block_offset, entry.block_size)) == entry.checksum;
        state = is_sound ? kSound : kDamaged;
        block_states_[product].store(state, std::memory_order_relaxed);
    }
    if (state != kSound) return Damaged("product " + std::string(ProductKey(product)));
    return blocks.substr(entry.block_offset, entry.block_size);
}

Result<ProductBlock> Snapshot::Block(std::uint32_t product) const {
    OPS_TRY(const std::string_view bytes, BlockBytes(product));
    const auto block = ProductBlock::Read(bytes);
    if (!block) return Damaged("product " + std::string(ProductKey(product)));
    return *block;
}

std::string_view Snapshot::Attributes(std::uint32_t number) const {
    if (number >= attribute_sets()) return {};
    return attribute_bytes_.substr(attribute_offsets_[number], attribute_offsets_[number + 1] - attribute_offsets_[number]);
}

}  // namespace opsteward::vuln
