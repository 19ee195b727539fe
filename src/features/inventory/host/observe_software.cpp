#include <fmt/format.h>

#include <algorithm>

#include "base/civil_time.hpp"
#include "features/inventory/host/topic_observers.hpp"

namespace opsteward::inventory::host {
namespace {

/// Package sources say themselves how long their lists hold; where they don't, a week: security updates are to be
/// installed within that time.
constexpr std::chrono::days kMaxListAge{7};

Error AsError(const Text& reason) {
    return Error::Of(ErrorCode::kUnavailable, reason.zh, reason.en);
}

/// apt leaves its download folder changed whenever it has looked for newer lists.
std::optional<Instant> ListsRefreshedAt(const HostFiles& files) {
    std::optional<Instant> latest;
    for (const std::string_view folder : {"/var/lib/apt/lists", "/var/lib/apt/lists/partial"}) {
        if (const auto stamp = files.Stamp(folder); stamp.ok())
            latest = std::max(latest, std::optional(stamp->Modified()));
    }
    return latest;
}

std::optional<Error> WhyListsAreOld(const HostSight& sight) {
    const auto& valid_until = sight.packages.valid_until;
    if (valid_until && sight.now > *valid_until) {
        return Error::Of(
            ErrorCode::kUnavailable,
            fmt::format("套件清單的效期只到 {}，請執行 apt update。", FormatTime(*valid_until, Language::kZhHant)),
            fmt::format("The package lists were good until {} only: run apt update.",
                        FormatTime(*valid_until, Language::kEnglish)));
    }
    const auto refreshed_at = ListsRefreshedAt(sight.files);
    if (!refreshed_at || sight.now - *refreshed_at <= kMaxListAge) return std::nullopt;
    const auto days = std::chrono::floor<std::chrono::days>(sight.now - *refreshed_at).count();
    return Error::Of(ErrorCode::kUnavailable, fmt::format("套件清單已 {} 天沒有更新，請執行 apt update。", days),
                     fmt::format("The package lists are {} days old: run apt update.", days));
}

}  // namespace

TopicRows ObserveInstalledSoftware(const HostSight& sight) {
    const PackageFacts& facts = sight.packages;
    if (facts.not_observed) return AsError(*facts.not_observed);
    std::vector<db::Row> rows;
    rows.reserve(facts.packages.size());
    for (const PackageFact& fact : facts.packages) {
        const InstalledPackage& package = fact.package;
        db::Value publisher;
        if (!package.maintainer.empty()) publisher = package.maintainer;
        rows.push_back({package.name, package.version, package.architecture, std::move(publisher), fact.is_offered});
    }
    return rows;
}

TopicRows ObservePendingUpdates(const HostSight& sight) {
    const PackageFacts& facts = sight.packages;
    if (facts.not_observed) return AsError(*facts.not_observed);
    if (facts.sources_unknown) return AsError(*facts.sources_unknown);
    if (auto why = WhyListsAreOld(sight)) return std::move(*why);
    std::vector<db::Row> rows;
    for (const PackageFact& fact : facts.packages) {
        if (!fact.offered_version) continue;
        rows.push_back({fact.package.name, fact.package.version, *fact.offered_version, fact.is_security});
    }
    return rows;
}

}  // namespace opsteward::inventory::host
