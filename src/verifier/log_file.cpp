#include "verifier/log_file.hpp"

#include <algorithm>
#include <string_view>

#include "verifier/bytes.hpp"
#include "verifier/crc32c.hpp"
#include "verifier/record.hpp"

namespace opsteward::verifier {

namespace {

constexpr std::string_view kMagic = "OPSWAL1\n";
constexpr std::size_t kHeader = 24;
constexpr std::size_t kFrameHeader = 20;
constexpr std::size_t kFrameChecksumAt = 16;
constexpr std::size_t kMaxRecords = 64U << 20;
constexpr std::size_t kMaxFrame = kFrameHeader + kMaxRecords;
/// Checksums over this many bytes in the searches of a file; more are needed only by one that was made to be searched for ever.
constexpr std::uint64_t kMaxSearch = std::uint64_t{1} << 30;
constexpr std::size_t kFirstWindow = 256U << 10;

struct Frame {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
    std::string_view records;
    std::size_t bytes = 0;
};

std::optional<std::string_view> TakeRecord(Cursor& records) {
    const auto length = records.Take(4);
    return length ? records.Take(Number<std::uint32_t>(*length, 0)) : std::nullopt;
}

bool AreRecords(std::string_view bytes, std::uint32_t count) {
    Cursor records(bytes);
    for (std::uint32_t i = 0; i < count; ++i) {
        if (!TakeRecord(records)) return false;
    }
    return records.rest().empty();
}

/// Bytes of the frame whose header this is; nothing if there is none.
std::optional<std::size_t> FrameBytes(std::string_view header) {
    if (header.size() < kFrameHeader || Number<std::uint32_t>(header, 4) == 0) return std::nullopt;
    const std::size_t length = Number<std::uint32_t>(header, 0);
    return length <= kMaxRecords ? std::optional(kFrameHeader + length) : std::nullopt;
}

/// The whole, undamaged frame that the bytes begin with.
std::optional<Frame> ParseFrame(std::string_view bytes, std::uint32_t salt) {
    const auto size = FrameBytes(bytes);
    if (!size || *size > bytes.size()) return std::nullopt;
    const std::string_view records = bytes.substr(kFrameHeader, *size - kFrameHeader);
    if (Number<std::uint32_t>(bytes, kFrameChecksumAt) != Crc32c(records, Crc32c(bytes.substr(0, kFrameChecksumAt), salt))) return std::nullopt;
    const auto count = Number<std::uint32_t>(bytes, 4);
    if (!AreRecords(records, count)) return std::nullopt;
    return Frame{Number<std::uint64_t>(bytes, 8), count, records, *size};
}

class LogFileReader {
  public:
    LogFileReader(const File& file, std::uint64_t first, bool is_last, const WantedClaims& wanted)
        : file_(file), number_(first), is_last_(is_last), wanted_(wanted) {}

    LogFile Read() && {
        log_.end = number_;
        if (ReadHeader()) {
            for (std::uint64_t at = kHeader; at < file_.size();) at = ReadFrame(at);
        }
        return std::move(log_);
    }

  private:
    bool ReadHeader() {
        const std::string header = file_.ReadAt(0, kHeader);
        const bool is_empty = header.size() < kHeader || (file_.size() == kHeader && std::ranges::all_of(header, [](char c) { return c == '\0'; }));
        if (is_empty && is_last_) {
            log_.is_unfinished = true;
            return false;
        }
        if (is_empty || !header.starts_with(kMagic) || Number<std::uint32_t>(header, 20) != Crc32c(std::string_view(header).substr(0, 20))) {
            log_.faults.emplace_back(Say("檔頭損壞；該檔的紀錄無法檢查。", "the header is damaged; the records of the file could not be checked."));
            return false;
        }
        if (Number<std::uint64_t>(header, 8) != number_) {
            log_.faults.emplace_back(Say("檔名與檔頭的紀錄編號不符：檔名被改過。", "the number in the header is not that of its name: the file was renamed."), 8);
        }
        salt_ = Number<std::uint32_t>(header, 16);
        return true;
    }

