// The frame around every page: menu, search, the reader's own settings.
//
// It expects these routes: GET /search?q=… (a page) and GET /search.json?q=… (see web/scripts/palette.js), GET
// /events/{channel} (server-sent events), GET /account, POST /sign-out, and POST /preferences with the fields
// `language` (zh, en) or `theme` (light, dark, auto) and `return_to`, which sets a cookie and leads back. On bare pages
// the other language is asked for with ?lang=zh or ?lang=en on the same path. Live pages fetch themselves anew with the
// header X-Live-Renewal (request_rules.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/language.hpp"
#include "html/markup.hpp"
#include "platform/web/tone.hpp"

namespace opsteward::web {

struct MenuEntry {
    Phrase title;
    std::string_view href;
    std::string_view icon;
    std::string_view group;       ///< key of a MenuGroup
    std::string_view permission;  ///< who may see it
    int order = 0;                ///< within its group
};

/// What is shown above the entries of a group. Groups stand in this order; unknown ones come last under their key.
struct MenuGroup {
    std::string_view key;
    Phrase title;
};
inline constexpr MenuGroup kMenuGroups[] = {
    {"work", {"工作", "Work"}},
    {"procedure", {"程序書", "Procedure"}},
    {"assets", {"資產與設備", "Assets"}},
    {"security", {"安全", "Security"}},
    {"operations", {"維運", "Operations"}},
    {"people", {"人員", "People"}},
    {"evidence", {"紀錄與證據", "Records"}},
    {"settings", {"設定", "Settings"}},
};

struct Crumb {
    std::string title;
    std::string href;
};

/// What the frame around a page shows.
struct PageFrame {
    Language language = Language::kZhHant;
    std::string theme = "auto";  ///< "light", "dark" or "auto"
    std::string user_name;
    std::string user_display_name;
    std::string csrf_token;
    bool is_signed_in = false;
    std::vector<MenuEntry> menu;  ///< already filtered by permission
    std::string current_path;  ///< for the menu: of the page that is shown, decoded, without the query
    std::string return_to;     ///< where the forms of the reader's settings lead back to: path and query
    int open_tasks = 0;
    std::string notice;  ///< shown once above the page: what the last step did; may be empty
};

struct Page {
    std::string title;
    std::vector<Crumb> crumbs = {};  ///< from the outside in, without the page itself
    html::Markup lead = {};          ///< what must I do now; may be empty
    html::Markup actions = {};       ///< buttons right of the title
    html::Markup body = {};
    std::string event_channel = {};  ///< of server-sent events that renew LivePart blocks; may be empty
};

/// The full document.
std::string RenderPage(const PageFrame& frame, const Page& page);
/// Without menu: sign-in, errors.
std::string RenderBarePage(Language language, std::string_view theme, std::string_view title, const html::Markup& body);

}  // namespace opsteward::web
