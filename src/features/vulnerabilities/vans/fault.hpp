// What is wrong with an inventory. All of it is told at once, so that it can be put right in one go.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/language.hpp"

namespace opsteward::vans {

struct Fault {
    std::size_t line = 0;  ///< from 1
    std::string host;      ///< as far as it is known
    std::string where;     ///< "packages[3].version", or "" for the line as a whole
    Text what;
};

class FaultList {
  public:
    static constexpr std::size_t kMaxKept = 10'000;

    void Add(Fault fault) {
        ++count_;
        if (kept_.size() < kMaxKept) kept_.push_back(std::move(fault));
    }
    bool empty() const { return count_ == 0; }
    std::size_t count() const { return count_; }
    const std::vector<Fault>& kept() const { return kept_; }  ///< the first ones

  private:
    std::size_t count_ = 0;
    std::vector<Fault> kept_;
};

}  // namespace opsteward::vans
