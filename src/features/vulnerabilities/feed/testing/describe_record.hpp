// Records as lines of text, for tests to hold whole ones against what they should be.
#pragma once

#include <string>
#include <vector>

#include "features/vulnerabilities/feed/feed.hpp"

namespace opsteward::vuln::testing {

/// All that a record says, a line for each part. Line ends within texts are "\n", descriptions of more than 60 characters are cut.
std::string Describe(const Vulnerability& record);

/// Collects what a reader gives.
class Collected {
  public:
    RecordSink Sink();
    const std::vector<Vulnerability>& records() const { return records_; }
    /// All records, an empty line behind each.
    std::string Text() const;

  private:
    std::vector<Vulnerability> records_;
};

/// A file of tests/data/vulnerabilities/feed; "" when there is none.
std::string TestFile(const std::string& name);

}  // namespace opsteward::vuln::testing
