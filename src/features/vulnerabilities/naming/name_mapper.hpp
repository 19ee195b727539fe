// From a title of installed software to the product as NVD names it, or to nothing: see docs/formats/naming-rules.md for the order of what decides.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/naming/name_confirmations.hpp"
#include "features/vulnerabilities/naming/naming_rules.hpp"
#include "features/vulnerabilities/naming/product_dictionary.hpp"

namespace opsteward::vuln {

/// As the Windows uninstall registry (DisplayName, Publisher, DisplayVersion), a list of macOS applications or of packages from elsewhere than the
/// distribution says it. Publisher and version may be empty.
struct SoftwareTitle {
    std::string name;
    std::string publisher;
    std::string version;
};

/// What a choice, or a decision that there is none, rests on.
enum class Evidence : std::uint8_t { kConfirmation, kRule, kNormalizedName, kWords, kNothing };
/// "confirmation", "rule", "normalized_name", "words", "nothing".
std::string_view NameOf(Evidence evidence);

struct NameChoice {
    /// Part a, with the version as NVD writes it; ANY where the title does not say one. target_sw and target_hw are ANY: the host knows them.
    cpe::Name name;
    std::vector<cpe::Name> also;  ///< under which NVD has the same product too, of other times or vendors; to be matched as well
    int confidence = 0;           ///< 100 a person or a rule, 85 the same name and maker, 70 the same words, 60 a seldom name alone
    Evidence evidence = Evidence::kNothing;
    Text why;
};

struct Withheld {
    Text reason;
    std::vector<cpe::Name> candidates;  ///< at most 5, the most likely first; of version ANY
    /// kConfirmation or kRule: it is decided that the title is no product of NVD's. kNothing: a person has to look.
    Evidence evidence = Evidence::kNothing;
};

using NameAnswer = std::variant<NameChoice, Withheld>;

/// Thread-safe for const use; copies share what is large.
class NameMapper {
  public:
    /// With the dictionary and the rules that come with the program.
    static Result<NameMapper> BuiltIn(NameConfirmations confirmations = {});
    NameMapper(std::shared_ptr<const ProductDictionary> dictionary, std::shared_ptr<const NamingRules> rules, NameConfirmations confirmations = {});

    /// The same title gives the same answer. A field of more than 1,024 bytes is not read: withheld.
    NameAnswer Map(const SoftwareTitle& title) const;

    const ProductDictionary& dictionary() const { return *dictionary_; }
    const NamingRules& rules() const { return *rules_; }

  private:
    std::shared_ptr<const ProductDictionary> dictionary_;
    std::shared_ptr<const NamingRules> rules_;
    std::shared_ptr<const NameConfirmations> confirmations_;
};

}  // namespace opsteward::vuln
