#include "verifier/progress_line.hpp"

#include <unistd.h>

#include <cstdio>

namespace opsteward::verifier {

namespace {

constexpr std::chrono::milliseconds kEvery(250);
constexpr const char* kToStartAndClear = "\r\x1b[K";

}  // namespace

ProgressLine::ProgressLine(Language language) : language_(language), is_terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
    if (is_shown_) std::fputs(kToStartAndClear, stderr);
}

void ProgressLine::Show(const Progress& progress) {
    const Clock::time_point now = Clock::now();
    if (!is_terminal_ || now - shown_ < kEvery) return;
    shown_ = now;
    is_shown_ = true;
    const double seconds = std::chrono::duration<double>(now - begun_).count();
    const double part = progress.all_bytes == 0 ? 1.0 : static_cast<double>(progress.bytes) / static_cast<double>(progress.all_bytes);
    const Text text = Say("已查 {0} 筆，{1}%，每秒 {2} 筆", "{0} records checked, {1} %, {2} a second",
                          {progress.records, static_cast<int>(100 * part), static_cast<std::uint64_t>(static_cast<double>(progress.records) / seconds)});
    std::fprintf(stderr, "%s%s", kToStartAndClear, text.In(language_).c_str());
    std::fflush(stderr);
}

}  // namespace opsteward::verifier
