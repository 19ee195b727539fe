// A unit file of systemd: the readers of its settings agree with each other.
#include <string_view>

#include "features/inventory/host/journal_files.hpp"
#include "features/inventory/host/unit_file.hpp"
#include "require.hpp"

using namespace opsteward::inventory::host;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto settings = ParseUnitFile(text);
    for (const UnitSetting& setting : settings) {
        Require(setting.key.find('=') == std::string::npos && setting.value.find('\n') == std::string::npos);
        const auto values = ListSetting(settings, setting.section, setting.key);
        Require(LastSetting(settings, setting.section, setting.key) == (values.empty() ? "" : values.back()));
        Require(ProgramOfExecStart(setting.value).find_first_of(" \t") == std::string::npos);
    }
    const std::string unit = TemplateOf(text);
    Require(TemplateOf(unit) == unit);
    ParseJournaldStorage(text);
    return 0;
}
