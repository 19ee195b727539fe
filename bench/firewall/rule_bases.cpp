// The exact analysis of rule bases: how long it takes on filter sets of ClassBench, beside a checker by pairs and a decision diagram, and whether they agree.
//   usage: firewall_rules judge SET [THREADS]        prints one JSON object: verdicts, and the best of three times
//          firewall_rules changes SET                one rule turned to deny: verdicts again, difference of meaning; one question
//          firewall_rules pairwise SET               dead rules that one rule covers, and how many of the dead are missed
//          firewall_rules diagram SET SECONDS        dead rules by a decision diagram, as far as it comes; ends with 1 when it disagrees
//          firewall_rules oracle CASES [FIRST]       small rule bases against all their packets; ends with 1 at the first that differs
//          firewall_rules generate SET COUNT         a set of so many rules made of copies with other addresses, the same each time
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

#include "features/firewall/analysis/meaning_diff.hpp"
#include "features/firewall/analysis/query.hpp"
#include "features/firewall/analysis/recheck.hpp"
#include "features/firewall/analysis/testing/small_bases.hpp"
#include "features/firewall/formats/readers.hpp"
#include "features/firewall/model/address.hpp"
#include "pairwise.hpp"
#ifdef OPSTEWARD_HAS_BUDDY
#include "diagram.hpp"
#endif

using namespace opsteward;
using namespace opsteward::firewall;

namespace {

using SteadyClock = std::chrono::steady_clock;

double MillisecondsSince(SteadyClock::time_point begin) { return std::chrono::duration<double, std::milli>(SteadyClock::now() - begin).count(); }
double CpuMilliseconds() { return static_cast<double>(std::clock()) * 1000 / CLOCKS_PER_SEC; }

long PeakMemoryMib() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

RuleBase ReadSet(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    auto read = ReadClassbench(text);
    if (!read.ok()) {
        fmt::print(stderr, "{}: {}\n", path, read.error().operator_text);
        std::exit(2);
    }
    return std::move(read->rule_bases[0]);
}

std::vector<bool> DeadOf(const std::vector<RuleVerdict>& verdicts) {
    std::vector<bool> dead;
    for (const RuleVerdict& verdict : verdicts) dead.push_back(verdict.kind == VerdictKind::kDead);
    return dead;
}

JudgeOptions Threads(unsigned threads) {
    JudgeOptions options;
    options.threads = threads;
    return options;
}

int JudgeSet(const std::string& path, unsigned threads) {
    const auto reading = SteadyClock::now();
    const RuleBase base = ReadSet(path);
    const double read = MillisecondsSince(reading);
    double best = 0;
    double cpu = 0;
    std::vector<RuleVerdict> verdicts;
    for (int i = 0; i < 3; ++i) {
        const auto began = SteadyClock::now();
        const double cpu_before = CpuMilliseconds();
        verdicts = JudgeRules(base, Threads(threads));
        const double took = MillisecondsSince(began);
        if (i == 0 || took < best) {
            best = took;
            cpu = CpuMilliseconds() - cpu_before;
        }
    }
    const auto count = [&](VerdictKind kind) { return std::ranges::count(verdicts, kind, &RuleVerdict::kind); };
    const auto by_several = std::ranges::count_if(verdicts, [](const RuleVerdict& verdict) { return verdict.covered_by.size() > 1; });
    fmt::print(R"({{"rules":{},"live":{},"dead":{},"dead_by_several":{},"undecided":{},"read_ms":{:.0f},"judge_ms":{:.1f},"cpu_ms":{:.1f},"peak_mib":{}}})"
               "\n",
               verdicts.size(), count(VerdictKind::kLive), count(VerdictKind::kDead), by_several, count(VerdictKind::kUndecided), read, best, cpu,
               PeakMemoryMib());
    return 0;
}

int Change(const std::string& path) {
    const RuleBase before = ReadSet(path);
    const auto verdicts = JudgeRules(before, Threads(1));
    RuleBase after = before;
    const std::size_t place = after.rules.size() / 3;
    after.rules[place].action = Action::kDeny;
    const CompiledRules compiled(after);
    auto began = SteadyClock::now();
    const Recheck recheck = RecheckRules(before, verdicts, compiled, Threads(1));
    const double rechecked = MillisecondsSince(began);
    const bool is_same = recheck.verdicts == JudgeRules(compiled, Threads(1));
    began = SteadyClock::now();
    const MeaningDifference difference = CompareMeaning(before, after, {});
    const double compared = MillisecondsSince(began);
    std::size_t products = 0;
    for (const MeaningChange& change : difference.changes) products += change.traffic.size();
    began = SteadyClock::now();
    const TrafficAnswer answer = AskTraffic(before, before.rules[place].traffic, {});
    const double asked = MillisecondsSince(began);
    fmt::print(
        R"({{"recheck_ms":{:.1f},"judged_again":{},"same_as_from_scratch":{},"difference_ms":{:.1f},"changed_products":{},"complete":{},"question_ms":{:.1f},"answer":"{}"}})"
        "\n",
        rechecked, recheck.judged, is_same, compared, products, difference.is_complete, asked, NameOf(answer.extent));
    return is_same ? 0 : 1;
}

int Pairwise(const std::string& path) {
    const RuleBase base = ReadSet(path);
    const auto began = SteadyClock::now();
    const std::vector<bool> dead = DeadByOneRule(base);
    const double took = MillisecondsSince(began);
    const std::vector<bool> exact = DeadOf(JudgeRules(base, Threads(1)));
    std::size_t missed = 0;
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < dead.size(); ++i) {
        missed += exact[i] && !dead[i] ? 1 : 0;
        wrong += dead[i] && !exact[i] ? 1 : 0;
    }
    fmt::print(R"({{"dead":{},"missed":{},"not_dead_exactly":{},"ms":{:.0f}}})"
               "\n",
               std::ranges::count(dead, true), missed, wrong, took);
    return wrong == 0 ? 0 : 1;
}

