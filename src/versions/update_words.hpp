// The words by which makers and NVD name what comes before and after a release. Which there are, and what a single letter means, was read off the versions
// and updates of NVD's own criteria.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace opsteward::versions {

/// In the order of releases. The values are bytes of keys: those of what comes before a release are below kUpdateEnd, the others above kUpdateLetters.
enum class Update : std::uint8_t {
    kNone = 0,  ///< names the release itself (final, ga), or only where its number begins (build)
    kDevelopment = 0x10,
    kTest,
    kAlpha,
    kBeta,
    kMilestone,
    kPreview,
    kCandidate,
    kSnapshot,  ///< of what the release will be: behind its candidates, as Maven orders versions
    kRevision = 0x60,
    kInterimFix,
    kHotfix,
    kPatch,
    kFixPack,
    kUpdate,
    kMaintenance,
    kServicePack,
};

/// In the second part of a key: where no update, or nothing further, is said, and text that is no word.
constexpr std::uint8_t kUpdateEnd = 0x40;
constexpr std::uint8_t kUpdateLetters = 0x50;

constexpr bool IsBeforeRelease(Update update) { return update != Update::kNone && static_cast<std::uint8_t>(update) < kUpdateEnd; }

constexpr std::size_t kMaxWordLength = 18;

/// `word`: small letters, at least two. Two words are asked for written together: "servicepack".
std::optional<Update> UpdateNamed(std::string_view word);
/// Whether a second word may belong to it: "service", "fix".
bool MayBeFirstOfTwo(std::string_view word);

/// Where a letter stands that may be the short form of a word.
struct LetterPlace {
    char before = 0;            ///< the character before it; a blank at the beginning of an update
    bool only_numbers = false;  ///< nothing but numbers stands before it
    std::string_view number;    ///< the digits that follow at once
};
/// `letter`: small. A letter without a number is none (OpenSSL's 1.0.2a follows 1.0.2), nor is one behind a parenthesis (Cisco's 15.0(1)M2).
std::optional<Update> UpdateOfLetter(char letter, const LetterPlace& place);

}  // namespace opsteward::versions
