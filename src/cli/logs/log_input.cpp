#include "cli/logs/log_input.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "cli/logs/unreadable.hpp"

namespace opsteward::cli {

namespace {

constexpr std::size_t kBlockBytes = 1U << 20;

}  // namespace

void LogInput::Close::operator()(archive* reader) const { archive_read_free(reader); }

Error LogInput::Failed() const {
    const char* what = archive_error_string(reader_.get());
    return Unreadable(path_, what != nullptr ? what : "it is damaged or ends too early");
}

Result<LogInput> LogInput::Open(const std::filesystem::path& path) {
    LogInput input(path);
    const bool is_standard_input = path == "-";
    struct stat status {};
    if (!is_standard_input && ::stat(path.c_str(), &status) != 0) return Error::System("reading " + path.string(), errno);
    if (!is_standard_input && S_ISDIR(status.st_mode)) {
        return Error::Of(ErrorCode::kInvalidInput, path.string() + " 是資料夾，不是檔案。", path.string() + " is a folder, not a file.");
    }
    input.reader_.reset(archive_read_new());
    if (input.reader_ == nullptr) return Error::Hidden(ErrorCode::kInternal, "no memory for reading " + path.string());
    archive* reader = input.reader_.get();
    archive_read_support_filter_xz(reader);
    archive_read_support_filter_zstd(reader);
    archive_read_support_format_raw(reader);
    archive_read_support_format_empty(reader);
    const int opened = is_standard_input ? archive_read_open_fd(reader, STDIN_FILENO, kBlockBytes)
                                         : archive_read_open_filename(reader, path.c_str(), kBlockBytes);
    if (opened != ARCHIVE_OK) return input.Failed();
    archive_entry* entry = nullptr;
    const int found = archive_read_next_header(reader, &entry);
    if (found != ARCHIVE_OK && found != ARCHIVE_EOF) return input.Failed();
    input.has_entry_ = found == ARCHIVE_OK;
    OPS_TRY(input.first_, input.ReadBlock());
    if (Gunzip::IsGzip(input.first_)) {
        OPS_TRY(input.gunzip_, Gunzip::Create(path));
    }
    return input;
}

Result<std::string_view> LogInput::Read() {
    const auto next = [this]() -> Result<std::string_view> { return first_.empty() ? ReadBlock() : std::exchange(first_, {}); };
    return gunzip_ ? gunzip_->Read(next) : next();
}

Result<std::string_view> LogInput::ReadBlock() {
    if (!has_entry_) return std::string_view();
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    // An empty block is not the end.
    while (size == 0) {
        const int outcome = archive_read_data_block(reader_.get(), &bytes, &size, &offset);
        if (outcome == ARCHIVE_EOF) return std::string_view();
        if (outcome != ARCHIVE_OK) return Failed();
    }
    return std::string_view(static_cast<const char*>(bytes), size);
}

}  // namespace opsteward::cli
