// SPDX 2.x in tag-value form: "Tag: value" lines, a value over several lines within <text> and </text>.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "features/vulnerabilities/scan_reports/format_readers.hpp"
#include "features/vulnerabilities/scan_reports/spdx.hpp"

namespace opsteward::scans {
namespace {

struct Tag {
    std::string_view name;
    std::string_view value;
    std::size_t line = 0;
};

constexpr std::string_view kTextBegin = "<text>";
constexpr std::string_view kTextEnd = "</text>";

class TagReader {
  public:
    explicit TagReader(std::string_view text) : text_(text) {}

    /// False at the end.
    Result<bool> Next(Tag& tag) {
        while (!text_.empty()) {
            ++line_;
            const std::size_t end = std::min(text_.find('\n'), text_.size());
            const std::string_view line = Trim(text_.substr(0, end));
            const std::size_t colon = line.find(':');
            if (line.empty() || line.starts_with('#')) {
                Skip(end);
                continue;
            }
            if (colon == std::string_view::npos) {
                return Error::Of(ErrorCode::kInvalidInput, fmt::format("SPDX 第 {} 行不是「標籤: 值」。", line_),
                                 fmt::format("Line {} of the SPDX document is no “tag: value”.", line_));
            }
            tag = {Trim(line.substr(0, colon)), Trim(line.substr(colon + 1)), line_};
            if (!tag.value.starts_with(kTextBegin)) {
                Skip(end);
                return true;
            }
            OPS_CHECK(TakeText(tag));
            return true;
        }
        return false;
    }

  private:
    void Skip(std::size_t end) { text_.remove_prefix(std::min(end + 1, text_.size())); }

    Result<void> TakeText(Tag& tag) {
        const std::size_t begin = text_.find(kTextBegin) + kTextBegin.size();
        const std::size_t end = text_.find(kTextEnd, begin);
        if (end == std::string_view::npos) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("SPDX 第 {} 行的 <text> 沒有結束；檔案不完整。", line_),
                             fmt::format("The <text> on line {} of the SPDX document does not end: the file is incomplete.", line_));
        }
        tag.value = Trim(text_.substr(begin, end - begin));
        line_ += static_cast<std::size_t>(std::ranges::count(text_.substr(0, end), '\n'));
        text_.remove_prefix(end + kTextEnd.size());
        Skip(std::min(text_.find('\n'), text_.size()));
        return Ok();
    }

    std::string_view text_;
    std::size_t line_ = 0;
};

/// "SECURITY cpe23Type cpe:2.3:…"
SpdxReference ReadReference(std::string_view value) {
    SpdxReference reference;
    const std::size_t first = std::min(value.find(' '), value.size());
    reference.category = value.substr(0, first);
    const std::string_view rest = Trim(value.substr(first));
    const std::size_t second = std::min(rest.find(' '), rest.size());
    reference.type = rest.substr(0, second);
    reference.locator = Trim(rest.substr(second));
    return reference;
}

/// What stands before the packages, and anywhere between them.
Result<void> ReadFrame(std::string_view text, SpdxBuilder& builder) {
    std::string_view name;
    std::string_view created;
    std::vector<std::string_view> creators;
    TagReader reader(text);
    Tag tag;
    while (true) {
        OPS_TRY(const bool has_tag, reader.Next(tag));
        if (!has_tag) break;
        if (tag.name == "SPDXVersion" && !tag.value.starts_with("SPDX-2.")) {
            return Error::Of(ErrorCode::kInvalidInput, "只能讀取 SPDX 2.x 的文件。", "Only SPDX documents of version 2.x are read.");
        }
        if (tag.name == "DocumentName") name = tag.value;
        if (tag.name == "Created") created = tag.value;
        if (tag.name == "Creator" && creators.size() < kMaxParts) creators.push_back(tag.value);
    }
    OPS_CHECK(builder.Begin(name, created));
    for (const std::string_view creator : creators) builder.AddCreator(creator);
    return Ok();
}

}  // namespace

Result<void> ReadSpdxTagValue(std::string_view text, ReportBuilder& report) {
    SpdxBuilder builder(report);
    OPS_CHECK(ReadFrame(text, builder));
    std::optional<SpdxPackage> package;
    TagReader reader(text);
    Tag tag;
    while (true) {
        OPS_TRY(const bool has_tag, reader.Next(tag));
        // A file or a snippet ends the package as another one does: what follows is theirs.
        const bool ends = !has_tag || tag.name == "PackageName" || tag.name == "FileName" || tag.name == "SnippetSPDXID";
        if (ends && package) {
            OPS_CHECK(builder.Add(*package));
            package.reset();
        }
        if (!has_tag) return Ok();
        if (tag.name == "PackageName") package = SpdxPackage{std::string(tag.value), "", {}, fmt::format("line {}", tag.line), false};
        if (!package) continue;
        if (tag.name == "PackageVersion") package->version = tag.value;
        if (tag.name == "ExternalRef") package->AddReference(ReadReference(tag.value));
        if (tag.name == "ExternalRefComment" && !package->references.empty()) package->references.back().comment = tag.value;
    }
}

}  // namespace opsteward::scans
