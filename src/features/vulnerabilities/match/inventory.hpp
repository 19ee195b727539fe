// Reads an inventory: JSON, an object a line for each host (docs/formats/software-inventory.md).
#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "features/vulnerabilities/match/fleet.hpp"

namespace opsteward::vuln {

/// {"host": …, "os": …, "packages": [{"name", "version", "publisher"?, "cpe"?, "purl"?, "source"?, "source_version"?}, …], "patches"?: ["KB…"]}. "os" is a text
/// or {"name", "version"?, "build"?, "cpe"?}.
class InventoryReader {
  public:
    static constexpr std::size_t kMaxLineBytes = 64U << 20;

    InventoryReader();
    ~InventoryReader();
    InventoryReader(const InventoryReader&) = delete;
    InventoryReader& operator=(const InventoryReader&) = delete;

    /// One line becomes one host of `fleet`; a blank one none. kInvalidInput, kTooLarge: says what is wrong; the fleet has nothing of the line then.
    Result<void> Read(std::string_view line, Fleet& fleet);

  private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace opsteward::vuln
