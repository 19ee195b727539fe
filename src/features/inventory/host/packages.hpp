// The packages of a Debian machine with what its package sources offer; read again only when a file has changed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/language.hpp"
#include "features/inventory/host/dpkg_status.hpp"
#include "features/inventory/host/host_files.hpp"

namespace opsteward::inventory::host {

struct PackageFact {
    InstalledPackage package;
    std::optional<bool> is_offered;  ///< nothing when the package sources could not be read
    std::optional<std::string> offered_version;
    bool is_security = false;
};

struct PackageFacts {
    /// Why the installed packages are not known; nothing else means anything then.
    std::optional<Text> not_observed;
    std::vector<PackageFact> packages;
    /// Why it is not known (in full) what the package sources offer.
    std::optional<Text> sources_unknown;
    /// The earliest time after which the lists can't be relied on, if they say one.
    std::optional<Instant> valid_until;
};

class PackageReader {
  public:
    explicit PackageReader(const HostFiles& files) : files_(files) {}

    const PackageFacts& Read();

  private:
    using Stamps = std::map<std::string, FileStamp>;

    Result<Stamps> StampFiles() const;
    void ReadLists(const std::vector<std::string>& names);

    const HostFiles& files_;
    PackageFacts facts_;
    std::optional<Stamps> read_stamps_;
};

}  // namespace opsteward::inventory::host
