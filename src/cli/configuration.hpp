// Where the program finds its data and its database: DATA/opsteward.toml, overridden by the command line
// (docs/operate/configuration.md).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace opsteward::cli {

struct Configuration {
    std::filesystem::path data;           ///< the data folder
    std::string listen = "127.0.0.1:8443";
    bool is_plain_http = false;
    std::optional<std::string> database;  ///< postgresql://…; none: SQLite in the data folder. A secret: it may hold a password
};

/// What DATA/opsteward.toml says; the defaults when there is no such file. Keys: `listen`, `database`. Errors (kInvalidInput) give
/// file, line, column and what is expected.
Result<Configuration> ReadConfiguration(const std::filesystem::path& data);

}  // namespace opsteward::cli
