#include "platform/web/components.hpp"

#include <algorithm>
#include <cmath>

#include "base/civil_time.hpp"
#include "platform/web/assets.hpp"
#include "platform/web/embedded_files.hpp"

namespace opsteward::web {

using html::Format;
using html::Join;
using html::Markup;

namespace {

std::optional<std::string_view> UnlessEmpty(std::string_view text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

Markup OptionalIcon(std::string_view name) {
    return name.empty() ? Markup() : Icon(name);
}

std::string ButtonClass(ButtonLook look) {
    switch (look) {
        case ButtonLook::kPrimary:
            return "ops-button ops-button-primary";
        case ButtonLook::kSecondary:
            return "ops-button ops-button-secondary";
        case ButtonLook::kApprove:
            return "ops-button ops-button-approve";
        case ButtonLook::kDanger:
            return "ops-button ops-button-danger";
        case ButtonLook::kQuiet:
            break;
    }
    return "ops-button ops-button-quiet";
}

}  // namespace

Markup Icon(std::string_view name) {
    static const std::string kSprite = AssetUrl("icons.svg");
    return Format(R"(<svg class="ops-icon" width="20" height="20" aria-hidden="true" focusable="false">)"
                  R"(<use href="{}#{}"/></svg>)",
                  kSprite, name);
}

bool HasIcon(std::string_view name) {
    return std::ranges::binary_search(IconNames(), name);
}

Markup Badge(Tone tone, std::string_view text) {
    return Format(R"(<span class="ops-badge {}">{}{}</span>)", ToneClass(tone), Icon(ToneIcon(tone)), text);
}

Markup StateBadge(Tone tone, Language language) {
    return Badge(tone, ToneTitle(tone).In(language));
}

// --- Blocks

Markup Card(std::string_view title, const Markup& body, const Markup& actions) {
    Markup head;
    if (!title.empty() || !actions.empty()) {
        const Markup heading = title.empty() ? Markup() : Format(R"(<h2 class="ops-card-title">{}</h2>)", title);
        const Markup tools = actions.empty() ? Markup() : Format(R"(<div class="ops-card-actions">{}</div>)", actions);
        head = Format(R"(<header class="ops-card-head">{}{}</header>)", heading, tools);
    }
    return Format(R"(<section class="ops-card">{}<div class="ops-card-body">{}</div></section>)", head, body);
}

Markup EmptyState(std::string_view title, std::string_view text, const Markup& action) {
    const Markup button = action.empty() ? Markup() : Format(R"(<div class="ops-empty-action">{}</div>)", action);
    return Format(
        R"(<div class="ops-empty">{}<p class="ops-empty-title">{}</p><p class="ops-empty-text">{}</p>{}</div>)",
        Icon("inbox"), title, text, button);
}

Markup Alert(Tone tone, std::string_view title, const Markup& body) {
    const Markup heading = title.empty() ? Markup() : Format(R"(<p class="ops-alert-title">{}</p>)", title);
    const Markup text = body.empty() ? Markup() : Format(R"(<div class="ops-alert-body">{}</div>)", body);
    return Format(R"(<div class="ops-alert {}" role="note">{}<div>{}{}</div></div>)", ToneClass(tone),
                  Icon(ToneIcon(tone)), heading, text);
}

Markup Grid(int columns, const std::vector<Markup>& blocks) {
    return Format(R"(<div class="ops-grid ops-grid-{}">{}</div>)", std::clamp(columns, 2, 6), blocks);
}

Markup StatTile(std::string_view label, std::string_view figure, Tone tone, std::string_view detail,
                std::string_view href) {
    const Markup below = detail.empty() ? Markup() : Format(R"(<span class="ops-stat-detail">{}</span>)", detail);
    const Markup inside = Format(R"(<span class="ops-stat-label">{}{}</span><span class="ops-stat-figure">{}</span>{})",
                                 Icon(ToneIcon(tone)), label, figure, below);
    if (href.empty()) return Format(R"(<div class="ops-stat {}">{}</div>)", ToneClass(tone), inside);
    return Format(R"(<a class="ops-stat {}" href="{}">{}</a>)", ToneClass(tone), href, inside);
}

Markup DescriptionList(const std::vector<std::pair<std::string, Markup>>& entries) {
    return Format(R"(<dl class="ops-facts">{}</dl>)", Join(entries, [](const auto& entry) {
                      return Format(R"(<div><dt>{}</dt><dd>{}</dd></div>)", entry.first, entry.second);
                  }));
}

Markup Disclosure(std::string_view summary, const Markup& body, bool is_open) {
    return Format(R"(<details class="ops-disclosure" open="{?}"><summary>{}{}</summary><div>{}</div></details>)",
                  is_open, Icon("chevron-right"), summary, body);
}

Markup LivePart(std::string_view id, std::string_view events, const Markup& body) {
    return Format(R"(<div id="{}" data-live="{}">{}</div>)", id, events, body);
}

Markup Timeline(const std::vector<TimelineEntry>& entries, Instant now, Language language) {
    return Format(R"(<ol class="ops-timeline">{}</ol>)", Join(entries, [&](const TimelineEntry& entry) {
                      const Markup body = entry.body.empty()
                                              ? Markup()
                                              : Format(R"(<div class="ops-timeline-body">{}</div>)", entry.body);
                      return Format(R"(<li class="{}">{}<div><p class="ops-timeline-title">{}</p>)"
                                    R"(<p class="ops-timeline-time">{}</p>{}</div></li>)",
                                    ToneClass(entry.tone), Icon(ToneIcon(entry.tone)), entry.title,
                                    Time(entry.at, now, language), body);
                  }));
}

Markup Tabs(const std::vector<Tab>& tabs, std::string_view label) {
    return Format(
        R"(<nav class="ops-tabs" aria-label="{}"><ul>{}</ul></nav>)", label, Join(tabs, [](const Tab& tab) {
            const Markup count = tab.count ? Format(R"(<span class="ops-count">{}</span>)", *tab.count) : Markup();
            const auto current = tab.is_current ? std::optional<std::string_view>("page") : std::nullopt;
            return Format(R"(<li><a href="{}" aria-current="{?}">{}{}</a></li>)", tab.href, current, tab.title, count);
        }));
}

// --- Buttons and links

Markup Button(std::string_view label, const ButtonOptions& options) {
    return Format(R"(<button type="submit" class="{}" name="{?}" value="{?}" formaction="{?}" data-confirm="{?}" )"
                  R"(disabled="{?}">{}<span>{}</span></button>)",
                  ButtonClass(options.look), UnlessEmpty(options.name),
                  options.name.empty() ? std::nullopt : std::optional(options.value), UnlessEmpty(options.formaction),
                  UnlessEmpty(options.confirm), options.is_disabled, OptionalIcon(options.icon), label);
}

Markup Button(std::string_view label, ButtonLook look, std::string_view icon) {
    return Button(label, ButtonOptions{.look = look, .icon = icon});
}

Markup LinkButton(std::string_view label, std::string_view href, ButtonLook look, std::string_view icon) {
    return Format(R"(<a class="{}" href="{}">{}<span>{}</span></a>)", ButtonClass(look), href, OptionalIcon(icon),
                  label);
}

Markup ButtonRow(const std::vector<Markup>& buttons) {
    return Format(R"(<div class="ops-button-row">{}</div>)", buttons);
}

Markup CopyButton(std::string_view text, Language language) {
    constexpr Phrase kCopy = {"複製", "Copy"};
    return Format(R"(<button type="button" class="ops-button ops-button-quiet ops-copy" data-copy="{}" hidden>)"
                  R"({}<span>{}</span></button>)",
                  text, Icon("copy"), kCopy.In(language));
}

Markup Link(std::string_view text, std::string_view href) {
    return Format(R"(<a href="{}">{}</a>)", href, text);
}

// --- Numbers, times, codes

Markup Time(Instant instant, Language language) {
    return Format(R"(<time datetime="{}" title="{}">{}</time>)", FormatRfc3339(instant),
                  FormatTimeWithSeconds(instant, language), FormatTime(instant, language));
}

Markup Time(Instant instant, Instant now, Language language) {
    constexpr Phrase kOpen = {"（", " ("};
    constexpr Phrase kClose = {"）", ")"};
    return Format(R"({}<span class="ops-distance">{}{}{}</span>)", Time(instant, language), kOpen.In(language),
                  FormatDistance(instant, now, language), kClose.In(language));
}

Markup Code(std::string_view text) {
    return Format(R"(<code class="ops-code">{}</code>)", text);
}

Markup CodeBlock(std::string_view text) {
    return Format(R"(<pre class="ops-code-block" tabindex="0"><code>{}</code></pre>)", text);
}

Markup Progress(double share, std::string_view label) {
    const double shown = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    const int percent = static_cast<int>(std::lround(shown * 100));
    return Format(R"(<span class="ops-progress"><progress value="{}" max="100" aria-label="{}"></progress>)"
                  R"(<span>{}%</span></span>)",
                  percent, label, percent);
}

}  // namespace opsteward::web
