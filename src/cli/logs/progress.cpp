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

void Progress::Show(std::uint64_t records, std::uint64_t bytes) {
    const auto now = std::chrono::steady_clock::now();
    if (!is_terminal_ || now - drawn_ < std::chrono::milliseconds(200)) return;
    drawn_ = now;
    is_drawn_ = true;
    const double seconds = std::chrono::duration<double>(now - began_).count();
    const double rate = seconds > 0 ? static_cast<double>(records) / seconds : 0;
    const Phrase line{"\r\x1b[K已讀 {} 筆（{}），每秒 {:.0f} 筆", "\r\x1b[K{} records read ({}), {:.0f} a second"};
    fmt::print(stderr, fmt::runtime(line.In(language_)), records, FormatBytes(bytes), rate);
    std::fflush(stderr);
}

}  // namespace opsteward::cli
