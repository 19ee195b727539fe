// The organisation: its units as a tree, and the form of one.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "platform/console/access/authority.hpp"
#include "platform/console/access/permissions.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/console/access/unit_tree.hpp"
#include "platform/web/components.hpp"
#include "platform/web/error_answer.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console {

using html::Escape;
using html::Format;
using html::Markup;
using identity::Unit;
using web::RequestContext;

namespace {

constexpr int kMaxName = 100;

bool IsForTheForm(const Error& error) {
    return error.code == ErrorCode::kInvalidInput || error.code == ErrorCode::kConflict;
}

std::string PathOf(const Unit& unit) {
    return fmt::format("/units/{}", unit.id);
}

/// The name behind as many steps as the unit stands deep; screen readers hear the level.
Markup IndentedName(const RequestContext& context, const Unit& unit, int depth, bool is_link) {
    std::string indent;
    for (int i = 1; i < depth; ++i) indent += "\u3000";  // a blank that HTML does not fold
    if (depth > 0) indent += "└ ";
    const std::string level(context.Say(fmt::format("第 {} 層", depth + 1), fmt::format("level {}", depth + 1)));
    const Markup name = is_link ? web::Link(unit.name, PathOf(unit)) : Escape(unit.name);
    return Format(R"(<span class="ops-muted" aria-hidden="true">{}</span>{}<span class="ops-hidden"> {}</span>)",
                  indent, name, level);
}

std::map<std::int64_t, int> CountPeople(const std::vector<identity::Account>& accounts) {
    std::map<std::int64_t, int> counts;
    for (const identity::Account& account : accounts) {
        if (account.is_enabled) ++counts[account.unit_id];
    }
    return counts;
}

Result<net::Response> ShowUnits(const RequestContext& context, const Services& services) {
    OPS_TRY(const auto units, UnitTree::Read(services.identity));
    OPS_TRY(const auto accounts, services.identity.Accounts());
    const auto people = CountPeople(accounts);
    const identity::Principal& reader = context.principal();
    const std::vector<web::Column> columns = {
        {.title = std::string(context.Say("單位", "Unit"))},
        {.title = std::string(context.Say("啟用的使用者", "People")), .align = web::Align::kEnd},
        {.title = std::string(context.Say("狀態", "State"))}};
    std::vector<std::vector<Markup>> rows;
    for (const Unit& unit : units.units()) {
        if (!reader.May(kReadUnits, unit.id)) continue;
        const auto count = people.find(unit.id);
        const std::string figure = fmt::format("{}", count == people.end() ? 0 : count->second);
        rows.push_back({IndentedName(context, unit, units.DepthOf(unit.id), reader.May(kManageUnits, unit.id)),
                        reader.May(kReadAccounts, unit.id) ? web::Link(figure, fmt::format("/users?unit={}", unit.id))
                                                           : Escape(figure),
                        unit.is_active ? web::Badge(web::Tone::kMet, context.Say("使用中", "In use"))
                                       : web::Badge(web::Tone::kNotApplicable, context.Say("已裁撤", "Closed"))});
    }
    web::Page page;
    page.title = context.Say("單位", "Units");
    if (reader.May(kManageUnits)) {
        page.actions =
            web::LinkButton(context.Say("新增單位", "New unit"), "/units/new", web::ButtonLook::kPrimary, "plus");
        page.lead =
            web::Alert(web::Tone::kInfo,
                       context.Say("角色在單位及其以下生效；調整單位會改變誰能看到什麼。",
                                   "Roles count for a unit and all below it: moving a unit changes who sees what."));
    }
    page.body = web::Card({}, web::Table(columns, rows, context.Say("單位清單", "Units")));
    return context.Render(page);
}

/// The form of a unit as it is shown again.
struct UnitForm {
    std::string name;
    std::string parent;
    std::vector<std::string> errors = {};
    int status = 200;
};

UnitForm Refused(const RequestContext& context, const Error& error) {
    return {std::string(context.form.Get("name")),
            std::string(context.form.Get("parent")),
            {error.caller_text.In(context.language)},
            web::StatusFor(error.code, false)};
}

/// Units under which a new one may stand.
std::vector<web::Choice> Parents(const RequestContext& context, const UnitTree& units) {
    return units.Choices(context.principal().UnitsFor(kManageUnits));
}

/// Units under which `unit` may stand: the one where it is, even a closed one, and those that are not below it. None
/// when it may not be put elsewhere, because the place where it stands has to be the reader's as well.
std::vector<web::Choice> OtherParents(const RequestContext& context, const UnitTree& units, const Unit& unit) {
    if (!unit.parent_id || !context.principal().May(kManageUnits, *unit.parent_id)) return {};
    std::vector<web::Choice> choices = Parents(context, units);
    std::erase_if(choices, [&](const web::Choice& choice) {
        return units.IsWithin(ParseInt(choice.value).value_or(0), unit.id);
    });
    const std::string here = fmt::format("{}", *unit.parent_id);
    if (std::ranges::find(choices, here, &web::Choice::value) == choices.end())
        choices.insert(choices.begin(), {here, units.PathOf(*unit.parent_id)});
    return choices;
}

Markup Fields(const RequestContext& context, const UnitForm& form, const std::vector<web::Choice>& parents) {
    Markup fields = web::FormErrors(form.errors, context.language) +
                    web::TextField("name", context.Say("名稱", "Name"), form.name, {}, {},
                                   {.is_required = true, .is_focused = true, .max_length = kMaxName});
    if (!parents.empty())
        fields += web::SelectField("parent", context.Say("上層單位", "Stands below"), form.parent, parents);
    return fields +
           web::ButtonRow({web::Button(context.Say("儲存", "Save"), web::ButtonLook::kPrimary, "device-floppy"),
                           web::LinkButton(context.Say("取消", "Cancel"), "/units")});
}

web::Page UnitPage(const RequestContext& context, std::string_view title) {
    web::Page page;
    page.title = title;
    page.crumbs = {{std::string(context.Say("單位", "Units")), "/units"}};
    return page;
}

Result<net::Response> NewPage(const RequestContext& context, const Services& services, const UnitForm& form) {
    OPS_TRY(const auto units, UnitTree::Read(services.identity));
    web::Page page = UnitPage(context, context.Say("新增單位", "New unit"));
    page.body = web::Card(
        {}, web::PostForm("/units", context.frame.csrf_token, Fields(context, form, Parents(context, units))));
    return context.Render(page, form.status);
}

Result<net::Response> ShowNew(const RequestContext& context, const Services& services) {
    return NewPage(context, services, {{}, std::string(context.request.query.Get("parent"))});
}

Result<net::Response> CreateUnit(const RequestContext& context, const Services& services) {
    const std::int64_t parent = ParseInt(context.form.Get("parent")).value_or(0);
    OPS_CHECK(context.RequireIn(kManageUnits, parent));
    const auto id = services.identity.CreateUnit(context.actor(), parent, context.form.Get("name"));
    if (!id.ok()) {
        if (!IsForTheForm(id.error())) return id.error();
        return NewPage(context, services, Refused(context, id.error()));
    }
    return context.RedirectWithNotice("/units", {"單位已新增。", "The unit is added."});
}

Markup CloseOrOpen(const RequestContext& context, const Unit& unit) {
    if (!unit.parent_id) return {};
    const std::string_view help =
        unit.is_active ? context.Say("單位下不可有啟用中的單位或人員。過去的紀錄會保留。",
                                     "It may have no active units or people below it. Past records are kept.")
                       : context.Say("恢復後可再指派人員。", "People can be assigned to it again.");
    const Markup button = unit.is_active ? web::Button(context.Say("裁撤單位", "Close the unit"),
                                                       {.look = web::ButtonLook::kDanger, .icon = "archive"})
                                         : web::Button(context.Say("恢復使用", "Open it again"),
                                                       web::ButtonLook::kSecondary, "arrow-back-up");
    return web::Card(unit.is_active ? context.Say("裁撤", "Close") : context.Say("恢復", "Open"),
                     web::PostForm(PathOf(unit) + (unit.is_active ? "/close" : "/open"), context.frame.csrf_token,
                                   Format(R"(<p class="ops-help">{}</p>)", help) + web::ButtonRow({button})));
}

Result<net::Response> EditPage(const RequestContext& context, const Services& services, const Unit& unit,
                               const UnitForm& form) {
    OPS_TRY(const auto units, UnitTree::Read(services.identity));
    web::Page page = UnitPage(context, unit.name);
    page.actions = web::LinkButton(context.Say("在其下新增單位", "New unit below it"),
                                   fmt::format("/units/new?parent={}", unit.id), web::ButtonLook::kSecondary, "plus");
    page.body = web::Card(context.Say("名稱與位置", "Name and place"),
                          web::PostForm(PathOf(unit), context.frame.csrf_token,
                                        Fields(context, form, OtherParents(context, units, unit)))) +
                CloseOrOpen(context, unit);
    return context.Render(page, form.status);
}

UnitForm FormOf(const Unit& unit) {
    return {unit.name, unit.parent_id ? fmt::format("{}", *unit.parent_id) : std::string()};
}

Result<net::Response> ShowUnit(const RequestContext& context, const Services& services) {
    OPS_TRY(const Unit unit, UnitOfPath(context, services, kManageUnits));
    return EditPage(context, services, unit, FormOf(unit));
}

/// Saves and leads to the list, or shows the form with what was refused.
Result<net::Response> Save(const RequestContext& context, const Services& services, const Unit& before,
                           const Unit& after, const Text& notice) {
    const auto saved = SaveUnit(context, services, before, after);
    if (saved.ok()) return context.RedirectWithNotice("/units", notice);
    if (!IsForTheForm(saved.error())) return saved.error();
    UnitForm form = FormOf(before);
    if (context.form.Has("name")) form = Refused(context, saved.error());
    form.errors = {saved.error().caller_text.In(context.language)};
    form.status = web::StatusFor(saved.error().code, false);
    return EditPage(context, services, before, form);
}

Result<net::Response> ChangeUnit(const RequestContext& context, const Services& services) {
    OPS_TRY(const Unit before, UnitOfPath(context, services, kManageUnits));
    Unit after = before;
    after.name = context.form.Get("name");
    if (const auto parent = ParseInt(context.form.Get("parent"))) after.parent_id = *parent;
    return Save(context, services, before, after, {"已儲存。", "Saved."});
}

Result<net::Response> CloseUnit(const RequestContext& context, const Services& services) {
    OPS_TRY(const Unit before, UnitOfPath(context, services, kManageUnits));
    Unit after = before;
    after.is_active = false;
    return Save(context, services, before, after, {"單位已裁撤。", "The unit is closed."});
}

Result<net::Response> OpenUnit(const RequestContext& context, const Services& services) {
    OPS_TRY(const Unit before, UnitOfPath(context, services, kManageUnits));
    Unit after = before;
    after.is_active = true;
    return Save(context, services, before, after, {"單位已恢復使用。", "The unit is open again."});
}

}  // namespace

std::vector<web::Route> UnitRoutes(std::shared_ptr<const Services> services) {
    using enum net::Method;
    return RouteList(std::move(services))
        .Page(kGet, "/units", kReadUnits, ShowUnits)
        .Page(kGet, "/units/new", kManageUnits, ShowNew)
        .Page(kPost, "/units", kManageUnits, CreateUnit)
        .Page(kGet, "/units/{id}", kManageUnits, ShowUnit)
        .Page(kPost, "/units/{id}", kManageUnits, ChangeUnit)
        .Page(kPost, "/units/{id}/close", kManageUnits, CloseUnit)
        .Page(kPost, "/units/{id}/open", kManageUnits, OpenUnit)
        .Take();
}

}  // namespace opsteward::console
