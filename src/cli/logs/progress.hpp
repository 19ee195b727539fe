// How far a long command is, on one line of the terminal that is written over. Silent where standard error is no terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/language.hpp"

namespace opsteward::cli {

class Progress {
  public:
    explicit Progress(Language language);
    ~Progress();  ///< takes the line away
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// So many records so far; `measure` says what that is of, or comes to. Draws a few times a second at most.
    void Show(std::uint64_t records, std::string_view measure);
    /// The same of bytes that were read, sent or fetched.
    void ShowBytes(std::uint64_t bytes, std::string_view measure);

  private:
    /// Seconds since the beginning; none when it is too early for the next line.
    std::optional<double> SecondsIfDue();

    Language language_;
    bool is_terminal_;
    bool is_drawn_ = false;
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace opsteward::cli
