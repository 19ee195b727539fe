// What a package of an inventory is: a package of a distribution or of a language, or products by their CPE names.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/vulnerabilities/match/fleet.hpp"
#include "features/vulnerabilities/match/item.hpp"
#include "features/vulnerabilities/naming/operating_system.hpp"
#include "features/vulnerabilities/snapshot/snapshot.hpp"

namespace opsteward::vuln {

/// What a title is, as the naming room finds it.
struct TitleNames {
    std::vector<cpe::Name> names;  ///< of one product, under all names that NVD has it; empty: none was found
    std::uint8_t confidence = 100;
    bool is_decided = false;  ///< with no names: it is known to be no product of NVD's; else a person has to look
};
/// Of name, publisher and version. Called from several threads at a time.
using Namer = std::function<TitleNames(const Package&)>;

enum class Judgement : std::uint8_t {
    kByDistribution,  ///< by the data of its distribution or language
    kByCpe,
    kNoData,   ///< it is of a distribution or language that the snapshot has nothing of
    kNoProduct,  ///< it is known to be nothing that vulnerabilities are recorded of: a language pack, a driver's helper
    kUnnamed,    ///< no product could be told for its name
    kBadName,    ///< its cpe or purl is none
};
inline constexpr std::size_t kJudgements = 6;

struct Identity {
    Judgement judgement = Judgement::kUnnamed;
    std::vector<Item> items;
};

/// What of a system says how packages on it are judged: systems that differ in their patches alone are of one kind.
struct SystemKind {
    std::optional<Distribution> distribution;
    std::string ecosystem;
    std::vector<std::string_view> target_sw;

    bool operator==(const SystemKind&) const = default;
};
SystemKind KindOf(const std::optional<OperatingSystem>& system);

/// Packages of distributions are never judged by CPE: what distributions mend keeps the number of the release it was mended in.
Identity IdentifyPackage(const Package& package, const SystemKind& system, const Snapshot& snapshot, const Namer& namer);
/// The system itself, and what it lets others run on. A distribution's system is only the latter.
std::vector<Item> ItemsOfSystem(const OperatingSystem& system);

}  // namespace opsteward::vuln
