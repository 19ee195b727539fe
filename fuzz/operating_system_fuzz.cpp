// What is said of a system, of arbitrary bytes: nothing crashes, every name can be written and read again, own names come first, reading is the same
// each time.
#include <string_view>

#include "features/vulnerabilities/naming/operating_system.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::vuln;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto system = ReadOperatingSystem(text);
    const auto again = ReadOperatingSystem(text);
    Require(system.has_value() == again.has_value());
    if (!system) return 0;
    Require(size <= 1024 || text.find_first_not_of(" \t\r\n") != std::string_view::npos);
    Require(system->own_names <= system->names.size() && system->names == again->names && system->ecosystem == again->ecosystem);
    for (const cpe::Name& name : system->names) {
        const auto read = cpe::Name::Parse(name.FormattedString());
        Require(read.ok() && *read == name);
        Require(name[cpe::Attribute::kVendor] != "*" || text.find(':') != std::string_view::npos);
    }
    Require(!system->distribution || !system->distribution->id.empty());
    return 0;
}
