// Whether a proof holds, and what the record says that it proves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verifier/note.hpp"
#include "verifier/report.hpp"

namespace opsteward::verifier {

struct ProofReport {
    std::string file;
    std::string log;
    std::optional<Finding> failure = {};

    // Of a proof that holds; of any other nobody vouches for a word.
    std::uint64_t index = 0;
    std::uint64_t size = 0;  ///< of the checkpoint's tree
    Hash root{};
    std::string record;      ///< its canonical bytes

    bool is_ok() const { return !failure; }
};

/// `file` is how the proof is to be named, `bytes` what is in it.
ProofReport CheckProof(std::string_view file, std::string_view bytes, const PublicKey& key);

/// Both end in a newline.
std::string ToText(const ProofReport& report, Language language);
std::string ToJson(const ProofReport& report);

}  // namespace opsteward::verifier
