#include "features/vulnerabilities/feed/record_file.hpp"

#include <algorithm>

#include "features/vulnerabilities/feed/json_text.hpp"

namespace opsteward::vuln {

namespace {

constexpr std::size_t kBlockBytes = std::size_t{8} << 20;
constexpr std::string_view kBlanks = " \t\r\n";

using TextReader = Result<FeedCount> (*)(std::string&, const RecordSink&, TextPlace);

/// Reads on until `text` has so many bytes, or all of the file; false at its end.
Result<bool> Fill(FeedFile& file, std::string& text, std::size_t bytes) {
    while (text.size() < bytes) {
        OPS_TRY(const std::string_view more, file.Read());
        if (more.empty()) return false;
        text.append(more);
    }
    return true;
}

/// The first line is an object by the look of it, and another begins behind it.
bool HasRecordALine(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos || text[begin] != '{') return false;
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) return false;
    const std::size_t last = text.find_last_not_of(kBlanks, end);
    const std::size_t next = text.find_first_not_of(kBlanks, end);
    return text[last] == '}' && (next == std::string_view::npos || text[next] == '{');
}

/// Those that are not blank.
std::uint64_t CountLines(std::string_view text) {
    std::uint64_t lines = 0;
    while (!text.empty()) {
        const std::size_t size = std::min(text.find('\n'), text.size());
        if (text.substr(0, size).find_first_not_of(kBlanks) != std::string_view::npos) ++lines;
        text.remove_prefix(std::min(size + 1, text.size()));
    }
    return lines;
}

class LineBlocks {
  public:
    LineBlocks(FeedFile& file, TextReader read, const RecordSink& sink) : file_(file), read_(read), sink_(sink) {}

    /// `text` is the beginning of the file.
    Result<FeedCount> Read(std::string text) {
        text.reserve(2 * kBlockBytes);
        while (true) {
            OPS_TRY(const bool has_more, Fill(file_, text, std::max(kBlockBytes, wanted_)));
            const std::size_t end = has_more ? text.rfind('\n') + 1 : text.size();  // 0: a line that is longer than the block
            wanted_ = end == 0 ? 2 * text.size() : 0;
            if (end == 0 && text.size() > kMaxRecordBytes) {
                return InFile(file_.label(), Error::Of(ErrorCode::kTooLarge, "有一行超過 64 MiB。", "One of its lines is longer than 64 MiB."));
            }
            const std::string rest = text.substr(end);
            text.resize(end);
            OPS_CHECK(ReadBlock(text));
            if (!has_more) return count_;
            text = rest;
        }
    }

  private:
    Result<void> ReadBlock(std::string& text) {
        const TextPlace block{CountLines(text), text.size()};
        if (block.records > 0) {
            auto count = read_(text, sink_, before_);
            if (!count.ok()) return InFile(file_.label(), std::move(count).error());
            count_ += *count;
        }
        before_.records += block.records;
        before_.bytes += block.bytes;
        return Ok();
    }

    FeedFile& file_;
    TextReader read_;
    const RecordSink& sink_;
    FeedCount count_;
    TextPlace before_;
    std::size_t wanted_ = 0;
};

Result<FeedCount> ReadFile(const FeedLocation& source, TextReader read, const RecordSink& sink) {
    OPS_TRY(FeedFile file, FeedFile::Open(source));
    std::string text;
    OPS_TRY(bool has_more, Fill(file, text, kBlockBytes));
    if (HasRecordALine(text)) return LineBlocks(file, read, sink).Read(std::move(text));
    if (has_more) {
        OPS_TRY(has_more, Fill(file, text, static_cast<std::size_t>(kMaxFeedBytes)));
    }
    auto count = read(text, sink, {});
    if (!count.ok()) return InFile(source.Label(), std::move(count).error());
    return count;
}

}  // namespace

Result<FeedCount> ReadCve5File(const FeedLocation& source, const RecordSink& sink) { return ReadFile(source, &ReadCve5, sink); }
Result<FeedCount> ReadOsvFile(const FeedLocation& source, const RecordSink& sink) { return ReadFile(source, &ReadOsv, sink); }

}  // namespace opsteward::vuln
