#include "platform/web/page.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <tuple>

#include "net/http_message.hpp"
#include "platform/web/assets.hpp"
#include "platform/web/components.hpp"
#include "platform/web/fields.hpp"

namespace opsteward::web {

using html::Format;
using html::Join;
using html::Markup;

namespace {

constexpr Phrase kProduct = {"通作管家", "Opsteward"};

/// Where a group stands; groups that are not known come last.
std::size_t GroupRank(std::string_view key) {
    const auto* found = std::ranges::find(kMenuGroups, key, &MenuGroup::key);
    return static_cast<std::size_t>(found - std::begin(kMenuGroups));
}

std::string_view GroupTitle(std::string_view key, Language language) {
    const std::size_t rank = GroupRank(key);
    return rank < std::size(kMenuGroups) ? kMenuGroups[rank].title.In(language) : key;
}

/// Whether `href` is the page or one above it, by whole segments.
bool Covers(std::string_view href, std::string_view path) {
    if (href == "/") return path == "/";
    return path.starts_with(href) && (path.size() == href.size() || path[href.size()] == '/');
}

/// The entry to be marked: of those that cover the page, the one with the longest address.
const MenuEntry* CurrentEntry(const PageFrame& frame) {
    const MenuEntry* best = nullptr;
    for (const MenuEntry& entry : frame.menu) {
        const bool is_longer = best == nullptr || entry.href.size() > best->href.size();
        if (is_longer && Covers(entry.href, frame.current_path)) best = &entry;
    }
    return best;
}

Markup MenuItem(const MenuEntry& entry, bool is_current, const PageFrame& frame) {
    Markup count;
    if (entry.href == "/" && frame.open_tasks > 0) {
        constexpr Phrase kWaiting = {"項待辦", "to do"};
        count = Format(R"(<span class="ops-count">{}<span class="ops-hidden"> {}</span></span>)", frame.open_tasks,
                       kWaiting.In(frame.language));
    }
    return Format(R"(<li><a href="{}" aria-current="{?}">{}<span>{}</span>{}</a></li>)", entry.href,
                  is_current ? std::optional<std::string_view>("page") : std::nullopt, Icon(entry.icon),
                  entry.title.In(frame.language), count);
}

Markup Menu(const PageFrame& frame) {
    std::vector<MenuEntry> entries = frame.menu;
    std::ranges::sort(entries, {}, [](const MenuEntry& entry) {
        return std::tuple(GroupRank(entry.group), entry.group, entry.order, entry.href);
    });
    const MenuEntry* current = CurrentEntry(frame);
    Markup groups;
    for (std::size_t i = 0; i < entries.size();) {
        const std::string_view group = entries[i].group;
        Markup items;
        for (; i < entries.size() && entries[i].group == group; ++i) {
            items += MenuItem(entries[i], current != nullptr && current->href == entries[i].href, frame);
        }
        const Markup title =
            group.empty() ? Markup() : Format(R"(<p class="ops-menu-group">{}</p>)", GroupTitle(group, frame.language));
        groups += Format(R"({}<ul>{}</ul>)", title, items);
    }
    return groups;
}

Markup Brand(Language language) {
    constexpr Phrase kHome = {"通作管家 Opsteward，回到我的待辦", "通作管家 Opsteward, to my tasks"};
    return Format(R"(<a class="ops-brand" href="/" aria-label="{}"><img src="{}" alt="" width="34" height="34">)"
                  R"(<span class="ops-brand-zh" lang="zh-Hant-TW">通作管家</span>)"
                  R"(<span class="ops-brand-en" lang="en">Opsteward</span></a>)",
                  kHome.In(language), AssetUrl("logo.svg"));
}

Markup Sidebar(const PageFrame& frame) {
    constexpr Phrase kMenu = {"主選單", "Main menu"};
    constexpr Phrase kZone = {"時間均為臺北時間（UTC+8）", "All times are Taipei time (UTC+8)"};
    return Format(
        R"(<div class="ops-sidebar" id="ops-menu" popover="auto">{}<nav class="ops-menu" aria-label="{}">{}</nav>)"
        R"(<p class="ops-sidebar-foot">{}</p></div>)",
        Brand(frame.language), kMenu.In(frame.language), Menu(frame), kZone.In(frame.language));
}

Markup SearchForm(Language language) {
    constexpr Phrase kSearch = {"搜尋設備、條文、表單、紀錄…", "Search devices, clauses, forms, records …"};
    constexpr Phrase kLabel = {"搜尋", "Search"};
    return Format(
        R"(<form class="ops-search" role="search" method="get" action="/search">{}<input type="search" name="q" )"
        R"(id="ops-search" placeholder="{}" aria-label="{}" autocomplete="off" maxlength="200">)"
        R"(<kbd aria-hidden="true">Ctrl K</kbd></form>)",
        Icon("search"), kSearch.In(language), kLabel.In(language));
}

/// One setting of the reader: each choice is a button that sends it.
Markup PreferenceForm(const PageFrame& frame, std::string_view name, std::string_view label,
                      const std::vector<Choice>& choices, std::string_view chosen) {
    const Markup buttons = Join(choices, [&](const Choice& choice) {
        return Format(R"(<button type="submit" name="{}" value="{}" aria-pressed="{}">{}</button>)", name, choice.value,
                      choice.value == chosen, choice.label);
    });
    return Format(R"(<form class="ops-preference" method="post" action="/preferences" data-preference="{}">)"
                  R"({}{}<fieldset><legend>{}</legend><div class="ops-segments">{}</div></fieldset></form>)",
                  name, HiddenField("csrf", frame.csrf_token), HiddenField("return_to", frame.return_to), label,
                  buttons);
}

Markup UserMenu(const PageFrame& frame) {
    const Language language = frame.language;
    constexpr Phrase kLanguage = {"語言", "Language"};
    constexpr Phrase kTheme = {"外觀", "Appearance"};
    constexpr Phrase kLight = {"淺色", "Light"};
    constexpr Phrase kDark = {"深色", "Dark"};
    constexpr Phrase kAuto = {"依系統", "System"};
    constexpr Phrase kAccount = {"我的帳號", "My account"};
    constexpr Phrase kSignOut = {"登出", "Sign out"};
    constexpr Phrase kShortcuts = {"鍵盤快速鍵", "Keyboard shortcuts"};

    const Markup languages =
        PreferenceForm(frame, "language", kLanguage.In(language), {{"zh", "繁體中文"}, {"en", "English"}},
                       language == Language::kEnglish ? "en" : "zh");
    const Markup themes = PreferenceForm(frame, "theme", kTheme.In(language),
                                         {{"light", std::string(kLight.In(language))},
                                          {"dark", std::string(kDark.In(language))},
                                          {"auto", std::string(kAuto.In(language))}},
                                         frame.theme);
    const Markup sign_out = Format(
        R"(<form method="post" action="/sign-out">{}<button type="submit" class="ops-menu-item">{}{}</button></form>)",
        HiddenField("csrf", frame.csrf_token), Icon("logout"), kSignOut.In(language));
    return Format(R"(<button type="button" class="ops-user" popovertarget="ops-user-menu">{}<span>{}</span>{}</button>)"
                  R"(<div class="ops-user-menu" id="ops-user-menu" popover="auto">)"
                  R"(<p class="ops-user-name">{}<span>{}</span></p><a class="ops-menu-item" href="/account">{}{}</a>)"
                  R"(<button type="button" class="ops-menu-item" data-shortcuts hidden>{}{}</button>{}{}{}</div>)",
                  Icon("user-circle"), frame.user_display_name, Icon("chevron-down"), frame.user_display_name,
                  frame.user_name, Icon("user"), kAccount.In(language), Icon("keyboard"), kShortcuts.In(language),
                  languages, themes, sign_out);
}

Markup TopBar(const PageFrame& frame) {
    constexpr Phrase kMenu = {"選單", "Menu"};
    return Format(
        R"(<header class="ops-topbar"><button type="button" class="ops-menu-button" popovertarget="ops-menu">)"
        R"({}<span>{}</span></button>{}{}</header>)",
        Icon("menu-2"), kMenu.In(frame.language), SearchForm(frame.language), UserMenu(frame));
}

Markup Crumbs(const std::vector<Crumb>& crumbs, Language language) {
    if (crumbs.empty()) return {};
    constexpr Phrase kLabel = {"所在位置", "You are here"};
    return Format(R"(<nav class="ops-crumbs" aria-label="{}"><ol>{}</ol></nav>)", kLabel.In(language),
                  Join(crumbs, [](const Crumb& crumb) {
                      return Format(R"(<li><a href="{}">{}</a></li>)", crumb.href, crumb.title);
                  }));
}

Markup Main(const PageFrame& frame, const Page& page) {
    const Markup notice = frame.notice.empty() ? Markup()
                                               : Format(R"(<div class="ops-notice" role="status">{}</div>)",
                                                        Alert(Tone::kMet, frame.notice));
    const Markup actions =
        page.actions.empty() ? Markup() : Format(R"(<div class="ops-page-actions">{}</div>)", page.actions);
    const Markup lead = page.lead.empty() ? Markup() : Format(R"(<div class="ops-lead">{}</div>)", page.lead);
    return Format(
        R"(<main class="ops-main" id="ops-main" tabindex="-1">{}{}<div class="ops-page-head"><h1>{}</h1>{}</div>)"
        R"({}{}</main>)",
        notice, Crumbs(page.crumbs, frame.language), page.title, actions, lead, page.body);
}

std::string_view KnownTheme(std::string_view theme) {
    return theme == "light" || theme == "dark" ? theme : "auto";
}

std::string Document(Language language, std::string_view theme, std::string_view title, std::string_view event_address,
                     const Markup& body) {
    // The modules that app.js imports, so that they are fetched at once and not one after the other.
    static const Markup kPreloads =
        Join(std::vector<std::string_view>{"confirm.js", "copy.js", "dialog.js", "live.js", "palette.js",
                                           "preferences.js", "shortcuts.js", "sign_in_again.js", "text.js"},
             [](std::string_view name) { return Format(R"(<link rel="modulepreload" href="{}">)", AssetUrl(name)); });
    const bool is_live = !event_address.empty();
    return Format(R"(<!doctype html><html lang="{}" data-bs-theme="{}"><head><meta charset="utf-8"><title>{}</title>)"
                  R"(<meta name="viewport" content="width=device-width, initial-scale=1">)"
                  R"(<meta name="color-scheme" content="light dark"><link rel="icon" type="image/svg+xml" href="{}">)"
                  R"(<link rel="stylesheet" href="{}"><script type="module" src="{}"></script>{}</head>)"
                  R"(<body data-event-address="{?}">{}</body></html>)",
                  LanguageTag(language), KnownTheme(theme), title, AssetUrl("logo.svg"), AssetUrl("app.css"),
                  AssetUrl("app.js"), kPreloads, is_live ? std::optional(event_address) : std::nullopt, body)
        .text();
}

std::string DocumentTitle(std::string_view title, Language language) {
    constexpr Phrase kBetween = {"｜", " · "};
    std::string whole(title);
    whole += kBetween.In(language);
    whole += kProduct.In(language);
    return whole;
}

}  // namespace

std::string RenderPage(const PageFrame& frame, const Page& page) {
    constexpr Phrase kSkip = {"跳到主要內容", "Skip to the content"};
    const Markup body =
        Format(R"(<a class="ops-skip" href="#ops-main">{}</a><div class="ops-frame">{}<div class="ops-column">)"
               R"({}{}</div></div>)",
               kSkip.In(frame.language), Sidebar(frame), TopBar(frame), Main(frame, page));
    const std::string events =
        page.event_channel.empty() ? std::string() : "/events/" + net::PercentEncode(page.event_channel);
    return Document(frame.language, frame.theme, DocumentTitle(page.title, frame.language), events, body);
}

std::string RenderBarePage(Language language, std::string_view theme, std::string_view title, const Markup& body) {
    const bool is_english = language == Language::kEnglish;
    const Markup other = is_english ? Format(R"(<a href="?lang=zh" hreflang="zh-Hant" lang="zh-Hant-TW">繁體中文</a>)")
                                    : Format(R"(<a href="?lang=en" hreflang="en" lang="en">English</a>)");
    const Markup whole = Format(R"(<div class="ops-bare"><header class="ops-bare-head">{}{}</header>)"
                                R"(<main class="ops-bare-main" id="ops-main"><h1>{}</h1>{}</main></div>)",
                                Brand(language), other, title, body);
    return Document(language, theme, DocumentTitle(title, language), {}, whole);
}

}  // namespace opsteward::web
