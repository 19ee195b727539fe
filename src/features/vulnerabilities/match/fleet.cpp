#include "features/vulnerabilities/match/fleet.hpp"

#include <algorithm>
#include <array>

namespace opsteward::vuln {

std::string_view Fleet::Texts::Keep(std::string_view text) {
    constexpr std::size_t kBlock = 1U << 16;
    if (text.empty()) return {};
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < text.size()) blocks_.emplace_back().reserve(std::max(kBlock, text.size()));
    std::string& block = blocks_.back();
    const std::size_t at = block.size();
    block += text;
    return std::string_view(block).substr(at);
}

void Fleet::BeginHost(std::string_view name, std::string_view system, std::span<const std::string_view> patches) {
    auto place = system_numbers_.find(system);
    if (place == system_numbers_.end()) {
        const std::string_view kept = texts_.Keep(system);
        place = system_numbers_.emplace(kept, static_cast<std::uint32_t>(systems_.size())).first;
        systems_.push_back(kept);
    }
    hosts_.push_back({texts_.Keep(name), place->second, installed_.size(), patches_.size()});
    for (const std::string_view patch : patches) patches_.push_back(texts_.Keep(patch));
}

void Fleet::AddPackage(const Package& package) {
    const std::array<std::string_view, 7> parts{package.name, package.version, package.publisher, package.cpe, package.purl, package.source, package.source_version};
    key_.clear();
    for (const std::string_view part : parts) {
        key_ += part;
        key_ += '\0';
    }
    auto place = package_numbers_.find(key_);
    if (place == package_numbers_.end()) {
        // The parts of the key are the texts of the package.
        const std::string_view kept = texts_.Keep(key_);
        std::array<std::string_view, 7> own;
        std::size_t at = 0;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            own[i] = kept.substr(at, parts[i].size());
            at += parts[i].size() + 1;
        }
        place = package_numbers_.emplace(kept, static_cast<std::uint32_t>(packages_.size())).first;
        packages_.push_back({own[0], own[1], own[2], own[3], own[4], own[5], own[6]});
    }
    installed_.push_back(place->second);
}

std::span<const std::string_view> Fleet::PatchesOf(std::size_t host) const {
    const std::uint64_t end = host + 1 < hosts_.size() ? hosts_[host + 1].first_patch : patches_.size();
    return std::span(patches_).subspan(hosts_[host].first_patch, end - hosts_[host].first_patch);
}

std::span<const std::uint32_t> Fleet::PackagesOf(std::size_t host) const {
    const std::uint64_t end = host + 1 < hosts_.size() ? hosts_[host + 1].first_package : installed_.size();
    return std::span(installed_).subspan(hosts_[host].first_package, end - hosts_[host].first_package);
}

}  // namespace opsteward::vuln
