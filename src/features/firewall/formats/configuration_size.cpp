#include "features/firewall/formats/configuration_size.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "features/firewall/formats/readers.hpp"

namespace opsteward::firewall {

Result<void> CheckConfigurationSize(std::string_view text) {
    if (text.size() <= kMaxConfigurationBytes) return Ok();
    return Error::Of(ErrorCode::kTooLarge, fmt::format("設定檔超過 {}。", FormatBytes(kMaxConfigurationBytes)),
                     fmt::format("The configuration is larger than {}.", FormatBytes(kMaxConfigurationBytes)));
}

}  // namespace opsteward::firewall
