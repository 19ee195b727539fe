// A configuration of sshd whose includes lead to the rest of the text: it ends, and every setting has a value or says
// why not.
#include <string_view>

#include "features/inventory/host/sshd_config.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::inventory::host;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t cut = text.find('\0');
    const std::string_view included = cut == std::string_view::npos ? std::string_view() : text.substr(cut + 1);
    const SshdSettings settings = ParseSshdConfig(text.substr(0, cut), [&](const std::string& pattern) {
        Require(pattern.starts_with('/'));
        std::vector<Result<std::string>> texts;
        if (pattern.ends_with('x')) {
            texts.emplace_back(Error::Of(ErrorCode::kForbidden, "不可讀。", "Not readable."));
        } else {
            texts.emplace_back(std::string(included.substr(0, 4096)));
        }
        return texts;
    });
    Require(!settings.settings.empty());
    for (const SshdSettings::Setting& setting : settings.settings) {
        Require(setting.value.has_value() || settings.unknown.has_value());
        Require(!setting.value || setting.value->find('\n') == std::string::npos);
    }
    return 0;
}
