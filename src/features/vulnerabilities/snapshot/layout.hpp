// How a snapshot lies in its file; docs/formats/vulnerability-snapshot.md describes the same for readers in other languages. The structures are read where they lie.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace opsteward::vuln {

static_assert(std::endian::native == std::endian::little, "snapshots are little-endian and read as they lie");

inline constexpr std::array<char, 8> kSnapshotMagic{'O', 'P', 'S', 'V', 'U', 'L', 'N', '1'};
inline constexpr std::uint32_t kSnapshotVersion = 1;
inline constexpr std::size_t kSectionAlignment = 8;
inline constexpr std::size_t kRecordsInDetailBlock = 64;

enum class Section : std::uint32_t {
    kMeta = 0,         ///< JSON: what it was made of, and when
    kStrings,          ///< ids of records and names of scorers
    kRecords,          ///< RecordEntry, by slot
    kOrder,            ///< slots in the order of their ids
    kProducts,         ///< ProductEntry, in the order of their keys
    kProductKeys,      ///< what ProductEntry points into
    kWildProducts,     ///< numbers of the products whose vendor or product has wildcards
    kAttributes,       ///< u32 offsets, one more than there are sets, then the bytes
    kConfigurations,   ///< ConfigurationEntry
    kNodes,            ///< NodeEntry
    kLeaves,           ///< LeafEntry
    kDetailIndex,      ///< DetailBlockEntry
    kProductBlocks,    ///< each checked when it is first used, by the checksum in ProductEntry
    kDetails,          ///< zstd frames, each checked when it is read, by the checksum in DetailBlockEntry
};
inline constexpr std::size_t kSections = 14;
/// Sections whose checksum is looked at when the file is opened.
constexpr bool IsCheckedAtOpening(Section section) { return section < Section::kProductBlocks; }

struct SectionEntry {
    std::uint64_t offset;
    std::uint64_t size;
    std::uint32_t checksum;  ///< CRC-32C; 0 for sections that are checked piece by piece
    std::uint32_t reserved;
};

struct FileHeader {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t section_count;
    std::uint64_t file_size;
    std::array<SectionEntry, kSections> sections;
    std::uint32_t attribute_sets;  ///< in kAttributes
    std::uint32_t checksum;  ///< CRC-32C of all before it
};

struct RecordEntry {
    std::uint32_t id_offset;
    std::uint32_t scorer_offset;
    std::uint32_t probability;  ///< EPSS, millionths; kUnpredicted for none
    std::uint32_t percentile;
    std::uint8_t id_size;
    std::uint8_t scorer_size;
    std::uint8_t status;         ///< Status
    std::uint8_t score_tenths;   ///< Metric::kUnscored for none
    std::uint8_t score_version;  ///< 20, 30, 31, 40
    std::uint8_t score_origin;   ///< Origin
    std::uint8_t is_known_exploited;
    std::uint8_t reserved;
};
inline constexpr std::uint32_t kUnpredicted = UINT32_MAX;

struct ProductEntry {
    std::uint64_t block_offset;
    std::uint32_t block_size;
    std::uint32_t checksum;
    std::uint32_t key_offset;
    std::uint32_t key_size;
};

/// At the beginning of a product block. After it: ranges; RangeTexts of each; u32 offsets of the bounds, one more than there are; u32 offsets of the texts,
/// likewise; the bytes of the bounds; the bytes of the texts.
struct BlockHeader {
    std::uint32_t ranges;
    std::uint32_t bounds;
    std::uint32_t texts;
    std::uint32_t scheme;  ///< versions::Scheme
};

enum class RangeKind : std::uint8_t {
    kExact = 0,      ///< one version
    kBetween = 1,    ///< both ends given
    kOpenEnded = 2,  ///< one end given
    kAnyVersion = 3,
    kNoVersion = 4,  ///< NA: a thing that has no version
    kPattern = 5,    ///< a version with wildcards, which stands among the attributes
};

/// A version stands at 2 i + 1 when it is the i-th bound, at 2 i when it lies before the i-th and behind the one before. It is in the range when
/// low <= place <= high.
struct Range {
    std::uint32_t low;
    std::uint32_t high;
    std::uint32_t target;  ///< slot of the record; with kLeafBit a leaf of a configuration
    std::uint32_t traits;  ///< number of the set of attributes in the upper 24 bits, below it flags

    static constexpr std::uint32_t kLeafBit = 0x8000'0000U;
    static constexpr std::uint32_t kVulnerableBit = 0x8;
    static constexpr std::uint32_t kUndeterminedBit = 0x10;  ///< whether it is affected is not known

    RangeKind kind() const { return static_cast<RangeKind>(traits & 7U); }
    bool is_vulnerable() const { return (traits & kVulnerableBit) != 0; }
    bool is_undetermined() const { return (traits & kUndeterminedBit) != 0; }
    std::uint32_t attributes() const { return traits >> 8; }
    bool has_leaf() const { return (target & kLeafBit) != 0; }
    std::uint32_t target_number() const { return target & ~kLeafBit; }
};
/// How the source writes the ends of a range: numbers of texts. Of one exact version both stand in the first, as the components "version:update".
struct RangeTexts {
    std::uint32_t low;
    std::uint32_t high;

    static constexpr std::uint32_t kNone = UINT32_MAX;
};

struct ConfigurationEntry {
    std::uint32_t slot;
    std::uint32_t first_node;
    std::uint32_t nodes;
    std::uint32_t flags;  ///< kNeedsAll, kNegated

    static constexpr std::uint32_t kNeedsAll = 1;
    static constexpr std::uint32_t kNegated = 2;
};

/// All of its leaves are needed: a node that needs one of its criteria has one leaf for all of them, a node that needs all has one for each.
struct NodeEntry {
    std::uint32_t first_leaf;
    std::uint32_t leaves;
    std::uint32_t flags;  ///< ConfigurationEntry::kNegated
};

struct LeafEntry {
    std::uint32_t node;
    std::uint32_t configuration;
    std::uint32_t parts;  ///< what its criteria are about

    static constexpr std::uint32_t kApplication = 1;
    static constexpr std::uint32_t kOperatingSystem = 2;
    static constexpr std::uint32_t kHardware = 4;
    static constexpr std::uint32_t kUntold = 8;  ///< the feed left it out
};

struct DetailBlockEntry {
    std::uint64_t offset;
    std::uint32_t packed_size;
    std::uint32_t size;
    std::uint32_t checksum;
    std::uint32_t reserved;
};

static_assert(sizeof(SectionEntry) == 24 && sizeof(FileHeader) == 24 + 24 * kSections + 8 && sizeof(RecordEntry) == 24 && sizeof(ProductEntry) == 24 &&
              sizeof(BlockHeader) == 16 && sizeof(RangeTexts) == 8 && sizeof(Range) == 16 && sizeof(ConfigurationEntry) == 16 && sizeof(NodeEntry) == 12 && sizeof(LeafEntry) == 12 &&
              sizeof(DetailBlockEntry) == 24);

template <typename T>
std::string_view BytesOf(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

}  // namespace opsteward::vuln
