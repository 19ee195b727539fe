// OpenDocument 1.2: part 1 (content), part 3 (package: "mimetype" is the first entry and is stored as it is).
#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "features/vulnerabilities/vans/table.hpp"

namespace opsteward::vans {
namespace {

constexpr std::string_view kMimeType = "application/vnd.oasis.opendocument.spreadsheet";
constexpr std::string_view kManifest =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
)";
constexpr std::string_view kBeginning =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>
<table:table table:name="VANS"><table:table-column table:number-columns-repeated=")";
constexpr std::string_view kEnd = "</table:table></office:spreadsheet></office:body></office:document-content>\n";

/// A run of blanks counts as one in a paragraph; those behind the first are elements.
void AppendText(std::string_view text, std::string& out) {
    char before = ' ';
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case ' ': out += before == ' ' ? "<text:s/>" : " "; break;
            default: out += c;
        }
        before = c;
    }
}

/// content.xml, made piece by piece: it may be a gigabyte.
class Content {
  public:
    Content(const Inventory& inventory, const std::vector<Column>& columns) : inventory_(inventory), columns_(columns) {}

    void Rewind() {
        next_ = 0;
        is_begun_ = false;
        is_ended_ = false;
        piece_.clear();
        rest_ = {};
    }

    /// Up to `size` bytes; 0 at the end.
    std::size_t Read(char* to, std::size_t size) {
        if (rest_.empty()) MakePiece();
        const std::size_t taken = rest_.copy(to, size);
        rest_.remove_prefix(taken);
        return taken;
    }

  private:
    void MakePiece() {
        constexpr std::size_t kPieceBytes = 1U << 16U;
        piece_.clear();
        if (!is_begun_) Begin();
        while (piece_.size() < kPieceBytes && next_ < inventory_.installed.size()) {
            const Installed& installed = inventory_.installed[next_++];
            AddRow([&](const Column& column) { return ValueOf(column.field, inventory_.machines[installed.machine], inventory_.products[installed.product]); });
        }
        if (piece_.empty() && !is_ended_) {
            piece_ = kEnd;
            is_ended_ = true;
        }
        rest_ = piece_;
    }

    void Begin() {
        piece_ = kBeginning;
        piece_ += fmt::format("{}\"/>", columns_.size());
        AddRow([](const Column& column) { return std::string_view(column.title); });
        is_begun_ = true;
    }

    template <typename Cell>
    void AddRow(const Cell& cell) {
        piece_ += "\n<table:table-row>";
        for (const Column& column : columns_) {
            piece_ += "<table:table-cell office:value-type=\"string\"><text:p>";
            AppendText(cell(column), piece_);
            piece_ += "</text:p></table:table-cell>";
        }
        piece_ += "</table:table-row>";
    }

    const Inventory& inventory_;
    const std::vector<Column>& columns_;
    std::size_t next_ = 0;
    bool is_begun_ = false;
    bool is_ended_ = false;
    std::string piece_;
    std::string_view rest_;
};

std::uint64_t Measure(Content& content) {
    std::uint64_t size = 0;
    std::array<char, 65536> buffer{};
    while (const std::size_t count = content.Read(buffer.data(), buffer.size())) size += count;
    content.Rewind();
    return size;
}

/// What libzip asks for when it packs content.xml.
struct ContentSource {
    Content& content;
    std::uint64_t size = 0;
};

zip_int64_t Serve(void* user, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    auto& source = *static_cast<ContentSource*>(user);
    switch (command) {
        case ZIP_SOURCE_OPEN: source.content.Rewind(); return 0;
        case ZIP_SOURCE_READ: return static_cast<zip_int64_t>(source.content.Read(static_cast<char*>(data), length));
        case ZIP_SOURCE_CLOSE:
        case ZIP_SOURCE_FREE: return 0;
        case ZIP_SOURCE_STAT: {
            zip_stat_t status;
            zip_stat_init(&status);
            // With a size that is known the entry needs no 64-bit fields, which not every reader of spreadsheets takes.
            status.size = source.size;
            status.valid = ZIP_STAT_SIZE;
            std::memcpy(data, &status, sizeof status);
            return sizeof status;
        }
        case ZIP_SOURCE_ERROR: std::memset(data, 0, length); return static_cast<zip_int64_t>(length);
        case ZIP_SOURCE_SUPPORTS: return ZIP_SOURCE_SUPPORTS_READABLE;
        default: return -1;
    }
}

