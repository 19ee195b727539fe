// Lines of an inventory become machines, products and what is installed where.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "features/vulnerabilities/cpe/name.hpp"
#include "features/vulnerabilities/vans/fault.hpp"
#include "features/vulnerabilities/vans/identifier.hpp"
#include "features/vulnerabilities/vans/inventory_line.hpp"
#include "features/vulnerabilities/vans/item.hpp"

namespace opsteward::vans {

/// Finds the CPE name of software for which the inventory has none; nothing where it is not sure. May be empty.
using NameFinder = std::function<std::optional<cpe::Name>(std::string_view name, std::string_view publisher, std::string_view version)>;

/// What holds where a line says nothing.
struct Defaults {
    std::string oid = {};
    std::string org_name = {};
    std::string group = "DEFAULT";
    IdentifierKind identifier = IdentifierKind::kSha256;
};

/// kInvalidInput names what can't be used: an OID that is none, a text that is too long or holds control characters, an empty group.
Result<void> Check(const Defaults& defaults);

class Collector {
  public:
    static constexpr std::size_t kMaxMachines = 1'000'000;
    static constexpr std::size_t kMaxInstalled = 10'000'000;

    /// Precondition: Check(defaults) found nothing.
    explicit Collector(Defaults defaults, NameFinder finder = {}) : defaults_(std::move(defaults)), finder_(std::move(finder)) {}

    /// The next line, without its line end. White space alone is no machine, but counts as a line. kTooLarge ends the reading; faults don't.
    Result<void> Add(std::string_view text);

    const FaultList& faults() const { return faults_; }
    /// Precondition: no faults. The collector is empty afterwards.
    Inventory Take() { return std::exchange(inventory_, {}); }

  private:
    Result<void> AddHost(HostLine host);
    void Complain(const HostLine& host, std::string where, Text what);
    Product MakeProduct(Software software);
    /// In canonical form, or "N/A".
    const std::string& FindCpe(const Software& software);
    /// Its place; a new one where it was not seen before, which then gets its title.
    std::uint32_t Intern(const HostLine& host, const std::string& where, Product product);

    Defaults defaults_;
    NameFinder finder_;
    FaultList faults_;
    std::size_t line_ = 0;
    Inventory inventory_;
    std::unordered_map<std::string, std::uint32_t> products_;
    std::unordered_map<std::string, std::string> found_;         ///< what the finder said, by name, publisher and version
    std::unordered_map<std::string, std::uint32_t> identities_;  ///< by OID and identifier
    std::unordered_set<std::uint64_t> seen_;                     ///< identity and product
};

/// What a person would call the product of a CPE name: vendor, product and version.
std::string TitleOf(const cpe::Name& name);

}  // namespace opsteward::vans
