#include "features/vulnerabilities/naming/product_search.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "base/text.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kMaxCandidates = 5;
/// A word in more products than this tells nothing.
constexpr std::size_t kSeldom = 60;
/// A word that is good enough for being proposed.
constexpr std::size_t kNotSoSeldom = 1000;
/// Of a title; more are not looked at.
constexpr std::size_t kMaxWords = 24;
/// Without a maker the name has to be seldom indeed, and long enough.
constexpr std::size_t kUnique = 4;
constexpr std::size_t kShortestAlone = 5;
/// What is left of a company's name when words were dropped that may tell it from another.
constexpr std::size_t kShortestMaker = 4;

template <typename Words>
bool IsIn(const Words& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// What may follow a company's name without being a part of it.
bool IsGeneric(std::string_view word) {
    static constexpr auto kGeneric = std::to_array<std::string_view>(
        {"software", "technologies", "technology", "systems", "team", "project", "foundation", "group", "labs", "studio", "studios", "networks",
         "communications", "international", "holdings", "solutions", "developers", "development", "community", "contributors", "organization",
         "electronics", "computer", "europe", "germany", "usa", "america", "taiwan", "packager", "packaging", "enterprises", "industries", "laboratories", "maintainers", "authors", "publishing",
         "association", "consortium", "support", "industry", "digital", "online"});
    return IsIn(kGeneric, word);
}

/// Words of a title beside its product's that make it no other product.
bool IsEdition(std::string_view word) {
    static constexpr auto kEditions = std::to_array<std::string_view>(
        {"edition", "professional", "standard", "enterprise", "free", "premium", "ultimate", "community", "home", "personal", "business", "plus", "lite",
         "version", "release", "for", "windows", "the", "a", "and", "by", "app", "application", "program", "stable", "full", "advanced", "trial", "portable",
         "only", "remove", "user", "system", "legacy", "classic", "lts", "ltsr", "desktop", "multilingual"});
    return IsIn(kEditions, word) || std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

/// What runs on a computer by itself, not in WordPress, on a telephone or in another program. "go" and "rust" are written for programs in these languages
/// as for packages of them.
bool IsProgram(const ProductKey& key) {
    static constexpr auto kHosts = std::to_array<std::string_view>(
        {"", "-", "windows", "windows_server", "macos", "mac_os_x", "mac_os", "linux", "linux_kernel", "x64", "x86", "go", "rust"});
    return key.part == 'a' && IsIn(kHosts, key.target_sw);
}

std::string Quoted(std::string_view text) {
    cpe::Name name;
    name.SetLiteral(cpe::Attribute::kVendor, text);
    return name[cpe::Attribute::kVendor];
}

/// How NVD may write a company: its words together, with "_" or "-" between, with "_project" behind; of all its words, then of fewer, as long as what is left
/// is more than a short or generic word. What is too short a name finds nothing, as the product's name has to agree too.
std::vector<std::string> WaysToWrite(std::string_view publisher) {
    std::vector<std::string> words;
    for (const std::string_view word : Split(publisher, ' ')) {
        if (!word.empty() && !(words.empty() && word == "the")) words.emplace_back(word);
    }
    std::vector<std::string> ways;
    while (!words.empty() && words.size() <= 8) {
        for (const std::string_view glue : {"_", "", "-"}) ways.push_back(Join(words, glue));
        ways.push_back(Join(words, "_") + "_project");
        const bool is_generic = IsGeneric(words.back());
        words.pop_back();
        if (!is_generic && Join(words, "").size() < kShortestMaker) break;
    }
    return ways;
}

/// "keepassxc:keepassxc", "rufus_project:rufus", "joplinapp:joplin": a vendor that was made for the one product.
bool IsOwnVendor(const ProductKey& key) {
    static constexpr auto kSuffixes = std::to_array<std::string_view>({"", "project", "team", "app", "software", "foundation", "labs", "server", "inc"});
    const std::string product = Squash(cpe::Unquote(key.product));
    const std::string vendor = Squash(cpe::Unquote(key.vendor));
    return vendor.starts_with(product) && IsIn(kSuffixes, std::string_view(vendor).substr(product.size()));
}

}  // namespace

ProductSearch::ProductSearch(const ProductDictionary& dictionary, const NormalizedTitle& title, std::string_view publisher, const Publisher* group)
    : dictionary_(dictionary), title_(title), is_company_(group != nullptr) {
    std::vector<std::string> ways;
    if (group != nullptr) {
        ways = group->vendors;
    } else {
        for (const std::string& way : WaysToWrite(publisher)) ways.push_back(Quoted(way));
    }
    for (std::string& way : ways) {
        if (dictionary_.HasVendor(way) && std::ranges::find(vendors_, way) == vendors_.end()) vendors_.push_back(std::move(way));
    }
    for (const std::string& vendor : vendors_) {
        makers_.push_back(Squash(cpe::Unquote(vendor)));
        ranges_.push_back(dictionary_.ProductsOf(vendor));
    }
}

bool ProductSearch::IsOfMaker(std::uint32_t entry) const {
    return std::ranges::any_of(ranges_, [&](const ProductDictionary::Range& range) { return entry >= range.first && entry < range.last; });
}

std::vector<std::string> ProductSearch::WaysToName(const std::string& squashed) const {
    std::vector<std::string> forms{squashed};
    for (const std::string& maker : makers_) {
        if (squashed.size() > maker.size() && squashed.starts_with(maker)) forms.push_back(squashed.substr(maker.size()));
    }
    const std::size_t bare = forms.size();
    for (std::size_t i = 0; i < bare; ++i) {
        for (const std::string& maker : makers_) forms.push_back(maker + forms[i]);
    }
    return forms;
}

std::vector<std::uint32_t> ProductSearch::ByName() const {
    for (const std::string* form : {&title_.name, &title_.stem}) {
        std::vector<std::uint32_t> found;
        const auto add = [&](std::uint32_t i) {
            if (std::ranges::find(found, i) == found.end()) found.push_back(i);
        };
        const std::string squashed = Squash(*form);
        if (squashed.empty()) continue;
        for (const std::string& way : WaysToName(squashed)) {
            for (const std::uint32_t i : dictionary_.FindSquashed(way)) {
                if (IsOfMaker(i) && IsProgram(dictionary_[i])) add(i);
            }
        }
        if (found.empty()) continue;
        if (!is_company_) std::ranges::for_each(ByNameAlone(), add);
        std::ranges::sort(found, std::ranges::greater{}, [&](std::uint32_t i) { return dictionary_[i].cves; });
        return found;
    }
    return is_company_ ? std::vector<std::uint32_t>{} : ByNameAlone();
}

std::vector<std::uint32_t> ProductSearch::ByNameAlone() const {
    for (const std::string* form : {&title_.name, &title_.stem}) {
        const std::string squashed = Squash(*form);
        const bool is_seldom = std::ranges::any_of(WordsOf(*form), [&](const std::string& word) { return dictionary_.CountWord(word) <= kUnique; });
        if (squashed.size() < kShortestAlone || !is_seldom) continue;
        std::vector<std::uint32_t> found;
        for (const std::uint32_t i : dictionary_.FindSquashed(squashed)) {
            const ProductKey key = dictionary_[i];
            if (IsProgram(key) && IsOwnVendor(key)) found.push_back(i);
        }
        if (!found.empty()) return found;
    }
    return {};
}

std::vector<std::string> ProductSearch::WordsBeyondMaker() const {
    std::set<std::string> of_maker;
    for (const std::string& vendor : vendors_) {
        const std::string plain = cpe::Unquote(vendor);
        of_maker.insert(Squash(plain));
        for (const std::string& word : WordsOf(plain)) of_maker.insert(word);
    }
    std::vector<std::string> words;
    for (std::string& word : WordsOf(title_.name)) {
        if (!of_maker.contains(word)) words.push_back(std::move(word));
    }
    return words;
}

std::optional<std::uint32_t> ProductSearch::ByWords() const {
    const std::vector<std::string> words = WordsBeyondMaker();
    if (words.empty() || words.size() > kMaxWords) return std::nullopt;
    std::set<std::uint32_t> considered;
    std::optional<std::uint32_t> best;
    std::size_t most = 0;
    bool is_unique = false;
    const auto is_seldom = [&](const std::string& word) { return word.size() > 2 && !IsEdition(word) && dictionary_.CountWord(word) <= kSeldom; };
    const auto consider = [&](std::uint32_t i) {
        const ProductKey key = dictionary_[i];
        if (!IsProgram(key)) return;
        std::vector<std::string> product = WordsOf(cpe::Unquote(key.product));
        std::erase_if(product, [&](const std::string& word) { return IsIn(makers_, word); });
        const bool is_told = product.size() > 1 || std::ranges::any_of(product, is_seldom);
        if (product.empty() || product.size() < most || !is_told) return;
        const bool is_in = std::ranges::all_of(product, [&](const std::string& word) { return IsIn(words, word); });
        const bool is_all = is_in && std::ranges::all_of(words, [&](const std::string& word) { return IsEdition(word) || IsIn(product, word); });
        if (!is_all) return;
        is_unique = product.size() > most;
        most = product.size();
        best = i;
    };
    for (const std::string& word : words) {
        if (IsEdition(word) || dictionary_.CountWord(word) > kNotSoSeldom) continue;
        for (const std::uint32_t i : dictionary_.FindWord(word, kNotSoSeldom)) {
            if (IsOfMaker(i) && considered.insert(i).second) consider(i);
        }
    }
    return is_unique ? best : std::nullopt;
}

std::vector<std::uint32_t> ProductSearch::Candidates() const {
    std::vector<std::string> words = WordsBeyondMaker();
    if (words.size() > kMaxWords) words.resize(kMaxWords);
    std::map<std::uint32_t, std::size_t> common;  // how many words of the title an entry has
    for (const std::string& word : words) {
        if (IsEdition(word) || dictionary_.CountWord(word) > kNotSoSeldom) continue;
        for (const std::uint32_t i : dictionary_.FindWord(word, kNotSoSeldom)) {
            if (IsOfMaker(i)) ++common[i];
        }
    }
    for (const std::uint32_t i : dictionary_.FindSquashed(Squash(title_.stem))) ++common[i];
    struct Scored {
        std::size_t score;
        std::uint32_t cves;
        std::uint32_t entry;
    };
    std::vector<Scored> scored;
    for (const auto& [entry, count] : common) {
        const ProductKey key = dictionary_[entry];
        if (IsProgram(key)) scored.push_back({100 * count / (WordsOf(cpe::Unquote(key.product)).size() + 1) + (IsOfMaker(entry) ? 100 : 0), key.cves, entry});
    }
    std::ranges::sort(scored, [](const Scored& a, const Scored& b) { return std::tie(b.score, b.cves, a.entry) < std::tie(a.score, a.cves, b.entry); });
    std::vector<std::uint32_t> best;
    for (std::size_t i = 0; i < std::min(kMaxCandidates, scored.size()); ++i) best.push_back(scored[i].entry);
    return best;
}

}  // namespace opsteward::vuln
