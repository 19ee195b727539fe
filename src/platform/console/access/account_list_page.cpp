// The accounts that the reader may see.
#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/count_text.hpp"
#include "base/text.hpp"
#include "platform/console/access/account_query.hpp"
#include "platform/console/access/permissions.hpp"
#include "platform/console/access/routes.hpp"
#include "platform/web/address.hpp"
#include "platform/web/components.hpp"
#include "platform/web/csv.hpp"
#include "platform/web/fields.hpp"
#include "platform/web/table.hpp"

namespace opsteward::console {

using html::Escape;
using html::Format;
using html::Markup;
using identity::Account;
using web::RequestContext;

namespace {

constexpr int kPerPage = 50;

/// The unit alone, without those above it: the list has little room.
std::string UnitName(const UnitTree& units, std::int64_t id) {
    const identity::Unit* unit = units.Find(id);
    return unit == nullptr ? "?" : unit->name;
}

/// "系統管理人員（資訊室）、權責主管（資訊室）"
std::string RolesText(const Account& account, const UnitTree& units, Language language) {
    std::vector<std::string> roles;
    for (const identity::RoleGrant& grant : account.grants) {
        const std::string name = UnitName(units, grant.unit_id);
        roles.push_back(language == Language::kEnglish
                            ? fmt::format("{} ({})", identity::RoleTitle(grant.role).en, name)
                            : fmt::format("{}（{}）", identity::RoleTitle(grant.role).zh, name));
    }
    return Join(roles, language == Language::kEnglish ? ", " : "、");
}

class AccountListPage {
  public:
    AccountListPage(const RequestContext& context, std::vector<Account> all, UnitTree units)
        : context_(context),
          units_(std::move(units)),
          query_(AccountQuery::Of(context.request.query)),
          accounts_(SelectAccounts(std::move(all), query_, context.principal(), units_, context.now)),
          address_(web::Address::Of(context.request)) {}

    net::Response Answer() const {
        if (context_.request.query.Get("format") == "csv") return Export();
        web::Page page;
        page.title = Say("使用者", "Accounts");
        page.actions = web::LinkButton(Say("匯出 CSV", "Export CSV"), address_.With("format", "csv").text(),
                                       web::ButtonLook::kSecondary, "download");
        if (MayManage()) {
            page.actions +=
                web::LinkButton(Say("新增使用者", "New account"), "/users/new", web::ButtonLook::kPrimary, "user-plus");
        }
        page.lead = Lead();
        page.body = Filter() + List();
        return context_.Render(page);
    }

  private:
    std::string_view Say(std::string_view zh, std::string_view en) const { return context_.Say(zh, en); }
    bool MayManage() const { return context_.principal().May(kManageAccounts); }

    /// What to look at first, when the whole list is shown.
    Markup Lead() const {
        if (query_.IsRestricted()) return {};
        constexpr AccountState kWorthALook[] = {AccountState::kLocked, AccountState::kEndsSoon,
                                                AccountState::kOneTimePassword};
        std::vector<Markup> links;
        for (const AccountStateInfo& info : AllAccountStates()) {
            if (std::ranges::find(kWorthALook, info.state) == std::end(kWorthALook)) continue;
            const auto count = std::ranges::count_if(
                accounts_, [&](const Account& account) { return IsInState(account, info.state, context_.now); });
            if (count == 0) continue;
            const std::string text = fmt::format("{}{}{}", info.title.In(context_.language), Say("：", ": "), count);
            links.push_back(web::Link(text, address_.With("state", info.key).text()));
        }
        if (links.empty()) return {};
        return web::Alert(web::Tone::kAttention, Say("請看看這些帳號", "These accounts deserve a look"),
                          Format("<p>{}</p>", html::Join(
                                                  links, [](const Markup& link) { return link; }, Say("　", " · "))));
    }

    Markup Filter() const {
        const std::string all(Say("全部", "All"));
        std::vector<web::Choice> units = units_.Choices(context_.principal().UnitsFor(kReadAccounts));
        units.insert(units.begin(), {"", all});
        std::vector<web::Choice> roles = {{"", all}};
        for (const auto& info : identity::AllRoles())
            roles.push_back({std::string(info.key), std::string(info.title.In(context_.language))});
        std::vector<web::Choice> states = {{"", all}};
        for (const AccountStateInfo& info : AllAccountStates())
            states.push_back({std::string(info.key), std::string(info.title.In(context_.language))});
        const net::FormFields& asked = context_.request.query;
        return web::FilterForm(
            "/users",
            web::TextField("q", Say("帳號、姓名、電子郵件", "User name, name, e-mail"), asked.Get("q")) +
                web::SelectField("unit", Say("單位", "Unit"), asked.Get("unit"), units) +
                web::SelectField("role", Say("角色", "Role"), asked.Get("role"), roles) +
                web::SelectField("state", Say("狀態", "State"), asked.Get("state"), states),
            context_.language);
    }

