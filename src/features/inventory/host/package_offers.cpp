#include "features/inventory/host/package_offers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "features/inventory/host/words.hpp"
#include "versions/dpkg_order.hpp"

namespace opsteward::inventory::host {
namespace {

bool IsYes(std::string_view value) { return ToLowerAscii(value) == "yes"; }

/// "Sat, 28 Nov 2026 00:53:02 UTC"
std::optional<Instant> ParseReleaseDate(std::string_view text) {
    static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto words = SplitWords(text);
    if (words.size() != 6 || (words[5] != "UTC" && words[5] != "GMT" && words[5] != "+0000")) return std::nullopt;
    const auto month = std::ranges::find(kMonths, words[2]);
    const auto clock = Split(words[4], ':');
    const auto day = ParseInt(words[1]);
    const auto year = ParseInt(words[3]);
    if (month == kMonths.end() || clock.size() != 3 || !day || !year) return std::nullopt;
    const auto hour = ParseInt(clock[0]);
    const auto minute = ParseInt(clock[1]);
    const auto second = ParseInt(clock[2]);
    if (!hour || !minute || !second || *day < 1 || *day > 31 || *year < 1970 || *year > 9999) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(month - kMonths.begin() + 1)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    const bool is_time = *hour >= 0 && *hour < 24 && *minute >= 0 && *minute < 60 && *second >= 0 && *second <= 60;
    if (!date.ok() || !is_time) return std::nullopt;
    return Instant(std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
                   std::chrono::seconds(*second));
}

void KeepNewer(std::string& best, std::string_view version) {
    if (best.empty() || versions::CompareDpkg(version, best) > 0) best = version;
}

}  // namespace

ReleaseTraits ParseReleaseFile(std::string_view head, std::string_view list_name) {
    ReleaseTraits traits;
    traits.is_security = list_name.find("-security_") != std::string_view::npos;
    bool is_first = true;
    StanzaReader reader({"Suite", "Codename", "Label", "NotAutomatic", "ButAutomaticUpgrades", "Valid-Until"},
                        [&](std::span<const std::string> values) {
                            if (!std::exchange(is_first, false)) return;
                            traits.is_security = traits.is_security || values[0].ends_with("-security") ||
                                                 values[1].ends_with("-security") || values[2] == "Debian-Security";
                            traits.is_automatic = !IsYes(values[3]);
                            traits.upgrades_its_own = IsYes(values[4]);
                            traits.valid_until = ParseReleaseDate(values[5]);
                        });
    reader.Feed(head);
    reader.Finish();
    return traits;
}

PackageOffers::PackageOffers(std::span<const InstalledPackage> installed)
    : installed_(installed), offers_(installed.size()) {
    for (std::size_t i = 0; i < installed.size(); ++i) by_name_.emplace(installed[i].name, i);
}

void PackageOffers::Add(std::string_view name, std::string_view version, std::string_view architecture,
                        const ReleaseTraits& release) {
    const auto [first, last] = by_name_.equal_range(name);
    for (auto it = first; it != last; ++it) {
        const InstalledPackage& package = installed_[it->second];
        // A package may become independent of the architecture, or cease to be, from one version to the next.
        if (architecture != package.architecture && architecture != "all" && package.architecture != "all") continue;
        Offer& offer = offers_[it->second];
        offer.is_offered = true;
        if (release.is_automatic) {
            KeepNewer(offer.best_automatic, version);
            if (release.is_security && versions::CompareDpkg(version, package.version) > 0) offer.has_newer_security = true;
        } else if (release.upgrades_its_own) {
            KeepNewer(offer.best_of_its_own, version);
        }
    }
}

std::optional<PackageOffers::Update> PackageOffers::UpdateOf(std::size_t index) const {
    const std::string& installed = installed_[index].version;
    const Offer& offer = offers_[index];
    const auto is_newer = [&](const std::string& version) {
        return !version.empty() && versions::CompareDpkg(version, installed) > 0;
    };
    if (is_newer(offer.best_automatic)) return Update{offer.best_automatic, offer.has_newer_security};
    const bool is_beyond_automatic =
        offer.best_automatic.empty() || versions::CompareDpkg(installed, offer.best_automatic) > 0;
    if (is_beyond_automatic && is_newer(offer.best_of_its_own)) return Update{offer.best_of_its_own, false};
    return std::nullopt;
}

}  // namespace opsteward::inventory::host
