#include "platform/web/fields.hpp"

#include <cstddef>
#include <optional>

#include "platform/web/components.hpp"

namespace opsteward::web {

using html::Format;
using html::Join;
using html::Markup;

namespace {

using OptionalText = std::optional<std::string_view>;

OptionalText UnlessEmpty(std::string_view text) {
    return text.empty() ? std::nullopt : OptionalText(text);
}

std::optional<int> UnlessZero(int value) {
    return value == 0 ? std::nullopt : std::optional(value);
}

/// The ids that tie a field to its help and its error.
struct FieldIds {
    std::string field;
    std::string help;
    std::string error;
    std::string described_by;

    FieldIds(std::string_view name, std::string_view help_text, std::string_view error_text,
             const FieldOptions& options)
        : field(options.id.empty() ? "field-" + std::string(name) : std::string(options.id)),
          help(field + "-help"),
          error(field + "-error") {
        if (!error_text.empty()) described_by = error;
        if (!help_text.empty()) described_by += (described_by.empty() ? "" : " ") + help;
    }
};

OptionalText Invalid(std::string_view error) {
    return error.empty() ? std::nullopt : OptionalText("true");
}

Markup RequiredMark(bool is_required) {
    return is_required ? Format(R"(<span class="ops-required" aria-hidden="true">*</span>)") : Markup();
}

Markup Help(const FieldIds& ids, std::string_view help) {
    return help.empty() ? Markup() : Format(R"(<p class="ops-help" id="{}">{}</p>)", ids.help, help);
}

Markup Error(const FieldIds& ids, std::string_view error) {
    if (error.empty()) return {};
    return Format(R"(<p class="ops-error" id="{}">{}{}</p>)", ids.error, Icon("alert-octagon"), error);
}

Markup LabelledField(const FieldIds& ids, std::string_view label, std::string_view help, std::string_view error,
                     bool is_required, const Markup& control) {
    return Format(R"(<div class="ops-field"><label class="ops-label" for="{}">{}{}</label>{}{}{}</div>)", ids.field,
                  label, RequiredMark(is_required), control, Error(ids, error), Help(ids, help));
}

/// What differs between the kinds of <input>.
struct InputKind {
    std::string_view type;
    OptionalText inputmode = {};
    OptionalText min = {};
    OptionalText max = {};
    OptionalText accept = {};
};

Markup InputField(const InputKind& kind, std::string_view name, std::string_view label, OptionalText value,
                  std::string_view help, std::string_view error, const FieldOptions& options) {
    const FieldIds ids(name, help, error, options);
    const Markup control = Format(
        R"(<input class="ops-input" id="{}" type="{}" name="{}" value="{?}" placeholder="{?}" autocomplete="{?}" )"
        R"(inputmode="{?}" min="{?}" max="{?}" accept="{?}" maxlength="{?}" required="{?}" disabled="{?}" )"
        R"(readonly="{?}" autofocus="{?}" aria-invalid="{?}" aria-describedby="{?}">)",
        ids.field, kind.type, name, value, UnlessEmpty(options.placeholder), UnlessEmpty(options.autocomplete),
        kind.inputmode, kind.min, kind.max, kind.accept, UnlessZero(options.max_length), options.is_required,
        options.is_disabled, options.is_read_only, options.is_focused, Invalid(error), UnlessEmpty(ids.described_by));
    return LabelledField(ids, label, help, error, options.is_required, control);
}

Markup ChoiceOption(const Choice& choice, std::string_view selected) {
    return Format(R"(<option value="{}" selected="{?}">{}</option>)", choice.value, choice.value == selected,
                  choice.label);
}

Markup ChoiceOptions(const std::vector<Choice>& choices, std::string_view selected) {
    Markup all;
    for (std::size_t i = 0; i < choices.size();) {
        const std::string& group = choices[i].group;
        Markup options;
        for (; i < choices.size() && choices[i].group == group; ++i) options += ChoiceOption(choices[i], selected);
        all += group.empty() ? options : Format(R"(<optgroup label="{}">{}</optgroup>)", group, options);
    }
    return all;
}

}  // namespace

Markup PostForm(std::string_view action, std::string_view csrf_token, const Markup& body) {
    return Format(R"(<form class="ops-form" method="post" action="{}">)"
                  R"(<input type="hidden" name="csrf" value="{}">{}</form>)",
                  action, csrf_token, body);
}

Markup UploadForm(std::string_view action, std::string_view csrf_token, const Markup& body) {
    return Format(R"(<form class="ops-form" method="post" action="{}" enctype="multipart/form-data">)"
                  R"(<input type="hidden" name="csrf" value="{}">{}</form>)",
                  action, csrf_token, body);
}

Markup FilterForm(std::string_view action, const Markup& body, Language language) {
    constexpr Phrase kApply = {"套用", "Apply"};
    return Format(R"(<form class="ops-filter" method="get" action="{}">{}{}</form>)", action, body,
                  Button(kApply.In(language), ButtonLook::kSecondary, "filter"));
}

Markup FieldRow(const std::vector<Markup>& fields) {
    return Format(R"(<div class="ops-field-row">{}</div>)", fields);
}

Markup FieldGroup(std::string_view legend, const Markup& body) {
    return Format(R"(<fieldset class="ops-field-group"><legend>{}</legend>{}</fieldset>)", legend, body);
}

Markup FormErrors(const std::vector<std::string>& errors, Language language) {
    if (errors.empty()) return {};
    constexpr Phrase kTitle = {"沒有儲存，請修正以下內容", "Not saved. Please correct the following"};
    const Markup list = Format(R"(<ul>{}</ul>)",
                               Join(errors, [](const std::string& error) { return Format(R"(<li>{}</li>)", error); }));
    return Format(R"(<div role="alert">{}</div>)", Alert(Tone::kNotMet, kTitle.In(language), list));
}

Markup HiddenField(std::string_view name, std::string_view value) {
    return Format(R"(<input type="hidden" name="{}" value="{}">)", name, value);
}

Markup TextField(std::string_view name, std::string_view label, std::string_view value, std::string_view help,
                 std::string_view error, const FieldOptions& options) {
    return InputField({.type = "text", .inputmode = UnlessEmpty(options.inputmode)}, name, label, value, help, error,
                      options);
}

Markup PasswordField(std::string_view name, std::string_view label, std::string_view help, std::string_view error,
                     const FieldOptions& options) {
    return InputField({.type = "password"}, name, label, std::nullopt, help, error, options);
}

Markup NumberField(std::string_view name, std::string_view label, std::string_view value, std::string_view min,
                   std::string_view max, std::string_view help, std::string_view error, const FieldOptions& options) {
    return InputField({.type = "number", .inputmode = "numeric", .min = UnlessEmpty(min), .max = UnlessEmpty(max)},
                      name, label, value, help, error, options);
}

Markup DateField(std::string_view name, std::string_view label, std::string_view value, Language language,
                 std::string_view help, std::string_view error, const FieldOptions& options) {
    constexpr Phrase kHelp = {"例如 114.8.5 或 2025-08-05", "For example 2025-08-05 or 114.8.5"};
    if (help.empty()) help = kHelp.In(language);
    return InputField({.type = "text"}, name, label, value, help, error, options);
}

Markup SelectField(std::string_view name, std::string_view label, std::string_view value,
                   const std::vector<Choice>& choices, std::string_view help, std::string_view error,
                   const FieldOptions& options) {
    const FieldIds ids(name, help, error, options);
    const Markup control = Format(
        R"(<select class="ops-input ops-select" id="{}" name="{}" required="{?}" disabled="{?}" autofocus="{?}" )"
        R"(aria-invalid="{?}" aria-describedby="{?}">{}</select>)",
        ids.field, name, options.is_required, options.is_disabled, options.is_focused, Invalid(error),
        UnlessEmpty(ids.described_by), ChoiceOptions(choices, value));
    return LabelledField(ids, label, help, error, options.is_required, control);
}

Markup RadioField(std::string_view name, std::string_view label, std::string_view value,
                  const std::vector<Choice>& choices, std::string_view help, std::string_view error,
                  const FieldOptions& options) {
    const FieldIds ids(name, help, error, options);
    const Markup buttons = Join(choices, [&](const Choice& choice) {
        return Format(
            R"(<label class="ops-check"><input type="radio" name="{}" value="{}" checked="{?}" required="{?}" )"
            R"(disabled="{?}"><span>{}</span></label>)",
            name, choice.value, choice.value == value, options.is_required, options.is_disabled, choice.label);
    });
    return Format(R"(<fieldset class="ops-field ops-radio" id="{}" aria-describedby="{?}"><legend class="ops-label">)"
                  R"({}{}</legend><div class="ops-radio-choices">{}</div>{}{}</fieldset>)",
                  ids.field, UnlessEmpty(ids.described_by), label, RequiredMark(options.is_required), buttons,
                  Error(ids, error), Help(ids, help));
}

Markup CheckField(std::string_view name, std::string_view label, bool is_checked, std::string_view help,
                  std::string_view error, const FieldOptions& options, std::string_view value) {
    const FieldIds ids(name, help, error, options);
    return Format(
        R"(<div class="ops-field"><label class="ops-check"><input type="checkbox" id="{}" name="{}" value="{}" )"
        R"(checked="{?}" required="{?}" disabled="{?}" aria-invalid="{?}" aria-describedby="{?}">)"
        R"(<span>{}</span></label>{}{}</div>)",
        ids.field, name, value, is_checked, options.is_required, options.is_disabled, Invalid(error),
        UnlessEmpty(ids.described_by), label, Error(ids, error), Help(ids, help));
}

Markup TextArea(std::string_view name, std::string_view label, std::string_view value, std::string_view help,
                std::string_view error, const FieldOptions& options) {
    const FieldIds ids(name, help, error, options);
    const Markup control = Format(
        R"(<textarea class="ops-input" id="{}" name="{}" rows="{}" placeholder="{?}" maxlength="{?}" required="{?}" )"
        R"(disabled="{?}" readonly="{?}" autofocus="{?}" aria-invalid="{?}" aria-describedby="{?}">{}</textarea>)",
        ids.field, name, options.rows, UnlessEmpty(options.placeholder), UnlessZero(options.max_length),
        options.is_required, options.is_disabled, options.is_read_only, options.is_focused, Invalid(error),
        UnlessEmpty(ids.described_by), value);
    return LabelledField(ids, label, help, error, options.is_required, control);
}

Markup FileField(std::string_view name, std::string_view label, std::string_view accept, std::string_view help,
                 std::string_view error, const FieldOptions& options) {
    return InputField({.type = "file", .accept = UnlessEmpty(accept)}, name, label, std::nullopt, help, error, options);
}

}  // namespace opsteward::web
