// Where records are first kept: appended in groups, each group on the disk before anybody is told so.
// Format: docs/formats/vault.md, "Write-ahead log".
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "vault/store/file.hpp"
#include "vault/store/log_frame.hpp"
#include "vault/store/numbered_file.hpp"

namespace opsteward::vault {

inline constexpr std::string_view kLogSuffix = ".wal";  ///< of its files

struct WriteAheadLogOptions {
    std::uint64_t file_bytes = 64U << 20;  ///< a new file is begun by the group after this size is passed
};

/// Numbers records without gaps. Not for use from two threads at a time.
class WriteAheadLog {
  public:
    /// A group's limit.
    static constexpr std::size_t kMaxGroup = LogFrame::kMaxRecordBytes;

    using OnRecord = std::function<Result<void>(std::uint64_t sequence, std::string_view record)>;

    /// Opens the log in `folder`, which is there, and hands over each record that was kept, in order; changes nothing. A group that was being written
    /// when the machine stopped was not acknowledged: it is passed over, and cut off by the first Commit. kCorrupt, naming file and place, when something else is wrong: a damaged
    /// group with whole ones after it, a missing file, a foreign file. An empty log begins at `first`.
    static Result<WriteAheadLog> Open(const std::filesystem::path& folder, std::uint64_t first, const OnRecord& on_record,
                                      WriteAheadLogOptions options = {});

    /// Puts a record into the group being made. kTooLarge when the group would pass kMaxGroup; then Commit first.
    Result<std::uint64_t> Append(std::string_view record);
    /// Writes the group and returns once it is on the disk. After an error nothing of it is kept and its numbers are given again; after a failed
    /// sync the disk's state is unknown, and the log refuses everything (kUnavailable) until it is opened anew.
    Result<void> Commit();
    /// Removes files all of whose records are numbered below `sequence`: they are kept elsewhere by now.
    /// That takes its time, and is done beside: how it went is told by the next call, or by FinishDropping.
    Result<void> DropBefore(std::uint64_t sequence);
    /// Returns once the files are removed.
    Result<void> FinishDropping();

    std::uint64_t committed() const { return committed_; }  ///< records numbered below this one are on the disk

  private:
    WriteAheadLog(std::filesystem::path folder, WriteAheadLogOptions options) : folder_(std::move(folder)), options_(options) {}

    Result<void> Begin(std::uint64_t first);
    Result<void> RemoveUnfinished();
    Result<void> CutTornGroup();
    /// The last file is there, ends with a whole group, and has room.
    Result<void> MakeReady();
    Result<void> Recover(const NumberedFile& found, bool is_last, const OnRecord& on_record);
    Result<void> WriteGroup(std::string_view frame);
    void ForgetGroup();

    std::filesystem::path folder_;
    WriteAheadLogOptions options_;
    std::vector<NumberedFile> files_;
    std::optional<File> file_;      ///< the last of them
    std::uint64_t file_end_ = 0;    ///< its bytes up to here are whole groups
    std::uint32_t salt_ = 0;        ///< of the last file
    std::string group_;             ///< header space and the records of the group being made
    std::uint32_t group_count_ = 0;
    std::uint64_t committed_ = 0;
    bool is_torn_ = false;          ///< something that is no group follows file_end_
    std::optional<std::filesystem::path> unfinished_;  ///< a file after those, without its header
    bool is_broken_ = false;
    std::future<Result<void>> dropping_;
};

/// Reads the log while another process may be writing it, and changes nothing: what is not whole yet is passed over. Gives the bytes of its files, in which
/// the records that were handed over lie.
Result<std::vector<std::string>> ReadLog(const std::filesystem::path& folder, const WriteAheadLog::OnRecord& on_record);

}  // namespace opsteward::vault
