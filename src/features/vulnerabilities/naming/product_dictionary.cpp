#include "features/vulnerabilities/naming/product_dictionary.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/naming/built_in_data.hpp"
#include "features/vulnerabilities/naming/normalized_title.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kMaxKeys = 4'000'000;
constexpr std::size_t kMaxText = 1U << 30U;

/// FNV-1a: small, and what collides is told apart by the text.
std::uint32_t Hash(std::string_view text) {
    std::uint32_t hash = 2166136261U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash;
}

std::optional<ProductKey> ReadLine(std::string_view line) {
    const auto cells = Split(line, '\t');
    if (cells.size() < 2 || cells.size() > 3) return std::nullopt;
    const auto components = cpe::CutComponents<3>(cells[0]);
    if (!components) return std::nullopt;
    const auto& [part, vendor, product] = *components;
    if (part.size() != 1 || vendor.empty() || product.empty()) return std::nullopt;
    ProductKey key;
    key.part = part[0];
    key.vendor = vendor;
    key.product = product;
    const auto [rest, failure] = std::from_chars(cells[1].data(), cells[1].data() + cells[1].size(), key.cves);
    if (failure != std::errc() || rest != cells[1].data() + cells[1].size()) return std::nullopt;
    if (cells.size() == 3) key.target_sw = cells[2];
    return key;
}

}  // namespace

Result<ProductDictionary> ProductDictionary::Make(std::span<const ProductKey> keys) {
    const Error too_large = Error::Of(ErrorCode::kTooLarge, "產品字典過大：最多 400 萬筆、1 GiB。", "The dictionary of products is too large: 4 million keys, 1 GiB.");
    if (keys.size() > kMaxKeys) return too_large;
    ProductDictionary dictionary;
    std::size_t size = 0;
    for (const ProductKey& key : keys) size += key.vendor.size() + key.product.size() + key.target_sw.size();
    if (size > kMaxText) return too_large;
    dictionary.text_.reserve(size);
    dictionary.entries_.reserve(keys.size());
    for (const ProductKey& key : keys) {
        constexpr std::size_t kLongest = std::numeric_limits<std::uint16_t>::max();
        if (key.part == 'h' || key.vendor.size() > kLongest || key.product.size() > kLongest || key.target_sw.size() > 255) continue;
        dictionary.entries_.push_back({.at = static_cast<std::uint32_t>(dictionary.text_.size()),
                                       .cves = key.cves,
                                       .vendor_size = static_cast<std::uint16_t>(key.vendor.size()),
                                       .product_size = static_cast<std::uint16_t>(key.product.size()),
                                       .target_size = static_cast<std::uint8_t>(key.target_sw.size()),
                                       .part = key.part});
        dictionary.text_.append(key.vendor).append(key.product).append(key.target_sw);
    }
    dictionary.SortEntries();
    return dictionary;
}

Result<ProductDictionary> ProductDictionary::Read(std::string_view lines) {
    std::vector<ProductKey> keys;
    std::size_t number = 0;
    for (const std::string_view line : SplitLines(lines)) {
        ++number;
        const auto key = ReadLine(line);
        if (!key) {
            return Error::Of(ErrorCode::kCorrupt, fmt::format("產品字典第 {} 行不是「part:vendor:product<TAB>數量」。", number),
                             fmt::format("Line {} of the dictionary of products is not \"part:vendor:product<TAB>count\".", number));
        }
        keys.push_back(*key);
    }
    return Make(keys);
}

Result<std::shared_ptr<const ProductDictionary>> ProductDictionary::BuiltIn() {
    static const auto kBuiltIn = []() -> Result<std::shared_ptr<const ProductDictionary>> {
        OPS_TRY(const auto lines, BuiltInProducts());
        OPS_TRY(auto dictionary, Read(lines));
        return std::make_shared<const ProductDictionary>(std::move(dictionary));
    }();
    return kBuiltIn;
}

