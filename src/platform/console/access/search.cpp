// Accounts and units for the search of the whole console.
#include <fmt/format.h>

#include "base/text.hpp"
#include "platform/console/access/account_query.hpp"
#include "platform/console/access/permissions.hpp"
#include "platform/console/access/routes.hpp"

namespace opsteward::console {

using platform::SearchHit;

Result<std::vector<SearchHit>> SearchPeople(const web::RequestContext& context, const Services& services,
                                            std::string_view query, int limit) {
    AccountQuery wanted;
    wanted.text = Trim(query);
    std::vector<SearchHit> hits;
    if (wanted.text.empty()) return hits;
    const auto is_full = [&] { return hits.size() >= static_cast<std::size_t>(std::max(limit, 0)); };
    const identity::Principal& reader = context.principal();
    OPS_TRY(const auto units, UnitTree::Read(services.identity));
    if (reader.May(kReadAccounts)) {
        OPS_TRY(auto accounts, services.identity.Accounts());
        for (const auto& account : SelectAccounts(std::move(accounts), wanted, reader, units, context.now)) {
            if (is_full()) return hits;
            hits.push_back({account.display_name, fmt::format("{} · {}", account.name, units.PathOf(account.unit_id)),
                            fmt::format("/users/{}", account.id), "user"});
        }
    }
    for (const identity::Unit& unit : units.units()) {
        if (is_full()) return hits;
        if (!HoldsText(unit.name, wanted.text) || !reader.May(kReadUnits, unit.id)) continue;
        hits.push_back({unit.name, units.PathOf(unit.id),
                        reader.May(kManageUnits, unit.id) ? fmt::format("/units/{}", unit.id) : "/units", "sitemap"});
    }
    return hits;
}

}  // namespace opsteward::console
