// Writes hostile text into HTML so that a parser reads exactly that text back.
#pragma once

#include <string>
#include <string_view>

namespace opsteward::html {

/// Appends `text` for a place between tags. Ill-formed UTF-8 and NUL become U+FFFD; a carriage return is written as a
/// reference, because parsers turn a plain one into a line feed.
void AppendEscapedText(std::string& out, std::string_view text);
/// The same for a value in double quotes.
void AppendEscapedAttribute(std::string& out, std::string_view text);

/// Whether a browser takes `url` for a relative one or for one of http, https and mailto, or data:image/… when
/// `allow_image_data`. Looks at it as the URL standard does (section 4.4): leading controls and spaces do not count,
/// nor do tabs and line ends anywhere.
bool IsAllowedUrl(std::string_view url, bool allow_image_data);

}  // namespace opsteward::html
