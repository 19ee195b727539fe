// A page that shows every component: rendered by a test, and by web_gallery for the eye and the browser checks.
#pragma once

#include <string>
#include <string_view>

#include "base/language.hpp"

namespace opsteward::web {

std::string GalleryPage(Language language, std::string_view theme);
std::string GallerySignIn(Language language, std::string_view theme);

}  // namespace opsteward::web