    web::Column Sortable(std::string_view title, std::string_view key) const {
        const std::string_view sort = context_.request.query.Get("sort");
        const bool is_sorted = sort == key || (sort.empty() && key == "name");
        web::Column column{.title = std::string(title)};
        column.sort_href =
            address_.With("sort", key).With("dir", is_sorted && !query_.is_descending ? "desc" : "").text();
        if (is_sorted) column.sort = query_.is_descending ? web::SortState::kDescending : web::SortState::kAscending;
        return column;
    }

    Markup List() const {
        const int total = static_cast<int>(accounts_.size());
        const int pages = std::max(1, (total + kPerPage - 1) / kPerPage);
        const int number = static_cast<int>(
            std::clamp<std::int64_t>(ParseInt(context_.request.query.Get("page")).value_or(1), 1, pages));
        const std::vector<web::Column> columns = {
            Sortable(Say("帳號", "User name"), "name"),   Sortable(Say("姓名", "Name"), "display_name"),
            Sortable(Say("單位", "Unit"), "unit"),        {.title = std::string(Say("角色", "Roles"))},
            {.title = std::string(Say("狀態", "State"))}, Sortable(Say("最近登入", "Last sign-in"), "last_sign_in"),
            Sortable(Say("使用期限", "Ends"), "end")};
        std::vector<std::vector<Markup>> rows;
        for (int i = (number - 1) * kPerPage; i < std::min(total, number * kPerPage); ++i)
            rows.push_back(Row(accounts_[static_cast<std::size_t>(i)]));
        web::TableOptions options;
        options.when_empty = Empty();
        return Format(R"(<p class="ops-muted">{}</p>)", CountText(Say("{} 個帳號", "{} [account|accounts]"), total)) +
               web::Table(columns, rows, Say("使用者清單", "Accounts"), options) +
               web::Pager(address_.text(), number, pages, context_.language);
    }

    std::vector<Markup> Row(const Account& account) const {
        const Markup nothing = Format(R"(<span class="ops-muted">—</span>)");
        return {
            web::Link(account.name, fmt::format("/users/{}", account.id)),
            Escape(account.display_name),
            Escape(UnitName(units_, account.unit_id)),
            account.grants.empty() ? nothing : Escape(RolesText(account, units_, context_.language)),
            AccountBadges(account, context_.now, context_.language),
            account.last_sign_in_at ? web::Time(*account.last_sign_in_at, context_.now, context_.language) : nothing,
            account.ends_at ? Escape(FormatDateShort(LastDay(*account.ends_at), context_.language)) : nothing};
    }

    Markup Empty() const {
        const Markup action = query_.IsRestricted() ? web::LinkButton(Say("清除條件", "Clear the filter"), "/users")
                                                    : web::LinkButton(Say("新增使用者", "New account"), "/users/new",
                                                                      web::ButtonLook::kPrimary, "user-plus");
        return web::EmptyState(Say("沒有符合條件的帳號", "No account fits"),
                               Say("放寬條件再試一次。", "Widen the filter and try again."),
                               query_.IsRestricted() || MayManage() ? action : Markup());
    }

    net::Response Export() const {
        std::vector<std::vector<std::string>> rows = {
            {std::string(Say("帳號", "User name")), std::string(Say("姓名", "Name")),
             std::string(Say("電子郵件", "E-mail")), std::string(Say("單位", "Unit")),
             std::string(Say("角色", "Roles")), std::string(Say("狀態", "State")),
             std::string(Say("最近登入", "Last sign-in")), std::string(Say("使用期限", "Ends"))}};
        for (const Account& account : accounts_) {
            std::vector<std::string> states;
            for (const AccountStateInfo& info : AllAccountStates()) {
                if (IsInState(account, info.state, context_.now)) states.emplace_back(info.title.In(context_.language));
            }
            rows.push_back({account.name, account.display_name, account.email, units_.PathOf(account.unit_id),
                            RolesText(account, units_, context_.language), Join(states, std::string(Say("、", ", "))),
                            account.last_sign_in_at ? FormatTime(*account.last_sign_in_at, context_.language) : "",
                            account.ends_at ? FormatDateShort(LastDay(*account.ends_at), context_.language) : ""});
        }
        return web::CsvResponse("accounts.csv", rows);
    }

    const RequestContext& context_;
    const UnitTree units_;
    const AccountQuery query_;
    const std::vector<Account> accounts_;
    const web::Address address_;
};

Result<net::Response> ShowAccounts(const RequestContext& context, const Services& services) {
    OPS_TRY(auto accounts, services.identity.Accounts());
    OPS_TRY(auto units, UnitTree::Read(services.identity));
    return AccountListPage(context, std::move(accounts), std::move(units)).Answer();
}

}  // namespace

std::vector<web::Route> AccountListRoutes(std::shared_ptr<const Services> services) {
    return RouteList(std::move(services)).Page(net::Method::kGet, "/users", kReadAccounts, ShowAccounts).Take();
}

}  // namespace opsteward::console
