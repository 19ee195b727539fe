// QR codes (ISO/IEC 18004) as pictures in a page, so that no secret travels in the address of an image.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "html/markup.hpp"

namespace opsteward::console {

/// kTooLarge when `text` does not fit in a symbol. `label` says what the picture is for.
Result<html::Markup> QrCode(std::string_view text, std::string_view label);

}  // namespace opsteward::console
