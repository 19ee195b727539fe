// How far a long command is, on one line of the terminal that is written over. Silent where standard error is no terminal.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/language.hpp"

namespace opsteward::cli {

class Progress {
  public:
    explicit Progress(Language language);
    ~Progress();  ///< takes the line away
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// So many records and bytes of theirs so far. Draws a few times a second at most.
    void Show(std::uint64_t records, std::uint64_t bytes);

  private:
    Language language_;
    bool is_terminal_;
    bool is_drawn_ = false;
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace opsteward::cli