    /// Where the next one begins.
    std::uint64_t ReadFrame(std::uint64_t at) {
        const auto size = FrameBytes(file_.ReadAt(at, kFrameHeader));
        const std::string bytes = size && *size <= file_.size() - at ? file_.ReadAt(at, *size) : std::string();
        const auto frame = ParseFrame(bytes, salt_);
        if (!frame) return SkipDamage(at);
        if (frame->first != log_.end) {
            Fault(at, log_.end,
                  Say("應為第 {0} 筆，卻是第 {1} 筆：紀錄被刪除、插入或調換。", "should be record {0}, is record {1}: records were deleted, inserted or reordered.",
                      {log_.end, frame->first}));
            if (!IsLater(frame->first)) return at + frame->bytes;
        }
        TakeRecords(*frame, at);
        return at + frame->bytes;
    }

    /// Between two groups lie no more records than bytes. Looking at the number first spares a search nearly all of its checksums.
    bool IsLater(std::uint64_t number) const { return number > log_.end && number - log_.end <= file_.size(); }

    std::uint64_t SkipDamage(std::uint64_t at) {
        const auto found = FindLaterFrame(at + 1);
        if (!found && is_last_ && searched_ <= kMaxSearch && file_.size() - at <= kMaxFrame) {
            log_.torn = LogFile::Torn{at};
            return file_.size();
        }
        if (!found) {
            Fault(at, log_.end, Say("一組紀錄損壞；該檔其後的紀錄無法檢查。", "a group of records is damaged; what follows in the file could not be checked."));
            return file_.size();
        }
        Fault(at, log_.end, Say("一組紀錄損壞，其後還有完整的紀錄。", "a group of records is damaged, and whole ones follow it."));
        log_.end = Number<std::uint64_t>(file_.ReadAt(*found, kFrameHeader), 8);
        return *found;
    }

    /// In windows that grow, for what follows damage mostly follows it closely.
    std::optional<std::uint64_t> FindLaterFrame(std::uint64_t from) {
        for (std::size_t window = kFirstWindow;; window *= 4) {
            const std::string bytes = file_.ReadAt(from, std::min(window, 2 * kMaxFrame));
            for (std::size_t at = 0; at + kFrameHeader <= bytes.size(); ++at) {
                const std::string_view rest = std::string_view(bytes).substr(at);
                if (!IsLater(Number<std::uint64_t>(rest, 8))) continue;
                const auto size = FrameBytes(rest);
                if (!size || *size > rest.size()) continue;
                searched_ += *size;
                if (searched_ > kMaxSearch) return std::nullopt;
                if (ParseFrame(rest, salt_)) return from + at;
            }
            if (window >= 2 * kMaxFrame || window >= file_.size() - std::min(from, file_.size())) return std::nullopt;
        }
    }

    void TakeRecords(const Frame& frame, std::uint64_t at) {
        log_.end = frame.first;
        Cursor records(frame.records);
        while (const auto record = TakeRecord(records)) {
            try {
                const Record parsed = ParseRecord(*record);
                TakeClaim(log_.claims, wanted_, log_.end, parsed.transport, parsed.source, parsed.kind, parsed.message);
                Keep(sha256_.Leaf(*record));
            } catch (const Malformed& fault) {
                Fault(at, log_.end, fault.why);
            }
            ++log_.end;
        }
    }

    void Keep(const Hash& leaf) {
        if (log_.runs.empty() || log_.runs.back().end() != log_.end) log_.runs.push_back({log_.end, {}});
        log_.runs.back().leaves.push_back(leaf);
    }

    void Fault(std::uint64_t at, std::uint64_t record, Text why) {
        log_.faults.emplace_back(std::move(why), at);
        log_.faults.back().record = record;
    }

    const File& file_;
    std::uint64_t number_ = 0;
    bool is_last_ = false;
    const WantedClaims& wanted_;
    std::uint32_t salt_ = 0;
    std::uint64_t searched_ = 0;
    Sha256 sha256_;
    LogFile log_;
};

}  // namespace

LogFile ReadLogFile(const File& file, std::uint64_t first, bool is_last, const WantedClaims& wanted) {
    return LogFileReader(file, first, is_last, wanted).Read();
}

}  // namespace opsteward::verifier
