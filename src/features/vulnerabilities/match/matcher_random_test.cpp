#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>

#include "db/testing/test_databases.hpp"
#include "features/vulnerabilities/match/matcher.hpp"
#include "features/vulnerabilities/match/testing/plain_match.hpp"
#include "features/vulnerabilities/snapshot/testing/made_snapshot.hpp"

namespace opsteward::vuln {
namespace {

using testing::PlainFinding;

/// A small world, in which much meets.
class World {
  public:
    explicit World(std::uint32_t seed) : random_(seed) {}

    Vulnerability Record(int number) {
        Vulnerability record;
        record.id = "CVE-2020-" + std::to_string(1000 + number);
        if (Chance(5)) record.status = Status::kRejected;
        const int configurations = Number(1, 3);
        for (int i = 0; i < configurations; ++i) record.configurations.push_back(OneConfiguration());
        return record;
    }

    std::string PackageCpe() {
        const std::string version = Chance(10) ? "*" : Chance(10) ? "-" : Version();
        return "cpe:2.3:" + Part() + ":" + Product() + ":" + version + ":" + (Chance(25) ? Update() : "*") + ":*:*:" + Any({"*", "*", "esr", "pro"}) + ":" +
               Any({"*", "*", "windows", "wordpress"}) + ":" + Any({"*", "*", "x64", "x86"}) + ":*";
    }
    std::string System() { return Any({"", "Windows 10 Pro 22H2 (10.0.19045.3803)", "Debian GNU/Linux 12 (bookworm)", "something else"}); }
    int Number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  private:
    bool Chance(int percent) { return Number(1, 100) <= percent; }
    std::string Any(const std::vector<std::string>& choices) { return choices[static_cast<std::size_t>(Number(0, static_cast<int>(choices.size()) - 1))]; }
    std::string Part() { return Any({"a", "a", "a", "o", "h"}); }
    std::string Product() { return Any({"one:x", "one:y", "two:x", "two:y_z", "two:a\\:b"}); }
    std::string Version() {
        return Any({"1", "1.0", "1.0.0", "1.0.1", "1.0.2k", "1.1", "2.0", "2.0a", "2.10", "2.9", "3.0_rc1", "3.0", "10", "1.0\\(3\\)"});
    }
    std::string Update() { return Any({"-", "rc1", "rc2", "sp1", "update_45", "p1", "beta"}); }
    std::string Bound() {
        std::string bound = Version();
        std::erase(bound, '\\');
        return bound;
    }

    Criterion OneCriterion() {
        Criterion criterion;
        criterion.is_vulnerable = !Chance(25);
        const int kind = Number(1, 100);
        std::string version = "*";
        std::string update = "*";
        if (kind <= 45) {
            version = Version();
            update = Chance(40) ? Update() : "*";
        } else if (kind <= 80) {
            if (Chance(60)) criterion.start = Bound();
            if (criterion.start.empty() || Chance(70)) criterion.end = Bound();
            criterion.excludes_start = !criterion.start.empty() && Chance(30);
            criterion.excludes_end = !criterion.end.empty() && Chance(50);
            if (Chance(10)) update = Update();
        } else if (kind <= 88) {
            version = "-";
        } else if (kind <= 92) {
            version = Any({"1.*", "*0", "2.?", "1.0*"});
        }
        if (Chance(20)) {
            criterion.cpe = Any({"cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*", "cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*", "cpe:2.3:o:microsoft:windows_10:*:*:*:*:*:*:*:*",
                                 "cpe:2.3:h:one:box:-:*:*:*:*:*:*:*"});
            criterion.start.clear();
            criterion.end.clear();
            criterion.excludes_start = criterion.excludes_end = false;
            return criterion;
        }
        criterion.cpe = "cpe:2.3:" + Part() + ":" + Product() + ":" + version + ":" + update + ":*:*:" + Any({"*", "*", "*", "esr", "pro", "-"}) + ":" +
                        Any({"*", "*", "*", "windows", "linux", "wordpress"}) + ":" + Any({"*", "*", "*", "x64", "x86"}) + ":*";
        return criterion;
    }

