// A made fleet against a snapshot: how long opening, matching and one host take, and whether the fast matcher finds what the plain one finds.
//   usage: vuln_fleet generate SNAPSHOT HOSTS PACKAGES            writes an inventory to standard output, the same one each time
//          vuln_fleet match SNAPSHOT INVENTORY [THREADS]          prints one JSON object
//          vuln_fleet hold SNAPSHOT INVENTORY                     every record of the snapshot against every host by both matchers; ends with 1 when they differ
//
// Packages are products of the snapshot by the roots of how many ranges they have, in a few versions each, so that a fleet has much in common as real ones have; hosts run
// one of a dozen systems.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "features/vulnerabilities/match/inventory.hpp"
#include "features/vulnerabilities/match/matcher.hpp"
#include "features/vulnerabilities/match/testing/plain_match.hpp"
#include "features/vulnerabilities/snapshot/snapshot.hpp"

using namespace opsteward;
using namespace opsteward::vuln;

namespace {

using SteadyClock = std::chrono::steady_clock;

double MillisecondsSince(SteadyClock::time_point begin) { return std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count(); }

template <typename T>
T Must(Result<T> result) {
    if (!result.ok()) {
        std::cerr << result.error().operator_text << "\n";
        std::exit(2);
    }
    return std::move(result).value();
}

constexpr std::string_view kSystems[] = {"Windows 10 Pro 22H2 (10.0.19045.3803)", "Windows 11 Enterprise 10.0.22631.2861", "Microsoft Windows Server 2019 Datacenter 10.0.17763.2452",
                                         "Windows Server 2016 10.0.14393.5125", "Windows Server 2022 10.0.20348.1607", "Windows 10 Pro 21H2 (10.0.19044.1288)",
                                         "Windows 11 Pro 10.0.22621.1105", "macOS 14.2.1", "Ubuntu 22.04.3 LTS", "Debian GNU/Linux 12 (bookworm)", "Rocky Linux 9.3", ""};
constexpr std::size_t kPool = 3000;
constexpr std::size_t kVersions = 8;

/// Match strings of one product with versions that its ranges begin or end with.
std::vector<std::string> VersionsOf(const Snapshot& snapshot, std::uint32_t product, std::mt19937& random) {
    const auto block = Must(snapshot.Block(product));
    std::set<std::string> names;
    const std::string key(snapshot.ProductKey(product));
    std::uniform_int_distribution<std::size_t> any(0, block.ranges().size() - 1);
    for (int attempt = 0; attempt < 40 && names.size() < kVersions; ++attempt) {
        const std::size_t index = any(random);
        const auto keyed = block.Keyed(index);
        if (!keyed) continue;
        if (block.ranges()[index].kind() == RangeKind::kExact) {
            names.insert("cpe:2.3:" + key + ":" + std::string(keyed->low_text) + ":*:*:*:*:*:*");
            continue;
        }
        const std::string_view end = !keyed->high_text.empty() ? keyed->high_text : keyed->low_text;
        if (end.empty() || end == "-") continue;
        cpe::Name name = Must(cpe::Name::Parse("cpe:2.3:" + key + ":*:*:*:*:*:*:*:*"));
        name.SetLiteral(cpe::Attribute::kVersion, end);
        names.insert(name.FormattedString());
    }
    if (names.empty()) names.insert("cpe:2.3:" + key + ":1.0:*:*:*:*:*:*:*");
    return {names.begin(), names.end()};
}

int Generate(const Snapshot& snapshot, std::size_t hosts, std::size_t packages) {
    std::mt19937 random(7);
    std::vector<double> weights(snapshot.products());
    for (std::uint32_t i = 0; i < snapshot.products(); ++i) {
        const std::string_view key = snapshot.ProductKey(i);
        if (key.starts_with("a:")) weights[i] = std::sqrt(static_cast<double>(Must(snapshot.Block(i)).ranges().size()));
    }
    std::discrete_distribution<std::uint32_t> by_weight(weights.begin(), weights.end());
    std::set<std::uint32_t> pool;
    while (pool.size() < std::min(kPool, snapshot.products() / 2)) pool.insert(by_weight(random));
    std::vector<std::vector<std::string>> products;
    for (const std::uint32_t product : pool) products.push_back(VersionsOf(snapshot, product, random));
    std::ranges::shuffle(products, random);

    std::string line;
    for (std::size_t host = 0; host < hosts; ++host) {
        const auto system = kSystems[std::uniform_int_distribution<std::size_t>(0, std::size(kSystems) - 1)(random)];
        line = fmt::format(R"({{"host":"host{:05}","os":"{}","packages":[)", host, system);
        std::set<std::size_t> chosen;
        while (chosen.size() < std::min(packages, products.size())) {
            // What many have stands first.
            const double place = std::pow(std::uniform_real_distribution<double>(0, 1)(random), 2);
            chosen.insert(std::min(static_cast<std::size_t>(place * static_cast<double>(products.size())), products.size() - 1));
        }
        bool is_first = true;
        for (const std::size_t product : chosen) {
            const auto& versions = products[product];
            std::string cpe = versions[std::uniform_int_distribution<std::size_t>(0, versions.size() - 1)(random)];
            for (std::size_t at = 0; (at = cpe.find('\\', at)) != std::string::npos; at += 2) cpe.insert(at, 1, '\\');
            line += fmt::format(R"({}{{"name":"package {}","cpe":"{}"}})", is_first ? "" : ",", product, cpe);
            is_first = false;
        }
        line += "]}\n";
        std::cout << line;
    }
    return 0;
}

Fleet ReadFleet(const std::filesystem::path& path) {
    std::ifstream file(path);
    Fleet fleet;
    InventoryReader reader;
    for (std::string line; std::getline(file, line);) {
        if (const auto done = reader.Read(line, fleet); !done.ok()) {
            std::cerr << done.error().operator_text << "\n";
            std::exit(2);
        }
    }
    return fleet;
}

long PeakMemoryKib() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/// Of the memory in use now: what is the process's own, and what is mapped from files (the snapshot).
std::pair<long, long> MemoryMib() {
    std::ifstream status("/proc/self/status");
    long own = 0;
    long mapped = 0;
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("RssAnon:")) own = std::stol(line.substr(8)) / 1024;
        if (line.starts_with("RssFile:")) mapped = std::stol(line.substr(8)) / 1024;
    }
    return {own, mapped};
}

