// Lines of inventories, and the package URLs in them.
#include <cstdint>
#include <string_view>

#include "features/vulnerabilities/match/inventory.hpp"
#include "features/vulnerabilities/match/package_url.hpp"
#include "require.hpp"

using namespace opsteward::vuln;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static InventoryReader reader;
    Fleet fleet;
    const bool is_read = reader.Read(text, fleet).ok();
    Require(is_read || fleet.hosts() == 0);
    for (const Package& package : fleet.packages()) Require(!package.name.empty() || !package.cpe.empty() || !package.purl.empty());
    if (const auto url = ParsePackageUrl(text)) {
        Require(!url->type.empty() && !url->name.empty());
        (void)LanguagePackageOf(*url);
    }
    return 0;
}
