// The two ways in which a check does not go well. Both are thrown; only the second ends it.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

#include "verifier/text.hpp"

namespace opsteward::verifier {

/// Bytes are not what the format says. Whoever had them read makes a failure of the report from it.
struct Malformed : std::exception {
    explicit Malformed(Text text, std::uint64_t at = 0) : why(std::move(text)), offset(at) {}
    const char* what() const noexcept override { return why.en.c_str(); }

    Text why;
    std::uint64_t offset = 0;                    ///< in the bytes that were read
    std::optional<std::uint64_t> record = {};    ///< where one record is to blame
};

/// Nothing can be said of the vault: a file can't be read, the key is none, somebody pressed Ctrl-C.
struct CannotCheck : std::exception {
    explicit CannotCheck(Text text) : why(std::move(text)) {}
    const char* what() const noexcept override { return why.en.c_str(); }

    Text why;
};

}  // namespace opsteward::verifier
