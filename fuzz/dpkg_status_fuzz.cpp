// A status file of dpkg: the same packages come out of it in whatever pieces it is read, and they can be held against a
// list.
#include <algorithm>
#include <string_view>

#include "features/inventory/host/dpkg_status.hpp"
#include "features/inventory/host/package_offers.hpp"
#include "require.hpp"

using namespace opsteward::inventory::host;

namespace {

std::vector<InstalledPackage> Read(std::string_view text, std::size_t piece) {
    DpkgStatusReader reader;
    for (std::size_t at = 0; at < text.size(); at += piece) reader.Feed(text.substr(at, piece));
    return reader.Finish();
}

bool AreSame(const InstalledPackage& a, const InstalledPackage& b) {
    return a.name == b.name && a.version == b.version && a.architecture == b.architecture &&
           a.maintainer == b.maintainer;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto packages = Read(text, size + 1);
    Require(std::ranges::equal(packages, Read(text, 1), AreSame));
    Require(std::ranges::equal(packages, Read(text, 7), AreSame));

    const ReleaseTraits traits = ParseReleaseFile(text, "list");
    PackageOffers offers(packages);
    for (const InstalledPackage& package : packages) {
        Require(!package.name.empty() && !package.version.empty());
        offers.Add(package.name, package.version, package.architecture, traits);
        offers.Add(package.name, package.version + "+1", package.architecture, traits);
    }
    for (std::size_t i = 0; i < packages.size(); ++i) {
        Require(offers.IsOffered(i));
        if (traits.is_automatic) Require(offers.UpdateOf(i).has_value());
    }
    return 0;
}
