#include "features/inventory/host/dpkg_status.hpp"

#include "base/text.hpp"

namespace opsteward::inventory::host {
namespace {

/// Far beyond what a machine holds; a hostile file ends here.
constexpr std::size_t kMaxPackages = 200'000;

bool IsOnMachine(std::string_view status) {
    const std::string_view state = status.substr(status.rfind(' ') + 1);
    return !state.empty() && state != "not-installed" && state != "config-files";
}

}  // namespace

DpkgStatusReader::DpkgStatusReader()
    : reader_({"Package", "Status", "Version", "Architecture", "Maintainer"},
              [this](std::span<const std::string> values) {
                  if (values[0].empty() || values[2].empty() || !IsOnMachine(values[1])) return;
                  if (packages_.size() < kMaxPackages) packages_.push_back({values[0], values[2], values[3], values[4]});
              }) {}

std::vector<InstalledPackage> DpkgStatusReader::Finish() {
    reader_.Finish();
    return std::move(packages_);
}

}  // namespace opsteward::inventory::host