int Match(const std::filesystem::path& path, const std::filesystem::path& inventory, unsigned threads) {
    std::vector<double> openings;
    for (int i = 0; i < 5; ++i) {
        const auto began = SteadyClock::now();
        Must(Snapshot::Open(path));
        openings.push_back(MillisecondsSince(began));
    }
    const auto snapshot = Must(Snapshot::Open(path));
    const auto reading = SteadyClock::now();
    const Fleet fleet = ReadFleet(inventory);
    const double read = MillisecondsSince(reading);
    MatchOptions options;
    options.threads = threads;
    std::vector<double> times;
    MatchCounts counts;
    for (int i = 0; i < 3; ++i) {
        const auto began = SteadyClock::now();
        counts = Must(MatchFleet(*snapshot, fleet, options, [](std::size_t, std::span<const Finding>) {}));
        times.push_back(MillisecondsSince(began));
    }
    const auto [own_mib, mapped_mib] = MemoryMib();
    fmt::print(R"({{"open_ms":{:.2f},"read_ms":{:.0f},"match_first_ms":{:.0f},"match_ms":{:.0f},"hosts":{},"different_packages":{},"findings":{},"conditional":{},"peak_mib":{},"own_mib":{},"mapped_mib":{}}})"
               "\n",
               *std::ranges::min_element(openings), read, times.front(), *std::ranges::min_element(times), counts.hosts, fleet.packages().size(), counts.findings,
               counts.conditional, PeakMemoryKib() / 1024, own_mib, mapped_mib);
    return 0;
}

/// Host, package, slot, is conditional.
using Row = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, bool>;

