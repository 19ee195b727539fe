// Files with a record a line, which may be longer than memory is.
#pragma once

#include "features/vulnerabilities/feed/feed.hpp"
#include "features/vulnerabilities/feed/feed_file.hpp"

namespace opsteward::vuln {

/// ReadCve5 of a file, packed or not: one with a record a line is read in blocks of some MiB, any other as a whole. Errors of either name the file.
Result<FeedCount> ReadCve5File(const FeedLocation& source, const RecordSink& sink);
/// ReadOsv likewise.
Result<FeedCount> ReadOsvFile(const FeedLocation& source, const RecordSink& sink);

}  // namespace opsteward::vuln
