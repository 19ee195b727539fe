// The line of a record in a snapshot's table.
#pragma once

#include "features/vulnerabilities/record/vulnerability.hpp"
#include "features/vulnerabilities/snapshot/image.hpp"

namespace opsteward::vuln {

/// Scores that a source left out are computed from their vectors.
void ScoreVectors(Vulnerability& record);

/// `shared` keeps the names of scorers; the id goes to the end of `strings`.
RecordEntry MakeRecordEntry(const Vulnerability& record, std::string& strings, SharedStrings& shared);

}  // namespace opsteward::vuln
