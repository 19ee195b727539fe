#include "cli/logs/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "base/text.hpp"

namespace opsteward::cli {

Progress::Progress(Language language)
    : language_(language), is_terminal_(::isatty(STDERR_FILENO) != 0), began_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
    if (is_drawn_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::Show(std::uint64_t records, std::string_view measure) {
    const auto seconds = SecondsIfDue();
    if (!seconds) return;
    const double rate = *seconds > 0 ? static_cast<double>(records) / *seconds : 0;
    const Phrase line{"\r\x1b[K已處理 {} 筆（{}），每秒 {:.0f} 筆", "\r\x1b[K{} records ({}), {:.0f} a second"};
    fmt::print(stderr, fmt::runtime(line.In(language_)), records, measure, rate);
    std::fflush(stderr);
}

void Progress::ShowBytes(std::uint64_t bytes, std::string_view measure) {
    const auto seconds = SecondsIfDue();
    if (!seconds) return;
    const double rate = *seconds > 0 ? static_cast<double>(bytes) / *seconds : 0;
    const Phrase line{"\r\x1b[K已處理 {}（{}），每秒 {}", "\r\x1b[K{} done ({}), {} a second"};
    fmt::print(stderr, fmt::runtime(line.In(language_)), FormatBytes(bytes), measure, FormatBytes(static_cast<std::uint64_t>(rate)));
    std::fflush(stderr);
}

std::optional<double> Progress::SecondsIfDue() {
    const auto now = std::chrono::steady_clock::now();
    if (!is_terminal_ || now - drawn_ < std::chrono::milliseconds(200)) return std::nullopt;
    drawn_ = now;
    is_drawn_ = true;
    return std::chrono::duration<double>(now - began_).count();
}

}  // namespace opsteward::cli