std::vector<testing::PlainHost> PlainHosts(const Fleet& fleet) {
    std::vector<testing::PlainHost> hosts;
    for (std::size_t host = 0; host < fleet.hosts(); ++host) {
        testing::PlainHost& plain = hosts.emplace_back();
        const auto system = ReadOperatingSystem(fleet.systems()[fleet.SystemOf(host)]);
        plain.knows_system = system.has_value();
        if (system) plain.units.push_back({Finding::kSystem, ItemsOfSystem(*system)});
        for (const std::uint32_t package : fleet.PackagesOf(host)) {
            Item item = ItemOfName(Must(cpe::Name::Parse(fleet.packages()[package].cpe)));
            if (system) item.target_sw = system->target_sw;
            plain.knows_hardware = plain.knows_hardware || item.product.starts_with("h:");
            plain.units.push_back({package, {item}});
        }
    }
    return hosts;
}

int Hold(const Snapshot& snapshot, const std::filesystem::path& inventory) {
    const Fleet fleet = ReadFleet(inventory);
    std::set<Row> fast;
    std::mutex mutex;
    Must(MatchFleet(snapshot, fleet, {}, [&](std::size_t, std::span<const Finding> findings) {
        const std::lock_guard lock(mutex);
        for (const Finding& finding : findings) fast.emplace(finding.host, finding.package, finding.slot, finding.is_conditional);
    }));
    const std::vector<testing::PlainHost> hosts = PlainHosts(fleet);
    std::set<Row> plain;
    const auto work = [&](std::size_t first) {
        const std::size_t blocks = (snapshot.records() + kRecordsInDetailBlock - 1) / kRecordsInDetailBlock;
        for (std::size_t block = first; block < blocks; block += 2) {
            for (std::size_t slot = block * kRecordsInDetailBlock; slot < std::min((block + 1) * kRecordsInDetailBlock, snapshot.records()); ++slot) {
                const Vulnerability record = Must(snapshot.Detail(static_cast<std::uint32_t>(slot)));
                const testing::PlainRecord parsed(record);
                for (std::uint32_t host = 0; host < hosts.size(); ++host) {
                    std::vector<testing::PlainFinding> findings;
                    parsed.Match(hosts[host], findings);
                    const std::lock_guard lock(mutex);
                    for (const auto& [package, id, confidence, is_conditional] : findings) plain.emplace(host, package, static_cast<std::uint32_t>(slot), is_conditional);
                }
            }
        }
    };
    std::thread other(work, 1);
    work(0);
    other.join();
    std::vector<Row> only_fast;
    std::vector<Row> only_plain;
    std::ranges::set_difference(fast, plain, std::back_inserter(only_fast));
    std::ranges::set_difference(plain, fast, std::back_inserter(only_plain));
    fmt::print(R"({{"hosts":{},"records":{},"findings":{},"only_fast":{},"only_plain":{}}})"
               "\n",
               fleet.hosts(), snapshot.records(), plain.size(), only_fast.size(), only_plain.size());
    for (const auto* rows : {&only_fast, &only_plain}) {
        for (std::size_t i = 0; i < std::min<std::size_t>(rows->size(), 5); ++i) {
            const auto& [host, package, slot, is_conditional] = (*rows)[i];
            const auto name = package == Finding::kSystem ? fleet.systems()[fleet.SystemOf(host)] : fleet.packages()[package].cpe;
            fmt::print(stderr, "{}: {} {} {} {}\n", rows == &only_fast ? "only fast" : "only plain", fleet.HostName(host), name, snapshot.Id(slot), is_conditional);
        }
    }
    return only_fast.empty() && only_plain.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 4 && arguments[0] == "generate") return Generate(*Must(Snapshot::Open(arguments[1])), std::stoul(arguments[2]), std::stoul(arguments[3]));
    if (arguments.size() >= 3 && arguments[0] == "match") return Match(arguments[1], arguments[2], arguments.size() > 3 ? static_cast<unsigned>(std::stoul(arguments[3])) : 2);
    if (arguments.size() == 3 && arguments[0] == "hold") return Hold(*Must(Snapshot::Open(arguments[1])), arguments[2]);
    fmt::print(stderr, "usage: vuln_fleet generate SNAPSHOT HOSTS PACKAGES | match SNAPSHOT INVENTORY [THREADS] | hold SNAPSHOT INVENTORY\n");
    return 2;
}