Error Failed(zip_error_t* error) { return Error::Hidden(ErrorCode::kInternal, fmt::format("packing the spreadsheet: {}", zip_error_strerror(error))); }

using Source = std::unique_ptr<zip_source_t, decltype(&zip_source_free)>;
using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;

/// Takes the source.
Result<void> AddEntry(zip_t* archive, const char* name, Source source, int method) {
    if (source == nullptr) return Failed(zip_get_error(archive));
    const zip_int64_t index = zip_file_add(archive, name, source.get(), ZIP_FL_ENC_UTF_8);
    if (index < 0) return Failed(zip_get_error(archive));
    source.release();
    const auto entry = static_cast<zip_uint64_t>(index);
    constexpr zip_uint16_t kFirstDay = 1U << 5U | 1U;  // 1 January 1980: the same inventory gives the same bytes
    if (zip_set_file_compression(archive, entry, method, 0) != 0 || zip_file_set_dostime(archive, entry, 0, kFirstDay, 0) != 0) {
        return Failed(zip_get_error(archive));
    }
    return Ok();
}

Source Literal(zip_t* archive, std::string_view text) { return {zip_source_buffer(archive, text.data(), text.size(), 0), zip_source_free}; }

Result<void> Pack(zip_source_t* package, ContentSource& content) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_keep(package);  // it is read once the archive, which takes it, is closed
    Archive archive(zip_open_from_source(package, ZIP_CREATE | ZIP_TRUNCATE, &error), zip_discard);
    if (archive == nullptr) {
        zip_source_free(package);
        return Failed(&error);
    }
    OPS_CHECK(AddEntry(archive.get(), "mimetype", Literal(archive.get(), kMimeType), ZIP_CM_STORE));
    OPS_CHECK(AddEntry(archive.get(), "META-INF/manifest.xml", Literal(archive.get(), kManifest), ZIP_CM_DEFLATE));
    OPS_CHECK(AddEntry(archive.get(), "content.xml", {zip_source_function(archive.get(), Serve, &content), zip_source_free}, ZIP_CM_DEFLATE));
    if (zip_close(archive.get()) != 0) return Failed(zip_get_error(archive.get()));
    archive.release();
    return Ok();
}

Result<void> Send(zip_source_t* package, const Sink& sink) {
    if (zip_source_open(package) != 0) return Failed(zip_source_error(package));
    const std::unique_ptr<zip_source_t, decltype(&zip_source_close)> open(package, zip_source_close);
    std::string buffer(1U << 20U, '\0');
    while (true) {
        const zip_int64_t count = zip_source_read(package, buffer.data(), buffer.size());
        if (count < 0) return Failed(zip_source_error(package));
        if (count == 0) return Ok();
        OPS_CHECK(sink(std::string_view(buffer).substr(0, static_cast<std::size_t>(count))));
    }
}

}  // namespace

Result<std::size_t> WriteOds(const Inventory& inventory, const std::vector<Column>& columns, const Sink& sink) {
    const std::size_t rows = inventory.installed.size();
    if (rows >= kMaxSheetRows) {
        return Error::Of(ErrorCode::kTooLarge, fmt::format("試算表最多 {} 列，清冊有 {} 項；請分成幾份，或改用 csv。", kMaxSheetRows, rows),
                         fmt::format("A sheet holds {} rows; the inventory has {} items. Make several of it, or use csv.", kMaxSheetRows, rows));
    }
    zip_error_t error;
    zip_error_init(&error);
    const Source package(zip_source_buffer_create(nullptr, 0, 0, &error), zip_source_free);
    if (package == nullptr) return Failed(&error);
    Content content(inventory, columns);
    ContentSource source{content, Measure(content)};
    OPS_CHECK(Pack(package.get(), source));
    OPS_CHECK(Send(package.get(), sink));
    return rows;
}

}  // namespace opsteward::vans
