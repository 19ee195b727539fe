#include "platform/identity/identity.hpp"

#include "platform/identity/principal_cache.hpp"
#include "platform/identity/sign_in_throttle.hpp"
#include "platform/identity/store.hpp"

namespace opsteward::identity {

Identity::Identity(db::Database& database, const Clock& clock, std::vector<PermissionSpec> permissions, Policy policy,
                   crypto::PasswordCost cost)
    : database_(database),
      clock_(clock),
      permissions_(std::move(permissions)),
      policy_(policy),
      cost_(cost),
      decoy_hash_(crypto::HashPassword(crypto::RandomToken(), cost)),
      principals_(std::make_unique<PrincipalCache>()),
      throttle_(std::make_unique<SignInThrottle>()) {}

Identity::~Identity() = default;

Identity::OneTimePassword Identity::MakeOneTimePassword() const {
    // Easy to type: groups of lower-case letters and digits without look-alikes; 80 bits.
    const std::string random = crypto::Base32Encode(crypto::RandomBytes(10));
    std::string text;
    for (std::size_t i = 0; i < random.size(); ++i) {
        if (i > 0 && i % 4 == 0) text += '-';
        text += random[i] >= 'A' ? static_cast<char>(random[i] - 'A' + 'a') : random[i];
    }
    return {text, crypto::HashPassword(text, cost_)};
}

Result<std::optional<std::string>> Identity::CreateFirstAdministrator() {
    const auto password = MakeOneTimePassword();
    return database_.Write<std::optional<std::string>>([&](db::Transaction& transaction) -> Result<std::optional<std::string>> {
        OPS_CHECK(store::RaiseRevision(transaction));
        OPS_TRY(const auto accounts, store::Accounts(transaction));
        if (!accounts.empty()) return std::optional<std::string>();
        OPS_TRY(const auto unit_id, store::InsertUnit(transaction, std::nullopt, "本機關"));
        Account admin;
        admin.name = "admin";
        admin.display_name = "平台管理者";
        admin.unit_id = unit_id;
        admin.grants = {{Role::kAdministrator, unit_id}};
        OPS_TRY(const auto id, store::InsertAccount(transaction, admin, password.hash, clock_.Now()));
        OPS_CHECK(audit::Append(transaction, {},
                                {"account.create", "account", std::to_string(id), admin.name, unit_id, nullptr,
                                 {{"name", admin.name}, {"roles", {RoleKey(Role::kAdministrator)}}}},
                                clock_.Now()));
        return std::optional<std::string>(password.text);
    });
}

Result<std::shared_ptr<const Principal>> Identity::PrincipalOf(db::Session& session, std::int64_t user_id, const std::string& name,
                                                               const std::string& display_name, std::int64_t revision) {
    if (auto known = principals_->Find(user_id, revision)) return known;
    OPS_TRY(const auto units, store::Units(session));
    OPS_TRY(auto grants, store::Grants(session, user_id));
    std::map<std::int64_t, std::set<std::int64_t>> subtrees;
    std::map<std::int64_t, std::optional<std::int64_t>> parents;
    for (const auto& unit : units) parents[unit.id] = unit.parent_id;
    for (const auto& grant : grants) subtrees[grant.unit_id];
    for (const auto& unit : units) {
        for (std::optional<std::int64_t> above = unit.id; above; above = parents[*above]) {
            if (const auto subtree = subtrees.find(*above); subtree != subtrees.end()) subtree->second.insert(unit.id);
        }
    }
    auto principal = std::make_shared<const Principal>(audit::Actor{user_id, name, ""}, display_name, std::move(grants), subtrees, permissions_);
    principals_->Keep(user_id, revision, principal);
    return std::shared_ptr<const Principal>(std::move(principal));
}

Result<std::int64_t> Identity::RemoveEnded() {
    const Instant now = clock_.Now();
    return database_.Write<std::int64_t>([&](db::Transaction& transaction) {
        return store::DeleteEndedSessions(transaction, now - policy_.session_idle, now - policy_.session_absolute, now);
    });
}

}  // namespace opsteward::identity
