// Feeds of vulnerabilities: a text of one feed in, its records out.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "features/vulnerabilities/record/vulnerability.hpp"

namespace opsteward::vuln {

/// Takes the records of a feed, one after the other: what that feed says, and nothing else. Several records of a feed may be of the same id.
using RecordSink = std::function<void(Vulnerability&&)>;

// Each reads a whole text. kInvalidInput when it is cut short, too deep or of another shape, saying the byte or the record; records before that have been given.
// A record that lacks what it can't be without (its id) is an error; one whose other parts are of an unknown shape loses those parts alone, and is counted.

struct FeedCount {
    std::uint64_t records = 0;
    std::uint64_t odd_parts = 0;    ///< left out, as they are of no known shape, or of more than any real record
    std::uint64_t passed_over = 0;  ///< known, but nothing that could be matched: ranges of git commits (OSV)

    FeedCount& operator+=(const FeedCount& other) {
        records += other.records;
        odd_parts += other.odd_parts;
        passed_over += other.passed_over;
        return *this;
    }
};

/// What stands before a text that is a part of a longer one; errors count from there.
struct TextPlace {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
};

/// NVD 2.0: a year's file, "modified" and "recent", an answer of the API (what stands under "vulnerabilities").
Result<FeedCount> ReadNvd(std::string& text, const RecordSink& sink);
/// CVE JSON 5: one record, an array of them, or one a line. Configurations of each container with its origin: its cpeApplicability, else what is made of
/// `affected` with CPE names.
Result<FeedCount> ReadCve5(std::string& text, const RecordSink& sink, TextPlace before = {});
Result<FeedCount> ReadKev(std::string& text, const RecordSink& sink);
/// CSV with the columns cve, epss, percentile, which may stand in any order; lines with # before them are comments. The last line has an end too: it is the only
/// sign that the text is whole.
Result<FeedCount> ReadEpss(std::string& text, const RecordSink& sink);
/// OSV: one record, an array of them, or one a line. A record is of each CVE among its aliases, of those that it is upstream of, and of the one that its id is
/// named after; of its own id when there is none. What its database withdrew has no packages.
Result<FeedCount> ReadOsv(std::string& text, const RecordSink& sink, TextPlace before = {});
/// The Debian security tracker's data/json, a record for each package that an id stands under. `releases` by their names (bookworm) become "Debian:12"; one
/// that never had the vulnerability (fixed in "0") is left out.
Result<FeedCount> ReadDebianTracker(std::string& text, const RecordSink& sink);

}  // namespace opsteward::vuln
