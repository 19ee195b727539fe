// How long it takes until records that several threads submit are on the disk, and what that costs.
//   usage: group_commit FOLDER LINES [EVENTS] [RATE] [THREADS]
//          LINES: a file of log lines (generate_logs), taken again from its beginning when it ends; FOLDER: an empty one for the vault
//          EVENTS (4,000,000) in submissions of 1 to 50; RATE events a second offered by all threads (4) together, 0 (the default) for as fast as they can
//
// Prints one JSON object. With a rate a submission counts from the moment at which it was due: who comes late because it had to wait for an
// earlier one has waited too. Processor time is that of the whole process.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "base/clock.hpp"
#include "vault/group_commit.hpp"
#include "vault/store/file.hpp"

using namespace opsteward;

namespace {

using SteadyClock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t kLargestSubmission = 50;

struct Load {
    std::vector<std::string_view> lines;
    std::size_t events = 4'000'000;
    double rate = 0;  ///< events a second, all threads together
    std::size_t threads = 4;
};

/// Filled by the committing thread alone.
struct Outcome {
    std::vector<double> waits;  ///< of each submission, in milliseconds
    std::size_t refused = 0;
};

std::vector<std::string_view> LinesOf(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

void Submit(vault::GroupCommit& commit, std::span<const vault::RecordView> records, SteadyClock::time_point due, Outcome& outcome) {
    const auto submitted = commit.Submit(records, [&outcome, due](const Result<std::uint64_t>& first) {
        if (!first.ok()) ++outcome.refused;
        outcome.waits.push_back(Milliseconds(SteadyClock::now() - due).count());
    });
    if (!submitted.ok()) fmt::print(stderr, "{}\n", submitted.error().operator_text);
}

/// One thread's share of the load.
void Produce(vault::GroupCommit& commit, const Load& load, std::size_t thread, SteadyClock::time_point start, Outcome& outcome) {
    const SystemClock clock;
    std::mt19937 random(static_cast<unsigned>(thread + 1));
    std::uniform_int_distribution<std::size_t> sizes(1, kLargestSubmission);
    std::vector<vault::RecordView> records;
    const std::size_t share = load.events / load.threads;
    std::size_t line = load.lines.size() / load.threads * thread;
    for (std::size_t sent = 0; sent < share;) {
        records.clear();
        for (std::size_t left = std::min(sizes(random), share - sent); left > 0; --left) {
            records.push_back({clock.Now(), vault::Transport::kTcp, "mix", "mixed", "192.0.2.1", load.lines[line++ % load.lines.size()]});
        }
        SteadyClock::time_point due = SteadyClock::now();
        if (load.rate > 0) {
            due = start + std::chrono::duration_cast<SteadyClock::duration>(Seconds(static_cast<double>(sent) * static_cast<double>(load.threads) / load.rate));
            std::this_thread::sleep_until(due);
        }
        Submit(commit, records, due, outcome);
        sent += records.size();
    }
}

double ProcessorSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

Result<void> Measure(const std::filesystem::path& folder, const Load& load) {
    OPS_TRY(const auto vault, vault::VaultWriter::Open(folder, {"bench.example/vault", crypto::Ed25519SigningKey::FromSeed({1})}));
    Outcome outcome;
    outcome.waits.reserve(load.events);
    const double processor = ProcessorSeconds();
    const auto start = SteadyClock::now();
    vault::GroupCommit commit(*vault);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < load.threads; ++i) threads.emplace_back([&, i] { Produce(commit, load, i, start, outcome); });
    }
    OPS_CHECK(commit.Stop());
    const double seconds = Seconds(SteadyClock::now() - start).count();
    const double processor_seconds = ProcessorSeconds() - processor;
    std::ranges::sort(outcome.waits);
    const auto wait = [&](double part) { return outcome.waits[static_cast<std::size_t>(part * static_cast<double>(outcome.waits.size() - 1))]; };
    fmt::print("{{\"events\": {}, \"offered\": {:.0f}, \"refused_submissions\": {}, \"seconds\": {:.3f}, \"cpu_seconds\": {:.3f}, "
               "\"acknowledged_ms\": {{\"p50\": {:.2f}, \"p99\": {:.2f}, \"max\": {:.2f}}}}}\n",
               vault->size(), load.rate, outcome.refused, seconds, processor_seconds, wait(0.5), wait(0.99), wait(1));
    return Ok();
}

Result<void> Run(int argc, char** argv) {
    OPS_TRY(const std::string text, vault::ReadFile(argv[2]));
    Load load{.lines = LinesOf(text)};
    if (argc > 3) load.events = std::strtoull(argv[3], nullptr, 10);
    if (argc > 4) load.rate = std::strtod(argv[4], nullptr);
    if (argc > 5) load.threads = std::strtoull(argv[5], nullptr, 10);
    if (load.lines.empty() || load.threads == 0 || load.events < load.threads) return Error::Hidden(ErrorCode::kInvalidInput, "nothing to submit");
    return Measure(argv[1], load);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3 || argc > 6) {
        fmt::print(stderr, "usage: group_commit FOLDER LINES [EVENTS] [RATE] [THREADS]\n");
        return 2;
    }
    const auto done = Run(argc, argv);
    if (!done.ok()) fmt::print(stderr, "{}\n", done.error().operator_text);
    return done.ok() ? 0 : 1;
}
