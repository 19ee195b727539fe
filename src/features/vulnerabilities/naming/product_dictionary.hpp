// The products that NVD names, for finding one by what a title says.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace opsteward::vuln {

/// Canonical components of a name ("notepad\+\+").
struct ProductKey {
    char part = 'a';
    std::string_view vendor{};
    std::string_view product{};
    std::uint32_t cves = 0;      ///< of how many CVEs it is in a configuration
    std::string_view target_sw{};  ///< what more than half of its criteria have ("wordpress"); empty: none
};

/// Thread-safe for const use. Entries are in the order of vendor, product and part.
class ProductDictionary {
  public:
    /// Copies what it needs. Keys of hardware are left out: no title is one. kTooLarge for more than 4 million keys.
    static Result<ProductDictionary> Make(std::span<const ProductKey> keys);
    /// Lines "part:vendor:product<TAB>CVEs[<TAB>target_sw]". kCorrupt names the line that is none.
    static Result<ProductDictionary> Read(std::string_view lines);
    /// What comes with the program; read at the first call.
    static Result<std::shared_ptr<const ProductDictionary>> BuiltIn();

    std::size_t size() const { return entries_.size(); }
    ProductKey operator[](std::size_t index) const;

    std::optional<std::size_t> Find(char part, std::string_view vendor, std::string_view product) const;
    bool HasVendor(std::string_view vendor) const;
    /// Of a vendor, canonical component: [first, last).
    struct Range {
        std::uint32_t first = 0;
        std::uint32_t last = 0;
    };
    Range ProductsOf(std::string_view vendor) const;
    /// Entries whose product is `squashed` (Squash of normalized_title.hpp).
    std::vector<std::uint32_t> FindSquashed(std::string_view squashed) const;
    /// Entries that have the word in their product.
    std::vector<std::uint32_t> FindWord(std::string_view word, std::size_t limit) const;
    /// How many entries have the word in their product.
    std::size_t CountWord(std::string_view word) const;

  private:
    struct Entry {
        std::uint32_t at = 0;  ///< in text_: vendor, then product, then target_sw
        std::uint32_t cves = 0;
        std::uint16_t vendor_size = 0;
        std::uint16_t product_size = 0;
        std::uint8_t target_size = 0;
        char part = 'a';
    };
    /// A hash and an entry that has it; those that have it by chance are left out when asked.
    struct Posting {
        std::uint32_t hash = 0;
        std::uint32_t entry = 0;
        auto operator<=>(const Posting&) const = default;
    };

    /// Made with the first question that needs it: most titles are decided by rules, and a command names a few.
    struct Index {
        std::once_flag is_made;
        std::vector<Posting> squashed;
        std::vector<Posting> words;
    };

    void SortEntries();
    const Index& WordIndex() const;
    void Fill(Index& index) const;
    static std::span<const Posting> Postings(const std::vector<Posting>& index, std::string_view text);

    std::string text_;
    std::vector<Entry> entries_;
    std::unique_ptr<Index> index_ = std::make_unique<Index>();
};

}  // namespace opsteward::vuln
