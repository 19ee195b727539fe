// What is installed on many machines: each package, and each system, once.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace opsteward::vuln {

/// As an inventory names it; what it does not say is empty.
struct Package {
    std::string_view name = {};
    std::string_view version = {};
    std::string_view publisher = {};
    std::string_view cpe = {};
    std::string_view purl = {};
    std::string_view source = {};          ///< source package of a distribution's binary package
    std::string_view source_version = {};  ///< its version, where it is another one
};

/// Not thread-safe while it is filled. Its texts hold as long as it does.
class Fleet {
  public:
    Fleet() = default;
    Fleet(Fleet&&) = default;
    Fleet& operator=(Fleet&&) = default;
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    /// `system` is what the machine runs, as text or CPE name; `patches` are the Windows updates it has ("KB5012170").
    void BeginHost(std::string_view name, std::string_view system, std::span<const std::string_view> patches = {});
    /// Of the host that was begun last. Precondition: there is one.
    void AddPackage(const Package& package);

    std::size_t hosts() const { return hosts_.size(); }
    std::string_view HostName(std::size_t host) const { return hosts_[host].name; }
    /// Number of its system among systems().
    std::uint32_t SystemOf(std::size_t host) const { return hosts_[host].system; }
    std::span<const std::string_view> PatchesOf(std::size_t host) const;
    /// Numbers among packages(); the same one twice when the inventory says so.
    std::span<const std::uint32_t> PackagesOf(std::size_t host) const;

    const std::vector<std::string_view>& systems() const { return systems_; }
    const std::vector<Package>& packages() const { return packages_; }

  private:
    /// Blocks that never move.
    class Texts {
      public:
        std::string_view Keep(std::string_view text);

      private:
        std::vector<std::string> blocks_;
    };
    struct Host {
        std::string_view name;
        std::uint32_t system;
        std::uint64_t first_package;
        std::uint64_t first_patch;
    };

    Texts texts_;
    std::vector<Host> hosts_;
    std::vector<std::uint32_t> installed_;
    std::vector<std::string_view> patches_;
    std::vector<std::string_view> systems_;
    std::unordered_map<std::string_view, std::uint32_t> system_numbers_;
    std::vector<Package> packages_;
    std::unordered_map<std::string_view, std::uint32_t> package_numbers_;  ///< by its texts joined
    std::string key_;
};

}  // namespace opsteward::vuln
