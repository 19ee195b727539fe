#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/civil_time.hpp"
#include "base/text.hpp"
#include "cli/logs/log_commands.hpp"
#include "cli/logs/one_line.hpp"
#include "cli/logs/vault_folder.hpp"
#include "crypto/base64.hpp"
#include "features/logs/context.hpp"
#include "features/logs/line_reader.hpp"

namespace opsteward::cli {

namespace {

constexpr std::size_t kTopCount = 20;

/// RFC 3339, or a day, which stands for its beginning or for the beginning of the next one.
Result<std::optional<Instant>> ReadTime(const std::string& text, bool is_end) {
    if (text.empty()) return std::optional<Instant>();
    if (const auto day = ParseDate(text); day.ok()) {
        return std::optional(StartOfDay(is_end ? Date(std::chrono::sys_days(*day) + std::chrono::days(1)) : *day));
    }
    OPS_TRY(const Instant instant, ParseRfc3339(text));
    return std::optional(instant);
}

Result<logs::SearchRequest> ReadRequest(const SearchOptions& options) {
    logs::SearchRequest request;
    OPS_TRY(request.query, vault::query::ParseQuery(options.query));
    OPS_TRY(request.from, ReadTime(options.from, false));
    OPS_TRY(request.to, ReadTime(options.to, true));
    if (!options.source.empty()) request.source = options.source;
    if (!options.kind.empty()) request.kind = options.kind;
    return request;
}

json::object FieldsOf(const vault::RecordView& record, logs::ParsedLine& line) {
    logs::ReadLine(record.message, record.received, {.expected = logs::FindContentFormat(record.kind)}, line);
    json::object fields;
    for (const logs::Field& field : line.fields) {
        const std::string name = ReplaceInvalidUtf8(field.FullName());
        json::string value(ReplaceInvalidUtf8(field.value));
        if (const auto known = fields.find(name); known == fields.end()) {
            fields.emplace(name, std::move(value));
        } else if (known->value().is_array()) {
            known->value().as_array().push_back(std::move(value));
        } else {
            known->value() = json::array{known->value(), std::move(value)};
        }
    }
    return fields;
}

/// Prints hits, with what is around them or alone, or counts them.
class HitPrinter {
  public:
    HitPrinter(const SearchOptions& options, logs::Encoding encoding, const Report& report) : options_(options), encoding_(encoding), report_(report) {
        if (options.histogram) histogram_.emplace(*options.histogram);
        if (!options.top.empty()) top_.emplace(options.top);
    }

    bool Take(std::uint64_t sequence, const vault::RecordView& record) {
        ++count_;
        if (histogram_) histogram_->Add(record.received);
        if (top_) top_->Add(record);
        if (!options_.IsTally()) Print(sequence, record);
        return output_error_ == 0 && (options_.limit == 0 || count_ < options_.limit);
    }

    bool TakeInContext(const logs::RecordInContext& taken) {
        if (taken.begins_group && !IsJson()) Write("--\n");
        Print(taken.sequence, taken.record, taken.is_hit);
        return output_error_ == 0;
    }

    void TakeCount(std::uint64_t hits) { count_ += hits; }

    /// What can be said after the last hit alone. An answer that could not be written whole is an error.
    Result<void> Finish() {
        if (histogram_) {
            SayHistogram();
        } else if (top_) {
            SayTop();
        } else if (options_.counts) {
            report_.Say(fmt::format("{}\n", count_), {{"count", count_}});
        }
        if (std::fflush(stdout) != 0) NoteOutputError(errno);
        if (std::ferror(stdout) != 0) NoteOutputError(EIO);
        // Whoever reads the answer has had enough of it.
        if (output_error_ == 0 || output_error_ == EPIPE) return Ok();
        const std::string reason = std::generic_category().message(output_error_);
        return Error::Of(ErrorCode::kUnavailable, fmt::format("結果未能完整寫出：{}。", reason),
                         fmt::format("The answer could not be written to its end: {}.", reason));
    }

  private:
    void NoteOutputError(int error_number) {
        if (output_error_ == 0) output_error_ = error_number;
    }

    bool IsJson() const { return report_.as_json && !options_.is_raw; }

    void Write(std::string_view bytes) {
        if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size()) NoteOutputError(errno);
    }

