// What a browser, or somebody without a mouse, would stumble over in a page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace opsteward::console::testing {

/// One entry for each fault: errors of a real HTML parser, ids twice or referred to and absent, an icon the sprite has
/// not, a style or script of its own, a form that changes something without the token, a control without a name, not
/// exactly one h1.
std::vector<std::string> PageFaults(std::string_view page);

/// The text of the page as a reader sees it, without markup.
std::string PageText(std::string_view page);

}  // namespace opsteward::console::testing
