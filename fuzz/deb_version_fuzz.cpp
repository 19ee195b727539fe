// Three versions, one a line: whatever they are, their order is an order.
#include <compare>
#include <string_view>

#include "base/text.hpp"
#include "features/inventory/host/deb_version.hpp"
#include "require.hpp"

using namespace opsteward;
using inventory::host::CompareDebVersions;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    auto lines = SplitLines({reinterpret_cast<const char*>(data), size});
    lines.resize(3);
    const std::string_view a = lines[0];
    const std::string_view b = lines[1];
    const std::string_view c = lines[2];
    Require(CompareDebVersions(a, a) == 0);
    Require((CompareDebVersions(a, b) <=> 0) == (0 <=> CompareDebVersions(b, a)));
    if (CompareDebVersions(a, b) <= 0 && CompareDebVersions(b, c) <= 0) Require(CompareDebVersions(a, c) <= 0);
    return 0;
}