    /// `is_hit`: nothing where there are hits alone.
    void Print(std::uint64_t sequence, const vault::RecordView& record, std::optional<bool> is_hit = {}) {
        std::string line;
        if (options_.is_raw) {
            line = record.message;
        } else if (IsJson()) {
            json::object document = ToJson(sequence, record);
            if (is_hit) document["is_hit"] = *is_hit;
            line = json::serialize(document);
        } else {
            const std::string_view mark = !is_hit ? "" : *is_hit ? ":" : "-";
            line = fmt::format("{}{} {} {} {} {}", sequence, mark, FormatTimeWithSeconds(record.received, report_.language), OnOneLine(record.source),
                               OnOneLine(record.kind), OnOneLine(logs::TextForPeople(record.message, encoding_)));
        }
        line += '\n';
        Write(line);
    }

    json::object ToJson(std::uint64_t sequence, const vault::RecordView& record) {
        json::object hit{{"sequence", sequence},
                         {"received", FormatRfc3339(record.received)},
                         {"source", ReplaceInvalidUtf8(record.source)},
                         {"kind", ReplaceInvalidUtf8(record.kind)},
                         {"transport", vault::NameOf(record.transport)},
                         {"peer", ReplaceInvalidUtf8(record.peer)},
                         {"message", logs::TextForPeople(record.message, encoding_)},
                         {"fields", FieldsOf(record, line_)}};
        // The exact bytes, where the text does not give them.
        if (!IsValidUtf8(record.message)) {
            hit["message_base64"] = crypto::Base64Encode(std::span(reinterpret_cast<const std::uint8_t*>(record.message.data()), record.message.size()));
        }
        return hit;
    }

    void SayHistogram() const {
        std::string text;
        json::array steps;
        for (const auto& [start, count] : histogram_->counts()) {
            text += fmt::format("{} {}\n", FormatTime(start, report_.language), count);
            steps.push_back({{"from", FormatRfc3339(start)}, {"count", count}});
        }
        report_.Say(text, {{"count", count_}, {"histogram", steps}});
    }

    void SayTop() const {
        std::string text;
        json::array values;
        for (const auto& [value, count] : top_->Top(kTopCount)) {
            const std::string shown = logs::TextForPeople(value, encoding_);
            text += fmt::format("{} {}\n", count, OnOneLine(shown));
            values.push_back({{"value", shown}, {"count", count}});
        }
        report_.Say(text, {{"count", count_}, {"without", top_->without()}, {"others", top_->others()}, {"top", values}});
    }

    const SearchOptions& options_;
    logs::Encoding encoding_;
    const Report& report_;
    std::optional<logs::Histogram> histogram_;
    std::optional<logs::TopValues> top_;
    std::uint64_t count_ = 0;
    int output_error_ = 0;  ///< errno of the first write that failed
    logs::ParsedLine line_;
};

Result<void> SearchAndPrint(const std::filesystem::path& data, const SearchOptions& options, const Report& report) {
    OPS_TRY(const auto request, ReadRequest(options));
    const auto encoding = logs::FindEncoding(options.encoding);
    if (!encoding) {
        return Error::Of(ErrorCode::kInvalidInput, fmt::format("不認得編碼 {}；可用 utf-8、big5、cp950。", options.encoding),
                         fmt::format("Unknown encoding {}; utf-8, big5 and cp950 are known.", options.encoding));
    }
    OPS_TRY(const auto vault, vault::VaultReader::Open(VaultFolder(data)));
    HitPrinter printer(options, *encoding, report);
    if (options.context) {
        OPS_CHECK(logs::SearchWithContext(vault, request, {.records = *options.context, .max_hits = options.limit},
                                          [&](const logs::RecordInContext& taken) { return printer.TakeInContext(taken); }));
    } else if (options.CountsAlone()) {
        OPS_TRY(const std::uint64_t hits, logs::Count(vault, request));
        printer.TakeCount(hits);
    } else {
        OPS_CHECK(logs::Search(vault, request, [&](std::uint64_t sequence, const vault::RecordView& record) { return printer.Take(sequence, record); }));
    }
    return printer.Finish();
}

}  // namespace

ExitCode SearchLogs(const std::filesystem::path& data, const SearchOptions& options, const Report& report) {
    if (options.context && options.IsTally()) {
        report.Fail(Error::Of(ErrorCode::kInvalidInput, "--context 顯示各筆紀錄，不能與 --count、--histogram、--top 併用；這些只計數。",
                              "--context shows records; --count, --histogram and --top count them instead. They can't be used together."));
        return kExitUsage;
    }
    const auto outcome = SearchAndPrint(data, options, report);
    return outcome.ok() ? kExitOk : report.Fail(outcome.error());
}

}  // namespace opsteward::cli
