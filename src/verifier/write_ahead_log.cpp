#include "verifier/write_ahead_log.hpp"

#include <algorithm>

namespace opsteward::verifier {

WriteAheadLog WriteAheadLog::Read(const VaultFolder& folder, VaultReport& report, const WantedClaims& wanted) {
    WriteAheadLog log;
    log.files_ = folder.LogFiles(report);
    if (log.has_files()) log.end_ = log.files_.front().first;
    for (const NumberedFile& file : log.files_) {
        const bool is_last = &file == &log.files_.back();
        log.Take(file, ReadLogFile(File(folder.PathOf(file.name)), file.first, is_last, wanted), report);
    }
    return log;
}

void WriteAheadLog::Take(const NumberedFile& file, LogFile read, VaultReport& report) {
    if (file.first != end_ && (is_end_known_ || file.first < end_)) {
        report.Fail("log-gap", {file.name, {}, {}, end_},
                    Say("寫入日誌應由第 {0} 筆接續，卻從第 {1} 筆開始：缺檔或檔名被改過。",
                        "The write-ahead log should go on with record {0}, and goes on with {1}: a file is missing or was renamed.", {end_, file.first}));
    }
    if (file.first > end_ && file.first - end_ > kFarthest) return;
    for (const Malformed& fault : read.faults) report.Fail("log-malformed", {file.name, fault.offset, {}, fault.record}, fault.why);
    if (read.is_unfinished) {
        report.Note("unfinished-file", {file.name},
                    Say("寫入日誌的新檔，檔頭未寫完，尚無紀錄。", "A new file of the write-ahead log without a whole header; it holds no record."));
    }
    if (read.torn) torn_ = Place{file.name, read.torn->offset, {}, read.end};
    claims_.merge(read.claims);
    for (LogRun& run : read.runs) {
        if (runs_.empty() || run.first >= runs_.back().end()) runs_.push_back(std::move(run));
    }
    end_ = std::max(end_, read.end);
    is_end_known_ = read.faults.empty();
}

const Hash* WriteAheadLog::Leaf(std::uint64_t record) const {
    const auto after = std::ranges::upper_bound(runs_, record, {}, &LogRun::first);
    if (after == runs_.begin()) return nullptr;
    const LogRun& run = *(after - 1);
    return record < run.end() ? &run.leaves[record - run.first] : nullptr;
}

bool WriteAheadLog::Overlaps(std::uint64_t first, std::uint64_t end) const {
    return std::ranges::any_of(runs_, [&](const LogRun& run) { return run.first < end && first < run.end(); });
}

std::string WriteAheadLog::FileOf(std::uint64_t record) const {
    const auto after = std::ranges::upper_bound(files_, record, {}, &NumberedFile::first);
    return after == files_.begin() ? std::string("log") : (after - 1)->name;
}

}  // namespace opsteward::verifier
