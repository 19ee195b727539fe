// A product in the dictionary by a title's name and maker, where no rule knows it. Precise before complete: what could be two products is none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/naming/naming_rules.hpp"
#include "features/vulnerabilities/naming/normalized_title.hpp"
#include "features/vulnerabilities/naming/product_dictionary.hpp"

namespace opsteward::vuln {

class ProductSearch {
  public:
    /// All outlive the search. `publisher` is normalised, `group` the company it is of.
    ProductSearch(const ProductDictionary& dictionary, const NormalizedTitle& title, std::string_view publisher, const Publisher* group);

    /// Entries of the maker's whose product is the title's name, or its stem, with or without the maker's name before it; the one in most CVEs first.
    /// Several are the same product under several vendors. With a maker that the rules do not know, also a product of a seldom name whose vendor was made
    /// for it ("keepassxc:keepassxc").
    std::vector<std::uint32_t> ByName() const;
    /// The one product of the maker's all of whose words are in the title, of whose words none else matters. Of a single word it has to be a seldom one.
    std::optional<std::uint32_t> ByWords() const;
    /// At most 5 that a person may have to choose from, the most likely first.
    std::vector<std::uint32_t> Candidates() const;

    /// Whether an entry is of one of the maker's vendors.
    bool IsOfMaker(std::uint32_t entry) const;

  private:
    std::vector<std::uint32_t> ByNameAlone() const;
    /// As it is, without the maker before it, and with each way to write the maker before it.
    std::vector<std::string> WaysToName(const std::string& squashed) const;
    std::vector<std::string> WordsBeyondMaker() const;

    const ProductDictionary& dictionary_;
    const NormalizedTitle& title_;
    bool is_company_ = false;           ///< the maker is one that the rules know
    std::vector<std::string> vendors_;  ///< those of the maker that the dictionary has
    std::vector<std::string> makers_;   ///< the same, squashed
    std::vector<ProductDictionary::Range> ranges_;  ///< their products
};

}  // namespace opsteward::vuln
