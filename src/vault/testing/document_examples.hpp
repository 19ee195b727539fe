// The worked examples of docs/formats/vault.md.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>

#include "crypto/crypto.hpp"
#include "vault/store/file.hpp"

namespace opsteward::vault::testing {

/// What stands between "```NAME" and "```" in the document.
inline std::string Example(std::string_view name) {
    static const std::string document = ReadFile(std::filesystem::path(OPSTEWARD_SOURCE_DIR) / "docs/formats/vault.md").value();
    const std::string fence = "```" + std::string(name) + "\n";
    const std::size_t begin = document.find(fence) + fence.size();
    return document.substr(begin, document.find("```", begin) - begin);
}

/// Pairs of hexadecimal digits; "00*n" are n zero bytes.
inline std::string Bytes(std::string_view name) {
    std::istringstream words(Example(name));
    std::string bytes;
    for (std::string word; words >> word;) {
        const auto byte = crypto::FromHex(word.substr(0, 2));
        EXPECT_TRUE(byte && (word.size() == 2 || word.starts_with("00*"))) << name << ": " << word;
        bytes.append(word.size() == 2 ? 1U : std::stoul(word.substr(3)), static_cast<char>(byte.value_or(std::vector<std::uint8_t>{0})[0]));
    }
    return bytes;
}

}  // namespace opsteward::vault::testing
