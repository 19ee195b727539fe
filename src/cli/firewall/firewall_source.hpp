// A firewall's configuration, read from a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/language.hpp"
#include "base/result.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::cli {

struct FirewallSource {
    std::filesystem::path path;              ///< "-": standard input; plain, gzip, xz or zstd
    std::optional<firewall::Format> format;  ///< none: told by what stands in it
};

struct FirewallText {
    firewall::Format format;
    std::string text;
};
/// kInvalidInput, saying which formats there are, when the format is to be told and can't be.
Result<FirewallText> ReadFirewallText(const FirewallSource& source, Language language);

/// Schedules end by the system's clock; marks of secrets are by `hash_key`. Errors name the file.
Result<firewall::Configuration> ParseFirewall(const FirewallSource& source, const FirewallText& file, const std::string& hash_key);
Result<firewall::Configuration> ReadFirewall(const FirewallSource& source, const std::string& hash_key, Language language);
/// By the system's clock, since 1970-01-01T00:00:00Z.
std::int64_t SecondsNow();
/// A key that nobody has afterwards: marks of secrets mean something within one run alone.
std::string SingleUseKey();

}  // namespace opsteward::cli
