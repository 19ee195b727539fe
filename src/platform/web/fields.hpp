// Forms and their fields. Each field has a visible label, and its help and error are tied to it for screen readers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/language.hpp"
#include "html/markup.hpp"

namespace opsteward::web {

struct FieldOptions {
    bool is_required = false;
    bool is_disabled = false;
    bool is_read_only = false;
    bool is_focused = false;              ///< when the page opens; at most one of a page
    std::string_view placeholder = {};
    std::string_view autocomplete = {};   ///< WHATWG HTML 4.10.18.7: "username", "current-password", "one-time-code" …
    std::string_view inputmode = {};
    int max_length = 0;                   ///< code units; 0: no limit
    int rows = 4;                         ///< of a TextArea
    std::string_view id = {};             ///< "field-<name>" when empty; needed when two forms of a page share a name
};

struct Choice {
    std::string value;
    std::string label;
    std::string group = {};  ///< neighbours of the same group stand under its name
};

/// method=post, with the token of the session in the field "csrf".
html::Markup PostForm(std::string_view action, std::string_view csrf_token, const html::Markup& body);
/// The same for files: enctype=multipart/form-data.
html::Markup UploadForm(std::string_view action, std::string_view csrf_token, const html::Markup& body);
/// method=get: searches and filters, so that they stand in the address. Fields of `body` stand in one line.
html::Markup FilterForm(std::string_view action, const html::Markup& body, Language language);
/// Fields side by side.
html::Markup FieldRow(const std::vector<html::Markup>& fields);
/// Fields that belong together, with a name.
html::Markup FieldGroup(std::string_view legend, const html::Markup& body);
/// Explains above the fields what was refused; nothing when `errors` is empty.
html::Markup FormErrors(const std::vector<std::string>& errors, Language language);

html::Markup HiddenField(std::string_view name, std::string_view value);
html::Markup TextField(std::string_view name, std::string_view label, std::string_view value = {},
                       std::string_view help = {}, std::string_view error = {}, const FieldOptions& options = {});
html::Markup PasswordField(std::string_view name, std::string_view label, std::string_view help = {},
                           std::string_view error = {}, const FieldOptions& options = {});
/// A whole number; `min` and `max` may be empty.
html::Markup NumberField(std::string_view name, std::string_view label, std::string_view value, std::string_view min,
                         std::string_view max, std::string_view help = {}, std::string_view error = {},
                         const FieldOptions& options = {});
/// A date as ParseDate reads it; the help says how when `help` is empty.
html::Markup DateField(std::string_view name, std::string_view label, std::string_view value, Language language,
                       std::string_view help = {}, std::string_view error = {}, const FieldOptions& options = {});
html::Markup SelectField(std::string_view name, std::string_view label, std::string_view value,
                         const std::vector<Choice>& choices, std::string_view help = {}, std::string_view error = {},
                         const FieldOptions& options = {});
/// One of a few, all of them in sight.
html::Markup RadioField(std::string_view name, std::string_view label, std::string_view value,
                        const std::vector<Choice>& choices, std::string_view help = {}, std::string_view error = {},
                        const FieldOptions& options = {});
/// Sends `value` when checked, else nothing.
html::Markup CheckField(std::string_view name, std::string_view label, bool is_checked, std::string_view help = {},
                        std::string_view error = {}, const FieldOptions& options = {}, std::string_view value = "1");
html::Markup TextArea(std::string_view name, std::string_view label, std::string_view value = {},
                      std::string_view help = {}, std::string_view error = {}, const FieldOptions& options = {});
/// `accept` as in HTML: ".csv,.ods"; may be empty.
html::Markup FileField(std::string_view name, std::string_view label, std::string_view accept,
                       std::string_view help = {}, std::string_view error = {}, const FieldOptions& options = {});

}  // namespace opsteward::web
