// How far a long check has come, in one line on the terminal.
#pragma once

#include <chrono>

#include "verifier/record_pass.hpp"
#include "verifier/text.hpp"

namespace opsteward::verifier {

/// On standard error, and only if that is a terminal. Gone when the check is over.
class ProgressLine {
  public:
    explicit ProgressLine(Language language);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void Show(const Progress& progress);

  private:
    using Clock = std::chrono::steady_clock;

    Language language_;
    bool is_terminal_ = false;
    bool is_shown_ = false;
    Clock::time_point begun_ = Clock::now();
    Clock::time_point shown_ = begun_;
};

}  // namespace opsteward::verifier
