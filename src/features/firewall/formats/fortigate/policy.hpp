// FortiOS's policies as rules.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "features/firewall/formats/fortigate/objects.hpp"
#include "features/firewall/model/configuration.hpp"

namespace opsteward::firewall {

/// "6.4.4" of "#config-version=FGVMK6-6.4.4-FW-build1803-201209:…".
struct FortigateVersion {
    int major = -1;  ///< negative: not told
    int minor = -1;
    int patch = -1;

    bool IsKnown() const { return major >= 0 && minor >= 0; }
    bool operator==(const FortigateVersion&) const = default;
};
FortigateVersion ReadFortigateVersion(std::string_view config_version_line);
/// "6.4.4", "5.4" or nothing.
std::string FormatFortigateVersion(const FortigateVersion& version);

/// Interfaces and zones of a VDOM. A zone's name and the names of its interfaces are numbers of their own, and a rule on the zone has them all.
class FortigateZones {
  public:
    void AddInterface(const std::string& name);
    void AddZone(const std::string& name, const std::vector<std::string>& interfaces);
    /// Puts "*" behind them: every interface that the configuration does not name. Nothing may be added after that.
    void Close();
    const std::vector<std::string>& names() const { return names_; }
    /// Precondition: it was added, or is "any".
    NumberSet NumbersOf(const std::string& name) const;
    /// Those of an interface and of the zone that it is in.
    NumberSet NumbersWithZone(const std::string& interface) const;

  private:
    std::uint32_t NumberOf(const std::string& name);

    std::vector<std::string> names_;
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::unordered_map<std::string, std::vector<std::uint32_t>> zones_;
    std::unordered_map<std::string, std::uint32_t> zone_of_;
};

enum class FortigatePolicyKind : std::uint8_t { kPolicy, kPolicy6, kConsolidated, kSecurity, kLocalIn, kLocalIn6 };

struct FortigatePolicySection {
    std::string_view section;      ///< "firewall policy"
    FortigatePolicyKind kind;
    std::string_view base_suffix;  ///< behind the VDOM's name: "/local-in-policy"
};
/// Sections whose entries are rules.
const std::vector<FortigatePolicySection>& FortigatePolicySections();

struct FortigateRuleContext {
    FortigateObjects& objects;
    const FortigateZones& zones;
    FortigateVersion version;
    std::int64_t now;
    std::string_view hash_key;
    bool uses_central_nat;
    FortigateBudget& budget;
    std::vector<UnknownLine>& unknown;
};

/// The rules of a section in the order of the file. Precondition: `section` is one of FortigatePolicySections() in the tree.
std::vector<Rule> ReadFortigateRules(FortigatePolicyKind kind, FortigateNodeId section, FortigateRuleContext& context);

/// The canonical lines of a section or entry and all within it, each level indented by four blanks, secrets replaced. `section`: the name at the top.
std::vector<std::string> FortigateCanonicalLines(const FortigateTree& tree, FortigateNodeId node, std::string_view section, std::string_view hash_key);

}  // namespace opsteward::firewall
