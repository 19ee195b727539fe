// Rules that people wrote: which titles are which product, which are none, and which names of companies are one (docs/formats/naming-rules.md).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <re2/re2.h>
#include <re2/set.h>

#include "base/language.hpp"
#include "base/result.hpp"
#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/naming/normalized_title.hpp"

namespace opsteward::vuln {

/// Why a rule says that a title is no product of NVD's.
enum class NoProduct : std::uint8_t { kComponent, kContent, kDriver, kGame, kLanguage, kLocal, kTool, kUpdate };
std::optional<NoProduct> FindNoProduct(std::string_view word);
Phrase ReasonOf(NoProduct reason);

/// Names under which one company publishes, and the vendors under which NVD has it.
struct Publisher {
    std::string id;
    std::vector<std::string> names;    ///< as NormalizePublisher gives them
    std::vector<std::string> vendors;  ///< canonical components, the present one first
};

struct NamingRule {
    std::vector<std::string> names;      ///< normalised names that it is for
    std::unique_ptr<RE2> pattern;        ///< or a whole normalised name that fits
    std::vector<std::string> publishers; ///< ids or normalised names; none: whoever publishes it
    bool is_strict = false;              ///< a title without a publisher is not enough
    bool is_of_language = false;         ///< for titles that name a language alone
    std::vector<cpe::Name> products;     ///< the first is the name, the others are the same; none: `none` says why
    std::optional<NoProduct> none;
    std::string version;                 ///< template; empty: the title's
    int parts = 0;                       ///< so many components of it; 0: all
    bool is_whole = false;               ///< the reported version as it is
    std::string update;                  ///< template
    std::string sw_edition;
    int line = 0;                        ///< of the file
};

class NamingRules {
  public:
    /// TOML. kInvalidInput names the line and what is wrong there. At most 4 MiB, 20,000 rules and publishers.
    static Result<NamingRules> Read(std::string_view text);
    /// Those that come with the program; read at the first call.
    static Result<std::shared_ptr<const NamingRules>> BuiltIn();

    const std::vector<NamingRule>& rules() const { return rules_; }
    const std::vector<Publisher>& publishers() const { return publishers_; }
    /// Of a normalised name of a company.
    const Publisher* FindPublisher(std::string_view normalized) const;

    /// The first rule of the file that fits, first by the whole name, then by its stem.
    const NamingRule* Find(const NormalizedTitle& title, std::string_view publisher) const;

    /// The products of a rule for a title, of its version. Precondition: the rule has products.
    static std::vector<cpe::Name> NamesOf(const NamingRule& rule, const NormalizedTitle& title, std::string_view reported);

  private:
    friend class RuleReader;

    void Index();
    static bool Fits(const NamingRule& rule, const NormalizedTitle& title, std::string_view publisher, const Publisher* group);
    std::vector<std::size_t> Candidates(const std::string& name) const;
    std::vector<std::size_t> FittingPatterns(const std::string& name) const;

    std::vector<NamingRule> rules_;
    std::vector<Publisher> publishers_;
    std::unordered_map<std::string, std::size_t> publisher_by_name_;
    std::unordered_map<std::string, std::vector<std::size_t>> rules_by_name_;
    std::unique_ptr<RE2::Set> patterns_;
    std::vector<std::size_t> rule_of_pattern_;
};

}  // namespace opsteward::vuln
