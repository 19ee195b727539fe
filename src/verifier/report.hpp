// What a check found. docs/operate/verify.md says what each code means.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/sha256.hpp"
#include "verifier/text.hpp"

namespace opsteward::verifier {

/// As much as is known. Files are named from the vault's folder on.
struct Place {
    std::string file;
    std::optional<std::uint64_t> offset = {};       ///< byte in the file
    std::optional<std::uint64_t> block = {};        ///< of the segment, counted from 0
    std::optional<std::uint64_t> record = {};       ///< number of the first record in question
    std::optional<std::uint64_t> last_record = {};  ///< where there are more
};

struct Finding {
    std::string_view code;
    Place place;
    Text message;
};

struct CheckedCheckpoint {
    std::string file;
    std::optional<std::uint64_t> size = {};  ///< nothing when it can't be read or isn't signed by the key
    bool is_ok = false;
};

struct VaultReport {
    static constexpr std::size_t kMaxFailures = 100;

    std::string folder;
    std::string log;               ///< name of the log, which is the key's
    std::uint64_t records = 0;     ///< from 0 to the last that was found
    std::uint64_t unreadable = 0;  ///< of these
    std::uint64_t sealed = 0;      ///< under the vault's own checkpoint
    std::uint64_t unsealed = 0;
    std::uint64_t deleted = 0;     ///< of the records: known by the hashes that were kept
    std::uint64_t segments = 0;
    std::optional<Hash> root = {};  ///< over all records, if all could be read
    std::vector<CheckedCheckpoint> checkpoints;
    std::vector<Finding> failures;  ///< the first kMaxFailures
    std::uint64_t more_failures = 0;
    std::vector<Finding> notes;     ///< what is in order and worth knowing

    bool is_intact() const { return failures.empty(); }
    void Fail(std::string_view code, Place place, Text message);
    void Note(std::string_view code, Place place, Text message);
};

/// Both end in a newline.
std::string ToText(const VaultReport& report, Language language);
std::string ToJson(const VaultReport& report);

}  // namespace opsteward::verifier
