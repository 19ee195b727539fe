// Markup: HTML that is known to be well formed and escaped. Templates are checked while the program is compiled.
//
//   Markup row = Format(R"(<tr class="{}"><td><a href="{}">{}</a></td></tr>)", tone, url, name);
//
// Checked at compile time (a mistake is a compile error that names it): every element is closed and properly nested;
// elements and attribute names are known and lower case; attributes quoted with " and not repeated; void elements have no
// end tag; no style= and no on…= attribute, no <script> or <style> with contents (the content security policy forbids
// them); basic content rules (li in ul/ol/menu, tr in table parts, td/th in tr, dt/dd in dl, option in select/datalist,
// no block in p, no nested a/button/form); a placeholder stands only in text or inside a quoted attribute value; as many
// arguments as placeholders, each of a type that fits its place.
//
// Placeholders:
//   {}   in text: a string or number (escaped), Markup (as it is), std::vector<Markup>, std::optional of these
//   {}   in an attribute value: a string or number (escaped); in href, src, action, formaction: besides, a URL whose
//        scheme is none (relative), http, https, mailto or (src only) data:image/… — anything else becomes "#"
//   "{?}" as a whole attribute value: bool (present without value, or absent) or std::optional<std::string[_view]>
//        (present with the value, or absent): <input type="checkbox" checked="{?}">
//   {{ and }} stand for braces.
#pragma once

#include "html/format_string.hpp"

#include <string>
#include <string_view>
#include <vector>