int Diagram([[maybe_unused]] const std::string& path, [[maybe_unused]] unsigned seconds) {
#ifdef OPSTEWARD_HAS_BUDDY
    const RuleBase base = ReadSet(path);
    const DiagramResult result = DeadByDiagram(base, std::chrono::seconds(seconds));
    const std::vector<bool> exact = DeadOf(JudgeRules(base, Threads(1)));
    const bool agrees = std::equal(result.dead.begin(), result.dead.end(), exact.begin());
    fmt::print(R"({{"rules":{},"of":{},"dead":{},"agrees":{},"ms":{:.0f},"nodes":{},"peak_mib":{}}})"
               "\n",
               result.dead.size(), base.rules.size(), std::ranges::count(result.dead, true), agrees, result.milliseconds, result.nodes, PeakMemoryMib());
    return agrees ? 0 : 1;
#else
    fmt::print("{{\"missing\":\"BuDDy\"}}\n");
    return 0;
#endif
}

int Oracle(unsigned cases, unsigned first) {
    const auto began = SteadyClock::now();
    for (unsigned seed = first; seed < first + cases; ++seed) {
        const std::string problem = firewall::testing::HoldCase(seed);
        if (problem.empty()) continue;
        fmt::print(stderr, "{}\n", problem);
        return 1;
    }
    fmt::print(R"({{"cases":{},"ms":{:.0f}}})"
               "\n",
               cases, MillisecondsSince(began));
    return 0;
}

/// The network with some bits turned, so that networks of a copy lie in each other as they did.
std::string Moved(std::string_view network, std::uint32_t turned) {
    const auto range = ParseIpv4Range(network).value();
    const std::uint32_t host_bits = range.first ^ range.last;
    const std::uint32_t first = (range.first ^ turned) & ~host_bits;
    return FormatIpv4(first) + std::string(network.substr(network.find('/')));
}

int Generate(const std::string& path, std::size_t count) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    if (lines.empty()) return 2;
    std::mt19937 random(3);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> copies((count + lines.size() - 1) / lines.size());
    for (auto& [source, destination] : copies) {
        source = random();
        destination = random();
    }
    // Rule by rule, so that the widest stand at the end as they do in the set.
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string& line = lines[i / copies.size()];
        const auto& [source, destination] = copies[i % copies.size()];
        const std::size_t first_end = line.find('\t');
        const std::size_t second_end = line.find('\t', first_end + 1);
        const std::string_view text(line);
        out += "@" + Moved(text.substr(1, first_end - 1), source) + "\t" + Moved(text.substr(first_end + 1, second_end - first_end - 1), destination) +
               line.substr(second_end) + "\n";
    }
    std::cout << out;
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto number = [&arguments](std::size_t place, unsigned otherwise) {
        return arguments.size() > place ? static_cast<unsigned>(std::stoul(arguments[place])) : otherwise;
    };
    if (arguments.size() >= 2 && arguments[0] == "judge") return JudgeSet(arguments[1], number(2, 1));
    if (arguments.size() == 2 && arguments[0] == "changes") return Change(arguments[1]);
    if (arguments.size() == 2 && arguments[0] == "pairwise") return Pairwise(arguments[1]);
    if (arguments.size() == 3 && arguments[0] == "diagram") return Diagram(arguments[1], number(2, 60));
    if (arguments.size() >= 2 && arguments[0] == "oracle") return Oracle(number(1, 1000), number(2, 0));
    if (arguments.size() == 3 && arguments[0] == "generate") return Generate(arguments[1], number(2, 0));
    fmt::print(stderr,
               "usage: firewall_rules judge SET [THREADS] | changes SET | pairwise SET | diagram SET SECONDS | oracle CASES [FIRST] | generate SET COUNT\n");
    return 2;
}