void ProductDictionary::SortEntries() {
    const auto key_of = [this](const Entry& entry) {
        const std::string_view text(text_);
        return std::tuple(text.substr(entry.at, entry.vendor_size), text.substr(entry.at + entry.vendor_size, entry.product_size), entry.part);
    };
    const auto is_before = [&](const Entry& a, const Entry& b) { return key_of(a) < key_of(b); };
    if (!std::ranges::is_sorted(entries_, is_before)) std::ranges::sort(entries_, is_before);
}

const ProductDictionary::Index& ProductDictionary::WordIndex() const {
    std::call_once(index_->is_made, [this] { Fill(*index_); });
    return *index_;
}

void ProductDictionary::Fill(Index& index) const {
    index.squashed.reserve(entries_.size());
    index.words.reserve(entries_.size() * 3);
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        const std::string product = cpe::Unquote((*this)[i].product);
        index.squashed.push_back({Hash(Squash(product)), i});
        for (const std::string& word : WordsOf(product)) index.words.push_back({Hash(word), i});
    }
    // Compared as one number: the order of hash, then entry.
    const auto as_number = [](const Posting& posting) { return std::uint64_t{posting.hash} << 32U | posting.entry; };
    std::ranges::sort(index.squashed, {}, as_number);
    std::ranges::sort(index.words, {}, as_number);
    index.words.erase(std::unique(index.words.begin(), index.words.end()), index.words.end());
    index.words.shrink_to_fit();
}

ProductKey ProductDictionary::operator[](std::size_t index) const {
    const Entry& entry = entries_[index];
    const std::string_view text(text_);
    return {.part = entry.part,
            .vendor = text.substr(entry.at, entry.vendor_size),
            .product = text.substr(entry.at + entry.vendor_size, entry.product_size),
            .cves = entry.cves,
            .target_sw = text.substr(std::size_t{entry.at} + entry.vendor_size + entry.product_size, entry.target_size)};
}

ProductDictionary::Range ProductDictionary::ProductsOf(std::string_view vendor) const {
    const auto vendor_of = [this](const Entry& entry) { return std::string_view(text_).substr(entry.at, entry.vendor_size); };
    const auto [first, last] = std::ranges::equal_range(entries_, vendor, {}, vendor_of);
    return {static_cast<std::uint32_t>(first - entries_.begin()), static_cast<std::uint32_t>(last - entries_.begin())};
}

bool ProductDictionary::HasVendor(std::string_view vendor) const {
    const Range range = ProductsOf(vendor);
    return range.first != range.last;
}

std::optional<std::size_t> ProductDictionary::Find(char part, std::string_view vendor, std::string_view product) const {
    const Range range = ProductsOf(vendor);
    for (std::uint32_t i = range.first; i < range.last; ++i) {
        const ProductKey key = (*this)[i];
        if (key.product == product && key.part == part) return i;
    }
    return std::nullopt;
}

std::span<const ProductDictionary::Posting> ProductDictionary::Postings(const std::vector<Posting>& index, std::string_view text) {
    const auto [first, last] = std::ranges::equal_range(index, Hash(text), {}, &Posting::hash);
    return {first, last};
}

std::vector<std::uint32_t> ProductDictionary::FindSquashed(std::string_view squashed) const {
    std::vector<std::uint32_t> found;
    for (const Posting& posting : Postings(WordIndex().squashed, squashed)) {
        if (Squash(cpe::Unquote((*this)[posting.entry].product)) == squashed) found.push_back(posting.entry);
    }
    return found;
}

std::vector<std::uint32_t> ProductDictionary::FindWord(std::string_view word, std::size_t limit) const {
    std::vector<std::uint32_t> found;
    for (const Posting& posting : Postings(WordIndex().words, word)) {
        if (found.size() == limit) break;
        const auto words = WordsOf(cpe::Unquote((*this)[posting.entry].product));
        if (std::ranges::find(words, word) != words.end()) found.push_back(posting.entry);
    }
    return found;
}

std::size_t ProductDictionary::CountWord(std::string_view word) const { return Postings(WordIndex().words, word).size(); }

}  // namespace opsteward::vuln
