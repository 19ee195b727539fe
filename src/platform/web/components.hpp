// The parts that pages are put together from. They look right only in a page made by RenderPage or RenderBarePage.
// Text given to them is escaped; Markup is not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/language.hpp"
#include "html/markup.hpp"
#include "platform/web/tone.hpp"

namespace opsteward::web {

/// A picture from the sprite (web/icons.txt lists the names); it says nothing to screen readers.
html::Markup Icon(std::string_view name);
/// Whether the sprite has it.
bool HasIcon(std::string_view name);

html::Markup Badge(Tone tone, std::string_view text);
/// 符合, 注意, 不符合, 尚未設定, 不適用 with its icon.
html::Markup StateBadge(Tone tone, Language language);

// --- Blocks

/// `title` may be empty; `actions` stand right of it. A Table as body reaches to the edges.
html::Markup Card(std::string_view title, const html::Markup& body, const html::Markup& actions = {});
/// Nothing is here yet: `text` names the clause and who must act, `action` is the first button.
html::Markup EmptyState(std::string_view title, std::string_view text, const html::Markup& action = {});
/// `title` may be empty.
html::Markup Alert(Tone tone, std::string_view title, const html::Markup& body = {});
/// Blocks side by side as far as they have room: at most `columns` (2 to 6) in a row.
html::Markup Grid(int columns, const std::vector<html::Markup>& blocks);
/// One figure with its name; `detail` stands below. With `href` the whole tile is a link.
html::Markup StatTile(std::string_view label, std::string_view figure, Tone tone, std::string_view detail = {},
                      std::string_view href = {});
/// Names and values, one pair a line.
html::Markup DescriptionList(const std::vector<std::pair<std::string, html::Markup>>& entries);
/// Opens on demand, without script.
html::Markup Disclosure(std::string_view summary, const html::Markup& body, bool is_open = false);
/// A part of a page that is fetched again when one of `events` (names separated by blanks) comes over the page's event
/// channel. `id` is unique in the page.
html::Markup LivePart(std::string_view id, std::string_view events, const html::Markup& body);

struct TimelineEntry {
    Instant at;
    Tone tone = Tone::kNeutral;
    std::string title;
    html::Markup body = {};
};
/// What happened to a record, in the order given.
html::Markup Timeline(const std::vector<TimelineEntry>& entries, Instant now, Language language);

struct Tab {
    std::string title;
    std::string href;
    bool is_current = false;
    std::optional<std::int64_t> count = {};
};
/// Views of one thing, each with its own address.
html::Markup Tabs(const std::vector<Tab>& tabs, std::string_view label);

// --- Buttons and links

enum class ButtonLook { kPrimary, kSecondary, kApprove, kDanger, kQuiet };

struct ButtonOptions {
    ButtonLook look = ButtonLook::kPrimary;
    std::string_view icon = {};
    std::string_view name = {};        ///< with `value`: which of several buttons sent the form
    std::string_view value = {};
    std::string_view formaction = {};  ///< instead of the action of the form
    std::string_view confirm = {};     ///< asked before sending; without script it is not
    bool is_disabled = false;
};
/// Sends the form it stands in.
html::Markup Button(std::string_view label, const ButtonOptions& options = {});
html::Markup Button(std::string_view label, ButtonLook look, std::string_view icon = {});
html::Markup LinkButton(std::string_view label, std::string_view href, ButtonLook look = ButtonLook::kSecondary,
                        std::string_view icon = {});
html::Markup ButtonRow(const std::vector<html::Markup>& buttons);
/// Copies `text`; shown only where script runs.
html::Markup CopyButton(std::string_view text, Language language);
html::Markup Link(std::string_view text, std::string_view href);

// --- Numbers, times, codes

/// 114.8.5 14:03 of the Taipei clock; a machine reads the exact time.
html::Markup Time(Instant instant, Language language);
/// The same, followed by the distance: "114.8.5 14:03（3 分鐘前）".
html::Markup Time(Instant instant, Instant now, Language language);
/// Something a machine said or reads, in a fixed-width face.
html::Markup Code(std::string_view text);
/// Several lines of it.
html::Markup CodeBlock(std::string_view text);
/// `share` from 0 to 1. `label` says of what.
html::Markup Progress(double share, std::string_view label);

}  // namespace opsteward::web
