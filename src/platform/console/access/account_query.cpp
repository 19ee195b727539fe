#include "platform/console/access/account_query.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "platform/console/access/permissions.hpp"

namespace opsteward::console {

using identity::Account;

namespace {

struct OrderKey {
    std::string_view key;
    AccountOrder order;
};
constexpr OrderKey kOrders[] = {{"name", AccountOrder::kName},
                                {"display_name", AccountOrder::kDisplayName},
                                {"unit", AccountOrder::kUnit},
                                {"last_sign_in", AccountOrder::kLastSignIn},
                                {"end", AccountOrder::kEnd}};

bool Fits(const Account& account, const AccountQuery& query, const UnitTree& units, Instant now) {
    const bool has_text = query.text.empty() || HoldsText(account.name, query.text) ||
                          HoldsText(account.display_name, query.text) || HoldsText(account.email, query.text);
    const bool has_role = !query.role || std::ranges::any_of(account.grants, [&](const auto& grant) {
        return grant.role == *query.role;
    });
    return has_text && has_role && (!query.unit_id || units.IsWithin(account.unit_id, *query.unit_id)) &&
           (!query.state || IsInState(account, *query.state, now));
}

template <typename Key>
void SortBy(std::vector<Account>& accounts, bool is_descending, const Key& key) {
    std::ranges::stable_sort(accounts, [&](const Account& a, const Account& b) {
        return is_descending ? key(b) < key(a) : key(a) < key(b);
    });
}

void Sort(std::vector<Account>& accounts, const AccountQuery& query, const UnitTree& units) {
    switch (query.order) {
        case AccountOrder::kName:
            return SortBy(accounts, query.is_descending, [](const Account& account) { return account.name; });
        case AccountOrder::kDisplayName:
            return SortBy(accounts, query.is_descending, [](const Account& account) { return account.display_name; });
        case AccountOrder::kUnit:
            return SortBy(accounts, query.is_descending,
                          [&](const Account& account) { return units.PathOf(account.unit_id); });
        case AccountOrder::kLastSignIn:
            return SortBy(accounts, query.is_descending,
                          [](const Account& account) { return account.last_sign_in_at; });
        case AccountOrder::kEnd:
            // Those without an end come after all others.
            return SortBy(accounts, query.is_descending,
                          [](const Account& account) { return account.ends_at.value_or(Instant::max()); });
    }
}

}  // namespace

bool HoldsText(std::string_view text, std::string_view part) {
    return ToLowerAscii(text).find(ToLowerAscii(part)) != std::string::npos;
}

AccountQuery AccountQuery::Of(const net::FormFields& fields) {
    AccountQuery query;
    query.text = Trim(fields.Get("q"));
    query.unit_id = ParseInt(fields.Get("unit"));
    query.role = identity::ParseRole(fields.Get("role"));
    query.state = ParseAccountState(fields.Get("state"));
    for (const auto& [key, order] : kOrders) {
        if (fields.Get("sort") == key) query.order = order;
    }
    query.is_descending = fields.Get("dir") == "desc";
    return query;
}

std::vector<Account> SelectAccounts(std::vector<Account> accounts, const AccountQuery& query,
                                    const identity::Principal& reader, const UnitTree& units, Instant now) {
    std::erase_if(accounts, [&](const Account& account) {
        return !reader.May(kReadAccounts, account.unit_id) || !Fits(account, query, units, now);
    });
    Sort(accounts, query, units);
    return accounts;
}

}  // namespace opsteward::console
