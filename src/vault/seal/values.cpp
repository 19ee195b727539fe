#include "vault/seal/values.hpp"

#include <algorithm>
#include <charconv>

#include "crypto/base64.hpp"

namespace opsteward::vault {

std::optional<std::uint64_t> ParseDecimal(std::string_view text) {
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<Hash> ParseHash(std::string_view text) {
    const auto bytes = crypto::Base64Decode(text);
    Hash hash{};
    if (!bytes || bytes->size() != hash.size()) return std::nullopt;
    std::ranges::copy(*bytes, hash.begin());
    return hash;
}

}  // namespace opsteward::vault
