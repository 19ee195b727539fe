#include "versions/update_words.hpp"

#include <algorithm>
#include <array>

#include "versions/key_bytes.hpp"

namespace opsteward::versions {
namespace {

struct Word {
    std::string_view word;
    Update update;
};

// In alphabetical order.
constexpr auto kWords = std::to_array<Word>({
    {"alpha", Update::kAlpha},
    {"base", Update::kNone},
    {"beta", Update::kBeta},
    {"build", Update::kNone},
    {"canary", Update::kDevelopment},
    {"candidate", Update::kCandidate},
    {"cf", Update::kFixPack},
    {"cp", Update::kFixPack},
    {"cr", Update::kCandidate},
    {"cu", Update::kUpdate},
    {"cumulativefix", Update::kFixPack},
    {"cumulativepatch", Update::kPatch},
    {"cumulativeupdate", Update::kUpdate},
    {"dev", Update::kDevelopment},
    {"devel", Update::kDevelopment},
    {"development", Update::kDevelopment},
    {"ea", Update::kPreview},
    {"evo", Update::kNone},  // Junos Evolved: 21.4-EVO, 21.4R3-EVO
    {"final", Update::kNone},
    {"fixpack", Update::kFixPack},
    {"fixpak", Update::kFixPack},
    {"fp", Update::kFixPack},
    {"ga", Update::kNone},
    {"gold", Update::kNone},
    {"golden", Update::kNone},
    {"hf", Update::kHotfix},
    {"hotfix", Update::kHotfix},
    {"hp", Update::kHotfix},
    {"if", Update::kInterimFix},
    {"ifix", Update::kInterimFix},
    {"interimfix", Update::kInterimFix},
    {"latest", Update::kDevelopment},
    {"maintenance", Update::kMaintenance},
    {"maintenancepack", Update::kMaintenance},
    {"maintenancerelease", Update::kMaintenance},
    {"milestone", Update::kMilestone},
    {"mp", Update::kMaintenance},
    {"mr", Update::kMaintenance},
    {"next", Update::kDevelopment},
    {"nightly", Update::kDevelopment},
    {"patch", Update::kPatch},
    {"patchlevel", Update::kPatch},
    {"pl", Update::kPatch},
    {"pre", Update::kPreview},
    {"prerelease", Update::kPreview},
    {"preview", Update::kPreview},
    {"rc", Update::kCandidate},
    {"release", Update::kNone},
    {"releasecandidate", Update::kCandidate},
    {"rev", Update::kRevision},
    {"revision", Update::kRevision},
    {"rollup", Update::kUpdate},
    {"ru", Update::kUpdate},
    {"servicepack", Update::kServicePack},
    {"servicerelease", Update::kServicePack},
    {"snapshot", Update::kSnapshot},
    {"sp", Update::kServicePack},
    {"sr", Update::kServicePack},
    {"stable", Update::kNone},
    {"technologypreview", Update::kPreview},
    {"test", Update::kTest},
    {"upd", Update::kUpdate},
    {"update", Update::kUpdate},
    {"updaterollup", Update::kUpdate},
});

constexpr auto kFirstOfTwo = std::to_array<std::string_view>(
    {"cumulative", "fix", "interim", "maintenance", "patch", "pre", "release", "service", "technology", "update"});

bool IsSeparator(char c) { return c == '.' || c == '-' || c == '_' || c == ' '; }

/// Of one or two digits, without a leading zero: dates, and the builds of firmware ("2.03.b02", "1.0.0-b20230221"), are written otherwise.
bool IsSmallNumber(std::string_view digits) { return digits.size() == 1 || (digits.size() == 2 && digits[0] != '0'); }

}  // namespace

std::optional<Update> UpdateNamed(std::string_view word) {
    static_assert(std::ranges::is_sorted(kWords, {}, &Word::word));
    static_assert(std::ranges::all_of(kWords, [](const Word& each) { return each.word.size() <= kMaxWordLength; }));
    const auto* const found = std::ranges::lower_bound(kWords, word, {}, &Word::word);
    if (found == kWords.end() || found->word != word) return std::nullopt;
    return found->update;
}

bool MayBeFirstOfTwo(std::string_view word) { return std::ranges::find(kFirstOfTwo, word) != kFirstOfTwo.end(); }

std::optional<Update> UpdateOfLetter(char letter, const LetterPlace& place) {
    if (place.number.empty()) return std::nullopt;
    const bool is_attached = IsDigit(place.before) && place.only_numbers;
    const bool is_apart = IsSeparator(place.before);
    const bool may_precede = place.only_numbers && IsSmallNumber(place.number);
    switch (letter) {
        case 'a': return may_precede && (is_attached || is_apart) ? std::optional(Update::kAlpha) : std::nullopt;
        case 'b': return may_precede && (is_attached || is_apart) ? std::optional(Update::kBeta) : std::nullopt;
        case 'm': return may_precede && is_apart ? std::optional(Update::kMilestone) : std::nullopt;
        case 'p': return is_attached || is_apart ? std::optional(Update::kPatch) : std::nullopt;
        case 'r': return is_attached || is_apart ? std::optional(Update::kRevision) : std::nullopt;
        case 'u': return is_attached || is_apart ? std::optional(Update::kUpdate) : std::nullopt;
        case 'd': return place.before == '-' || place.before == ' ' ? std::optional(Update::kRevision) : std::nullopt;  // Junos 15.1X49-D20
        case 'h': return is_apart ? std::optional(Update::kHotfix) : std::nullopt;                                       // PAN-OS 9.1.0-h1
        default: return std::nullopt;
    }
}

}  // namespace opsteward::versions