    Configuration OneConfiguration() {
        Configuration configuration;
        configuration.needs_all = Chance(50);
        configuration.is_negated = Chance(4);
        const int nodes = configuration.needs_all ? Number(1, 3) : Number(1, 2);
        for (int i = 0; i < nodes; ++i) {
            Node node{Chance(15), Chance(8), {}};
            const int criteria = Chance(3) ? 0 : Number(1, 3);
            for (int k = 0; k < criteria; ++k) node.criteria.push_back(OneCriterion());
            configuration.nodes.push_back(std::move(node));
        }
        return configuration;
    }

    std::mt19937 random_;
};

struct HostText {
    std::string name;
    std::string system;
    std::vector<std::string> cpes;
};

testing::PlainHost PlainOf(const HostText& host, const Fleet& fleet) {
    testing::PlainHost plain;
    const auto system = ReadOperatingSystem(host.system);
    plain.knows_system = system.has_value();
    if (system) plain.units.push_back({Finding::kSystem, ItemsOfSystem(*system)});
    for (std::uint32_t package = 0; package < fleet.packages().size(); ++package) {
        const std::string cpe(fleet.packages()[package].cpe);
        if (std::ranges::find(host.cpes, cpe) == host.cpes.end()) continue;
        Item item = ItemOfName(cpe::Name::Parse(cpe).value());
        if (system) item.target_sw = system->target_sw;
        plain.knows_hardware = plain.knows_hardware || item.product.starts_with("h:");
        plain.units.push_back({package, {item}});
    }
    return plain;
}

/// Host, package, record, is conditional; the confidence where that is certain.
using Row = std::tuple<std::uint32_t, std::uint32_t, std::string, bool, int>;

TEST(MatcherRandom, FindsWhatComparingEachCriterionWithEachPackageFinds) {
    const db::testing::TemporaryFolder folder;
    std::size_t found = 0;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        World world(seed);
        std::vector<Vulnerability> records;
        for (int i = 0; i < 40; ++i) records.push_back(world.Record(i));
        std::vector<HostText> hosts;
        Fleet fleet;
        for (int i = 0; i < 6; ++i) {
            HostText& host = hosts.emplace_back(HostText{"h" + std::to_string(i), world.System(), {}});
            fleet.BeginHost(host.name, host.system);
            const int packages = world.Number(1, 8);
            for (int k = 0; k < packages; ++k) {
                host.cpes.push_back(world.PackageCpe());
                fleet.AddPackage({.cpe = host.cpes.back()});
            }
        }
        const auto snapshot = testing::MakeSnapshot(records, folder.path() / "world.snap");
        ASSERT_NE(snapshot, nullptr);

        std::set<Row> fast;
        std::mutex mutex;
        const auto counts = MatchFleet(*snapshot, fleet, {}, [&](std::size_t, std::span<const Finding> findings) {
            const std::lock_guard lock(mutex);
            for (const Finding& finding : findings) {
                fast.emplace(finding.host, finding.package, std::string(snapshot->Id(finding.slot)), finding.is_conditional,
                             finding.is_conditional ? 0 : finding.confidence);
            }
        });
        ASSERT_TRUE(counts.ok()) << counts.error().operator_text;
        EXPECT_EQ(counts->findings, fast.size()) << "a record is found once for a host and a package";

        std::set<Row> plain;
        for (std::uint32_t host = 0; host < hosts.size(); ++host) {
            const testing::PlainHost of_host = PlainOf(hosts[host], fleet);
            std::vector<PlainFinding> findings;
            for (const Vulnerability& record : records) testing::PlainRecord(record).Match(of_host, findings);
            for (const auto& [package, id, confidence, is_conditional] : findings) {
                plain.emplace(host, package, id, is_conditional, is_conditional ? 0 : confidence);
            }
        }
        ASSERT_EQ(fast, plain) << "seed " << seed;
        found += plain.size();
    }
    EXPECT_GT(found, 1000U) << "hardly anything met";
}

}  // namespace
}  // namespace opsteward::vuln
