// What dpkg has installed: /var/lib/dpkg/status, described in dpkg(1) and deb-control(5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "features/inventory/host/stanza_reader.hpp"

namespace opsteward::inventory::host {

struct InstalledPackage {
    std::string name;
    std::string version;
    std::string architecture;  ///< "amd64", "all"
    std::string maintainer;
};

/// Packages whose files are on the machine: any state but not-installed and config-files. In the order of the file.
class DpkgStatusReader {
  public:
    DpkgStatusReader();
    DpkgStatusReader(const DpkgStatusReader&) = delete;  // the reader inside points back at this one
    DpkgStatusReader& operator=(const DpkgStatusReader&) = delete;
    void Feed(std::string_view piece) { reader_.Feed(piece); }
    std::vector<InstalledPackage> Finish();

  private:
    std::vector<InstalledPackage> packages_;
    StanzaReader reader_;
};

}  // namespace opsteward::inventory::host
