// What stands in the place of a segment that was deleted, and the record that has to say so. Format: docs/formats/vault.md, "Deleted segments".
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/folder.hpp"
#include "verifier/report.hpp"
#include "verifier/sha256.hpp"

namespace opsteward::verifier {

/// The complete subtree over the leaves index·2^level … (index+1)·2^level-1.
struct Subtree {
    unsigned level = 0;
    std::uint64_t index = 0;

    bool operator==(const Subtree&) const = default;
};

/// The largest ones that together hold just these leaves, from left to right.
std::vector<Subtree> SubtreesOf(std::uint64_t first, std::uint64_t count);

struct GoneRange {
    std::string file;          ///< "segments/00000000000000000512.gone"
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::uint64_t event = 0;   ///< number of the record that says so
    std::vector<Hash> hashes;  ///< of SubtreesOf(first, count)

    std::uint64_t end() const { return first + count; }
    /// What the message of that record begins with.
    std::string Claim() const;
};

/// The file that is named by the number `first`. Malformed when anything does not fit.
GoneRange ParseGoneFile(std::string_view bytes, std::uint64_t first);
/// In the order of their numbers; what is malformed goes to the report.
std::vector<GoneRange> ReadGoneFiles(const VaultFolder& folder, VaultReport& report);

/// Messages of records that say what was deleted, as far as claims go, by the records' numbers. Only those that some file names are asked for.
using Claims = std::map<std::uint64_t, std::string>;
using WantedClaims = std::set<std::uint64_t>;
inline const WantedClaims kNoClaims;
/// Takes the record's message if it is wanted and one of the program's own that says what was deleted.
void TakeClaim(Claims& claims, const WantedClaims& wanted, std::uint64_t record, std::uint8_t transport, std::string_view source, std::string_view kind,
               std::string_view message);

}  // namespace opsteward::verifier
