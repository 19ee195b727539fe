// Held against the package sources of a machine: is an installed package on offer there, and is a newer version?
//
// Follows apt_preferences(5) as far as the sources themselves say it (NotAutomatic, ButAutomaticUpgrades); pins that an
// administrator has set are not taken into account.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "features/inventory/host/dpkg_status.hpp"

namespace opsteward::inventory::host {

/// What a Release or InRelease file says of its packages (deb.debian.org "DebianRepository/Format").
struct ReleaseTraits {
    bool is_security = false;
    bool is_automatic = true;              ///< not "NotAutomatic: yes"
    bool upgrades_its_own = false;         ///< "ButAutomaticUpgrades: yes": what came from there is kept up to date from there
    std::optional<Instant> valid_until;    ///< after this the lists must not be trusted to be complete
};

/// `list_name` is the name of the package list; it alone tells a security suite when the file says nothing of it.
ReleaseTraits ParseReleaseFile(std::string_view head, std::string_view list_name);

class PackageOffers {
  public:
    /// `installed` must outlive this.
    explicit PackageOffers(std::span<const InstalledPackage> installed);

    void Add(std::string_view name, std::string_view version, std::string_view architecture, const ReleaseTraits& release);

    struct Update {
        std::string version;
        bool is_security = false;
    };
    /// `index` of the installed package.
    bool IsOffered(std::size_t index) const { return offers_[index].is_offered; }
    std::optional<Update> UpdateOf(std::size_t index) const;

  private:
    struct Offer {
        bool is_offered = false;
        bool has_newer_security = false;
        std::string best_automatic;   ///< newest version of the sources that are used by themselves
        std::string best_of_its_own;  ///< newest version of the sources that only keep up what came from them
    };

    std::span<const InstalledPackage> installed_;
    std::vector<Offer> offers_;
    std::unordered_multimap<std::string_view, std::size_t> by_name_;
};

}  // namespace opsteward::inventory::host
